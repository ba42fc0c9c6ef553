"""The outbox: every mail there is to send, from the decision that wants it to the server's "250 OK"."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Json, choice


class MessageStatus(StrEnum):
    """Queued until due; sending while a courier holds it; sent; dead after three days or a permanent refusal;
    dropped where it was no longer true when its time came."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


class Message(Base):
    """A mail to one person about one thing; `key` makes it unique, `subject` holds ids for its template, never text.

    The bytes are composed at the first claim, stay the same for every attempt, and are blanked at the end.
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
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Routed(Base):
    """An event whose mails are decided: it has a row here, so no event is overlooked and none is asked twice."""

    __tablename__ = "routed"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
