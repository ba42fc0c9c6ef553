"""A mailbox on this machine: a real mail server that accepts every mail and keeps it, for the demo."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"


class _Mailbox:
    """Takes mails and, where it has a folder, keeps each as a file named by its number and its reader."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        number = next(self._numbers)
        if self._folder is not None:
            name = f"{number:05}-{envelope.rcpt_tos[0].replace('/', '_')}.eml"
            (self._folder / name).write_bytes(envelope.original_content or b"")
        return "250 OK"


@contextmanager
def running(folder: Path | None = None) -> Iterator[int]:
    """Run a mailbox for the block and give its port; mails are kept in the folder, or accepted and forgotten."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Mailbox(folder), hostname=LOOPBACK, port=_free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    # aiosmtpd's Controller connects to itself at its start, which port 0 does not allow.
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
