"""Events: moves write them with the status, refused moves write nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from config.database import reading, transaction
from domain import events
from domain.actions import Action, ActionStatus
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.errors import InvalidTransition, Stale
from domain.events import Event
from tests.builders import OPENING, Firm, a_firm
from tests.conftest import Database
from tests.domain.acts import an_open_action, told

LATER = OPENING + timedelta(hours=1)


def a_cycle(session: Session, firm: Firm | None = None) -> Cycle:
    firm = firm or a_firm(session, below=())
    cycle = Cycle(
        programme_id=firm.programme.id,
        edition_id=firm.programme.edition_id,
        period="2026-Q2",
        number=0,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
    )
    session.add(cycle)
    session.flush()
    return cycle


def some_assessments(session: Session, units: int = 3) -> list[Assessment]:
    firm = a_firm(session, below=[f"u{number}" for number in range(1, units)])
    cycle = a_cycle(session, firm)
    found = [Assessment(cycle_id=cycle.id, unit_id=unit.id, opens_on=OPENING.date()) for unit in firm.units.values()]
    session.add_all(found)
    session.flush()
    return found


def check_and_fail(database: Database, cycle_id: int) -> None:
    with transaction(database.engine) as session:
        events.move(session, session.get_one(Cycle, cycle_id), CycleStatus.CHECKED, by=None, now=LATER)
        raise ZeroDivisionError


def move_in_a_transaction(database: Database, cycle: Cycle, to: CycleStatus) -> None:
    with transaction(database.engine) as session:
        session.add(cycle)
        events.move(session, cycle, to, by=2, now=LATER)


def move_all_in_a_transaction(database: Database, found: list[Assessment], to: AssessmentStatus) -> None:
    with transaction(database.engine) as session:
        session.add_all(found)
        events.move_all(session, found, to, by=None, now=LATER)


def test_a_move_writes_status_version_and_event_together(database: Database) -> None:
    with transaction(database.engine) as session:
        cycle = a_cycle(session)
        events.move(session, cycle, CycleStatus.CHECKED, by=7, now=LATER, findings=3)

    with reading(database.engine) as session:
        kept = session.scalars(select(Cycle)).one()
        event = session.scalars(select(Event)).one()
    assert (kept.status, kept.version) == (CycleStatus.CHECKED, 2)
    assert (event.name, event.subject, event.subject_id, event.by, event.at, event.payload) == (
        "cycle.checked",
        "cycle",
        kept.id,
        7,
        LATER,
        {"was": "open", "findings": 3},
    )


def test_a_move_that_is_not_stored_leaves_no_event(database: Database) -> None:
    with transaction(database.engine) as session:
        number = a_cycle(session).id

    with pytest.raises(ZeroDivisionError):
        check_and_fail(database, number)

    with reading(database.engine) as session:
        assert (session.get_one(Cycle, number).status, told(session)) == (CycleStatus.OPEN, [])


def test_a_refused_move_says_what_the_thing_can_become(database: Database) -> None:
    with transaction(database.engine) as session:
        cycle = a_cycle(session)

        with pytest.raises(InvalidTransition) as refusal:
            events.move(session, cycle, CycleStatus.PLANNED, by=None, now=LATER)

        assert str(refusal.value) == f"cycle {cycle.id} is open; it can become cancelled, checked, not planned"
        assert (cycle.status, cycle.version, told(session)) == (CycleStatus.OPEN, 1, [])


def test_a_thing_that_is_so_already_says_so(database: Database) -> None:
    with transaction(database.engine) as session:
        cycle = a_cycle(session)

        with pytest.raises(InvalidTransition) as refusal:
            events.move(session, cycle, CycleStatus.OPEN, by=None, now=LATER)

        assert str(refusal.value) == f"cycle {cycle.id} is open already"


def test_what_is_at_its_end_can_become_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        cycle = a_cycle(session)
        events.move(session, cycle, CycleStatus.CANCELLED, by=None, now=LATER)

        with pytest.raises(InvalidTransition) as refusal:
            events.move(session, cycle, CycleStatus.OPEN, by=None, now=LATER)

        assert str(refusal.value) == f"cycle {cycle.id} is cancelled; it can become nothing, not open"


def test_of_two_who_move_the_same_thing_the_second_is_refused(database: Database) -> None:
    with transaction(database.engine) as session:
        number = a_cycle(session).id
    with reading(database.engine) as session:
        late = session.get_one(Cycle, number)
    with transaction(database.engine) as session:
        events.move(session, session.get_one(Cycle, number), CycleStatus.CHECKED, by=1, now=LATER)

    with pytest.raises(StaleDataError):
        move_in_a_transaction(database, late, CycleStatus.CANCELLED)

    with reading(database.engine) as session:
        assert (session.get_one(Cycle, number).status, told(session)) == (CycleStatus.CHECKED, ["cycle.checked"])


@pytest.mark.parametrize("units", [2, 60])
def test_moving_many_takes_one_update_and_one_insert(database: Database, units: int) -> None:
    with transaction(database.engine) as session:
        found = some_assessments(session, units)

        with database.statements() as sent:
            events.move_all(session, found, AssessmentStatus.OPEN, by=None, now=LATER)

        assert [statement.split()[0] for statement in sent] == ["UPDATE", "INSERT"]
        assert [(each.status, each.version) for each in found] == [(AssessmentStatus.OPEN, 2)] * units
        written = session.scalars(select(Event).order_by(Event.id)).all()
        assert [(each.name, each.subject_id, each.at, each.payload) for each in written] == [
            ("assessment.open", each.id, LATER, {"was": "planned"}) for each in found
        ]


def test_moving_none_does_nothing(database: Database) -> None:
    with transaction(database.engine) as session, database.statements() as sent:
        events.move_all(session, [], AssessmentStatus.OPEN, by=None, now=LATER)

    assert sent == []


def test_if_one_of_many_cannot_move_none_does(database: Database) -> None:
    with transaction(database.engine) as session:
        first, second, third = some_assessments(session)
        events.move(session, third, AssessmentStatus.SKIPPED, by=None, now=LATER)

        with pytest.raises(InvalidTransition, match=f"assessment {third.id} is skipped; it can become nothing"):
            events.move_all(session, [first, second, third], AssessmentStatus.OPEN, by=None, now=LATER)

        assert [each.status for each in (first, second)] == [AssessmentStatus.PLANNED] * 2
        assert told(session) == ["assessment.skipped"]


def test_if_one_of_many_was_changed_meanwhile_none_is_moved(database: Database) -> None:
    with transaction(database.engine) as session:
        some_assessments(session)
    with reading(database.engine) as session:
        late = list(session.scalars(select(Assessment).order_by(Assessment.id)))
    with transaction(database.engine) as session:
        session.get_one(Assessment, late[1].id).scope = ["2"]

    with pytest.raises(Stale) as refusal:
        move_all_in_a_transaction(database, late, AssessmentStatus.OPEN)

    assert str(refusal.value) == ("3 assessments were to become open, but somebody changed one meanwhile; try again")
    with reading(database.engine) as session:
        assert session.scalars(select(Assessment.status)).all() == [AssessmentStatus.PLANNED] * 3
        assert told(session) == []


def test_many_things_at_different_statuses_each_tell_where_they_were(database: Database) -> None:
    with transaction(database.engine) as session:
        first, second, _third = some_assessments(session)
        events.move(session, second, AssessmentStatus.OPEN, by=None, now=LATER)

        events.move_all(session, [first, second], AssessmentStatus.SKIPPED, by=None, now=LATER)

        skipped = select(Event.payload).where(Event.name == "assessment.skipped").order_by(Event.id)
        assert session.scalars(skipped).all() == [{"was": "planned"}, {"was": "open"}]


def test_an_event_holds_the_person_even_after_the_row_is_gone(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        events.record(session, "action.progress", action, by=999_999, now=LATER)

    with reading(database.engine) as session:
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (last.by, session.get_one(Action, action.id).status) == (999_999, ActionStatus.OPEN)
