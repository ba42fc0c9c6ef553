"""Claims: a courier takes messages by compare-and-swap and settles each; nothing is ever held by two."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from notifications.outbox import Message, MessageStatus

LEASE = timedelta(minutes=10)
"""How long a courier may hold a message before another takes it over."""
LET_GO: Mapping[str, None] = {"holder": None, "until": None}


def claim(
    session: Session, holder: str, *, now: datetime, clock: datetime, limit: int, gone: Collection[str] = ()
) -> list[Message]:
    """Take the next messages that are due, oldest first; with those left by couriers that are gone or fell silent.

    `now` decides what is due, the machine's `clock` what may be tried again.
    """
    is_free = and_(Message.status == MessageStatus.QUEUED, or_(Message.next_at.is_(None), Message.next_at <= clock))
    was_left = and_(Message.status == MessageStatus.SENDING, or_(Message.until < clock, Message.holder.in_(gone)))
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
        .values(status=MessageStatus.SENDING, holder=holder, until=clock + LEASE)
        .returning(Message)
        .execution_options(populate_existing=True)
    )
    return sorted(session.scalars(taken), key=lambda each: (each.due_at, each.id))


def holders(session: Session) -> list[str]:
    """Return who holds messages."""
    held = select(Message.holder).where(Message.status == MessageStatus.SENDING).distinct()
    return [holder for holder in session.scalars(held) if holder is not None]


def freeze(session: Session, message: Message, *, message_id: str, composed: bytes, subject: dict[str, Any]) -> bool:
    """Keep what was composed, for every attempt; False where another courier took the message over."""
    return _settle(session, message, message_id=message_id, composed=composed, subject=subject)


def end(session: Session, message: Message, status: MessageStatus, clock: datetime, reason: str | None = None) -> bool:
    """End a message as sent, dead or dropped and blank its bytes; False where another courier took it over."""
    return _settle(session, message, status=status, reason=reason, composed=None, ended_at=clock, **LET_GO)


def put_off(session: Session, message: Message, until: datetime, reason: str, clock: datetime) -> bool:
    """Count an attempt and let a message wait until a moment of the machine's clock.

    False where another courier took it over.
    """
    return _settle(
        session,
        message,
        status=MessageStatus.QUEUED,
        reason=reason,
        attempts=message.attempts + 1,
        first_attempt_at=message.first_attempt_at or clock,
        next_at=until,
        **LET_GO,
    )


def give_back(session: Session, holder: str) -> None:
    """Put back what a courier holds and has not settled, as if it had not been touched."""
    held = update(Message).where(Message.status == MessageStatus.SENDING, Message.holder == holder)
    session.execute(held.values(status=MessageStatus.QUEUED, **LET_GO).execution_options(synchronize_session=False))


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
