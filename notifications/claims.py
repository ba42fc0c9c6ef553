"""Claims: a courier takes messages by compare-and-swap and settles each; nothing is ever held by two."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, update
from sqlalchemy.orm import Session

from domain.base import UtcDateTime
from notifications.outbox import Message, MessageStatus

LEASE = timedelta(minutes=10)
"""How long a courier may hold a message before another takes it over."""


def claim(session: Session, holder: str, *, now: datetime, clock: datetime, limit: int) -> list[Message]:
    """Take the next messages that are due, oldest first; what its courier held longer than the lease is taken over.

    `now` decides what is due, the machine's `clock` what may be tried again.
    """
    is_free = and_(Message.status == MessageStatus.QUEUED, or_(Message.next_at.is_(None), Message.next_at <= clock))
    was_left = and_(Message.status == MessageStatus.SENDING, Message.until < clock)
    free = (
        select(Message.id)
        .where(or_(is_free, was_left), Message.due_at <= now)
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Message)
        .where(Message.id.in_(free))
        .values(
            status=MessageStatus.SENDING,
            holder=holder,
            until=clock + LEASE,
            attempts=Message.attempts + 1,
            first_attempt_at=func.coalesce(Message.first_attempt_at, literal(clock, UtcDateTime())),
        )
        .returning(Message)
        .execution_options(populate_existing=True)
    )
    return sorted(session.scalars(taken), key=lambda each: (each.due_at, each.id))


def freeze(session: Session, message: Message, *, message_id: str, composed: bytes, subject: dict[str, Any]) -> bool:
    """Keep what was composed, for every attempt; False where another courier took the message over."""
    return _settle(session, message, message_id=message_id, composed=composed, subject=subject)


def end(session: Session, message: Message, status: MessageStatus, clock: datetime, reason: str | None = None) -> bool:
    """End a message as sent, dead or dropped and blank its bytes; False where another courier took it over."""
    return _settle(
        session, message, status=status, holder=None, until=None, reason=reason, composed=None, ended_at=clock
    )


def put_off(session: Session, message: Message, until: datetime, reason: str) -> bool:
    """Let a message wait until a moment of the machine's clock; False where another courier took it over."""
    return _settle(session, message, status=MessageStatus.QUEUED, holder=None, until=None, next_at=until, reason=reason)


def give_back(session: Session, messages: Sequence[Message]) -> None:
    """Put back messages that were claimed and not tried, as if they had not been touched."""
    for message in messages:
        untried: dict[str, Any] = {"attempts": message.attempts - 1}
        if message.attempts == 1:
            untried["first_attempt_at"] = None
        _settle(session, message, status=MessageStatus.QUEUED, holder=None, until=None, **untried)


def pause(session: Session, *, until: datetime, reason: str, now: datetime) -> None:
    """Let everything that is due wait at least until a moment of the machine's clock."""
    sooner = or_(Message.next_at.is_(None), Message.next_at < until)
    due = update(Message).where(Message.status == MessageStatus.QUEUED, Message.due_at <= now, sooner)
    session.execute(due.values(next_at=until, reason=reason).execution_options(synchronize_session=False))


def _settle(session: Session, message: Message, **values: object) -> bool:
    ours = (
        update(Message)
        .where(Message.id == message.id, Message.holder == message.holder, Message.status == MessageStatus.SENDING)
        .values(**values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(ours).first() is not None
