"""Assignments: one mail for all actions given to an owner on a day, who says by when whether they take them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import ladder, whys
from domain.actions import WORKING, Action, ActionStatus
from domain.deciders import Deciders, deciders
from domain.duties import ASSIGNED
from domain.events import Event
from domain.grounds import Grounds, grounds
from domain.ladder import Climber
from domain.method.workdays import add_working_days
from domain.organisation import Unit
from domain.people import Person, by_ids
from domain.places import Places
from domain.releases import DAYS_TO_ANSWER
from domain.rungs import Because
from domain.words import N_, _, ngettext
from notifications.dates import day, short_day
from notifications.outbox import Message, MessageStatus, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached, names

ASSIGNMENT = "assignment"
REASSIGNED = "action.reassigned"
GATHERED_FOR = timedelta(minutes=10)
"""How long an assignment waits for others that are released to the same owner."""
NOT_TOLD = frozenset({MessageStatus.DEAD, MessageStatus.DROPPED})


@dataclass(frozen=True, slots=True)
class Assigned:
    """An action as its new owner reads it."""

    number: int
    title: str
    unit: str
    why: tuple[str, ...]
    measure: str
    due: str
    verifier: str
    check: str


@dataclass(frozen=True, kw_only=True)
class Assignment(View):
    """What an owner reads: the actions, and until when to say yes or no."""

    actions: tuple[Assigned, ...]
    count: str
    these: str
    command: str
    answer_by: str
    answer_by_short: str
    otherwise: str


def on_assigned(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Tell owners of actions that were released or handed to them.

    All of a day go into one mail. What comes after that mail was composed goes into the day's next one.
    """
    rows = select(Action).where(Action.id.in_({event.subject_id for event in events}))
    actions = {action.id: action for action in session.scalars(rows) if action.status is not ActionStatus.PROPOSED}
    given = [event for event in events if event.subject_id in actions]
    owners = by_ids(session, {_owner(event, actions[event.subject_id]) for event in given})
    taken = _taken(session, owners)
    wanted = []
    for event in given:
        action = actions[event.subject_id]
        owner = owners[_owner(event, action)]
        if can_be_reached(owner, places.today):
            on = places.day(action.unit_id, event.at).isoformat()
            number = len(taken.get((owner.id, on), ()))
            due_at = event.at + GATHERED_FOR
            wanted.append(Wanted(key_of(ASSIGNMENT, owner.key, on, number), ASSIGNMENT, owner.id, due_at, {"day": on}))
    return wanted


