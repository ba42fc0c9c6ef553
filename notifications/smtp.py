"""Talking to the mail server: one connection for a batch, and every answer told apart by what it asks us to do."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from config.settings import Settings, is_loopback

IMPLICIT_TLS_PORT = 465
LONGEST_S = 120
"""One mail takes no longer, however slowly the server answers."""
GOODBYE_S = 5
TEMPORARY = 400
PERMANENT = 500
"""Codes from here on say no for now, and for good; any other after a mail's content may be a yes."""
CLOSING = 421
AUTHENTICATION = frozenset({530, 534, 535, 538})
"""Codes by which a server says that we, not this mail, are the trouble (RFC 4954)."""
ABOUT_SIZE = frozenset({552})
"""Codes by which a server refuses a sender because of this mail's size (RFC 1870)."""


class Outcome(StrEnum):
    """What the server's answer to a mail means."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one attempt, with the server's words."""

    outcome: Outcome
    reason: str = ""


class ServerTrouble(Exception):
    """No mail can be handed over now; none of them is to blame."""


class Unreachable(ServerTrouble):
    """The server does not answer, or not now; trying later helps."""


class TurnedAway(ServerTrouble):
    """The server refuses us: user, password, sender, encryption or certificate. Somebody has to mend it."""


class Line:
    """An open connection to the mail server."""

    def __init__(self, client: "_Client") -> None:
        """Keep the client that is connected."""
        self._client = client

    @property
    def is_open(self) -> bool:
        """Whether another mail can be handed over."""
        return self._client.is_connected

    async def send(self, sender: str, recipient: str, content: bytes) -> Answer:
        """Hand over one mail and say what became of it; raises TurnedAway where the server refuses us altogether.

        After a lost connection or a missing answer the line is closed.
        """
        self._client.has_begun_data = False
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._client.sendmail(sender, recipient, content)
        except SMTPRecipientsRefused as error:
            return self._told(error.recipients[0])
        except SMTPResponseException as error:
            return self._told(error)
        except (SMTPException, OSError) as error:
            self._client.close()
            outcome = Outcome.UNSURE if self._client.has_begun_data else Outcome.LATER
            return Answer(outcome, str(error) or type(error).__name__)
        return Answer(Outcome.ACCEPTED)

    def _told(self, error: SMTPResponseException) -> Answer:
        words = f"{error.code} {error.message}"
        of_sender = isinstance(error, SMTPSenderRefused) and error.code not in ABOUT_SIZE
        if error.code in AUTHENTICATION or (of_sender and error.code >= PERMANENT):
            raise TurnedAway(words) from error
        is_no = error.code >= TEMPORARY
        if error.code == CLOSING or not is_no:
            self._client.close()
        if not is_no and self._client.has_begun_data:
            return Answer(Outcome.UNSURE, words)
        return Answer(Outcome.REFUSED if error.code >= PERMANENT else Outcome.LATER, words)


class _Client(aiosmtplib.SMTP):
    """A client that remembers whether a mail's content may have reached the server."""

    has_begun_data = False

    async def data(self, message: str | bytes, /, **options: Any) -> aiosmtplib.SMTPResponse:
        self.has_begun_data = True
        return await super().data(message, **options)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Line]:
    """Open a line to the mail server for a batch of mails; raises Unreachable or TurnedAway."""
    is_implicit = settings.smtp_port == IMPLICIT_TLS_PORT
    client = _Client(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user,
        password=None if settings.smtp_password is None else settings.smtp_password.get_secret_value(),
        timeout=settings.smtp_timeout,
        use_tls=is_implicit,
        start_tls=settings.smtp_start_tls and not is_implicit,
        local_hostname="localhost" if is_loopback(settings.smtp_host) else None,
    )
    try:
        await client.connect()
    except (SMTPException, OSError) as error:
        raise _trouble(error) from error
    try:
        yield Line(client)
    finally:
        await _leave(client)


def _trouble(error: Exception) -> ServerTrouble:
    """Tell a server that is down or busy from one that refuses us or cannot be trusted."""
    words = str(error) or type(error).__name__
    if isinstance(error, SMTPResponseException):
        words = f"{error.code} {error.message}"
        return TurnedAway(words) if error.code >= PERMANENT else Unreachable(words)
    is_untrusted = isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)
    # aiosmtplib says with its plain SMTPException that the server offers no STARTTLS or no way to sign in.
    return TurnedAway(words) if is_untrusted or type(error) is SMTPException else Unreachable(words)


async def _leave(client: _Client) -> None:
    if not client.is_connected:
        return
    try:
        await client.quit(timeout=GOODBYE_S)
    except (SMTPException, OSError):
        client.close()
