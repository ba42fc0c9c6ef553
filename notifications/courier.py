"""The courier: decides what is to be sent, composes it when it is due, hands it over, and settles every answer.

No transaction is open while the mail server is spoken to, and several couriers may work side by side.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import clock as machine
from config.database import reading, transaction
from config.processes import is_gone, this_process
from config.settings import Settings
from notifications import claims, compose, rules, smtp
from notifications.alarms import Trouble, alarm
from notifications.compose import Mail, Stationery
from notifications.headers import UnusableAddress, sender_of
from notifications.outbox import Message, MessageStatus
from notifications.smtp import Answer, Line, Outcome
from notifications.views import Desk, Gone, View, desk

BATCH = 50
SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
GIVEN_UP_AFTER = timedelta(days=3)
STOPPED_FOR = timedelta(minutes=15)
"""How long nothing is tried after the server turned us away: a wrong password asked too often locks an account."""
UNSURE = "the server's answer was lost; the same mail goes again with the same Message-ID"

log = logging.getLogger(__name__)


async def deliver(
    engine: Engine, settings: Settings, now: datetime, *, clock: Callable[[], datetime] = machine.now
) -> dict[str, int]:
    """Send every mail that is due as of `now`; returns how many were sent, put off, given up, dropped.

    What the machine's `clock` decides: what may be tried again, and who holds what.
    """
    decide(engine, now)
    courier = _Courier(engine, settings, now, clock)
    try:
        while await courier.deliver_batch():
            pass
    finally:
        courier.let_go()
    return dict(courier.counts)


def decide(engine: Engine, now: datetime) -> None:
    """Put into the outbox what events and the hour ask for."""
    routed = True
    while routed:
        with transaction(engine) as session:
            routed = rules.route(session, now) > 0
    with transaction(engine) as session:
        rules.due_messages(session, now)


def next_try(message: Message, clock: datetime) -> datetime | None:
    """Return when a message that was just tried goes again: in 1 minute, doubled each time up to 12 hours, spread.

    None where three days have passed since the first attempt.
    """
    if message.first_attempt_at is not None and clock - message.first_attempt_at >= GIVEN_UP_AFTER:
        return None
    digest = hashlib.sha256(f"{message.message_id}/{message.attempts}".encode()).digest()
    spread = 1 + digest[0] / 255 / 4
    # Beyond 2^20 minutes the longest wait rules, and a timedelta would overflow.
    doubled: int = 2 ** min(message.attempts, 20)
    return clock + min(SHORTEST_WAIT * doubled * spread, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class _Ended:
    """A message that will not be sent, and why."""

    status: MessageStatus
    reason: str


@dataclass
class _Courier:
    """One run of a courier with what it holds and has done."""

    engine: Engine
    settings: Settings
    now: datetime
    clock: Callable[[], datetime]
    holder: str = field(default_factory=this_process)
    counts: Counter[str] = field(default_factory=Counter)

    async def deliver_batch(self) -> bool:
        """Claim, compose and hand over a batch; False where nothing is left or the server wants nothing now."""
        claimed = self._claim()
        left = self._ready(claimed)
        if not left:
            return bool(claimed)
        try:
            async with smtp.connected(self.settings) as line:
                await self._hand_over(line, left)
        except smtp.Unreachable as trouble:
            with transaction(self.engine) as session:
                for message in left:
                    self._put_off(session, message, str(trouble))
            return False
        except smtp.TurnedAway as trouble:
            self._stop(str(trouble))
            return False
        return True

    def let_go(self) -> None:
        """Give back what is not settled, whatever ended the run."""
        with transaction(self.engine) as session:
            claims.give_back(session, self.holder)

    def _claim(self) -> list[Message]:
        with transaction(self.engine) as session:
            gone = [holder for holder in claims.holders(session) if is_gone(holder)]
            return claims.claim(session, self.holder, now=self.now, clock=self.clock(), limit=BATCH, gone=gone)

    def _ready(self, claimed: Sequence[Message]) -> list[Message]:
        """Compose what is not composed yet, drop what is no longer true, and return what can be handed over."""
        new = [message for message in claimed if message.composed is None]
        if new:
            with reading(self.engine) as session:
                at = desk(session, new, self.settings.contact, self.now)
                views = rules.views(session, new, at)
            written = [(message, views[message.id], self._written(message, views[message.id], at)) for message in new]
            with transaction(self.engine) as session:
                for message, view, mail in written:
                    if isinstance(mail, _Ended):
                        self._end(session, message, mail.status, mail.reason)
                    elif isinstance(view, View):
                        self._freeze(session, message, mail, view)
        return [message for message in claimed if message.composed is not None]

    def _written(self, message: Message, view: View | Gone, at: Desk) -> "Mail | _Ended":
        if isinstance(view, Gone):
            return _Ended(MessageStatus.DROPPED, view.reason)
        paper = Stationery(self.settings.sender, self.settings.contact, at.places.units.organisation.name)
        reader = at.readers[message.person_id]
        try:
            return compose.compose(
                message.template, view, reader, paper, key=message.key, as_of=self.now, known_id=message.message_id
            )
        except UnusableAddress as error:
            return _Ended(MessageStatus.DEAD, str(error))

    def _freeze(self, session: Session, message: Message, mail: Mail, view: View) -> None:
        """Keep a mail before its first attempt, so that a second one is the same mail."""
        subject = {**message.subject, **view.covers, "as_of": self.now.isoformat()}
        if claims.freeze(session, message, message_id=mail.message_id, composed=mail.content, subject=subject):
            message.message_id, message.composed = mail.message_id, mail.content

    async def _hand_over(self, line: Line, left: list[Message]) -> None:
        """Hand over messages one by one; each is settled and taken from `left` before the next."""
        sender = sender_of(self.settings.sender).addr_spec
        while left:
            message = left[0]
            if not line.is_open or self._is_late(message):
                self.let_go()
                return
            content = message.composed or b""
            answer = await line.send(sender, compose.recipient_of(content), content)
            del left[0]
            self._settle(message, answer)

    def _is_late(self, message: Message) -> bool:
        """Say whether another courier could take a message over before the server's answer to it."""
        longest = timedelta(seconds=smtp.LONGEST_S)
        return message.until is None or self.clock() + longest > message.until

    def _settle(self, message: Message, answer: Answer) -> None:
        with transaction(self.engine) as session:
            if answer.outcome is Outcome.ACCEPTED:
                self._end(session, message, MessageStatus.SENT)
            elif answer.outcome is Outcome.REFUSED:
                self._end(session, message, MessageStatus.DEAD, answer.reason)
            else:
                lost = f"{UNSURE} ({answer.reason})"
                self._put_off(session, message, lost if answer.outcome is Outcome.UNSURE else answer.reason)
        if answer.outcome is Outcome.ACCEPTED:
            self._keep(message)

    def _end(self, session: Session, message: Message, status: MessageStatus, reason: str = "") -> None:
        claims.end(session, message, status, self.clock(), reason or None)
        self.counts[f"mails {status}"] += 1

    def _put_off(self, session: Session, message: Message, reason: str) -> None:
        again_at = next_try(message, self.clock())
        if again_at is None:
            self._end(session, message, MessageStatus.DEAD, reason)
            return
        claims.put_off(session, message, again_at, reason, self.clock())
        self.counts["mails put off"] += 1

    def _stop(self, reason: str) -> None:
        """Let all mail wait and call the administrators: no mail is to blame, and trying on makes it worse."""
        log.error("mail stands still, the server turned us away: %s", reason)
        with transaction(self.engine) as session:
            claims.give_back(session, self.holder)
            alarm(session, Trouble.QUEUE_STOPPED, self.now)
            claims.pause(session, until=self.clock() + STOPPED_FOR, reason=reason, now=self.now)
        self.counts["mail stopped"] += 1

    def _keep(self, message: Message) -> None:
        if self.settings.keep_eml is not None:
            self.settings.keep_eml.mkdir(parents=True, exist_ok=True)
            file = self.settings.keep_eml / f"{message.id:05}-{message.template}.eml"
            file.write_bytes(message.composed or b"")
