"""Couriers side by side, killed, or with a database in use: every mail arrives, and only a lost answer repeats it."""

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation

from config.database import transaction
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, deliver, recipient, start_courier, statuses
from tests.servers import scripted
from tests.servers.mail import MailServer, free_port


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


def test_two_couriers_at_once_send_every_mail_once(database: Database) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=[f"u{number}" for number in range(30)])
    both_are_here = threading.Barrier(2, timeout=60)

    def greeting(_said: str) -> str:
        both_are_here.wait()
        return "220 ready"

    with scripted.running({"greeting": greeting}) as server:
        couriers = [start_courier(database, server.port) for _courier in range(2)]
        ended = [courier.wait(60) for courier in couriers]

    people = [person for person, _id in server.accepted]
    assert (ended, len(people), len(set(people))) == ([0, 0], 93, 93)
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
    couriers: list[subprocess.Popen[bytes]] = []

    class Killing(MailServer):
        async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if len(self.envelopes) == 2:
                couriers[0].kill()
                couriers[0].wait()
            return answer

    with answering(Killing("127.0.0.1", free_port())) as server:
        couriers.append(start_courier(database, server.port))
        couriers[0].wait(60)

    counts = deliver(database, mail_server, OPENED)

    assert counts == {"mails sent": 2}
    assert [recipient(mail) for mail in server.messages] == ["top.ann", "top.ben"]
    assert [recipient(mail) for mail in mail_server.messages] == ["top.ben", "top.cem"]
    assert mail_server.envelopes[0].content == server.envelopes[1].content
