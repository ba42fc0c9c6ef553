"""What the database itself refuses: changing history, two agreed responses, two living actions on one gap."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions, events, responses, verifications
from domain.actions import Action, ActionStatus, ActionUnit, Source
from domain.assessments import Assessment
from domain.responses import Response, Round
from domain.verifications import Verdict, Verification
from tests.builders import OPENING, a_firm, answer_all, at
from tests.conftest import Database
from tests.domain.acts import CHECK, a_draft, an_open_action, turn

GUARDED = ("answer", "cycle_inputs", "event", "score", "seal", "sealed_events", "verification")


def a_history(session: Session) -> None:
    """Fill every guarded table: a whole cycle, an action verified, a seal."""
    firm = a_firm(session, below=("u1",))
    turn(session, OPENING)
    answer_all(session, firm.edition, {"2": 3}, OPENING)
    turn(session, at("2026-06-30"))
    action = an_open_action(session, firm, covers=("u1",), element="2")
    actions.done(session, action, "it hangs there", today=OPENING.date(), check_on=CHECK, by=None, now=OPENING)
    look = Verification(action_id=action.id, verdict=Verdict.EFFECTIVE, by=firm.people["u1.ann"].id, on=CHECK)
    verifications.verify(
        session, action, look, "all three used it", again_on=date(2026, 8, 3), due_on=date(2026, 6, 1), now=OPENING
    )
    events.seal(session, OPENING)


def run(database: Database, statement: str) -> None:
    with transaction(database.engine) as session:
        session.execute(text(statement))


def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with reading(database.engine) as session:
        return sorted(map(tuple, session.execute(text(f"SELECT * FROM {table}"))), key=str)


@pytest.mark.parametrize("table", GUARDED)
def test_history_is_neither_changed_nor_deleted(database: Database, table: str) -> None:
    with transaction(database.engine) as session:
        a_history(session)
    before = rows(database, table)
    column = {"cycle_inputs": "cycle_id", "sealed_events": "event_id"}.get(table, "id")
    tries = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    tries += [f"TRUNCATE {table} CASCADE"] if database.kind == "postgresql" else []
    tries += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"] if database.kind == "sqlite" else []

    for statement in tries:
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            run(database, statement)

    assert before
    assert rows(database, table) == before


def an_assessment(session: Session) -> Assessment:
    a_firm(session, below=("u1",))
    turn(session, OPENING)
    return session.scalars(select(Assessment).order_by(Assessment.id).limit(1)).one()


def test_an_assessment_has_one_agreed_response(database: Database) -> None:
    with transaction(database.engine) as session:
        assessment = an_assessment(session)
        first = responses.agreed_response(session, assessment.id, None)
        again = responses.agreed_response(session, assessment.id, None)

        assert again is first
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Response(assessment_id=assessment.id, person_id=None, round=Round.AGREED))


def test_a_blind_response_is_somebodys(database: Database) -> None:
    with transaction(database.engine) as session:
        assessment = an_assessment(session)

        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Response(assessment_id=assessment.id, person_id=None))


def test_a_person_has_one_blind_response_in_an_assessment(database: Database) -> None:
    with transaction(database.engine) as session:
        assessment = an_assessment(session)
        known = responses.of_assessment(session, assessment.id)

        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Response(assessment_id=assessment.id, person_id=known[0].person_id))


def test_a_gap_has_one_living_self_assessment_action(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        a_draft(session, firm, covers=("u1", "u2"))

        with pytest.raises(IntegrityError), session.begin_nested():
            a_draft(session, firm, covers=("u2",))


def test_actions_of_other_sources_and_elements_may_live_beside_it(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        made = [
            a_draft(session, firm),
            a_draft(session, firm, element="2"),
            a_draft(session, firm, covers=("u2",)),
            a_draft(session, firm, source=Source.AUDIT_FINDING),
            a_draft(session, firm, source=Source.AUDIT_FINDING),
        ]
        session.flush()

        assert [action.id for action, _place in actions.living(session)] == [each.id for each in made]


@pytest.mark.parametrize("end", [ActionStatus.CANCELLED, ActionStatus.EFFECTIVE])
def test_a_gap_is_free_again_when_its_action_has_ended(database: Database, end: ActionStatus) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        first = an_open_action(session, firm)
        path = {ActionStatus.CANCELLED: [], ActionStatus.EFFECTIVE: [ActionStatus.DONE]}[end]
        for step in [*path, end]:
            actions.move(session, first, step, by=None, now=OPENING)

        second = a_draft(session, firm)
        session.flush()

        assert [action for action, _place in actions.living(session)] == [second]


def test_an_action_lives_until_its_end_whatever_it_goes_through(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm, covers=("u1", "u2"))
        seen = []
        for step in (ActionStatus.ON_HOLD, ActionStatus.IN_PROGRESS, ActionStatus.DONE, ActionStatus.PARTLY):
            actions.move(session, action, step, by=None, now=OPENING)
            living = select(ActionUnit.is_living).where(ActionUnit.action_id == action.id)
            seen.append(session.scalars(living).all())

    assert seen == [[True, True]] * 3 + [[False, False]]


@pytest.mark.parametrize(
    ("lacking", "what"),
    [
        ({"measure": ""}, "complete_when_released"),
        ({"owner_id": None}, "complete_when_released"),
        ({"verifier_id": None}, "complete_when_released"),
        ({"due_on": None}, "complete_when_released"),
        ({"check_on": None}, "complete_when_released"),
        ({"check_on": date(2026, 5, 14)}, "check_after_due"),
        ({"owner": "u1.ann"}, "other_verifier"),
    ],
)
def test_no_released_action_lacks_anything(database: Database, lacking: dict[str, object], what: str) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        complete = a_draft(session, firm)
        columns = [column.name for column in Action.__table__.columns if column.name != "id"]
        released = {name: getattr(complete, name) for name in columns} | {"status": ActionStatus.OPEN}
        owner = {"owner_id": firm.people[str(lacking["owner"])].id} if "owner" in lacking else lacking

        with pytest.raises(IntegrityError, match=what), session.begin_nested():
            session.add(Action(**released | owner))
