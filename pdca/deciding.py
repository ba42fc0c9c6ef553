"""What a command works in: a database to look at, or a decision of somebody at a moment, stored whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import clock, settings
from config.database import engine_of, reading, transaction
from domain import people, turns
from domain.errors import NotAllowed
from domain.organisation import Organisation
from domain.people import Person, RoleName
from domain.places import Places, places
from domain.words import _


@dataclass(frozen=True, slots=True)
class Look:
    """What a command that changes nothing reads with."""

    session: Session
    places: Places
    now: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, when, and the transaction that it is stored in."""

    session: Session
    places: Places
    now: datetime
    person: Person

    @property
    def by(self) -> int:
        """The id of who decides."""
        return self.person.id

    def day(self, unit_id: int) -> date:
        """The date it is in a unit."""
        return self.places.day(unit_id, self.now)


@dataclass(frozen=True, slots=True)
class Intake:
    """Where a file is taken in: the transaction, the moment, and who does it where that is known."""

    session: Session
    now: datetime
    by: int | None


def database() -> Engine:
    """Return the database of the settings."""
    return engine_of(settings.load().database_url)


@contextmanager
def looking(as_of: datetime | None = None) -> Iterator[Look]:
    """Give a view of everything as it is stored, judged as of a moment.

    Raises NotAllowed where the moment lies in the future, or something happened after it.
    """
    with reading(database()) as session:
        now = moment(session, as_of)
        if as_of is not None:
            turns.check_look(session, as_typed(session, now), clock.now())
        yield Look(session, places(session, now), now)


@contextmanager
def deciding(as_of: datetime | None, by: str | None) -> Iterator[Decision]:
    """Give a decision in one transaction, which also asks for a turn of the wheel.

    Raises NotAllowed where the moment lies in the future or before the last turn, or nobody is named who could decide.
    """
    with transaction(database()) as session:
        now = moment(session, as_of)
        turns.check_as_of(session, as_typed(session, now), clock.now())
        where = places(session, now)
        yield Decision(session, where, now, decider(session, by, where.today))
        turns.want(session)


@contextmanager
def taking_in(as_of: datetime | None, by: str | None, zone: str = "UTC") -> Iterator[Intake]:
    """Give a transaction for a file; `zone` is meant by a moment without one before the first import.

    A file needs nobody to decide: where nobody is named and several could be meant, it is nobody.
    """
    with transaction(database()) as session:
        now = moment(session, as_of, zone)
        turns.check_as_of(session, as_typed(session, now, zone), clock.now())
        person = None if by is None else here(session, by, now.date())
        managers = people.holders(session, RoleName.QUALITY_MANAGER, now.date())
        if person is None and len(managers) == 1:
            person = managers[0]
        yield Intake(session, now, None if person is None else person.id)


def moment(session: Session, as_of: datetime | None, zone: str = "UTC") -> datetime:
    """Return the moment meant, in UTC: now if none is given; if it names no zone, in the organisation's.

    `zone` is meant where there is no organisation yet.
    """
    if as_of is None:
        return clock.now()
    if as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=_zone(session, zone))
    return as_of.astimezone(UTC)


def as_typed(session: Session, now: datetime, zone: str = "UTC") -> datetime:
    """Return a moment in the organisation's zone; in `zone` where there is no organisation yet."""
    return now.astimezone(_zone(session, zone))


def _zone(session: Session, otherwise: str) -> ZoneInfo:
    known = session.get(Organisation, 1)
    return ZoneInfo(known.time_zone if known else otherwise)


def decider(session: Session, by: str | None, today: date) -> Person:
    """Return who decides: the person named, else the only quality manager."""
    if by is not None:
        return here(session, by, today)
    managers = people.holders(session, RoleName.QUALITY_MANAGER, today)
    if len(managers) == 1:
        return managers[0]
    if not managers:
        raise NotAllowed(_("say who decides (--by); there is no quality manager"))
    keys = ", ".join(each.key for each in managers)
    raise NotAllowed(_("say who decides (--by); the quality managers are {keys}").format(keys=keys))


def here(session: Session, key: str, today: date) -> Person:
    """Return the person with this id or address; raises NotAllowed for somebody who has left."""
    found = people.person(session, key)
    if found.left_on is not None and found.left_on <= today:
        raise NotAllowed(_("{who} left on {day}; name somebody else").format(who=found.key, day=found.left_on))
    return found
