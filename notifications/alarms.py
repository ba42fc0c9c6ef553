"""Alarms: what an administrator has to look at today, one mail a day for each kind of trouble.

Where mail itself stands still, its alarm goes out with the first mails and says what was missed; `pdca doctor` says it
before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.people import RoleName, holders
from domain.places import places
from domain.words import _, ngettext
from notifications.dates import moment
from notifications.outbox import Message, MessageStatus, Wanted, enqueue, key_of
from notifications.views import Desk, Gone, View, can_be_reached

ALARM = "alarm"
WAITING = frozenset({MessageStatus.QUEUED, MessageStatus.SENDING})


class Trouble(StrEnum):
    """What administrators are called for."""

    TURN_FAILED = "turn failed"
    QUEUE_STOPPED = "queue stopped"
    SERVER_DOWN = "server down"
    MAIL_UNWRITABLE = "mail unwritable"


STOOD_STILL = frozenset({Trouble.QUEUE_STOPPED, Trouble.SERVER_DOWN})
"""Trouble in which no mail went out."""
AFTER: Mapping[Trouble, timedelta] = {Trouble.SERVER_DOWN: timedelta(hours=3)}
"""How long trouble has to last before anybody is called; what is not named here calls at once."""


@dataclass(frozen=True, kw_only=True)
class Alarm(View):
    """What an administrator reads: what happened, since when, what to do, what else is known."""

    subject: str
    first: str
    happened: str
    todo: str
    known: tuple[str, ...]


def alarm(session: Session, trouble: Trouble, now: datetime) -> int:
    """Call the administrators, once a day for the same trouble; returns how many mails that were.

    Whoever is still to get a call about it from an earlier day gets no other.
    """
    where = places(session, now)
    people = [
        person
        for person in holders(session, RoleName.ADMINISTRATOR, where.today)
        if can_be_reached(person, where.today)
    ]
    of_day = {person.id: key_of(ALARM, trouble, where.today, person.key) for person in people}
    taken, called = Counter[int](), set[int]()
    for each in _about(session, trouble, of_day):
        is_of_day = each.key.startswith(of_day[each.person_id])
        taken[each.person_id] += is_of_day
        if each.status in WAITING or (is_of_day and each.status is not MessageStatus.DROPPED):
            called.add(each.person_id)
    return enqueue(
        session,
        [
            Wanted(
                key=key_of(key, taken[person_id]) if taken[person_id] else key,
                template=ALARM,
                person_id=person_id,
                due_at=now + AFTER.get(trouble, timedelta()),
                subject={"trouble": trouble, "at": now.isoformat()},
            )
            for person_id, key in of_day.items()
            if person_id not in called
        ],
    )


def calm(session: Session, now: datetime) -> None:
    """Call nobody for trouble that is over before it lasted long enough: the mail server has taken a mail."""
    early = select(Message).where(
        Message.template == ALARM, Message.status == MessageStatus.QUEUED, Message.due_at > now
    )
    for each in session.scalars(early):
        if each.subject["trouble"] == Trouble.SERVER_DOWN:
            each.status, each.reason, each.ended_at = MessageStatus.DROPPED, "mail goes out again", now


def alarms(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what administrators read."""
    views: dict[int, View | Gone] = {}
    for message in messages:
        with desk.speaking_to(message.person_id) as reader:
            began = datetime.fromisoformat(message.subject["at"])
            zone = desk.zone(message.person_id)
            trouble = Trouble(message.subject["trouble"])
            subject, first, happened, todo = _words()[trouble]
            views[message.id] = Alarm(
                name=reader.name,
                threads=(f"alarm/{trouble}",),
                subject=subject,
                first=first,
                happened=happened.format(moment=moment(began.astimezone(zone)), now=moment(desk.now.astimezone(zone))),
                todo=todo,
                known=tuple(_missed(session, began)) if trouble in STOOD_STILL else (),
            )
    return views


def _about(session: Session, trouble: Trouble, person_ids: Iterable[int]) -> list[Message]:
    rows = select(Message).where(Message.template == ALARM, Message.person_id.in_(list(person_ids)))
    return [each for each in session.scalars(rows) if each.subject["trouble"] == trouble]


def _missed(session: Session, began: datetime) -> Iterable[str]:
    """Give what did not go out since mail stood still."""
    rows = select(Message.status, func.count()).where(Message.ended_at >= began).group_by(Message.status)
    ended = dict(session.execute(rows).all())
    if n := ended.get(MessageStatus.DROPPED, 0):
        words = ngettext(
            "{n} mail was no longer true and did not go out: pdca mail list --status dropped",
            "{n} mails were no longer true and did not go out: pdca mail list --status dropped",
            n,
        )
        yield words.format(n=n)
    if n := ended.get(MessageStatus.DEAD, 0):
        words = ngettext(
            "{n} mail was given up: pdca mail list --status dead",
            "{n} mails were given up: pdca mail list --status dead",
            n,
        )
        yield words.format(n=n)


def _words() -> Mapping[Trouble, tuple[str, str, str, str]]:
    """Return the subject of an alarm, who must do what by when, when it was, and how it is done."""
    stood_still = _("Mail stood still: please look today")
    went_on = _("It stood still from {moment}; this mail was written on {now}.")
    return {
        Trouble.TURN_FAILED: (
            _("A turn failed: please look today"),
            _("please look today why a turn of the wheel failed."),
            _("It happened on {moment}."),
            _("Run pdca doctor; then pdca turn does whatever is due. Nothing is lost, and nothing is done twice."),
        ),
        Trouble.QUEUE_STOPPED: (
            stood_still,
            _("please look today why the mail server turned pdca away, and what did not go out."),
            went_on,
            _(
                "If pdca doctor says that mails wait, mend user, password, sender or certificate. They then go out by "
                "themselves."
            ),
        ),
        Trouble.SERVER_DOWN: (
            stood_still,
            _("please look today why the mail server did not answer, and what did not go out."),
            went_on,
            _("If pdca doctor says that mails wait, see to the mail server. They then go out by themselves."),
        ),
        Trouble.MAIL_UNWRITABLE: (
            _("A mail could not be written: please look today"),
            _("please look today why pdca could not write a mail; all others went out."),
            _("It happened on {moment}."),
            _(
                "pdca mail list says which mail waits, the log says why. It is tried again for three days. Please tell "
                "the makers of pdca: they can mend it."
            ),
        ),
    }
