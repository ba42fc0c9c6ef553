"""Answers as they are read for scoring: the newest of each, in a stream, with a digest that knows no order."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import responses
from domain.answersheets import AnswerRow, AnswerSheet, answer_sheets, given_before, stream
from domain.assessments import Assessment
from domain.events import move
from domain.method.change import Because
from domain.method.edition import State
from domain.method.respondents import Answer
from domain.responses import Assessor, Given, Response, ResponseStatus, Round
from tests.builders import OPENING, Firm, a_firm
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, plan, questionnaire


def an_open_firm(session: Session, *below: str) -> Firm:
    firm = a_firm(session, below=below or ("u1",))
    plan(session, OPENING)
    return firm


def sheet_of(session: Session, firm: Firm, unit: str, assessor: Assessor = Assessor.SELF) -> AnswerSheet:
    return next(iter(answer_sheets(session, firm.edition, [assessment_of(session, unit)], assessor)))


def say(session: Session, firm: Firm, who: str, element: str, given: Given) -> Response:
    response = questionnaire(session, firm, who)
    responses.save(session, response, {element: given}, OPENING)
    return response


def test_only_the_newest_answers_are_read_by_assessment_response_and_element(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        for who, element, state in (
            ("u1.ben", "2", "no"),
            ("u1.ann", "2", "no"),
            ("u1.ann", "10", "no"),
            ("top.cem", "1", "yes"),
            ("u1.ann", "2", "yes"),
        ):
            say(session, firm, who, element, Given(states={f"{element}.1a": state}))
        ids = list(session.scalars(select(Assessment.id)))

        found = [(row.person_id, row.element, row.states) for row in stream(session, ids)]

        assert found == [
            (firm.people["top.cem"].id, "1", '{"1.1a":"yes"}'),
            (firm.people["u1.ann"].id, "10", '{"10.1a":"no"}'),
            (firm.people["u1.ann"].id, "2", '{"2.1a":"yes"}'),
            (firm.people["u1.ben"].id, "2", '{"2.1a":"no"}'),
        ]


def test_a_row_holds_the_columns_that_scoring_needs(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        given = Given(states={"2.1a": "no"}, because={"2.1a": "mistake"}, has_evidence=True)
        say(session, firm, "u1.ann", "2", given)
        unit = assessment_of(session, "u1")

        assert list(stream(session, [unit.id])) == [
            AnswerRow(
                assessment_id=unit.id,
                person_id=firm.people["u1.ann"].id,
                round=Round.BLIND,
                assessor=Assessor.SELF,
                element="2",
                states='{"2.1a":"no"}',
                value=None,
                because='{"2.1a":"mistake"}',
                has_evidence=True,
            )
        ]


def test_a_sheet_is_what_the_method_takes(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        ann, ben = (str(firm.people[f"u1.{name}"].id) for name in ("ann", "ben"))
        say(session, firm, "u1.ben", "2", Given(states={"2.1a": "n/a", "2.1b": "don't know"}))
        say(session, firm, "u1.ann", "2", Given(states={"2.1a": "yes"}, because={"2.1a": "changed"}, has_evidence=True))

        sheet = sheet_of(session, firm, "u1")

        assert (list(sheet.scope), sheet.agreed, dict(sheet.asked)) == (["2", "10"], {}, {"2": 3, "10": 3})
        assert list(sheet.answers["2"].items()) == [
            (ann, Answer({"2.1a": State.YES}, because={"2.1a": Because.CHANGED}, has_evidence=True)),
            (ben, Answer({"2.1a": State.NOT_APPLICABLE, "2.1b": State.DONT_KNOW})),
        ]


def test_who_declined_leaves_the_answers_and_those_asked(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        for who in ("u1.ann", "u1.ben"):
            say(session, firm, who, "2", Given(states={"2.1a": "yes"}))
        move(session, questionnaire(session, firm, "u1.ben"), ResponseStatus.DECLINED, by=None, now=OPENING)
        session.flush()

        sheet = sheet_of(session, firm, "u1")

        assert (list(sheet.answers["2"]), dict(sheet.asked)) == ([str(firm.people["u1.ann"].id)], {"2": 2, "10": 2})


def test_answers_saved_and_not_handed_in_stand_at_closing(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        say(session, firm, "u1.ann", "2", Given(states={"2.1a": "yes"}))
        answer(session, firm, "u1.ben", {"2": 1})
        move(session, questionnaire(session, firm, "u1.ben"), ResponseStatus.INVITED, by=None, now=OPENING)
        session.flush()

        assert len(sheet_of(session, firm, "u1").answers["2"]) == 2


def test_assessors_from_outside_are_never_pooled_with_the_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        unit = assessment_of(session, "u1")
        say(session, firm, "u1.ann", "2", Given(states={"2.1a": "yes"}))
        auditor = Response(
            assessment_id=unit.id, person_id=firm.people["quality"].id, assessor=Assessor.INTERNAL, scope=["2"]
        )
        session.add(auditor)
        session.flush()
        responses.save(session, auditor, {"2": Given(states={"2.1a": "no"})}, OPENING)

        own, internal = (sheet_of(session, firm, "u1", each) for each in (Assessor.SELF, Assessor.INTERNAL))

        assert (list(own.answers["2"]), dict(own.asked)) == ([str(firm.people["u1.ann"].id)], {"2": 3, "10": 3})
        assert (list(internal.answers["2"]), dict(internal.asked)) == ([str(firm.people["quality"].id)], {"2": 1})


def test_an_assessment_without_answers_has_an_empty_sheet(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session, "u1", "u2", "u3")
        answer(session, firm, "u2.ann", {"2": 1})
        found = [assessment_of(session, unit) for unit in ("u3", "u1", "u2")]

        sheets = list(answer_sheets(session, firm.edition, found))

        assert [(each.unit_id, len(each.answers)) for each in sheets] == [
            (firm.units["u1"].id, 0),
            (firm.units["u2"].id, 1),
            (firm.units["u3"].id, 0),
        ]


def entered(session: Session, firm: Firm, order: Sequence[tuple[str, str]]) -> str:
    """Answer in an order and return the digest of the inputs; the answers are taken away again."""
    with session.begin_nested() as attempt:
        for who, element in order:
            say(session, firm, who, element, Given(states={f"{element}.1b": "no", f"{element}.1a": "yes"}))
        digest = sheet_of(session, firm, "u1").inputs
        attempt.rollback()
    return digest


def test_the_digest_of_the_inputs_knows_no_order(database: Database) -> None:
    order = [("u1.ann", "10"), ("u1.ann", "2"), ("u1.ben", "2"), ("u1.cem", "10")]
    with transaction(database.engine) as session:
        firm = an_open_firm(session)

        found = {entered(session, firm, each) for each in (order, order[::-1], order[2:] + order[:2])}

        assert len(found) == 1
        assert entered(session, firm, order[1:]) not in found


@pytest.mark.parametrize(
    "other",
    [
        Given(states={"2.1a": "no"}),
        Given(states={"2.1a": "yes"}, because={"2.1a": "changed"}),
        Given(states={"2.1a": "yes"}, has_evidence=True),
        None,
    ],
)
def test_the_digest_differs_with_anything_that_is_computed_from(database: Database, other: Given | None) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        say(session, firm, "u1.ann", "2", Given(states={"2.1a": "yes"}))
        before = sheet_of(session, firm, "u1").inputs
        if other is None:
            move(session, questionnaire(session, firm, "u1.cem"), ResponseStatus.DECLINED, by=None, now=OPENING)
            session.flush()
        else:
            say(session, firm, "u1.ann", "2", other)

        assert sheet_of(session, firm, "u1").inputs != before


def test_what_was_given_before_is_read_for_the_places_asked_for_only(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_firm(session)
        for who in ("u1.ann", "u1.ben"):
            answer(session, firm, who, {"2": 1, "10": 2})
        unit = assessment_of(session, "u1")

        found = given_before(session, [(unit.id, "10")])

        assert {place: sorted(given) for place, given in found.items()} == {
            (unit.id, "10"): sorted(str(firm.people[who].id) for who in ("u1.ann", "u1.ben"))
        }


def test_sheets_take_two_statements_whatever_their_number(database: Database) -> None:
    with transaction(database.engine) as session:
        units = [f"u{number}" for number in range(20)]
        firm = an_open_firm(session, *units)
        for unit in units:
            answer(session, firm, f"{unit}.ann", {"2": 1})
        found = list(session.scalars(select(Assessment)))

        with database.statements() as sent:
            sheets = list(answer_sheets(session, firm.edition, found))

        assert (len(sheets), len(sent)) == (21, 2)
