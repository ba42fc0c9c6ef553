"""When an action is due: its date moves with a reason, it rests until a day, and goes on by itself after that."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, deadlines, organisation
from domain.actions import Action, ActionNote, ActionStatus
from domain.errors import NotAllowed
from domain.events import Event
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.domain.acts import DUE, a_draft, an_open_action

LATER = date(2026, 6, 12)
CHECKED = date(2026, 8, 7)


def move(
    session: Session, action: Action, due_on: date = LATER, why: str = "the server comes late", *, is_lead: bool = False
) -> None:
    deadlines.reschedule(session, action, due_on, CHECKED, why, by=7, is_lead=is_lead, now=OPENING)


def hold(session: Session, action: Action, until: date = LATER, why: str = "waits for the server") -> None:
    deadlines.hold(session, action, until, why, by=7, now=OPENING)


def resume(session: Session, day: str, hour: int = 9) -> int:
    now = at(day, hour)
    return deadlines.resume_held(session, organisation.tree(session, now.date()), now)


def last_event(session: Session) -> tuple[str, int | None, dict[str, Any]]:
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    return event.name, event.by, event.payload


def test_a_moved_date_keeps_the_first_one_and_its_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        move(session, action)

        session.flush()
        assert (action.due_on, action.original_due_on, action.check_on, action.moved_count) == (LATER, DUE, CHECKED, 1)
        assert last_event(session) == ("action.moved", 7, {"was": "2026-05-15", "to": "2026-06-12"})
        assert session.scalars(select(ActionNote.text)).all() == ["the server comes late"]


def test_a_date_moves_once_by_its_owner_and_further_by_the_lead(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        move(session, action)

        with pytest.raises(NotAllowed) as refusal:
            move(session, action)
        move(session, action, is_lead=True)

        assert str(refusal.value) == (
            f"action {action.id} was moved before; the unit's lead decides about another date"
        )
        assert action.moved_count == 2


def test_a_fixed_date_never_moves(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session), fixed_by="the authority")

        with pytest.raises(NotAllowed) as refusal:
            move(session, action, is_lead=True)

        assert str(refusal.value) == f"the date of action {action.id} is fixed by the authority"


def test_a_date_does_not_move_without_a_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        with pytest.raises(NotAllowed, match=r"give the reason why action [0-9]+ moves"):
            move(session, action, why=" ")

        assert (action.due_on, action.moved_count) == (DUE, 0)


@pytest.mark.parametrize("status", [None, ActionStatus.DONE, ActionStatus.CANCELLED])
def test_a_date_moves_only_while_the_action_runs(database: Database, status: ActionStatus | None) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = a_draft(session, firm) if status is None else an_open_action(session, firm)
        if status is not None:
            actions.move(session, action, status, by=None, now=OPENING)

        with pytest.raises(NotAllowed, match=f"is {action.status}; its date moves only while it runs"):
            move(session, action)


def test_an_action_rests_until_a_day_for_a_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        hold(session, action)

        session.flush()
        assert (action.status, action.hold_until, action.due_on) == (ActionStatus.ON_HOLD, LATER, DUE)
        assert last_event(session) == ("action.on hold", 7, {"was": "open", "until": "2026-06-12"})


def test_an_action_does_not_rest_without_a_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        with pytest.raises(NotAllowed, match=r"give the reason why action [0-9]+ rests"):
            hold(session, action, why="")

        assert (action.status, action.hold_until) == (ActionStatus.OPEN, None)


@pytest.mark.parametrize(
    ("zone", "resumes_at"),
    [("UTC", ("2026-06-12", 0)), ("America/New_York", ("2026-06-12", 4)), ("Asia/Tokyo", ("2026-06-11", 15))],
)
def test_what_rests_goes_on_when_the_day_begins_in_its_unit(
    database: Database, zone: str, resumes_at: tuple[str, int]
) -> None:
    day, hour = resumes_at
    with transaction(database.engine) as session:
        firm = a_firm(session)
        firm.units["u1"].time_zone = zone
        action = an_open_action(session, firm)
        hold(session, action)
        early = at(day, hour) - timedelta(minutes=1)

        resumed = [
            deadlines.resume_held(session, organisation.tree(session, early.date()), early),
            resume(session, day, hour),
            resume(session, day, hour),
        ]

        session.flush()
        assert resumed == [0, 1, 0]
        assert session.scalars(select(Action.status)).one() is ActionStatus.IN_PROGRESS
        assert session.scalars(select(Action.hold_until)).one() is None
        assert last_event(session) == ("action.in progress", None, {"was": "on hold"})


def test_what_rests_in_a_unit_that_has_ended_goes_on_all_the_same(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        hold(session, an_open_action(session, firm))
        firm.units["u1"].valid_to = date(2026, 5, 31)
        session.flush()

        assert resume(session, "2026-06-15") == 1


@pytest.mark.parametrize(
    ("day", "status", "is_late"),
    [
        (DUE, ActionStatus.OPEN, False),
        (DUE + timedelta(days=1), ActionStatus.OPEN, True),
        (DUE + timedelta(days=1), ActionStatus.ON_HOLD, False),
        (DUE + timedelta(days=1), ActionStatus.DONE, False),
    ],
)
def test_an_action_is_late_from_the_day_after_it_was_due(
    database: Database, day: date, status: ActionStatus, *, is_late: bool
) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        if status is not ActionStatus.OPEN:
            actions.move(session, action, status, by=None, now=OPENING)

        assert deadlines.is_late(action, day) is is_late


def test_a_day_that_is_over_is_refused_and_today_is_not() -> None:
    deadlines.refuse_past(DUE, DUE)

    with pytest.raises(NotAllowed) as refusal:
        deadlines.refuse_past(DUE, LATER)

    assert str(refusal.value) == "2026-05-15 lies in the past; give a day from 2026-06-12 on"


def test_a_day_farther_ahead_than_two_years_is_refused() -> None:
    deadlines.refuse_out_of_reach(date(2028, 5, 14), DUE)

    with pytest.raises(NotAllowed) as refusal:
        deadlines.refuse_out_of_reach(date(2028, 5, 15), DUE)

    assert str(refusal.value) == "2028-05-15 is too far ahead; give a day up to 2028-05-14"


def test_resting_beyond_the_due_date_moves_it_and_counts_as_moving(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        by = action.owner_id

        deadlines.rest(session, action, DUE, CHECKED, "a wall is built", by=by, is_lead=False, now=OPENING)
        before = (action.due_on, action.moved_count)
        actions.progress(session, action, "it is built", by=by, now=OPENING)
        deadlines.rest(session, action, LATER, CHECKED, "the server comes late", by=by, is_lead=False, now=OPENING)
        actions.progress(session, action, "it came", by=by, now=OPENING)
        after = (action.due_on, action.original_due_on, action.moved_count)
        with pytest.raises(NotAllowed) as refusal:
            deadlines.rest(session, action, CHECKED, CHECKED, "once more", by=by, is_lead=False, now=OPENING)

        assert (before, after) == ((DUE, 0), (LATER, DUE, 1))
        assert str(refusal.value) == f"action {action.id} was moved before; the unit's lead decides about another date"
