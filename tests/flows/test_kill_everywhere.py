"""A turn with its mails, killed everywhere and started again, leaves what an undisturbed one leaves, on SQLite.

This is below Prefect: steps as they are and the courier, in forks of a warm process. `test_kill.py` kills by seed
through Prefect and on PostgreSQL.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from config.database import engine_of, reading
from domain.wheel import WHEEL
from notifications.outbox import Message, MessageStatus
from tests.conftest import Database
from tests.flows.ground import CLOSED, everything_due, picture
from tests.servers.mail import MailServer

MANY_TURNS = Path(__file__).with_name("many_turns.py")


@dataclass(frozen=True)
class Turns:
    """A warm process whose forks turn the wheel of databases, each a copy of the same one."""

    process: subprocess.Popen[str]
    model: Path
    folder: Path

    def copy(self, name: str) -> str:
        """Return the URL of a database that nobody has turned yet."""
        file = self.folder / f"{name}.db"
        shutil.copy(self.model, file)
        return f"sqlite:///{file}"

    def turn(self, url: str, kill_after: str = "") -> tuple[int, int]:
        """Turn once; returns how the fork ended, and how many commits it made (0 where it was killed)."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{url} {CLOSED.isoformat()} {kill_after}\n")
        self.process.stdin.flush()
        code, _space, commits = self.process.stdout.readline().strip().partition(" ")
        return int(code), int(commits or 0)


@pytest.fixture
def turns(sqlite_database: Database, mail_server: MailServer, tmp_path: Path) -> Iterator[Turns]:
    everything_due(sqlite_database.engine)
    sqlite_database.engine.dispose()
    model = Path(str(sqlite_database.engine.url.database))
    with warm(model, mail_server, tmp_path) as process:
        yield Turns(process, model, tmp_path)


@contextmanager
def warm(model: Path, mail_server: MailServer, folder: Path) -> Iterator[subprocess.Popen[str]]:
    own = {"PDCA_DATA": str(folder), "PYTHONPATH": str(Path.cwd())}
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    warm_up = shutil.copy(model, folder / "warm.db")
    process = subprocess.Popen(
        [sys.executable, str(MANY_TURNS), f"sqlite:///{warm_up}", CLOSED.isoformat()],
        env=os.environ | own | mail,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.communicate(timeout=30)
    assert process.returncode == 0


def pictured(url: str) -> dict[str, list[str]]:
    engine = engine_of(url)
    found = picture(engine)
    engine.dispose()
    return found


def sent(url: str) -> list[str]:
    """Return the Message-IDs that the outbox says were sent."""
    engine = engine_of(url)
    with reading(engine) as session:
        rows = session.scalars(select(Message.message_id).where(Message.status == MessageStatus.SENT))
        found = sorted(map(str, rows))
    engine.dispose()
    return found


def accepted(mail_server: MailServer) -> list[tuple[str, bytes]]:
    """Return what the mail server's log says since the last look, and begin it anew."""
    contents = [envelope.original_content or b"" for envelope in mail_server.envelopes]
    log = [(str(mail["Message-ID"]), content) for mail, content in zip(mail_server.messages, contents, strict=True)]
    mail_server.envelopes.clear()
    return log


def test_a_turn_killed_after_each_commit_and_before_each_next_one_ends_like_an_undisturbed_one(
    turns: Turns, mail_server: MailServer
) -> None:
    accepted(mail_server)
    undisturbed = turns.copy("undisturbed")
    ended, commits = turns.turn(undisturbed)
    expected, mails = pictured(undisturbed), len(accepted(mail_server))
    assert (ended, mails) == (0, len(sent(undisturbed)))
    # After a mail's commit it is settled; before the next one the server has taken the next mail, and nobody knows.
    places = [f"{commit}{before}" for commit in range(1, commits) for before in ("", "+")]
    print(f"{commits} commits, {mails} mails; killed after each and before the next: {len(places)} times")
    assert len(places) >= len(WHEEL) + 2 * mails

    repeated = 0
    for place in places:
        url = turns.copy(place)
        assert turns.turn(url, place)[0] == -signal.SIGKILL, place
        before = accepted(mail_server)
        assert turns.turn(url)[0] == 0, place
        after = accepted(mail_server)

        assert pictured(url) == expected, place
        twice = sorted(set(dict(before)) & set(dict(after)))
        assert sorted({*dict(before), *dict(after)}) == sent(url), place
        assert len(before) + len(after) == mails + len(twice), place
        # Only the mail whose answer was lost with the process comes again, and it is the same mail.
        assert not twice or (place.endswith("+") and before[-1:] == after[:1] and twice == [before[-1][0]]), place
        repeated += len(twice)

    assert repeated == mails
