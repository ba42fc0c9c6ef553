"""Closing: at four in the afternoon the blind round ends; the team agrees on what is contested, or it is closed."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import closings, responses
from domain.answernotes import AnswerNote, NoteKind
from domain.answersheets import answer_sheets
from domain.assessments import Assessment, AssessmentStatus
from domain.errors import NotAllowed
from domain.events import Event
from domain.method.edition import State
from domain.method.respondents import Basis
from domain.programmes import Mode
from domain.responses import Round
from domain.turns import Reach
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, plan, told

CLOSES = at("2026-04-21", 16)
AGREED_BY = at("2026-04-28", 16)
WHY = {("10", "10.2a"): "two of three saw it on the wall", ("10", "10.2b"): "nobody had heard of it"}


def statuses(session: Session) -> dict[int, str]:
    rows = select(Assessment.unit_id, Assessment.status).order_by(Assessment.id)
    return {row.unit_id: row.status.value for row in session.execute(rows)}


def close(session: Session, now: datetime) -> tuple[int, int]:
    """Do what the wheel's do part does; returns how many blind and how many agreed rounds were ended."""
    return closings.close_blind_rounds(session, now), closings.close_agreed_rounds(session, now)


def a_contested_round(session: Session, **programme: Any) -> tuple[Firm, Assessment]:
    """Let u1 differ on level 2 of topic 10: ann says no, ben and cem say yes."""
    firm = a_firm(session, below=("u1",), **programme)
    plan(session, OPENING)
    for who, level in (("u1.ann", 1), ("u1.ben", 2), ("u1.cem", 2)):
        answer(session, firm, who, {"2": 3, "10": level})
    return firm, assessment_of(session, "u1")


def an_agreeing_team(session: Session) -> tuple[Firm, Assessment]:
    firm, assessment = a_contested_round(session)
    close(session, CLOSES)
    return firm, assessment


@pytest.mark.parametrize(
    ("zone", "closes_at"),
    [
        ("UTC", "2026-04-21T16:00+00:00"),
        ("Europe/London", "2026-04-21T15:00+00:00"),
        ("America/New_York", "2026-04-21T20:00+00:00"),
        ("Asia/Tokyo", "2026-04-21T07:00+00:00"),
    ],
)
def test_a_round_closes_at_four_of_the_units_afternoon(database: Database, zone: str, closes_at: str) -> None:
    moment = datetime.fromisoformat(closes_at)
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        firm.units["top"].time_zone = zone
        session.flush()
        plan(session, at("2026-04-07", 12))

        early = close(session, moment - timedelta(seconds=1))
        in_time = close(session, moment)
        again = close(session, moment)

        assert (early, in_time, again) == ((0, 0), (1, 0), (0, 0))
        found = assessment_of(session, "top")
        assert (found.status, found.closed_at) == (AssessmentStatus.CLOSED, moment)


