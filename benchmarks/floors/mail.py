"""The floor of mail: a bare aiosmtplib loop that hands over mails which lie ready, over one connection."""

import asyncio
from functools import partial
from pathlib import Path

import aiosmtplib

from benchmarks.mail_server import answering
from benchmarks.mails import SENDER, written
from benchmarks.measuring import measure_with
from benchmarks.outcome import accepted

ANSWERS_AFTER_MS = 5


def mail(folder: Path, port: int) -> None:
    """Hand over every mail of the folder."""
    asyncio.run(_hand_over(folder, port))


async def _hand_over(folder: Path, port: int) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="localhost") as client:
        for recipient, content in written(folder):
            await client.sendmail(SENDER, [recipient], content)


if __name__ == "__main__":
    measure_with(partial(answering, delay_ms=ANSWERS_AFTER_MS), mail, accepted)
