"""Results: what is stored is what the method says of the same answers, with the change in its three parts."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import closings, responses, results, scores
from domain.answersheets import answer_sheets
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.events import Event
from domain.method.edition import State
from domain.method.respondents import score_unit
from domain.responses import Given
from domain.scores import Score
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, plan, questionnaire

CLOSES = at("2026-04-21", 16)
NEXT_OPENING, NEXT_CLOSES = at("2026-07-07"), at("2026-07-21", 16)


def newest_cycle(session: Session) -> Cycle:
    return session.scalars(select(Cycle).order_by(Cycle.starts_on.desc()).limit(1)).one()


def close_and_score(session: Session, now: datetime) -> int:
    closings.close_blind_rounds(session, now)
    closings.close_agreed_rounds(session, at("2026-12-31"))
    closed = select(Assessment.id).where(Assessment.status == AssessmentStatus.CLOSED)
    return results.score(session, newest_cycle(session), list(session.scalars(closed)), now)


def scores_of(session: Session, unit: str) -> dict[str, Score]:
    return {each.element: each for each in scores.of_assessments(session, [assessment_of(session, unit).id])}


def parts(score: Score) -> tuple[Any, ...]:
    return score.result, score.changed, score.seen_differently, score.mistake


def by_chance(firm: Firm, element: str, chance: Random) -> Given:
    said = ["yes", "yes", "yes", "no", "don't know", "n/a", None]
    drawn = {item.id: chance.choice(said) for item in firm.edition.by_id[element].items}
    return Given(
        states={item: state for item, state in drawn.items() if state}, has_evidence=chance.choice([True, False])
    )


@pytest.mark.parametrize("seed", range(4))
def test_stored_scores_are_what_the_method_says_of_the_same_answers(database: Database, seed: int) -> None:
    chance = Random(seed)
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        for name in ("ann", "ben", "cem"):
            given = {element: by_chance(firm, element, chance) for element in ("2", "10")}
            responses.save(session, questionnaire(session, firm, f"u1.{name}"), given, OPENING)
        sheet = next(iter(answer_sheets(session, firm.edition, [assessment_of(session, "u1")])))

        close_and_score(session, CLOSES)

        expected = score_unit(firm.edition, "u1", sheet.answers, {}, applicable=["2", "10"], asked={"2": 3, "10": 3})
        stored = scores_of(session, "u1")
        assert list(stored) == ["2", "10"]
        for each in expected.elements:
            row = stored[each.element]
            assert (row.result, row.why, row.is_proven, row.basis, row.naive) == (
                each.result,
                each.why,
                each.proven,
                each.basis,
                each.naive,
            )
            assert (row.coverage_done, row.coverage_of) == each.coverage
            assert (row.minimum, row.maximum, row.detail) == (each.minimum, each.maximum, results.detail(each))


def test_a_score_tells_what_it_rests_on(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        firm.units["u1"].time_zone = "Pacific/Auckland"
        plan(session, OPENING)
        answer(session, firm, "u1.ann", {"2": 2, "10": 1})
        sheet = next(iter(answer_sheets(session, firm.edition, [assessment_of(session, "u1")])))

        close_and_score(session, at("2026-04-21", 22))  # the 22nd in Auckland

        score = scores_of(session, "u1")["2"]
        assert (score.unit_id, score.model, score.rule, score.assessor, score.revision, score.on, score.at) == (
            firm.units["u1"].id,
            "small",
            "no-gap",
            "self",
            1,
            date(2026, 4, 22),
            at("2026-04-21", 22),
        )
        assert (score.edition_digest, score.inputs_digest) == (firm.edition.digest, sheet.inputs)


def test_what_the_team_agreed_is_scored(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        for who, level in (("u1.ann", 1), ("u1.ben", 2)):
            answer(session, firm, who, {"10": level})
        closings.close_blind_rounds(session, CLOSES)
        states = {"10.2a": State.YES, "10.2b": State.YES}
        reasons = {("10", item): "seen on the board" for item in states}
        closings.agree(session, assessment_of(session, "u1"), {"10": states}, reasons, by=None, now=CLOSES)

        close_and_score(session, CLOSES)

        score = scores_of(session, "u1")["10"]
        found = (score.result, score.basis, score.minimum, score.maximum)
        assert found == (Fraction(2), "agreed", Fraction(1), Fraction(2))


def test_scoring_twice_adds_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        plan(session, OPENING)
        answer(session, firm, "u1.ann", {"2": 2, "10": 1})
        first = close_and_score(session, CLOSES)
        before = session.scalars(select(Score.id)).all()
        everything = list(session.scalars(select(Assessment.id)))

        again = results.score(session, newest_cycle(session), everything, CLOSES)

        assert (first, again, session.scalars(select(Score.id)).all()) == (3, 0, before)
        names = session.scalars(select(Event.name).where(Event.name == "assessment.scored")).all()
        assert len(names) == 3


def test_what_is_not_closed_is_not_scored(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session)
        plan(session, OPENING)
        everything = list(session.scalars(select(Assessment.id)))

        assert results.score(session, newest_cycle(session), everything, CLOSES) == 0


def test_a_unit_that_has_ended_since_closing_is_scored_all_the_same(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        answer(session, firm, "u1.ann", {"2": 2})
        closings.close_blind_rounds(session, CLOSES)
        firm.units["u1"].valid_to = CLOSES.date()
        session.flush()

        assert close_and_score(session, at("2026-04-22")) == 2
        assert scores_of(session, "u1")["2"].result == 2


def two_cycles(
    session: Session, before: Mapping[str, str], after: Mapping[str, str], because: Mapping[str, str] | None = None
) -> Score:
    """Have ann answer topic 10 in two quarters and return the second score."""
    firm = a_firm(session, below=("u1",))
    for opening, closing, states, reasons in (
        (OPENING, CLOSES, before, None),
        (NEXT_OPENING, NEXT_CLOSES, after, because),
    ):
        plan(session, opening)
        given = {"10": Given(states=states, because=reasons)}
        responses.save(session, questionnaire(session, firm, "u1.ann"), given, opening)
        close_and_score(session, closing)
    return scores_of(session, "u1")["10"]


def all_up_to(level: int, **others: str) -> dict[str, str]:
    states = {f"10.{step}{letter}": "yes" if step <= level else "no" for step in (1, 2, 3) for letter in "ab"}
    return states | {f"10.{item}": state for item, state in others.items()}


def test_a_first_result_is_the_baseline_and_has_no_change(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        answer(session, firm, "u1.ann", {"10": 2})
        close_and_score(session, CLOSES)

        assert parts(scores_of(session, "u1")["10"]) == (2, None, None, None)


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (dict.fromkeys(("10.2a", "10.2b"), "changed"), (2, 1, 0, 0)),
        (dict.fromkeys(("10.2a", "10.2b"), "seen differently"), (2, 0, 1, 0)),
        (dict.fromkeys(("10.2a", "10.2b"), "mistake"), (2, 0, 0, 1)),
        ({"10.2a": "mistake", "10.2b": "changed"}, (2, 1, 0, 0)),
        ({"10.2a": "mistake", "10.2b": "seen differently"}, (2, 0, 1, 0)),
        (None, (2, 0, 1, 0)),
    ],
)
def test_a_higher_level_is_told_apart_by_why_answers_changed(
    database: Database, because: dict[str, str] | None, expected: tuple[int, int, int, int]
) -> None:
    with transaction(database.engine) as session:
        assert parts(two_cycles(session, all_up_to(1), all_up_to(2), because)) == expected


def test_the_parts_may_go_opposite_ways(database: Database) -> None:
    because = {"10.2b": "mistake", "10.3a": "changed", "10.3b": "changed", "10.1a": "seen differently"}
    with transaction(database.engine) as session:
        score = two_cycles(session, all_up_to(2, **{"2b": "no"}), all_up_to(3, **{"1a": "no"}), because)

        assert parts(score) == (0, 1, -3, 1)


def test_the_same_answers_are_no_change_in_any_part(database: Database) -> None:
    with transaction(database.engine) as session:
        assert parts(two_cycles(session, all_up_to(2), all_up_to(2))) == (2, 0, 0, 0)


def test_a_result_that_is_not_proven_has_no_change(database: Database) -> None:
    with transaction(database.engine) as session:
        score = two_cycles(session, all_up_to(2), all_up_to(1, **{"2a": "don't know", "2b": "don't know"}))

        assert (score.is_proven, *parts(score)) == (False, 1, None, None, None)


def test_a_result_is_compared_with_the_last_proven_one(database: Database) -> None:
    with transaction(database.engine) as session:
        unproven = all_up_to(1, **{"2a": "don't know", "2b": "don't know"})
        two_cycles(session, all_up_to(1), unproven)
        plan(session, at("2026-10-06"))
        third = assessment_of(session, "u1")
        ann = responses.of_assessment(session, third.id)[0]
        changed = dict.fromkeys(("10.2a", "10.2b"), "changed")
        responses.save(session, ann, {"10": Given(states=all_up_to(2), because=changed)}, at("2026-10-06"))
        closings.close_blind_rounds(session, at("2026-10-20", 16))

        results.score(session, newest_cycle(session), [third.id], at("2026-10-20", 16))

        assert parts(scores_of(session, "u1")["10"]) == (2, 1, 0, 0)


def test_scoring_takes_the_same_statements_for_few_units_and_for_many(database: Database) -> None:
    counts = []
    for below in (["u1"], [f"u{number}" for number in range(1, 21)]):
        with transaction(database.engine) as session:
            firm = a_firm(session, below=below)
            plan(session, OPENING)
            for unit in below:
                answer(session, firm, f"{unit}.ann", {"10": 1})
            closings.close_blind_rounds(session, CLOSES)
            ids = list(session.scalars(select(Assessment.id)))
            session.expunge_all()
            cycle = newest_cycle(session)
            with database.statements() as sent:
                results.score(session, cycle, ids, CLOSES)
            counts.append(len(sent))
            session.rollback()

    assert counts[0] == counts[1]
