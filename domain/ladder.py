"""The ladder: what its owner leaves lying goes on to the owner's lead, and then to the management review's agenda.

An owner is told that an action is late before the lead is asked; a lead is asked about what the owner does not answer
or does not take, and about a done action whose verifier has left or does not look. Each working day it is one rung at
most.

Nothing is skipped where nobody turned the wheel on the day: days count from when somebody was really told or asked, and
an owner whose mail may have stayed behind is told before the lead is asked, whatever it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain import events
from domain.actions import WORKING, Action, ActionStatus, say
from domain.cycles import planning_numbers
from domain.deciders import Deciders, deciders
from domain.errors import NotAllowed
from domain.method import due
from domain.method.planning_inputs import PlanningNumbers
from domain.method.workdays import Calendar, add_working_days, is_working_day, nth_working_day
from domain.people import Person
from domain.places import Places
from domain.rungs import Because, Rung, Standing, standings
from domain.words import _

RUNNING = WORKING - {ActionStatus.ON_HOLD}
CLIMBS_AT = time(8)
"""When on a working day of its unit an action goes on."""


class Next(NamedTuple):
    """The next rung of an action, and the first day on which it may be climbed."""

    on: date
    rung: Rung
    because: Because


@dataclass(frozen=True, slots=True)
class Climber:
    """A running action on its ladder, with what comes next and the numbers that its days are counted by."""

    action: Action
    standing: Standing
    next: Next | None
    numbers: PlanningNumbers


def decline(session: Session, action: Action, why: str, *, by: int | None, now: datetime) -> None:
    """Say "not me", with a reason: the owner does not take an action, or gives it back; the lead decides."""
    if action.status not in RUNNING:
        raise NotAllowed(
            _("action {id} is {status}; only what is open or in progress is declined").format(
                id=action.id, status=_(action.status)
            )
        )
    if not why.strip():
        raise NotAllowed(_("give the reason why action {id} is declined (--because)").format(id=action.id))
    action.accepted_on = None
    events.record(session, "action.declined", action, by=by, now=now, owner=action.owner_id)
    say(session, action, "declined", why, by=by, now=now)


def climb(session: Session, where: Places, now: datetime) -> dict[str, int]:
    """Let what is late, unanswered or declined go on by a rung; returns how often it did what.

    That happens from 8:00 on of a working day of the action's unit.
    """
    done = dict.fromkeys(Rung, 0)
    if any(_is_time(each, where, now) for each in climbers(session, where)):
        # Whoever decides about one of them at this moment waits, or is seen here: no decision is overtaken.
        session.execute(select(Action.id).where(_may_climb(where)).order_by(Action.id).with_for_update())
        who = deciders(session, where.units)
        for each in climbers(session, where):
            if each.next is not None and _is_time(each, where, now):
                done[_step(session, each, each.next, where, who, now)] += 1
    return {
        "owners told": done[Rung.OWNER_TOLD],
        "leads asked": done[Rung.LEAD_ASKED],
        "put on the agenda": done[Rung.ON_AGENDA],
    }


def climbers(session: Session, where: Places, *only: ColumnElement[bool]) -> list[Climber]:
    """Return the actions that stand on a rung or may soon, by number, in a fixed number of queries."""
    return _climbers(session, where, _may_climb(where), *only)


def standing_of(session: Session, where: Places, action: Action) -> Standing:
    """Return where one action stands; at the foot of the ladder if it does not run."""
    found = climbers(session, where, Action.id == action.id)
    return found[0].standing if found else Standing()


def next_at(session: Session, where: Places, now: datetime) -> datetime | None:
    """Return the moment at which the next rung of any action is climbed; None where none is ahead."""
    moments = []
    for each in _climbers(session, where, Action.status.in_(RUNNING | {ActionStatus.DONE})):
        unit_id = each.action.unit_id
        if each.next is not None:
            first = max(each.next.on, where.day(unit_id, now))
            moments.append(where.moment(unit_id, nth_working_day(where.calendar(unit_id), first, 1), CLIMBS_AT))
    return min(moments, default=None)


def foreseen(climber: Climber, where: Places) -> Standing:
    """Return where an action will stand at the end of the places' day if its owner is told on it.

    `told_on` is then the first day on which that could have been.
    """
    calendar, ahead, standing = where.calendar(climber.action.unit_id), climber.next, climber.standing
    if ahead is None or ahead.on > where.today or not is_working_day(calendar, where.today):
        return standing
    rung = _rung_on(where.today, ahead, standing, calendar)
    if rung is not Rung.OWNER_TOLD:
        return standing
    asked_on = due.lead_is_asked_on(calendar, where.today, climber.numbers)
    return replace(standing, rung=rung, because=ahead.because, told_on=ahead.on, asked_on=asked_on)


def _may_climb(where: Places) -> ColumnElement[bool]:
    """Return the condition that holds for all actions on a rung or before one, in whatever zone their units are."""
    gone = select(Person.id).where(Person.left_on.is_not(None))
    is_left_lying = (Action.due_on <= where.today) | Action.accepted_on.is_(None) | Action.owner_id.in_(gone)
    is_unseen = (Action.check_on <= where.today) | Action.verifier_id.in_(gone)
    return (Action.status.in_(RUNNING) & is_left_lying) | ((Action.status == ActionStatus.DONE) & is_unseen)


def _climbers(session: Session, where: Places, *which: ColumnElement[bool]) -> list[Climber]:
    found = session.scalars(
        select(Action).where(*which).order_by(Action.id).execution_options(populate_existing=True)
    ).all()
    if not found:
        return []
    known = standings(session, where, found, select(Action.id).where(*which))
    numbers, usual = planning_numbers(session), PlanningNumbers()
    left = _left(session, found)
    climbing = []
    for action in found:
        own = numbers.get(action.cycle_id or 0, usual)
        if action.status is ActionStatus.DONE:
            gone_on = left.get(action.verifier_id or 0)
            ahead = _next_if_done(action, known[action.id], gone_on, where.calendar(action.unit_id), own)
        else:
            ahead = _next(action, known[action.id], where.calendar(action.unit_id), own)
        climbing.append(Climber(action, known[action.id], ahead, own))
    return climbing


def _left(session: Session, found: Sequence[Action]) -> dict[int, date]:
    """Return when those who should verify done actions left, or will leave, by person."""
    verifiers = {each.verifier_id for each in found if each.status is ActionStatus.DONE}
    rows = select(Person.id, Person.left_on).where(Person.id.in_(verifiers), Person.left_on.is_not(None))
    return {person_id: left_on for person_id, left_on in session.execute(rows) if left_on is not None}


def _next_if_done(
    action: Action, standing: Standing, gone_on: date | None, calendar: Calendar, numbers: PlanningNumbers
) -> Next | None:
    """Return what comes next of an action that waits for its verifier, whose digests say so from the check date on."""
    if standing.rung is not None:
        return _next(action, standing, calendar, numbers)
    ahead = []
    if gone_on is not None and action.done_on is not None:
        ahead.append(Next(max(gone_on, action.done_on), Rung.LEAD_ASKED, Because.VERIFIER_LEFT))
    if action.check_on is not None:
        asked_on = due.ladder(calendar, action.check_on, numbers).lead_is_asked_on
        ahead.append(Next(asked_on, Rung.LEAD_ASKED, Because.UNVERIFIED))
    return min(ahead, key=lambda each: each.on, default=None)


def _next(action: Action, standing: Standing, calendar: Calendar, numbers: PlanningNumbers) -> Next | None:
    """Return what comes next; who has yet to say whether they take an action is not told that it is late."""
    if standing.rung is Rung.ON_AGENDA:
        return None
    if standing.rung is Rung.LEAD_ASKED and standing.because is not None and standing.decide_by is not None:
        return Next(add_working_days(calendar, standing.decide_by, 1), Rung.ON_AGENDA, standing.because)
    if (since := standing.alone_since or standing.declined_on) is not None:
        because = Because.DECLINED if standing.alone_since is None else Because.OWNER_LEFT
        return Next(since, Rung.LEAD_ASKED, because)
    if standing.rung is Rung.OWNER_TOLD and standing.because is not None and standing.asked_on is not None:
        return Next(standing.asked_on, Rung.LEAD_ASKED, standing.because)
    if standing.is_silent and action.answer_by is not None:
        return Next(add_working_days(calendar, action.answer_by, 1), Rung.LEAD_ASKED, Because.NO_ANSWER)
    return None if action.due_on is None else _late(action.due_on, calendar, numbers)


def _late(due_on: date, calendar: Calendar, numbers: PlanningNumbers) -> Next:
    return Next(due.ladder(calendar, due_on, numbers).owner_is_told_on, Rung.OWNER_TOLD, Because.LATE)


def _rung_on(today: date, ahead: Next, standing: Standing, calendar: Calendar) -> Rung:
    """Return which rung is climbed on a day: the next one, unless an owner has to be told first."""
    was_missed = nth_working_day(calendar, ahead.on, 1) < today
    is_untold = ahead.because is Because.NO_ANSWER and standing.rung is None
    return Rung.OWNER_TOLD if is_untold and was_missed else ahead.rung


def _is_time(climber: Climber, where: Places, now: datetime) -> bool:
    """Say whether an action goes on now: its day has come, and its unit is at work."""
    unit_id = climber.action.unit_id
    local = now.astimezone(where.zone(unit_id))
    is_at_work = local.time() >= CLIMBS_AT and is_working_day(where.calendar(unit_id), local.date())
    return is_at_work and climber.next is not None and climber.next.on <= local.date()


def _step(session: Session, climber: Climber, ahead: Next, where: Places, who: Deciders, now: datetime) -> Rung:
    """Climb a rung and write the event of it; where nobody is left to ask, the agenda is next."""
    action, numbers = climber.action, climber.numbers
    calendar, today = where.calendar(action.unit_id), where.day(action.unit_id, now)
    rung = _rung_on(today, ahead, climber.standing, calendar)
    facts: dict[str, object] = {"because": ahead.because, "owner": action.owner_id}
    days = {"due_on": action.due_on, "answer_by": action.answer_by}
    if rung is Rung.LEAD_ASKED:
        concerned = action.verifier_id if action.status is ActionStatus.DONE else action.owner_id
        facts["decider"] = who.decider(action.unit_id, concerned, today)
        if facts["decider"] is None:
            rung = Rung.ON_AGENDA
        else:
            days["decide_by"] = due.lead_decides_by(calendar, today, numbers)
    elif rung is Rung.OWNER_TOLD:
        days["lead_asked_on"] = due.lead_is_asked_on(calendar, today, numbers)
    payload = facts | {name: day.isoformat() for name, day in days.items() if day is not None}
    events.record(session, f"action.{rung}", action, by=None, now=now, **payload)
    return rung
