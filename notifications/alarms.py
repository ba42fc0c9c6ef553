"""Alarms: what an administrator has to look at today, one mail a day for each kind of trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.people import RoleName, holders
from domain.places import places
from domain.words import _
from notifications.dates import moment
from notifications.outbox import Message, MessageStatus, Wanted, enqueue, key_of
from notifications.views import Desk, Gone, View, can_be_reached

ALARM = "alarm"


class Trouble(StrEnum):
    """What administrators are called for."""

    TURN_FAILED = "turn failed"
    QUEUE_STOPPED = "queue stopped"


@dataclass(frozen=True, kw_only=True)
class Alarm(View):
    """What an administrator reads: what happened, since when, what to do, what else is known."""

    subject: str
    first: str
    happened: str
    todo: str
    known: tuple[str, ...]


def alarm(session: Session, trouble: Trouble, now: datetime) -> int:
    """Call the administrators, once a day for the same trouble; returns how many mails that were."""
    where = places(session, now)
    return enqueue(
        session,
        [
            Wanted(
                key=key_of(ALARM, trouble, where.today, person.key),
                template=ALARM,
                person_id=person.id,
                due_at=now,
                subject={"trouble": trouble, "at": now.isoformat()},
            )
            for person in holders(session, RoleName.ADMINISTRATOR, where.today)
            if can_be_reached(person, where.today)
        ],
    )


def alarms(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what administrators read."""
    waiting = session.execute(
        select(Message.reason, func.count())
        .where(Message.status == MessageStatus.QUEUED, Message.reason.is_not(None))
        .group_by(Message.reason)
        .order_by(Message.reason)
    ).all()
    views: dict[int, View | Gone] = {}
    for message in messages:
        with desk.speaking_to(message.person_id) as reader:
            at = datetime.fromisoformat(message.subject["at"]).astimezone(desk.zone(message.person_id))
            trouble = Trouble(message.subject["trouble"])
            subject, first, todo = _words()[trouble]
            known = [_("{n} mails wait: {reason}").format(n=count, reason=reason) for reason, count in waiting]
            views[message.id] = Alarm(
                name=reader.name,
                threads=(f"alarm/{trouble}",),
                subject=subject,
                first=first,
                happened=moment(at),
                todo=todo,
                known=tuple(known) if trouble is Trouble.QUEUE_STOPPED else (),
            )
    return views


def _words() -> Mapping[Trouble, tuple[str, str, str]]:
    """Return the subject of an alarm, who must do what by when, and how."""
    return {
        Trouble.TURN_FAILED: (
            _("A turn failed: please look today"),
            _("please look today why a turn of the wheel failed."),
            _("Run pdca doctor; then pdca turn does whatever is due. Nothing is lost, and nothing is done twice."),
        ),
        Trouble.QUEUE_STOPPED: (
            _("Mail stood still: please look today"),
            _("please see to it today that mail goes out again: the mail server turned pdca away."),
            _(
                "Run pdca doctor and mend user, password, sender or certificate. What pdca mail list shows as waiting "
                "then goes out by itself."
            ),
        ),
    }
