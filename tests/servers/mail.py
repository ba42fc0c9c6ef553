"""A mail server on a free port of this machine that keeps what it accepts and refuses when told so."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


@dataclass
class MailServer:
    """What a running mail server has accepted, and what it answers."""

    host: str
    port: int
    envelopes: list[Envelope] = field(default_factory=list)
    to_recipients: dict[str, str] = field(default_factory=dict)
    to_data: str = ACCEPTED

    @property
    def messages(self) -> list[EmailMessage]:
        """The accepted mails, oldest first."""
        return [message_from_bytes(mail.original_content or b"", policy=policy.default) for mail in self.envelopes]

    def refuse(self, recipient: str, answer: str = "550 no such mailbox") -> None:
        """Answer so to a recipient from now on; "250 OK" accepts again."""
        self.to_recipients[recipient] = answer

    def refuse_all(self, answer: str = "451 try again later") -> None:
        """Answer so to every mail's content from now on; "250 OK" accepts again."""
        self.to_data = answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        answer = self.to_recipients.get(address, ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep or refuse a mail."""
        if self.to_data == ACCEPTED:
            self.envelopes.append(envelope)
        return self.to_data


@contextmanager
def running(port: int | None = None) -> Iterator[MailServer]:
    """Run a mail server for the block, on a port or on any that is free."""
    server = MailServer("127.0.0.1", port or free_port())
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
