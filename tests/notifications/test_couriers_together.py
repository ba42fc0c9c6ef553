"""Couriers side by side, killed, or with a database in use: every mail arrives, and only a lost answer repeats it."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation

from config.database import engine_of, transaction
from notifications import courier
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, arrived, deliver, recipient, settings_for, statuses
from tests.servers.mail import MailServer, free_port

ONE_DELIVERY = Path(__file__).with_name("one_delivery.py")


def three_invitations(database: Database) -> None:
    """Open one unit, whose three respondents are to be invited."""
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())


@contextmanager
def answering(server: MailServer) -> Iterator[MailServer]:
    """Run a mail server that does something of its own while a mail's content is handed over."""
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def test_two_couriers_at_once_send_every_mail_once(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=[f"u{number}" for number in range(30)])
    settings = settings_for(mail_server)
    ready = threading.Barrier(3)

    def run() -> None:
        engine = engine_of(database.url)
        ready.wait()
        asyncio.run(courier.deliver(engine, settings, OPENED, clock=lambda: OPENED))
        engine.dispose()

    couriers = [threading.Thread(target=run) for _courier in range(3)]
    for each in couriers:
        each.start()
    for each in couriers:
        each.join()

    people = [person for person, _subject in arrived(mail_server)]
    assert len(people) == len(set(people)) == 93
    assert statuses(database) == {"sent": 93}


def test_no_transaction_is_open_while_the_server_is_spoken_to(sqlite_database: Database) -> None:
    three_invitations(sqlite_database)
    file = sqlite_database.engine.url.database or ""

    class Writing(MailServer):
        async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:  # noqa: N802
            with sqlite3.connect(file, timeout=0) as connection:
                connection.execute("UPDATE organisation SET name = 'written meanwhile'")
            connection.close()
            return await super().handle_DATA(server, session, envelope)

    with answering(Writing("127.0.0.1", free_port())) as server:
        assert deliver(sqlite_database, server, OPENED) == {"mails sent": 3}


def test_after_a_kill_in_mid_mail_the_next_courier_goes_on_at_once_with_the_same_mail(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    started: list[subprocess.Popen[bytes]] = []

    class Killing(MailServer):
        async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if len(self.envelopes) == 2:
                started[0].kill()
                started[0].wait()
            return answer

    with answering(Killing("127.0.0.1", free_port())) as server:
        run = [sys.executable, str(ONE_DELIVERY), database.url, str(server.port), OPENED.isoformat()]
        started.append(subprocess.Popen(run, env={**os.environ, "PYTHONPATH": str(Path.cwd())}))
        started[0].wait(60)

    counts = deliver(database, mail_server, OPENED)

    assert counts == {"mails sent": 2}
    assert [recipient(mail) for mail in server.messages] == ["top.ann", "top.ben"]
    assert [recipient(mail) for mail in mail_server.messages] == ["top.ben", "top.cem"]
    assert mail_server.envelopes[0].content == server.envelopes[1].content