def assignments(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what owners read; gone where they answered meanwhile or read it in another mail of the day."""
    owners = {message.person_id for message in messages}
    climbers = ladder.climbers(session, desk.places, Action.owner_id.in_(owners))
    declined = {each.action.id for each in climbers if each.standing.declined_on is not None}
    waiting = [(action, unit) for action, unit in _waiting(session, owners) if action.id not in declined]
    ahead = _ahead(climbers, deciders(session, desk.places.units), desk.places)
    given_on = _given_on(session, waiting, desk.places)
    rests_on = grounds(session, [action for action, _unit in waiting])
    asked = {decider_id for _day, decider_id in ahead.values()}
    called = names(session, {*asked, *(action.verifier_id for action, _unit in waiting)})
    taken = _taken(session, owners)
    views: dict[int, View | Gone] = {}
    told: dict[tuple[int, str], set[int]] = {}
    for message in messages:
        place = (message.person_id, message.subject["day"])
        known = told.setdefault(place, _told(taken.get(place, ()), message))
        new = [
            (action, unit)
            for action, unit in waiting
            if (action.owner_id, given_on.get(action.id)) == place and action.id not in known
        ]
        known.update(action.id for action, _unit in new)
        if not new:
            views[message.id] = Gone(N_("answered meanwhile, or told in another mail of the day"))
            continue
        with desk.speaking_to(message.person_id) as owner:
            answer_by = min(_answer_by(action, date.fromisoformat(place[1]), desk.places) for action, _unit in new)
            views[message.id] = _view(owner, new, answer_by, called, ahead, rests_on)
    return views


def _view(
    owner: Person,
    new: Sequence[tuple[Action, Unit]],
    answer_by: date,
    called: Mapping[int, str],
    ahead: Mapping[int, tuple[date, int | None]],
    rests_on: Mapping[int, Grounds],
) -> Assignment:
    count = len(new)
    return Assignment(
        name=owner.name,
        threads=tuple(f"action/{action.id}" for action, _unit in new),
        covers={"actions": [action.id for action, _unit in new]},
        actions=tuple(_assigned(action, unit, called, rests_on[action.id]) for action, unit in new),
        count=ngettext("{n} action", "{n} actions", count).format(n=count),
        these=ngettext("this action", "these {n} actions", count).format(n=count),
        command=f"pdca actions accept {new[0][0].id}",
        answer_by=day(answer_by),
        answer_by_short=short_day(answer_by),
        otherwise=_otherwise([ahead[action.id] for action, _unit in new if action.id in ahead], called),
    )


def _otherwise(ahead: Sequence[tuple[date, int | None]], called: Mapping[int, str]) -> str:
    """Return what follows if the owner says nothing: who decides, from which day on."""
    if not ahead:
        return ""
    first, count = day(min(asked_on for asked_on, _decider in ahead)), len(ahead)
    deciders_of = {decider_id for _day, decider_id in ahead}
    if deciders_of == {None}:
        words = ngettext(
            "Without an answer, it goes on the management review's agenda on {day}.",
            "Without an answer, they go on the management review's agenda on {day}.",
            count,
        )
        return words.format(day=first)
    if len(deciders_of) > 1:
        return _("Without an answer, your leads are asked on {day} how they go on.").format(day=first)
    words = ngettext(
        "Without an answer, {name} is asked on {day} how it goes on.",
        "Without an answer, {name} is asked on {day} how they go on.",
        count,
    )
    return words.format(name=called.get(deciders_of.pop() or 0, _("somebody")), day=first)


def _assigned(action: Action, unit: Unit, called: Mapping[int, str], rests_on: Grounds) -> Assigned:
    return Assigned(
        number=action.id,
        title=action.title,
        unit=unit.name,
        why=tuple(whys.why(action.why, rests_on, day)),
        measure=action.measure,
        due=day(action.due_on) if action.due_on else "",
        verifier=called.get(action.verifier_id or 0, ""),
        check=day(action.check_on) if action.check_on else "",
    )


def _answer_by(action: Action, on: date, places: Places) -> date:
    """Return the day that was named when the action was given; where it has passed, as many days from then."""
    if action.answer_by is not None and action.answer_by > on:
        return action.answer_by
    return add_working_days(places.calendar(action.unit_id), on, DAYS_TO_ANSWER)


def _owner(event: Event, action: Action) -> int:
    """Return to whom an event gives an action."""
    to = event.payload.get("to") if event.name == REASSIGNED else action.owner_id
    return to or 0


def _waiting(session: Session, owners: Collection[int]) -> list[tuple[Action, Unit]]:
    rows = (
        select(Action, Unit)
        .join(Unit, Unit.id == Action.unit_id)
        .where(Action.owner_id.in_(owners), Action.status.in_(WORKING), Action.accepted_on.is_(None))
        .order_by(Action.id)
    )
    return [(action, unit) for action, unit in session.execute(rows)]


def _ahead(climbers: Sequence[Climber], who: Deciders, places: Places) -> dict[int, tuple[date, int | None]]:
    """Return when somebody is asked about each action if its owner does not answer, and who."""
    found = {}
    for each in climbers:
        if each.next is not None and each.next.because is Because.NO_ANSWER:
            on = ladder.foreseen(each, places).asked_on or each.next.on
            found[each.action.id] = on, who.decider(each.action.unit_id, each.action.owner_id, on)
    return found


def _given_on(session: Session, waiting: Sequence[tuple[Action, Unit]], places: Places) -> dict[int, str]:
    """Return the day in its unit on which each action was last given to somebody who has not begun with it."""
    actions = {action.id: action for action, _unit in waiting}
    rows = (
        select(Event)
        .where(Event.subject == Action.__tablename__, Event.subject_id.in_(actions), Event.name.in_(ASSIGNED))
        .order_by(Event.id)
    )
    last = {event.subject_id: event for event in session.scalars(rows)}
    return {
        action_id: places.day(actions[action_id].unit_id, event.at).isoformat()
        for action_id, event in last.items()
        if event.name == REASSIGNED or actions[action_id].status is ActionStatus.OPEN
    }


class _Taken(NamedTuple):
    id: int
    status: MessageStatus
    actions: frozenset[int]


def _taken(session: Session, owners: Collection[int]) -> dict[tuple[int, str], list[_Taken]]:
    """Return the assignments that a courier has begun to write, by owner and day: nothing more goes into them."""
    rows = select(Message.person_id, Message.id, Message.status, Message.subject, Message.covers).where(
        Message.template == ASSIGNMENT,
        Message.person_id.in_(owners),
        (Message.status != MessageStatus.QUEUED) | Message.composed.is_not(None),
    )
    found: dict[tuple[int, str], list[_Taken]] = {}
    for person_id, id_, status, subject, covers in session.execute(rows):
        taken = _Taken(id_, status, frozenset(covers.get("actions", ())))
        found.setdefault((person_id, subject["day"]), []).append(taken)
    return found


def _told(taken: Sequence[_Taken], message: Message) -> set[int]:
    """Return the actions that other mails of the day tell."""
    others = [each for each in taken if each.id != message.id and each.status not in NOT_TOLD]
    return {action_id for each in others for action_id in each.actions}
