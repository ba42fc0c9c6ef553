"""What is asked: questionnaires not handed in with the topics left, who is missing, what a team sees differently."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import asked, openings, responses
from domain.asked import ContestedItem, Questionnaire, Team
from domain.assessments import Assessment
from domain.events import move
from domain.organisation import Unit
from domain.responses import Given, Response, ResponseStatus
from tests.builders import Firm, a_firm, at, up_to
from tests.conftest import Database

OPENED = at("2026-04-03", 8)


def an_open_quarter(session: Session) -> Firm:
    firm = a_firm(session)
    openings.begin_cycles(session, OPENED)
    openings.open_assessments(session, OPENED)
    return firm


def assessment_of(session: Session, firm: Firm, unit: str) -> Assessment:
    return session.scalars(select(Assessment).where(Assessment.unit_id == firm.units[unit].id)).one()


def response_of(session: Session, firm: Firm, person: str) -> Response:
    return session.scalars(select(Response).where(Response.person_id == firm.people[person].id)).one()


def answer(session: Session, firm: Firm, person: str, **levels: int) -> None:
    response = response_of(session, firm, person)
    given = {element: up_to(firm.edition, element, levels[f"e{element}"]) for element in response.scope}
    responses.save(session, response, given, OPENED)
    responses.submit(session, response, by=response.person_id, now=OPENED)


def test_a_questionnaire_counts_the_topics_left_and_is_gone_once_handed_in(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session)
        ann, ben, cem = (response_of(session, firm, f"u1.{name}") for name in ("ann", "ben", "cem"))
        responses.save(session, ann, {"2": up_to(firm.edition, "2", 1), "10": Given(states={})}, OPENED)
        responses.submit(session, ben, by=ben.person_id, now=OPENED)

        found = asked.questionnaires(session, [ann.id, ben.id, cem.id])

        unit = assessment_of(session, firm, "u1")
        closes = {"unit_id": unit.unit_id, "closes_at": at("2026-04-17", 16), "topics": 2}
        assert found == [
            Questionnaire(ann.id, unit.id, person_id=ann.person_id or 0, left=1, **closes),  # type: ignore[arg-type]
            Questionnaire(cem.id, unit.id, person_id=cem.person_id or 0, left=2, **closes),  # type: ignore[arg-type]
        ]
        assert len(asked.questionnaires(session)) == 8


def test_missing_are_those_who_neither_handed_in_nor_declined(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session)
        u1, u2 = (assessment_of(session, firm, unit) for unit in ("u1", "u2"))
        answer(session, firm, "u1.ann", e2=1, e10=1)
        move(session, response_of(session, firm, "u1.ben"), ResponseStatus.DECLINED, by=None, now=OPENED)
        for name in ("ann", "ben", "cem"):
            answer(session, firm, f"u2.{name}", e2=1, e10=1)

        assert asked.missing(session, [u1.id, u2.id]) == {u1.id: [firm.people["u1.cem"].id]}


def test_contested_items_name_who_said_yes_and_no_until_they_are_agreed(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session)
        answer(session, firm, "u1.ann", e2=1, e10=2)
        answer(session, firm, "u1.ben", e2=1, e10=1)
        answer(session, firm, "u1.cem", e2=1, e10=2)
        unit = assessment_of(session, firm, "u1")
        ann, ben, cem = (firm.people[f"u1.{name}"].id for name in ("ann", "ben", "cem"))

        before = asked.contested(session, [unit.id])
        agreed = responses.agreed_response(session, unit.id, ann)
        responses.save(session, agreed, {"10": Given(states={"10.2a": "yes", "10.2b": "no"})}, OPENED)

        assert before == {
            unit.id: [
                ContestedItem("10", "10.2a", yes=(ann, cem), no=(ben,)),
                ContestedItem("10", "10.2b", yes=(ann, cem), no=(ben,)),
            ]
        }
        assert asked.contested(session, [unit.id]) == {unit.id: []}
        assert asked.contested_at_first(session, [unit.id]) == {unit.id: {"10.2a", "10.2b"}}


def test_a_team_is_its_respondents_and_its_lead_without_those_who_declined(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session)
        quality, ann, ben, cem = (firm.people[key].id for key in ("quality", "u1.ann", "u1.ben", "u1.cem"))
        session.get_one(Unit, firm.units["u1"].id).lead_id = quality
        move(session, response_of(session, firm, "u1.cem"), ResponseStatus.DECLINED, by=None, now=OPENED)
        unit = assessment_of(session, firm, "u1")

        found = asked.teams(session, [unit.id])

        assert found == {unit.id: Team(respondents=(ann, ben), lead=quality)}
        assert found[unit.id].members == (quality, ann, ben)
        assert cem not in found[unit.id].members


def test_more_units_and_people_take_no_more_statements(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session)
        for person in firm.people:
            if person != "quality":
                answer(session, firm, person, e1=1, e2=1, e10=2 if person.endswith("ann") else 1)
        ids = session.scalars(select(Assessment.id)).all()

    def count(assessment_ids: list[int]) -> int:
        with database.statements() as sent, reading(database.engine) as session:
            asked.questionnaires(session)
            asked.missing(session, assessment_ids)
            asked.contested(session, assessment_ids)
            asked.teams(session, assessment_ids)
        return len(sent)

    assert count(list(ids)) == count(list(ids)[:1])
