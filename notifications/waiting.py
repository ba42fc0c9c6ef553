"""Mails that wait because handing them over failed: how many, since when, why, and when they are tried again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.outbox import Message, MessageStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """Mails that are due and were put off; `reason` is that of most of them, `next_at` of the machine's clock."""

    count: int
    since: datetime
    next_at: datetime
    reason: str


def waiting(session: Session, now: datetime) -> Waiting | None:
    """Return what was put off of the mails that are due; None where nothing was."""
    count = func.count()
    rows = (
        select(Message.reason, count, func.min(Message.due_at), func.min(Message.next_at))
        .where(Message.status == MessageStatus.QUEUED, Message.due_at <= now)
        .where(Message.next_at.is_not(None), Message.reason.is_not(None))
        .group_by(Message.reason)
        .order_by(count.desc(), Message.reason)
    )
    found = session.execute(rows).all()
    if not found:
        return None
    return Waiting(
        count=sum(row[1] for row in found),
        since=min(row[2] for row in found),
        next_at=min(row[3] for row in found if row[3] is not None),
        reason=str(found[0][0]),
    )
