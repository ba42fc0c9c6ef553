"""The demo's mailbox: a real mail server that keeps what it accepts."""

import asyncio
from pathlib import Path

import aiosmtplib

from pdca import mailbox

MAIL = b"Subject: hello\r\n\r\n.a line that begins with a dot\r\n"


async def send(port: int, *people: str) -> None:
    """Send a mail to each person over one connection."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as server:
        for person in people:
            await server.sendmail("quality@example.org", f"{person}@example.org", MAIL)


def test_accepted_mails_are_kept_as_files_in_their_order(tmp_path: Path) -> None:
    with mailbox.running(tmp_path / "mails") as port:
        asyncio.run(send(port, "anna", "ben"))

    kept = sorted((tmp_path / "mails").iterdir())
    assert [file.name for file in kept] == ["00001-anna@example.org.eml", "00002-ben@example.org.eml"]
    assert [file.read_bytes() for file in kept] == [MAIL, MAIL]


def test_without_a_folder_mails_are_accepted_and_forgotten(tmp_path: Path) -> None:
    with mailbox.running() as port:
        asyncio.run(send(port, "anna"))

    assert list(tmp_path.iterdir()) == []