def test_a_contested_round_goes_to_the_team_and_the_others_close(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, _assessment = a_contested_round(session)

        close(session, CLOSES)

        assert statuses(session) == {firm.units["top"].id: "closed", firm.units["u1"].id: "agreeing"}
        assert told(session)[-2:] == ["assessment.agreeing", "assessment.closed"]


def test_when_the_teams_days_are_over_what_stands_stands(database: Database) -> None:
    with transaction(database.engine) as session:
        an_agreeing_team(session)

        early = close(session, AGREED_BY - timedelta(seconds=1))
        in_time = close(session, AGREED_BY)

        found = assessment_of(session, "u1")
        assert (early, in_time) == ((0, 0), (0, 1))
        assert (found.status, found.closed_at) == (AssessmentStatus.CLOSED, AGREED_BY)


def test_a_team_has_its_days_also_after_the_machine_was_off(database: Database) -> None:
    with transaction(database.engine) as session:
        a_contested_round(session)

        done = close(session, at("2026-05-13"))

        found = assessment_of(session, "u1")
        assert (done, found.status, found.agree_until) == ((2, 0), AssessmentStatus.AGREEING, at("2026-05-20", 16))


@pytest.mark.parametrize("programme", [{"mode": Mode.CONFIDENTIAL}, {"consensus_days": 0}])
def test_without_a_team_that_talks_a_contested_round_closes(database: Database, programme: dict[str, Any]) -> None:
    with transaction(database.engine) as session:
        firm, _assessment = a_contested_round(session, **programme)

        close(session, CLOSES)

        assert statuses(session) == {firm.units["top"].id: "closed", firm.units["u1"].id: "closed"}


def test_an_unsettled_result_goes_to_the_team_without_a_yes_against_a_no(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        answers = {
            "ann": {"10.1a": "yes", "10.1b": "yes", "10.2a": "yes", "10.2b": "no"},
            "ben": {"10.1a": "yes", "10.1b": "yes", "10.2a": "no", "10.2b": "yes"},
            "cem": {"10.1a": "no"},
        }
        for name, states in answers.items():
            response = responses.response_of(session, assessment_of(session, "u1").id, firm.people[f"u1.{name}"].id)
            responses.save(session, response, {"10": responses.Given(states=states)}, OPENING)

        close(session, CLOSES)

        assert assessment_of(session, "u1").status is AssessmentStatus.AGREEING


def test_closing_takes_the_same_statements_for_few_units_and_for_many(database: Database) -> None:
    counts = []
    for below in (["u1", "u2"], [f"u{number}" for number in range(1, 25)]):
        with transaction(database.engine) as session:
            firm = a_firm(session, below=below)
            plan(session, OPENING)
            for unit in below[::2]:
                answer(session, firm, f"{unit}.ann", {"10": 1})
                answer(session, firm, f"{unit}.ben", {"10": 2})
            with database.statements() as sent:
                close(session, CLOSES)
            counts.append((len(sent), sorted(set(statuses(session).values()))))
            session.rollback()

    assert counts[0] == counts[1]
    assert counts[0][1] == ["agreeing", "closed"]


def test_a_turn_about_one_unit_closes_no_other(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        plan(session, OPENING)

        closings.close_blind_rounds(session, CLOSES, Reach(firm.programme.id, firm.units["u2"].id))

        assert list(statuses(session).values()) == ["open", "open", "closed"]


def test_a_team_agrees_on_items_with_reasons(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, assessment = an_agreeing_team(session)
        ann = firm.people["u1.ann"].id

        written = closings.agree(
            session, assessment, {"10": {"10.2a": State.YES, "10.2b": State.NO}}, WHY, by=ann, now=CLOSES
        )

        session.flush()
        agreed = responses.agreed_response(session, assessment.id, None)
        kept = responses.latest(session, agreed.id)
        notes = session.scalars(select(AnswerNote).order_by(AnswerNote.item)).all()
        assert (written, agreed.person_id, agreed.round) == (1, ann, Round.AGREED)
        assert {element: responses.states_of(each) for element, each in kept.items()} == {
            "10": {"10.2a": "yes", "10.2b": "no"}
        }
        assert [(each.element, each.item, each.kind, each.text) for each in notes] == [
            (*place, NoteKind.REASON, why) for place, why in WHY.items()
        ]


def test_the_event_of_agreeing_seals_what_was_agreed(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, assessment = an_agreeing_team(session)
        by = firm.people["u1.ben"].id
        for state in (State.YES, State.NO):
            closings.agree(session, assessment, {"10": {"10.2a": state}}, WHY, by=by, now=CLOSES)

        found = session.scalars(select(Event).where(Event.name == "assessment.agreed").order_by(Event.id)).all()

        assert [(each.by, each.subject_id, each.payload["elements"]) for each in found] == [
            (by, assessment.id, ["10"])
        ] * 2
        assert found[0].payload["digest"] != found[1].payload["digest"]


def test_what_was_agreed_before_stays_until_it_is_agreed_anew(database: Database) -> None:
    with transaction(database.engine) as session:
        _firm, assessment = an_agreeing_team(session)
        steps: list[dict[str, dict[str, State]]] = [
            {"10": {"10.2a": State.YES}},
            {"10": {"10.2b": State.NO}, "2": {"2.1a": State.NO}},
            {"10": {"10.2a": State.NO}},
        ]
        reasons = WHY | {("2", "2.1a"): "it was taken down"}

        written = [closings.agree(session, assessment, each, reasons, by=None, now=CLOSES) for each in steps]

        agreed = responses.agreed_response(session, assessment.id, None)
        kept = {element: responses.states_of(each) for element, each in responses.latest(session, agreed.id).items()}
        assert written == [1, 2, 1]
        assert kept == {"10": {"10.2a": "no", "10.2b": "no"}, "2": {"2.1a": "no"}}


def test_agreeing_the_same_twice_adds_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        _firm, assessment = an_agreeing_team(session)

        written = [
            closings.agree(session, assessment, {"10": {"10.2a": State.YES}}, WHY, by=None, now=CLOSES)
            for _time in range(2)
        ]

        assert (written, told(session).count("assessment.agreed")) == ([1, 0], 1)


@pytest.mark.parametrize("reasons", [{}, {("10", "10.2a"): "  "}, {("10", "10.2b"): "another item"}])
def test_nothing_is_agreed_without_a_reason(database: Database, reasons: dict[tuple[str, str], str]) -> None:
    with transaction(database.engine) as session:
        _firm, assessment = an_agreeing_team(session)

        with pytest.raises(NotAllowed) as refusal:
            closings.agree(session, assessment, {"10": {"10.2a": State.YES}}, reasons, by=None, now=CLOSES)

        assert str(refusal.value) == "say why 10.2a is agreed (--because)"
        assert [each.round for each in responses.of_assessment(session, assessment.id)] == [Round.BLIND] * 3


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (OPENING, "the blind round is not over; the team agrees after it closes"),
        (AGREED_BY, "this assessment is closed; what was agreed in time stands"),
    ],
)
def test_a_team_agrees_only_in_its_days(database: Database, moment: datetime, why: str) -> None:
    with transaction(database.engine) as session:
        _firm, assessment = a_contested_round(session)
        if moment > CLOSES:
            close(session, CLOSES)
        close(session, moment)

        with pytest.raises(NotAllowed) as refusal:
            closings.agree(session, assessment, {"10": {"10.2a": State.YES}}, WHY, by=None, now=moment)

        assert str(refusal.value) == why


def test_what_a_team_agrees_is_the_result(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, assessment = an_agreeing_team(session)
        closings.agree(session, assessment, {"10": {"10.2a": State.NO, "10.2b": State.NO}}, WHY, by=None, now=CLOSES)

        sheet = next(iter(answer_sheets(session, firm.edition, [assessment])))
        found = {
            each.element: (each.result, each.basis, each.contested) for each in closings.joint(firm.edition, sheet)
        }

        assert found["10"] == (Fraction(1), Basis.AGREED, ())
