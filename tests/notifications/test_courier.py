"""The courier: every mail once and certainly, whatever the server answers, however many couriers there are."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config.database import engine_of, reading, transaction
from domain.people import Person, Role, RoleName
from notifications import courier, outbox, rules
from notifications.outbox import UNSURE, Message
from notifications.views import desk
from tests.builders import at
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, arrived, deliver, recipient, settings_for, statuses
from tests.notifications.post import outbox as listed
from tests.servers import scripted, sqlite
from tests.servers.mail import MailServer, free_port
from tests.servers.scripted import HANG_UP, ScriptedServer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CLOSED = at("2026-04-17", 17)
"""An hour after the assessments of the quarter have closed."""


def three_invitations(database: Database) -> None:
    """Open one unit, whose three respondents are to be invited."""
    with transaction(database.engine) as session:
        firm = an_open_quarter(session, below=())
        session.add(Role(person_id=firm.people["quality"].id, name=RoleName.ADMINISTRATOR))


def deliver_to(
    database: Database, server: ScriptedServer, clock: datetime = OPENED, now: datetime = OPENED
) -> dict[str, int]:
    settings = settings_for(MailServer(server.host, server.port), smtp_timeout=1)
    return asyncio.run(courier.deliver(database.engine, settings, now, clock=lambda: clock))


def stored(database: Database, key: str) -> Message:
    with reading(database.engine) as session:
        return session.scalars(select(Message).where(Message.key == key)).one()


ANN, BEN, CEM = (f"invitation/wheel/2026-Q2/top/top.{name}" for name in ("ann", "ben", "cem"))


def test_delivering_twice_sends_every_mail_once(database: Database, mail_server: MailServer) -> None:
    three_invitations(database)

    counts = [deliver(database, mail_server, OPENED) for _twice in range(2)]

    assert counts == [{"mails sent": 3}, {}]
    assert [person for person, _subject in arrived(mail_server)] == ["top.ann", "top.ben", "top.cem"]
    assert stored(database, ANN).composed is None


def test_a_mail_that_is_refused_for_good_is_dead_with_its_reason_and_the_rest_goes(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    mail_server.refuse("top.ann@example.org", "550 no such mailbox")

    counts = deliver(database, mail_server, OPENED)

    assert counts == {"mails dead": 1, "mails sent": 2}
    assert listed(database) == [(ANN, "dead", "550 no such mailbox"), (BEN, "sent", None), (CEM, "sent", None)]


def test_a_mail_that_cannot_be_written_keeps_no_other_back_and_calls_the_administrators(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    courier.decide(database.engine, OPENED)
    with transaction(database.engine) as session:
        session.scalars(select(Message).where(Message.key == ANN)).one().subject = {}

    counts = [deliver(database, mail_server, OPENED) for _twice in range(2)]

    assert counts == [{"mails put off": 1, "mails sent": 3}, {}]
    assert [person for person, _subject in arrived(mail_server)] == ["quality", "top.ben", "top.cem"]
    waits = stored(database, ANN)
    assert (waits.status, waits.reason, waits.attempts) == ("queued", outbox.UNWRITABLE, 1)


def test_a_mail_that_was_certainly_not_taken_is_written_anew_when_it_is_tried_again(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    mail_server.refuse("top.ann@example.org", "451 try again later")
    deliver(database, mail_server, OPENED)
    refused = stored(database, ANN)
    with transaction(database.engine) as session:
        session.scalars(select(Person).where(Person.key == "top.ann")).one().name = "Anna Renamed"
    mail_server.refuse("top.ann@example.org", "250 OK")
    mail_server.envelopes.clear()

    too_early = deliver(database, mail_server, OPENED + MINUTE / 2)
    later = deliver(database, mail_server, OPENED + 2 * MINUTE)

    assert (refused.status, refused.reason, refused.attempts) == ("queued", "451 try again later", 1)
    assert (refused.composed, refused.covers) == (None, {})
    assert (too_early, later) == ({}, {"mails sent": 1})
    [mail] = mail_server.messages
    assert (mail["To"], mail["Message-ID"]) == ("Anna Renamed <top.ann@example.org>", refused.message_id)
    assert stored(database, ANN).covers == {"as_of": (OPENED + 2 * MINUTE).isoformat()}


def test_a_mail_that_was_certainly_not_taken_is_not_sent_once_it_is_no_longer_true(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    mail_server.refuse("top.ann@example.org", "451 try again later")
    deliver(database, mail_server, OPENED)
    mail_server.refuse("top.ann@example.org", "250 OK")
    mail_server.envelopes.clear()

    counts = deliver(database, mail_server, CLOSED)

    assert counts == {"mails dropped": 1}
    assert mail_server.envelopes == []
    assert listed(database)[0] == (ANN, "dropped", "handed in, declined or closed meanwhile")


def test_a_mail_whose_answer_was_lost_stays_as_it_is_whatever_is_true_later(database: Database) -> None:
    three_invitations(database)
    with scripted.running({"content": HANG_UP}) as server:
        deliver_to(database, server)
        lost = stored(database, ANN)
        server.tell(content=HANG_UP, MAIL="451 greylisted")
        deliver_to(database, server, OPENED + 2 * MINUTE)
        put_off = stored(database, ANN)
        server.tell(content="250 OK", MAIL="250 OK")
        counts = deliver_to(database, server, OPENED + HOUR, now=CLOSED)

    assert (put_off.composed, put_off.covers) == (lost.composed, lost.covers)
    assert (lost.reason, put_off.reason) == (f"{UNSURE} (Unexpected EOF received)", "451 greylisted")
    assert counts == {"mails sent": 3}
    assert sorted(server.contents[:3]) == sorted(server.contents[3:])


def test_a_mail_whose_answer_was_lost_goes_again_under_the_same_id(database: Database) -> None:
    three_invitations(database)
    with scripted.running({"content": HANG_UP}) as server:
        counts = deliver_to(database, server)
        reason = stored(database, ANN).reason
        server.tell(content="250 OK")
        again = deliver_to(database, server, OPENED + 2 * MINUTE)

    assert (counts, again) == ({"mails put off": 3}, {"mails sent": 3})
    assert reason == f"{UNSURE} (Unexpected EOF received)"
    assert len(server.contents) == 6
    assert sorted(server.contents[:3]) == sorted(server.contents[3:])


def test_a_connection_lost_before_the_content_is_opened_again_for_the_others(database: Database) -> None:
    three_invitations(database)
    with scripted.running({"RCPT": HANG_UP}) as server:
        counts = deliver_to(database, server)

    assert counts == {"mails put off": 3}
    assert server.contents == []
    assert [(each[1], each[2]) for each in listed(database)] == [("queued", "Unexpected EOF received")] * 3


def test_a_server_that_is_down_puts_the_mails_off_and_the_turn_goes_on(database: Database) -> None:
    three_invitations(database)

    counts = deliver(database, MailServer("127.0.0.1", free_port()), OPENED)

    waiting = stored(database, ANN)
    assert counts == {"mails put off": 3}
    assert statuses(database) == {"queued": 4}  # three invitations, and the alarm for when it lasts
    assert (waiting.status, waiting.attempts, waiting.composed, waiting.next_at) == (
        "queued",
        0,
        None,
        OPENED + 5 * MINUTE,
    )


def test_waits_double_from_a_minute_to_twelve_hours_and_end_after_three_days(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    mail_server.refuse_all("451 try again later")
    clock, waits = OPENED, list[timedelta]()
    while not waits or stored(database, ANN).status == "queued":
        deliver(database, mail_server, OPENED, clock=clock)
        next_at = stored(database, ANN).next_at
        waits.append((next_at or clock) - clock)
        clock = next_at or clock

    assert all(wait <= 12 * HOUR for wait in waits)
    assert all(one <= other * 1.25 for one, other in pairwise(waits[:-1]))
    assert [MINUTE <= waits[0] <= 1.25 * MINUTE, waits[-2], waits[-1]] == [True, 12 * HOUR, timedelta(0)]
    dead = stored(database, ANN)
    assert dead.status == "dead"
    assert (dead.ended_at or OPENED) - OPENED >= courier.GIVEN_UP_AFTER
    assert dead.composed is None


def test_the_spread_of_a_wait_depends_on_the_mail_alone() -> None:
    def wait(message_id: str) -> datetime | None:
        message = Message(key="k", template="digest", person_id=1, due_at=OPENED, message_id=message_id)
        return courier.next_try(message, OPENED)

    assert wait("<a@x>") == wait("<a@x>")
    assert wait("<a@x>") != wait("<b@x>")


def test_a_wrong_password_stops_the_queue_and_calls_the_administrators_once(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    signed_in: dict[str, Any] = {"smtp_user": "pdca", "smtp_password": "secret"}

    stopped = deliver(database, mail_server, OPENED, **signed_in)
    soon = deliver(database, mail_server, OPENED, clock=OPENED + 5 * MINUTE, **signed_in)
    later = deliver(database, mail_server, OPENED, clock=OPENED + 16 * MINUTE, **signed_in)
    mended = deliver(database, mail_server, OPENED, clock=OPENED + HOUR)

    assert (stopped, soon, later, mended) == ({"mails put off": 3}, {}, {"mails put off": 4}, {"mails sent": 4})
    assert [person for person, _subject in arrived(mail_server)] == ["quality", "top.ann", "top.ben", "top.cem"]
    assert stored(database, ANN).attempts == 0


def test_accepted_mails_are_kept_as_files_where_asked(
    database: Database, mail_server: MailServer, tmp_path: Path
) -> None:
    three_invitations(database)
    mail_server.refuse("top.cem@example.org")

    deliver(database, mail_server, OPENED, keep_eml=tmp_path / "mails")

    kept = sorted((tmp_path / "mails").iterdir())
    assert [file.name for file in kept] == ["00001-invitation.eml", "00002-invitation.eml"]
    assert [file.read_bytes() for file in kept] == [envelope.content for envelope in mail_server.envelopes]


def test_a_person_whose_address_cannot_be_used_gets_none_and_the_reason_is_told(
    database: Database, mail_server: MailServer
) -> None:
    three_invitations(database)
    with transaction(database.engine) as session:
        session.scalars(select(Person).where(Person.key == "top.ann")).one().mail = "änn@example.org"

    deliver(database, mail_server, OPENED)

    assert [recipient(mail) for mail in mail_server.messages] == ["top.ben", "top.cem"]
    assert listed(database)[0][1:] == (
        "dead",
        "änn@example.org has letters before the @ that not every mail server takes; use an address without them",
    )


def test_more_mails_take_no_more_statements_to_decide_and_to_write(tmp_path: Path) -> None:
    def count(units: int) -> int:
        url = sqlite.new_database(tmp_path / f"{units}.db")
        database = Database(url, engine_of(url))
        with transaction(database.engine) as session:
            an_open_quarter(session, below=[f"u{number}" for number in range(units)])
        with database.statements() as sent:
            courier.decide(database.engine, OPENED)
            with reading(database.engine) as session:
                messages = outbox.listed(session, limit=1000)
                rules.views(session, messages, desk(session, messages, "", OPENED))
        database.engine.dispose()
        assert len(messages) == 3 * (units + 1)
        return len(sent)

    assert count(20) == count(1)


def test_a_database_without_an_organisation_has_no_mail(database: Database, mail_server: MailServer) -> None:
    assert deliver(database, mail_server, OPENED) == {}
    with reading(database.engine) as session:
        assert outbox.listed(session) == []
