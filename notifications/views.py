"""What mails are written from: a desk with all that every mail needs, and a view with one mail's ready values."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import Person, by_ids
from domain.places import Places, homes, places
from domain.words import _, speaking
from notifications.outbox import Message


@dataclass(frozen=True, slots=True)
class Gone:
    """A mail that is no longer true, with the reason why it is dropped."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class View:
    """One mail's values, ready to be printed in the reader's language; each template has a view of its own.

    `threads` name what the mail is about, so that mail programs show the mails about one thing together. `covers` are
    the ids that the outbox keeps of what the mail says.
    """

    name: str
    threads: tuple[str, ...] = ()
    covers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """The moment, the places and the readers of a batch of mails, and whom they may ask."""

    now: datetime
    places: Places
    homes: Mapping[int, int]
    readers: Mapping[int, Person]
    contact: str

    def zone(self, person_id: int) -> ZoneInfo:
        """Return the time zone a reader lives in."""
        return self.places.zone(self.homes.get(person_id))

    @property
    def ask(self) -> str:
        """Whom a reader asks and answers."""
        return self.contact or _("the quality team")

    @contextmanager
    def speaking_to(self, person_id: int) -> Iterator[Person]:
        """Say everything inside the block in a reader's language."""
        reader = self.readers[person_id]
        with speaking(reader.language):
            yield reader


def desk(session: Session, messages: Sequence[Message], contact: str, now: datetime) -> Desk:
    """Gather what a batch of messages is written with."""
    return Desk(
        now=now,
        places=places(session, now),
        homes=homes(session),
        readers=by_ids(session, {each.person_id for each in messages}),
        contact=contact,
    )


def can_be_reached(person: Person, today: date) -> bool:
    """Say whether a person has an address and has not left."""
    return bool(person.mail) and (person.left_on is None or person.left_on > today)


def names(session: Session, person_ids: Collection[int | None]) -> dict[int, str]:
    """Return people's names by id."""
    rows = select(Person.id, Person.name).where(Person.id.in_({each for each in person_ids if each is not None}))
    return {person_id: name or _("somebody") for person_id, name in session.execute(rows)}


def said_on(covers: Mapping[str, Any], zone: ZoneInfo) -> date | None:
    """Return the day as of which a message was composed; None as long as it was not."""
    as_of = covers.get("as_of")
    return None if as_of is None else datetime.fromisoformat(as_of).astimezone(zone).date()
