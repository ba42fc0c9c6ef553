"""Watching over what must never be: a unit whose actions would have nobody to own them, an action whose owner left."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import editions, organisation, programmes
from domain.actions import WORKING, Action
from domain.events import Event, record
from domain.inputs import standing_inputs
from domain.method.owners import MissingOwner, missing_owners
from domain.organisation import Unit
from domain.people import Person
from domain.places import Places
from domain.programmes import Programme
from domain.rungs import WITHOUT_OWNER, standings
from domain.turns import EVERYWHERE, Reach

NOBODY = "programme.nobody to own"


def without_owner(session: Session, programme: Programme, today: date) -> tuple[MissingOwner, ...]:
    """Return where an action of a programme would find nobody responsible and no lead above; units by id as text."""
    edition = editions.edition(session, programme.edition_id)
    return missing_owners(edition, standing_inputs(session, programme, today))


def is_led_everywhere(session: Session, today: date) -> bool:
    """Return whether in every unit or above it somebody leads who is here: then no action can lack an owner."""
    here = (Person.left_on.is_(None)) | (Person.left_on > today)
    is_led = select(Person.id).where(Person.id == Unit.lead_id, here).exists()
    unled = set(session.scalars(select(Unit.id).where(~is_led)))
    if not unled:
        return True
    parents = organisation.parents(session, today)
    return all(_is_led_above(unit_id, unled, parents) for unit_id in unled if unit_id in parents)


def _is_led_above(unit_id: int, unled: Collection[int], parents: Mapping[int, int | None]) -> bool:
    above: int | None = unit_id
    climbed = set()
    while above is not None and above in unled and above not in climbed:
        climbed.add(above)
        above = parents[above]
    return above is not None and above not in unled


def note_missing_owners(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Write an event per programme whose owner chain ends in nobody somewhere; again only when the places changed."""
    today = organisation.today(session, now)
    is_led = is_led_everywhere(session, today)
    count = 0
    for programme in programmes.running(session):
        if not reach.covers(programme.id):
            continue
        missing = () if is_led else without_owner(session, programme, today)
        places = {each.unit: list(each.elements) for each in missing}
        count += len(places)
        if places != _last_noted(session, programme):
            record(session, NOBODY, programme, by=None, now=now, places=places)
    return count


def left_alone(session: Session, where: Places, now: datetime) -> list[Action]:
    """Return the released actions that are not done and whose owner has left, by number."""
    rows = select(Action, Person.left_on).join(Person, Person.id == Action.owner_id).where(Action.status.in_(WORKING))
    gone = session.execute(rows.where(Person.left_on.is_not(None)).order_by(Action.id))
    return [action for action, left_on in gone if left_on is not None and left_on <= where.day(action.unit_id, now)]


def note_left_alone(session: Session, where: Places, now: datetime) -> int:
    """Write an event per action whose owner has left, once, so that its lead is asked; returns how many were new.

    About one that its lead or the review decides on already there is nothing to add.
    """
    found = left_alone(session, where, now)
    if not found:
        return 0
    known = standings(session, where, found, select(Action.id).where(Action.id.in_([each.id for each in found])))
    new = [each for each in found if known[each.id].gone_id is None and not known[each.id].awaits_decision]
    for action in new:
        record(session, WITHOUT_OWNER, action, by=None, now=now, owner=action.owner_id)
    return len(new)


def _last_noted(session: Session, programme: Programme) -> dict[str, list[str]]:
    noted = select(Event.payload).where(
        Event.name == NOBODY, Event.subject == Programme.__tablename__, Event.subject_id == programme.id
    )
    last = session.scalars(noted.order_by(Event.id.desc()).limit(1)).first()
    return {} if last is None else dict(last["places"])
