"""Duties: what each person owes on actions, asked at once for everybody in a fixed number of statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import ladder
from domain.actions import LIVING, Action, ActionStatus
from domain.events import Event
from domain.method.workdays import working_days_between
from domain.places import Places
from domain.rungs import RUNGS, Standing

NEAR_WORKING_DAYS = 10
"""How far ahead somebody is told of what is due."""
TOLD = frozenset(
    {
        "action.moved",
        "action.reassigned",
        "action.progress",
        "action.in progress",
        "action.on hold",
        "action.done",
        "action.effective",
        "action.partly",
        "action.not effective",
        "action.not assessable",
        "action.no longer needed",
        "action.cancelled",
    }
)
"""The events of an action that its owner and its verifier hear of."""
ASSIGNED = frozenset({"action.open", "action.reassigned"})
"""The events that ask an owner whether they take an action."""


@dataclass(frozen=True, slots=True)
class Owed:
    """An action on which somebody owes something by a day; `working_days` until then, negative when it has passed.

    `standing` says to whom it goes on, where that is told, asked or decided already or is today.
    """

    action_id: int
    title: str
    unit_id: int
    by: date
    working_days: int
    standing: Standing | None = None


@dataclass
class Duties:
    """What one person owes on actions: an action stands in one list, each list in order of its days.

    `open` are all actions they own and run or have to verify, near or far.
    """

    due: list[Owed] = field(default_factory=list)
    late: list[Owed] = field(default_factory=list)
    waiting: list[Owed] = field(default_factory=list)
    to_verify: list[Owed] = field(default_factory=list)
    open: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else did to an action that concerns a person."""

    person_id: int
    action_id: int
    title: str
    name: str
    by: int | None
    at: datetime
    payload: Mapping[str, Any]


def owed(session: Session, places: Places, person_ids: Collection[int] | None = None) -> dict[int, Duties]:
    """Return what people owe on actions as of the places' day, for everybody or for these people.

    Late are working days of the action's unit; an unanswered action that is not late waits for its owner's answer; a
    done one waits for its verifier. What rests on hold, is far off or was declined is only counted.
    """
    released = select(Action).where(Action.status.in_(LIVING - {ActionStatus.PROPOSED})).order_by(Action.id)
    if person_ids is not None:
        released = released.where(Action.owner_id.in_(person_ids) | Action.verifier_id.in_(person_ids))
    standing = {each.action.id: ladder.foreseen(each, places) for each in ladder.climbers(session, places)}
    found: dict[int, Duties] = {}
    for action in session.scalars(released):
        person_id = action.verifier_id if action.status is ActionStatus.DONE else action.owner_id
        if person_id is not None and (person_ids is None or person_id in person_ids):
            _put(found.setdefault(person_id, Duties()), action, standing.get(action.id, Standing()), places)
    for duties in found.values():
        for each in (duties.due, duties.late, duties.waiting, duties.to_verify):
            each.sort(key=lambda owed: (owed.by, owed.action_id))
    return found


def changes(session: Session, since: datetime, until: datetime) -> list[Change]:
    """Return what others did to people's actions after one moment and up to another, oldest first.

    It is told to who owned an action then; of a draft nobody is told anything.
    """
    rows = (
        select(Event, Action)
        .join(Action, Action.id == Event.subject_id)
        .where(Event.subject == Action.__tablename__, Event.name.in_(TOLD | ASSIGNED))
        .where(Event.at > since, Action.released_on.is_not(None))
        .order_by(Event.at.desc(), Event.id.desc())
    )
    found: list[Change] = []
    owners: dict[int, int | None] = {}
    drafts: set[int] = set()
    for event, action in session.execute(rows):
        owner_id = owners.setdefault(action.id, action.owner_id)
        if event.name in TOLD and event.at <= until and action.id not in drafts:
            found += [
                Change(person_id, action.id, action.title, event.name, event.by, event.at, event.payload)
                for person_id in _concerned(event, action, owner_id)
            ]
        if event.name == "action.reassigned":
            owners[action.id] = event.payload["was"]
        if event.name == "action.open":
            drafts.add(action.id)
    return found[::-1]


def assigned_since(session: Session, moment: datetime) -> frozenset[int]:
    """Return the actions that were released, or given to another owner, from a moment on."""
    rows = select(Event.subject_id).where(
        Event.subject == Action.__tablename__, Event.name.in_(ASSIGNED), Event.at >= moment
    )
    return frozenset(session.scalars(rows))


def touched_since(session: Session, moment: datetime) -> frozenset[int]:
    """Return the actions to which anything happened from a moment on, but that time went by."""
    rows = select(Event.subject_id).where(
        Event.subject == Action.__tablename__, Event.name.not_in(frozenset(RUNGS)), Event.at >= moment
    )
    return frozenset(session.scalars(rows))


def _put(duties: Duties, action: Action, standing: Standing, places: Places) -> None:
    duties.open.append(action.id)
    if action.status is ActionStatus.DONE:
        if (check := _owed(action, action.check_on, places)) and check.working_days <= NEAR_WORKING_DAYS:
            duties.to_verify.append(check)
        return
    due = _owed(action, action.due_on, places)
    if due is None or action.status is ActionStatus.ON_HOLD or standing.declined_on is not None:
        return
    goes_on = None if standing.rung is None else standing
    if due.by < places.today:
        duties.late.append(replace(due, standing=goes_on))
    elif action.status is ActionStatus.OPEN and action.accepted_on is None:
        duties.waiting.append(replace(_owed(action, action.answer_by, places) or due, standing=goes_on))
    elif due.working_days <= NEAR_WORKING_DAYS:
        duties.due.append(due)


def _owed(action: Action, by: date | None, places: Places) -> Owed | None:
    if by is None:
        return None
    days = working_days_between(places.calendar(action.unit_id), places.today, by)
    return Owed(action.id, action.title, action.unit_id, by, days)


def _concerned(event: Event, action: Action, owner_id: int | None) -> list[int]:
    """Return whom an event is told to, the last first: who owned the action then, and its verifier.

    Not to who did it, nor to a new owner, who is asked by a mail; progress is told to the owner only.
    """
    people = {owner_id}
    if event.name not in {"action.progress", "action.in progress"}:
        people.add(action.verifier_id)
    if event.name == "action.reassigned":
        people.add(event.payload["was"])
        people.discard(event.payload["to"])
    told = (person_id for person_id in people if person_id is not None and person_id != event.by)
    return sorted(told, reverse=True)
