"""The outbox: every mail there is to send, from the decision that wants it to the server's "250 OK"."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, choice
from domain.errors import NotAllowed, NotFound
from domain.events import Event
from domain.words import N_, _

UNWRITABLE = N_("it could not be written; the log says why")
UNSURE = N_("the server's answer was lost; the same mail goes again with the same Message-ID")
"""The reason of a mail of which nobody knows whether it arrived."""
LONGEST_KEY = 200
AT_ONCE = 500
"""How many keys or events go into one statement."""


class MessageStatus(StrEnum):
    """Queued until due, sending while a courier holds it, sent; or at an end without having been sent.

    Dead: given up after three days or a permanent refusal. Dropped: no longer true when its time came.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


class Message(Base):
    """A mail to one person about one thing; `key` makes it unique, `subject` holds ids for its template, never text.

    It is composed when it is claimed, with the ids of what it says in `covers`, and anew for each attempt until it may
    have arrived: from then on it stays as it is. Its bytes are blanked at the end.
    """

    __tablename__ = "message"
    __table_args__ = (Index(None, "status", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    due_at: Mapped[datetime]
    status: Mapped[MessageStatus] = mapped_column(choice(MessageStatus, "status"), default=MessageStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[datetime | None] = mapped_column(default=None)
    next_at: Mapped[datetime | None] = mapped_column(default=None)
    holder: Mapped[str | None] = mapped_column(String(80), default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    message_id: Mapped[str | None] = mapped_column(String(200), default=None)
    composed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    covers: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    may_have_arrived: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Routed(Base):
    """An event whose mails are decided: it has a row here, so no event is overlooked and none is asked twice."""

    __tablename__ = "routed"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that a rule wants: one person, one thing, not before a moment."""

    key: str
    template: str
    person_id: int
    due_at: datetime
    subject: dict[str, Any] = field(default_factory=dict)


def key_of(*parts: object) -> str:
    """Return the unique key of a mail, made of names that stay the same whatever ids the database gives."""
    key = "/".join(str(part) for part in parts)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}/{digest}"


def enqueue(session: Session, wanted: Sequence[Wanted]) -> int:
    """Put mails into the outbox, each key once for ever; returns how many were new."""
    new = 0
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        known = due_by_key(session, [each.key for each in some])
        rows = [_row(each) for each in some if each.key not in known]
        if rows:
            added = _insert(session, Message).on_conflict_do_nothing().returning(Message.id)
            new += len(session.scalars(added, rows).all())
    return new


def due_by_key(session: Session, keys: Collection[str]) -> dict[str, datetime]:
    """Return when the mails with these keys are or were due; a key that is not in the outbox is left out."""
    rows = select(Message.key, Message.due_at).where(Message.key.in_(keys))
    return dict(session.execute(rows).all())


def unrouted(session: Session) -> list[Event]:
    """Return the next events whose mails are not decided, in order of id."""
    is_routed = select(Routed.event_id).where(Routed.event_id == Event.id).exists()
    return list(session.scalars(select(Event).where(~is_routed).order_by(Event.id).limit(AT_ONCE)))


def mark_routed(session: Session, events: Sequence[Event]) -> None:
    """Note that the mails of events are decided; another courier may have noted it at the same time."""
    if events:
        rows = [{"event_id": event.id} for event in events]
        session.execute(_insert(session, Routed).on_conflict_do_nothing(), rows)


def message(session: Session, number: int) -> Message:
    """Return the message with this number; raises NotFound."""
    found = session.get(Message, number)
    if found is None:
        raise NotFound(_("no mail has the number {number}; `pdca mail list` shows them").format(number=number))
    return found


def listed(session: Session, *statuses: MessageStatus, limit: int = 100) -> list[Message]:
    """Return the newest messages, all or those that stand at one of these, newest first."""
    wanted = select(Message).order_by(Message.due_at.desc(), Message.id.desc()).limit(limit)
    return list(session.scalars(wanted.where(Message.status.in_(statuses)) if statuses else wanted))


def counts(session: Session) -> Counter[str]:
    """Return how many mails of each template were ever wanted."""
    rows = select(Message.template, func.count()).group_by(Message.template)
    return Counter(dict(session.execute(rows).all()))


def retry(session: Session, number: int) -> Message:
    """Try a message again that waits or was given up; it is composed anew under its old Message-ID."""
    found = message(session, number)
    if found.status not in {MessageStatus.QUEUED, MessageStatus.DEAD}:
        raise NotAllowed(
            _("mail {number} is {status}; only a queued or dead one is tried again").format(
                number=number, status=_(found.status)
            )
        )
    found.status = MessageStatus.QUEUED
    found.attempts = 0
    found.first_attempt_at = found.next_at = found.ended_at = found.reason = None
    return found


def _row(wanted: Wanted) -> dict[str, Any]:
    return {
        "key": wanted.key,
        "template": wanted.template,
        "person_id": wanted.person_id,
        "subject": wanted.subject,
        "due_at": wanted.due_at,
        "status": MessageStatus.QUEUED,
        "attempts": 0,
        "covers": {},
        "may_have_arrived": False,
    }


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
