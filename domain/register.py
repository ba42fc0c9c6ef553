"""The action register: every action with its unit, its people and what it covers, to be read and filtered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import people, verifications
from domain.actions import Action, ActionNote, ActionSource, ActionStatus, ActionUnit
from domain.deadlines import is_late
from domain.events import Event
from domain.organisation import Unit
from domain.people import Person
from domain.places import Places
from domain.verifications import Verification

RELEASED, ACCEPTED, DONE = STEPS = (ActionStatus.OPEN.value, "accepted", ActionStatus.DONE.value)
"""The steps of an action that leave no words of who took them, as their events are called."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as people look it up; `covers` are its rows by unit and element, in the order they were made."""

    action: Action
    unit: Unit
    owner: Person | None
    verifier: Person | None
    covers: tuple[tuple[Unit, ActionUnit], ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class History:
    """What happened to an action: its sources, its words in order, the looks at it, and the action that followed it.

    `steps` says who released it, took it on and reported it done, by the status or word of the event.
    """

    sources: tuple[ActionSource, ...]
    notes: tuple[ActionNote, ...]
    verifications: tuple[Verification, ...]
    steps: Mapping[str, int]
    successor: int | None
    who: Mapping[int, Person]


def listed(
    session: Session,
    where: Places,
    now: datetime,
    *,
    owner_id: int | None = None,
    unit_id: int | None = None,
    statuses: Collection[ActionStatus] = (),
    only_late: bool = False,
) -> list[Entry]:
    """Return the actions that fit all that is asked, by number, in a fixed number of queries.

    An action belongs to the unit it lives in and to those it covers.
    """
    wanted = select(Action).order_by(Action.id)
    if owner_id is not None:
        wanted = wanted.where(Action.owner_id == owner_id)
    if unit_id is not None:
        covers = select(ActionUnit.action_id).where(ActionUnit.unit_id == unit_id)
        wanted = wanted.where((Action.unit_id == unit_id) | Action.id.in_(covers))
    if statuses:
        wanted = wanted.where(Action.status.in_(statuses))
    found = entries(session, where, now, session.scalars(wanted).all())
    return [each for each in found if each.is_late or not only_late]


def entries(session: Session, where: Places, now: datetime, found: Sequence[Action]) -> list[Entry]:
    """Return actions with their units and people, in three queries."""
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    who = people.by_ids(session, {person for each in found for person in (each.owner_id, each.verifier_id) if person})
    covered: dict[int, list[tuple[Unit, ActionUnit]]] = {}
    rows = select(ActionUnit).where(ActionUnit.action_id.in_([each.id for each in found])).order_by(ActionUnit.id)
    for row in session.scalars(rows):
        covered.setdefault(row.action_id, []).append((units[row.unit_id], row))
    return [
        Entry(
            action=each,
            unit=units[each.unit_id],
            owner=who.get(each.owner_id or 0),
            verifier=who.get(each.verifier_id or 0),
            covers=tuple(covered.get(each.id, ())),
            is_late=is_late(each, where.day(each.unit_id, now)),
        )
        for each in found
    ]


def history(session: Session, action: Action) -> History:
    """Return what happened to an action so far."""
    notes = session.scalars(select(ActionNote).where(ActionNote.action_id == action.id).order_by(ActionNote.id)).all()
    sources = select(ActionSource).where(ActionSource.action_id == action.id).order_by(ActionSource.id)
    looks = verifications.of_actions(session, action.id)
    steps = _steps(session, action)
    said = {each.by for each in notes if each.by is not None}
    return History(
        sources=tuple(session.scalars(sources)),
        notes=tuple(notes),
        verifications=tuple(looks),
        steps=steps,
        successor=session.scalars(select(Action.id).where(Action.predecessor_id == action.id)).first(),
        who=people.by_ids(session, {*said, *steps.values(), *(each.by for each in looks)}),
    )


def _steps(session: Session, action: Action) -> dict[str, int]:
    """Return who led an action to each step, the last time it was led there; what nobody did is left out."""
    named = {f"action.{step}": step for step in STEPS}
    rows = (
        select(Event.name, Event.by)
        .where(Event.subject == Action.__tablename__, Event.subject_id == action.id, Event.name.in_(named))
        .order_by(Event.id)
    )
    return {named[name]: by for name, by in session.execute(rows) if by is not None}
