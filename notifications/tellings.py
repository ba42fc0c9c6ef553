"""Tellings: whoever is late hears on that day that somebody else will be asked, in a digest, before anybody is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.events import Event
from domain.people import Person, by_ids
from domain.places import Places, homes
from notifications.accounts import DIGEST, WRITTEN_AT, week_key
from notifications.outbox import Message, MessageStatus, Wanted, key_of
from notifications.views import can_be_reached

ENDED_UNREAD = frozenset({MessageStatus.DEAD, MessageStatus.DROPPED})


def on_owner_told(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Want a digest on the day on which owners are told, the week's own if there was none yet.

    None where a digest of theirs says it already, or will because it is still to be written.
    """
    owners = by_ids(session, {event.payload["owner"] for event in events})
    at_home = homes(session)
    moments = [(event, owners[event.payload["owner"]]) for event in events]
    due = {event.id: _due_at(event.at, owner, at_home, places) for event, owner in moments}
    keys = {event.id: _keys(event, owner, due[event.id].date()) for event, owner in moments}
    known = _known(session, [key for some in keys.values() for key in some])
    return [
        Wanted(key, DIGEST, owner.id, due[event.id])
        for event, owner in moments
        if can_be_reached(owner, places.today)
        and not any(_says(known[key], event) for key in keys[event.id] if key in known)
        and (key := next((key for key in keys[event.id] if key not in known), None))
    ]


def _due_at(at: datetime, owner: Person, at_home: Mapping[int, int], places: Places) -> datetime:
    """Return when a digest is due in the owner's zone: not before 8:00 of the day it is there."""
    zone = places.zone(at_home.get(owner.id))
    local = at.astimezone(zone)
    return max(local, datetime.combine(local.date(), WRITTEN_AT, zone))


def _keys(event: Event, owner: Person, day: date) -> tuple[str, ...]:
    """Return the keys of the digests that may say it; the last is for what comes after the day's own was written."""
    of_day = key_of(DIGEST, owner.key, day.isoformat())
    return week_key(owner, day), of_day, key_of(of_day, event.id)


def _known(session: Session, keys: Sequence[str]) -> dict[str, Message]:
    return {each.key: each for each in session.scalars(select(Message).where(Message.key.in_(keys)))}


def _says(digest: Message, event: Event) -> bool:
    """Say whether a digest tells what happened: it did, or it is still to be written."""
    if digest.status in ENDED_UNREAD:
        return False
    if digest.status in {MessageStatus.QUEUED, MessageStatus.SENDING} and digest.composed is None:
        return True
    told: Mapping[str, str] = digest.covers.get("told", {})
    said_on, asked_on = told.get(str(event.subject_id)), str(event.payload["lead_asked_on"])
    return said_on == asked_on
