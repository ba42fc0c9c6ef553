"""The courier: decides what is to be sent, composes it when it is due, hands it over, and settles every answer.

No transaction is open while the mail server is spoken to, and several couriers may work side by side. A mail that is
tried again was asked of its rule again and written anew, unless the server may have it: that one stays as it is.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config import clock as machine
from config.database import reading, transaction
from config.processes import is_gone, this_process
from config.settings import Settings
from notifications import claims, compose, rules, smtp
from notifications.alarms import Trouble, alarm, calm
from notifications.compose import Mail, Stationery
from notifications.headers import UnusableAddress, sender_of
from notifications.outbox import UNSURE, UNWRITABLE, Message, MessageStatus
from notifications.smtp import Answer, Line, Outcome
from notifications.views import Desk, Gone, View, desk

BATCH = 50
SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
GIVEN_UP_AFTER = timedelta(days=3)
PAUSES: Mapping[Trouble, timedelta] = {
    # A wrong password asked too often locks an account.
    Trouble.QUEUE_STOPPED: timedelta(minutes=15),
    Trouble.SERVER_DOWN: timedelta(minutes=5),
}
"""How long nothing is tried after trouble for which no mail is to blame; none of them is given up for it."""

log = logging.getLogger(__name__)


async def deliver(
    engine: Engine, settings: Settings, now: datetime, *, clock: Callable[[], datetime] = machine.now
) -> dict[str, int]:
    """Send every mail that is due as of `now`; returns how many were sent, put off, given up, dropped.

    What the machine's `clock` decides: what may be tried again, and who holds what.
    """
    courier = _Courier(engine, settings, now, clock)
    courier.tidy_up()
    decide(engine, now)
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

    def tidy_up(self) -> None:
        """Put back what other couriers left, so that what is decided rests on mails that wait or went out."""
        with transaction(self.engine) as session:
            gone = [holder for holder in claims.holders(session) if is_gone(holder)]
            claims.give_back_left(session, self.clock(), gone)

    async def deliver_batch(self) -> bool:
        """Claim, compose and hand over a batch; False where nothing is left or the server wants nothing now."""
        with transaction(self.engine) as session:
            claimed = claims.claim(session, self.holder, now=self.now, clock=self.clock(), limit=BATCH)
        left = self._ready(claimed)
        try:
            while left:
                async with smtp.connected(self.settings) as line:
                    await self._hand_over(line, left)
        except smtp.Unreachable as trouble:
            self._stand_still(Trouble.SERVER_DOWN, str(trouble), left)
            return False
        except smtp.TurnedAway as trouble:
            self._stand_still(Trouble.QUEUE_STOPPED, str(trouble), left)
            return False
        return bool(claimed)

    def let_go(self) -> None:
        """Give back what is not settled, whatever ended the run."""
        with transaction(self.engine) as session:
            claims.give_back(session, self.holder)

    def _ready(self, claimed: Sequence[Message]) -> list[Message]:
        """Compose mails, drop what is no longer true, and return what can be handed over.

        What the server may have is not asked about and not composed again.
        """
        new = [message for message in claimed if message.composed is None or not message.may_have_arrived]
        if new:
            with reading(self.engine) as session:
                at = desk(session, new, self.settings.contact, self.now)
                views = self._views(session, new, at)
            written = [
                (message, view, self._written(message, view, at)) for message in new if (view := views.get(message.id))
            ]
            with transaction(self.engine) as session:
                for message, view, mail in written:
                    if isinstance(mail, _Ended):
                        self._end(session, message, mail.status, mail.reason)
                    elif isinstance(view, View):
                        self._freeze(session, message, mail, view)
                self._leave_unwritten(session, [message for message in new if message.id not in views])
        return [message for message in claimed if message.composed is not None]

    def _views(self, session: Session, messages: Sequence[Message], at: Desk) -> dict[int, View | Gone]:
        """Return what messages say; one that cannot be written, by a fault of ours, keeps no other back."""
        try:
            return rules.views(session, messages, at)
        except SQLAlchemyError:
            raise
        except Exception:
            if len(messages) > 1:
                return {id_: view for each in messages for id_, view in self._views(session, [each], at).items()}
            log.exception("mail %s cannot be written", messages[0].key)
            return {}

    def _leave_unwritten(self, session: Session, messages: Sequence[Message]) -> None:
        """Let what cannot be written wait, for a mended pdca to write it, and call the administrators."""
        for message in messages:
            self._put_off(session, message, Answer(Outcome.LATER, UNWRITABLE))
        if messages:
            alarm(session, Trouble.MAIL_UNWRITABLE, self.now)

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
        """Keep a mail and what it says before it is handed over."""
        covers = {**view.covers, "as_of": self.now.isoformat()}
        if claims.freeze(session, message, message_id=mail.message_id, composed=mail.content, covers=covers):
            message.message_id, message.composed = mail.message_id, mail.content

    async def _hand_over(self, line: Line, left: list[Message]) -> None:
        """Hand over messages one by one while the line is open; each is taken from `left` and settled.

        That the next one may have arrived is noted together with what became of the one before, in one transaction.
        """
        sender = sender_of(self.settings.sender).addr_spec
        with transaction(self.engine) as session:
            self._begin(session, left)
        while left and line.is_open:
            message, content = left[0], left[0].composed or b""
            answer = await line.send(sender, compose.recipient_of(content), content)
            del left[0]
            with transaction(self.engine) as session:
                self._settle(session, message, answer)
                if line.is_open:
                    self._begin(session, left)
            if answer.outcome is Outcome.ACCEPTED:
                self._keep(message)

    def _begin(self, session: Session, left: list[Message]) -> None:
        """Note that the next message may have arrived; what another courier may take over is left to it."""
        while left:
            if self._is_late(left[0]):
                claims.give_back(session, self.holder)
                left.clear()
            elif claims.begin(session, left[0]):
                return
            else:
                del left[0]

    def _is_late(self, message: Message) -> bool:
        """Say whether another courier could take a message over before the server's answer to it."""
        longest = timedelta(seconds=smtp.LONGEST_S)
        return message.until is None or self.clock() + longest > message.until

    def _settle(self, session: Session, message: Message, answer: Answer) -> None:
        if answer.outcome is Outcome.ACCEPTED:
            if not self.counts["mails sent"]:
                calm(session, self.now)
            self._end(session, message, MessageStatus.SENT)
        elif answer.outcome is Outcome.REFUSED:
            self._end(session, message, MessageStatus.DEAD, answer.reason)
        else:
            self._put_off(session, message, answer)

    def _end(self, session: Session, message: Message, status: MessageStatus, reason: str = "") -> None:
        claims.end(session, message, status, self.clock(), reason or None)
        self.counts[f"mails {status}"] += 1

    def _put_off(self, session: Session, message: Message, answer: Answer) -> None:
        is_unsure = answer.outcome is Outcome.UNSURE
        reason = f"{UNSURE} ({answer.reason})" if is_unsure else answer.reason
        again_at = next_try(message, self.clock())
        if again_at is None:
            self._end(session, message, MessageStatus.DEAD, reason)
            return
        claims.put_off(session, message, again_at, reason, self.clock(), is_unsure=is_unsure)
        self.counts["mails put off"] += 1

    def _stand_still(self, trouble: Trouble, reason: str, left: Sequence[Message]) -> None:
        """Let all mail wait and call the administrators: no mail is to blame, and all go on together."""
        log.error("mail stands still, %s: %s", trouble, reason)
        with transaction(self.engine) as session:
            claims.take_back(session, left[0])
            claims.give_back(session, self.holder)
            alarm(session, trouble, self.now)
            claims.pause(session, until=self.clock() + PAUSES[trouble], reason=reason, now=self.now)
        self.counts["mails put off"] += len(left)

    def _keep(self, message: Message) -> None:
        if self.settings.keep_eml is not None:
            self.settings.keep_eml.mkdir(parents=True, exist_ok=True)
            file = self.settings.keep_eml / f"{message.id:05}-{message.template}.eml"
            file.write_bytes(message.composed or b"")
