"""When an action is due: its date moves with a reason, it rests until a day, and it goes on by itself after that."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import events
from domain.actions import WORKING, Action, ActionStatus, move, say
from domain.errors import NotAllowed
from domain.organisation import Tree
from domain.words import _

FARTHEST = timedelta(days=2 * 365)
"""How far ahead a date may be set: calendars are known that far, and what takes longer is several actions."""


def is_late(action: Action, today: date) -> bool:
    """Return whether an action's due date is over and it neither rests nor is done."""
    is_running = action.status in WORKING - {ActionStatus.ON_HOLD}
    return is_running and action.due_on is not None and action.due_on < today


def refuse_past(day: date, today: date) -> None:
    """Raise NotAllowed for a day that is over."""
    if day < today:
        raise NotAllowed(_("{day} lies in the past; give a day from {today} on").format(day=day, today=today))


def refuse_out_of_reach(day: date, today: date) -> None:
    """Raise NotAllowed for a day that is over or farther ahead than an action reaches."""
    refuse_past(day, today)
    if day > today + FARTHEST:
        last = today + FARTHEST
        raise NotAllowed(_("{day} is too far ahead; give a day up to {last}").format(day=day, last=last))


def hold(session: Session, action: Action, until: date, why: str, *, by: int | None, now: datetime) -> None:
    """Put an action on hold until a day, with a reason."""
    if not why.strip():
        raise NotAllowed(_("give the reason why action {id} rests (--because)").format(id=action.id))
    move(session, action, ActionStatus.ON_HOLD, by=by, now=now, until=until.isoformat())
    action.hold_until = until
    say(session, action, "reason", why, by=by, now=now)


def rest(
    session: Session,
    action: Action,
    until: date,
    check_on: date,
    why: str,
    *,
    by: int | None,
    is_lead: bool,
    now: datetime,
) -> None:
    """Put an action on hold; beyond its due date that moves it to the same day and counts as moving it."""
    if action.due_on is not None and until > action.due_on:
        _refuse_unmovable(action, is_lead=is_lead)
        _set_due(session, action, until, check_on, by=by, now=now)
    hold(session, action, until, why, by=by, now=now)


def reschedule(
    session: Session,
    action: Action,
    due_on: date,
    check_on: date,
    why: str,
    *,
    by: int | None,
    is_lead: bool,
    now: datetime,
) -> None:
    """Move an action's due date, with a reason: once by its owner, further times by the lead; a locked date never."""
    if not why.strip():
        raise NotAllowed(_("give the reason why action {id} moves (--because)").format(id=action.id))
    _refuse_unmovable(action, is_lead=is_lead)
    _set_due(session, action, due_on, check_on, by=by, now=now)
    say(session, action, "reason", why, by=by, now=now)


def _refuse_unmovable(action: Action, *, is_lead: bool) -> None:
    """Raise NotAllowed where a date is locked, does not run any more, or was moved and only the lead moves it again."""
    if action.fixed_by:
        raise NotAllowed(_("the date of action {id} is fixed by {who}").format(id=action.id, who=action.fixed_by))
    if action.status not in WORKING:
        raise NotAllowed(
            _("action {id} is {status}; its date moves only while it runs").format(
                id=action.id, status=_(action.status)
            )
        )
    if action.moved_count and not is_lead:
        raise NotAllowed(
            _("action {id} was moved before; the unit's lead decides about another date").format(id=action.id)
        )


def _set_due(session: Session, action: Action, due_on: date, check_on: date, *, by: int | None, now: datetime) -> None:
    was = action.due_on
    action.due_on = due_on
    action.check_on = check_on
    action.moved_count += 1
    events.record(
        session,
        "action.moved",
        action,
        by=by,
        now=now,
        was=None if was is None else was.isoformat(),
        to=due_on.isoformat(),
    )


def has_held(session: Session) -> bool:
    """Return whether any action is on hold."""
    return session.scalars(select(Action.id).where(Action.status == ActionStatus.ON_HOLD).limit(1)).first() is not None


def resume_held(session: Session, units: Tree, now: datetime) -> int:
    """Let actions on hold go on whose day has come in their unit's zone; returns how many."""
    held = select(Action).where(Action.status == ActionStatus.ON_HOLD).order_by(Action.id)
    resumed = 0
    for action in session.scalars(held):
        today = now.astimezone(units.zone(action.unit_id)).date()
        if action.hold_until is not None and action.hold_until <= today:
            action.hold_until = None
            move(session, action, ActionStatus.IN_PROGRESS, by=None, now=now)
            resumed += 1
    return resumed
