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
ASKED_AGAIN_WORKING_DAYS = 2
"""From how many working days before its answer date on an owner hears again of an action; a mail asked before."""
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
RELEASED = "action.open"
"""The event of which an action's verifier hears that they will look whether it worked."""
ASSIGNED = frozenset({"action.open", "action.reassigned"})
"""The events that ask an owner whether they take an action."""


@dataclass(frozen=True, slots=True)
class Owed:
    """An action on which somebody owes something by a day; `working_days` until then, negative when it has passed.

    `standing` says to whom it goes on, where that is told, asked or decided already or is today; `measure` is what
    a verifier looks at from the day on.
    """

    action_id: int
    title: str
    unit_id: int
    by: date
    working_days: int
    standing: Standing | None = None
    measure: str = ""


@dataclass
class Duties:
    """What one person owes on actions: an action stands in one list, each list in order of its days.

    `far` is what they own that needs nothing yet, `resting` what is on hold, `to_verify_later` what is done and checked
    later. `open` are all actions they own and run or have to verify.
    """

    due: list[Owed] = field(default_factory=list)
    late: list[Owed] = field(default_factory=list)
    waiting: list[Owed] = field(default_factory=list)
    to_verify: list[Owed] = field(default_factory=list)
    far: list[Owed] = field(default_factory=list)
    resting: list[Owed] = field(default_factory=list)
    to_verify_later: list[Owed] = field(default_factory=list)
    open: list[int] = field(default_factory=list)

    @property
    def near(self) -> list[Owed]:
        """What needs something of them soon or now."""
        return [*self.due, *self.late, *self.waiting, *self.to_verify]

    @property
    def later(self) -> list[Owed]:
        """What needs nothing of them yet."""
        return [*self.far, *self.resting, *self.to_verify_later]

    def sort(self) -> None:
        """Put each list in order of its days."""
        for each in (self.due, self.late, self.waiting, self.to_verify, self.far, self.resting, self.to_verify_later):
            each.sort(key=lambda owed: (owed.by, owed.action_id))


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
    check_on: date | None
    measure: str


def owed(session: Session, places: Places, person_ids: Collection[int] | None = None) -> dict[int, Duties]:
    """Return what people owe on actions as of the places' day, for everybody or for these people.

    Late are working days of the action's unit; an unanswered action that is not late waits for its owner's answer from
    two working days before its day on; a done one waits for its verifier. What was declined is only counted.
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
        duties.sort()
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
        if event.at <= until and action.id not in drafts:
            found += [_change(event, action, person_id) for person_id in _concerned(event, action, owner_id)]
        if event.name == "action.reassigned":
            owners[action.id] = event.payload["was"]
        if event.name == RELEASED:
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
        if check := _owed(action, action.check_on, places):
            check = replace(check, measure=action.measure)
            (duties.to_verify if check.working_days <= NEAR_WORKING_DAYS else duties.to_verify_later).append(check)
        return
    if action.status is ActionStatus.ON_HOLD:
        if held := _owed(action, action.hold_until, places):
            duties.resting.append(held)
        return
    due = _owed(action, action.due_on, places)
    if due is not None and standing.declined_on is None:
        _put_running(duties, action, due, standing, places)


def _put_running(duties: Duties, action: Action, due: Owed, standing: Standing, places: Places) -> None:
    goes_on = None if standing.rung is None else standing
    is_unanswered = action.status is ActionStatus.OPEN and action.accepted_on is None
    answer = _owed(action, action.answer_by, places) or due
    if due.by < places.today:
        duties.late.append(replace(due, standing=goes_on))
    elif is_unanswered and (goes_on or answer.working_days <= ASKED_AGAIN_WORKING_DAYS):
        duties.waiting.append(replace(answer, standing=goes_on))
    elif due.working_days <= NEAR_WORKING_DAYS and not is_unanswered:
        duties.due.append(due)
    else:
        duties.far.append(due)


def _owed(action: Action, by: date | None, places: Places) -> Owed | None:
    if by is None:
        return None
    days = working_days_between(places.calendar(action.unit_id), places.today, by)
    return Owed(action.id, action.title, action.unit_id, by, days)


def _concerned(event: Event, action: Action, owner_id: int | None) -> list[int]:
    """Return whom an event is told to, the last first: who owned the action then, and its verifier.

    Not to who did it, nor to a new owner, who is asked by a mail; progress is told to the owner only, a release, which
    its owner is asked about by a mail, to the verifier only.
    """
    if event.name == RELEASED:
        return [action.verifier_id] if action.verifier_id not in {None, event.by} else []
    people = {owner_id}
    if event.name not in {"action.progress", "action.in progress"}:
        people.add(action.verifier_id)
    if event.name == "action.reassigned":
        people.add(event.payload["was"])
        people.discard(event.payload["to"])
    told = (person_id for person_id in people if person_id is not None and person_id != event.by)
    return sorted(told, reverse=True)


def _change(event: Event, action: Action, person_id: int) -> Change:
    return Change(
        person_id=person_id,
        action_id=action.id,
        title=action.title,
        name=event.name,
        by=event.by,
        at=event.at,
        payload=event.payload,
        check_on=action.check_on,
        measure=action.measure,
    )
