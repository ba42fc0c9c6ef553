"""A courier killed at any step of its talk with the mail server: the next one goes on, and the server's log judges."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from config.database import reading, transaction
from notifications.claims import LEASE
from notifications.outbox import Message, MessageStatus, listed
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, deliver, start_courier, statuses
from tests.servers import certificates, scripted
from tests.servers.mail import MailServer
from tests.servers.scripted import CAREFUL, HANG_UP, ScriptedServer

SIGNED_IN: dict[str, Any] = {"smtp_start_tls": True, "smtp_user": "pdca", "smtp_password": "secret"}
PEOPLE = ["top.ann", "top.ben", "top.cem"]
ONCE_A_TALK = ("greeting", "EHLO", "STARTTLS", "AUTH")
ONCE_A_MAIL = ("MAIL", "RCPT", "DATA")
SECOND = timedelta(seconds=1)
NOTHING_BEGUN: tuple[dict[str, int], list[str]] = ({"sending": 3}, [])
LEFT = dict.fromkeys(ONCE_A_TALK, NOTHING_BEGUN) | {"QUIT": ({"sent": 3}, [])}
"""Where the mails stand after a kill, and whose may have arrived; at any other step, the second is under way."""


@contextmanager
def careful(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """Run a server that wants TLS and a password, and is trusted by whoever is started from here."""
    with scripted.running(tls=certificates.server_context(folder)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
        yield server


def killing(couriers: list[subprocess.Popen[bytes]], polite: scripted.Answer, nth: int) -> Callable[[str], str]:
    """Return answers that kill the courier when they are asked for the nth time."""
    asked: list[str] = []

    def answer(said: str) -> str:
        asked.append(said)
        if len(asked) == nth:
            couriers[0].kill()
            couriers[0].wait()
            return HANG_UP
        return str(polite)

    return answer


def killing_after_the_answer(couriers: list[subprocess.Popen[bytes]], database: Database) -> Callable[[str], str]:
    """Return answers to contents; once the second is heard, the courier is killed before it can settle the mail."""
    is_held = threading.Event()
    asked: list[str] = []

    def kill() -> None:
        with transaction(database.engine) as session:
            session.execute(update(Message).values(attempts=Message.attempts))
            is_held.set()
            time.sleep(0.3)
            couriers[0].kill()
            couriers[0].wait()

    def answer(said: str) -> str:
        asked.append(said)
        if len(asked) == 2:
            threading.Thread(target=kill).start()
            is_held.wait(10)
        return "250 OK"

    return answer


def begun(database: Database) -> list[str]:
    """Return the keys of the mails that are not at their end and that the server may have."""
    with reading(database.engine) as session:
        found = listed(session, MessageStatus.QUEUED, MessageStatus.SENDING)
        return [each.key.rpartition("/")[2] for each in found if each.may_have_arrived]


def run_and_be_killed(database: Database, server: ScriptedServer, step: str) -> None:
    """Run a courier against a server that kills it at a step, on another machine as far as the outbox knows."""
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())
    couriers: list[subprocess.Popen[bytes]] = []
    nth = 1 if step in (*ONCE_A_TALK, "QUIT") else 2
    if step == "answered":
        server.tell(content=killing_after_the_answer(couriers, database))
    else:
        server.tell(**{step: killing(couriers, CAREFUL[step], nth)})
    couriers.append(start_courier(database, server.port, **SIGNED_IN))
    assert couriers[0].wait(60) == -9
    server.script.update(CAREFUL)
    with transaction(database.engine) as session:
        session.execute(update(Message).where(Message.holder.is_not(None)).values(holder="elsewhere:1:x"))


@pytest.mark.parametrize("step", [*ONCE_A_TALK, *ONCE_A_MAIL, "content", "answered", "QUIT"])
def test_after_a_kill_at_any_step_every_mail_is_accepted_and_only_a_lost_answer_repeats_one(
    database: Database, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with careful(tmp_path, monkeypatch) as server:
        run_and_be_killed(database, server, step)
        after_the_kill, may_have_arrived = statuses(database), begun(database)
        to = MailServer(server.host, server.port)
        too_early = deliver(database, to, OPENED, clock=OPENED + LEASE, **SIGNED_IN)
        deliver(database, to, OPENED, clock=OPENED + LEASE + SECOND, **SIGNED_IN)

    repeated = ["top.ben"] if step in {"content", "answered"} else []
    assert [person for person, _id in server.accepted] == sorted([*PEOPLE, *repeated])
    assert len(set(server.accepted)) == len({each.content for each in server.log}) == 3
    assert (too_early, statuses(database)) == ({}, {"sent": 3})
    assert (after_the_kill, may_have_arrived) == LEFT.get(step, ({"sent": 1, "sending": 2}, ["top.ben"]))
