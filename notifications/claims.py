"""Claims: a courier takes messages by compare-and-swap and settles each; nothing is ever held by two.

What is put back is written anew the next time, unless the mail server may have it already.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_, select, update
from sqlalchemy.orm import Session

from notifications.outbox import Message, MessageStatus

LEASE = timedelta(minutes=10)
"""How long a courier may hold a message before another takes it over."""
LET_GO: Mapping[str, None] = {"holder": None, "until": None}
UNWRITTEN: Mapping[str, Any] = {"composed": None, "covers": {}, "may_have_arrived": False}


def claim(session: Session, holder: str, *, now: datetime, clock: datetime, limit: int) -> list[Message]:
    """Take the next messages that are due, oldest first.

    `now` decides what is due, the machine's `clock` what may be tried again.
    """
    free = (
        select(Message.id)
        .where(Message.status == MessageStatus.QUEUED, Message.due_at <= now)
        .where(or_(Message.next_at.is_(None), Message.next_at <= clock))
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


def freeze(session: Session, message: Message, *, message_id: str, composed: bytes, covers: dict[str, Any]) -> bool:
    """Keep what was composed; False where another courier took the message over."""
    return _settle(session, message, message_id=message_id, composed=composed, covers=covers)


def begin(session: Session, message: Message) -> bool:
    """Note that the server may have a message from now on; False where another courier took it over."""
    return _settle(session, message, may_have_arrived=True)


def take_back(session: Session, message: Message) -> bool:
    """Note that the server refused us before it took a message: it may have it if it might have before."""
    return _settle(session, message, may_have_arrived=message.may_have_arrived)


def end(session: Session, message: Message, status: MessageStatus, clock: datetime, reason: str | None = None) -> bool:
    """End a message as sent, dead or dropped and blank its bytes; False where another courier took it over."""
    return _settle(session, message, status=status, reason=reason, composed=None, ended_at=clock, **LET_GO)


def put_off(
    session: Session, message: Message, until: datetime, reason: str, clock: datetime, *, is_unsure: bool
) -> bool:
    """Count an attempt and let a message wait until a moment of the machine's clock; it stays as it is if `is_unsure`.

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
        **({} if is_unsure or message.may_have_arrived else UNWRITTEN),
    )


def give_back(session: Session, holder: str) -> None:
    """Put back what a courier holds and has not settled."""
    _put_back(session, Message.holder == holder)


def give_back_left(session: Session, clock: datetime, gone: Collection[str]) -> None:
    """Put back what was left by couriers that are gone, or fell silent for longer than they may hold it."""
    _put_back(session, or_(Message.until < clock, Message.holder.in_(gone)))


def pause(session: Session, *, until: datetime, reason: str, now: datetime) -> None:
    """Let everything that is due wait at least until a moment of the machine's clock."""
    sooner = or_(Message.next_at.is_(None), Message.next_at < until)
    due = update(Message).where(Message.status == MessageStatus.QUEUED, Message.due_at <= now, sooner)
    session.execute(due.values(next_at=until, reason=reason).execution_options(synchronize_session=False))


def _put_back(session: Session, which: ColumnElement[bool]) -> None:
    held = select(Message.id).where(and_(Message.status == MessageStatus.SENDING, which))
    stays = Message.may_have_arrived.is_(True)
    back = (
        update(Message)
        .where(Message.id.in_(held.with_for_update(skip_locked=True)))
        .values(
            status=MessageStatus.QUEUED,
            composed=case((stays, Message.composed), else_=None),
            covers=case((stays, Message.covers), else_=literal({}, Message.covers.type)),
            **LET_GO,
        )
    )
    session.execute(back.execution_options(synchronize_session=False))


def _settle(session: Session, message: Message, **values: object) -> bool:
    ours = (
        update(Message)
        .where(Message.id == message.id, Message.holder == message.holder, Message.status == MessageStatus.SENDING)
        .values(**values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(ours).first() is not None
