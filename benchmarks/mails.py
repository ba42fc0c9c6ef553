"""The mails of an opening: in the outbox for the product, and as files for a loop that only hands them over."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.mail_server import answering
from benchmarks.places import DATABASE, MAILS
from config.database import engine_of
from config.settings import Settings, load
from notifications import courier

SENDER = "quality@example.org"


def compose(engine: Engine, folder: Path, now: datetime) -> None:
    """Decide an opening's mails, and keep beside the outbox what a courier makes of a copy of it."""
    courier.decide(engine, now)
    engine.dispose()
    with tempfile.TemporaryDirectory() as elsewhere:
        copy = Path(elsewhere)
        shutil.copy(folder / DATABASE, copy / DATABASE)
        with answering(copy, delay_ms=0, keep=folder / MAILS) as port:
            deliver(copy, port, now)


def deliver(folder: Path, port: int, now: datetime) -> dict[str, int]:
    """Let the product's courier deliver what is due in a folder's outbox."""
    engine = engine_of(f"sqlite:///{folder / DATABASE}")
    try:
        return asyncio.run(courier.deliver(engine, settings(folder, port), now))
    finally:
        engine.dispose()


def settings(folder: Path, port: int) -> Settings:
    """Return settings for a mail server on a port of this machine."""
    return load(data=folder, smtp_host="127.0.0.1", smtp_port=port, sender=SENDER, contact="Quality team, 4711")


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the recipient and the content of each mail that was kept."""
    for file in sorted((folder / MAILS).iterdir()):
        yield file.name.partition("_")[2], file.read_bytes()
