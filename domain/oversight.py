"""Watching over what must never be: a unit whose actions would have nobody to own them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import editions, organisation, programmes
from domain.events import Event, record
from domain.inputs import standing_inputs
from domain.method.owners import MissingOwner, missing_owners
from domain.programmes import Programme
from domain.turns import EVERYWHERE, Reach

NOBODY = "programme.nobody to own"


def without_owner(session: Session, programme: Programme, today: date) -> tuple[MissingOwner, ...]:
    """Return where an action of a programme would find nobody responsible and no lead above; units by id as text."""
    edition = editions.edition(session, programme.edition_id)
    return missing_owners(edition, standing_inputs(session, programme, today))


def note_missing_owners(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Write an event per programme whose owner chain ends in nobody somewhere; again only when the places changed."""
    today = organisation.today(session, now)
    count = 0
    for programme in programmes.running(session):
        if not reach.covers(programme.id):
            continue
        places = {each.unit: list(each.elements) for each in without_owner(session, programme, today)}
        count += len(places)
        if places != _last_noted(session, programme):
            record(session, NOBODY, programme, by=None, now=now, places=places)
    return count


def _last_noted(session: Session, programme: Programme) -> dict[str, list[str]]:
    noted = select(Event.payload).where(
        Event.name == NOBODY, Event.subject == Programme.__tablename__, Event.subject_id == programme.id
    )
    last = session.scalars(noted.order_by(Event.id.desc()).limit(1)).first()
    return {} if last is None else dict(last["places"])
