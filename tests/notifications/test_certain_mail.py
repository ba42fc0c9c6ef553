"""Mail is certain: whatever the server does, its log says that it accepted every mail once when it was well again."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.database import transaction
from domain.people import Role, RoleName
from notifications import courier
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, outbox, settings_for
from tests.servers import certificates, scripted
from tests.servers.certificates import VALID_FROM
from tests.servers.mail import MailServer
from tests.servers.scripted import CAREFUL, HANG_UP, POLITE, SILENCE, Answer, ScriptedServer, greylisting, some

HALF_AN_HOUR = timedelta(minutes=30)
EVERYBODY = {"top.ann": 1, "top.ben": 1, "top.cem": 1}
SIGNED_IN: dict[str, Any] = {"smtp_start_tls": True, "smtp_user": "pdca", "smtp_password": "secret"}


def three_invitations(database: Database) -> None:
    """Open a unit whose three respondents are to be invited, with an administrator."""
    with transaction(database.engine) as session:
        firm = an_open_quarter(session, below=())
        session.add(Role(person_id=firm.people["quality"].id, name=RoleName.ADMINISTRATOR))


def deliver_to(server: ScriptedServer, database: Database, clock: datetime = OPENED, **more: Any) -> dict[str, int]:
    settings = settings_for(MailServer(server.host, server.port), smtp_timeout=0.5, **more)
    return asyncio.run(courier.deliver(database.engine, settings, OPENED, clock=lambda: clock))


def accepted(server: ScriptedServer) -> Counter[str]:
    """Count the mails that the server keeps, by person."""
    return Counter(person for person, _id in server.accepted)


def from_the_second_on(answer: str, polite: str = "250 OK") -> Callable[[str], str]:
    """Return answers that are polite at first."""
    asked: list[str] = []

    def say(said: str) -> str:
        asked.append(said)
        return answer if len(asked) > 1 else polite

    return say


def slowly(_said: str) -> str:
    """Answer as late as is just not too late."""
    time.sleep(0.2)
    return "250 OK"


@pytest.mark.parametrize(
    ("script", "in_the_first_run"),
    [
        (lambda: {"content": slowly, "RCPT": slowly}, 3),
        (lambda: {"greeting": "421 too many connections"}, 0),
        (lambda: {"MAIL": from_the_second_on("421 closing")}, 1),
        (lambda: {"RCPT": from_the_second_on("421 closing")}, 1),
        (lambda: {"content": from_the_second_on("421 closing")}, 1),
        (lambda: {"MAIL": HANG_UP}, 0),
        (lambda: {"RCPT": HANG_UP}, 0),
        (lambda: {"RCPT": from_the_second_on(HANG_UP)}, 1),
        (lambda: {"RCPT": SILENCE}, 0),
        (lambda: {"DATA": HANG_UP}, 0),
        (lambda: {"DATA": "451 not now"}, 0),
        (lambda: {"MAIL": "451 come back later"}, 0),
        (lambda: {"RCPT": "451 come back later"}, 0),
        (lambda: {"RCPT": some(top_ben="451 come back later")}, 2),
        (lambda: {"content": "451 come back later"}, 0),
    ],
)
def test_whatever_the_server_did_every_mail_was_accepted_once_in_the_end(
    sqlite_database: Database, script: Callable[[], dict[str, Answer]], in_the_first_run: int
) -> None:
    three_invitations(sqlite_database)
    with scripted.running(script()) as server:
        deliver_to(server, sqlite_database)
        before = accepted(server).total()
        server.script.update(POLITE)
        deliver_to(server, sqlite_database, OPENED + HALF_AN_HOUR)
        deliver_to(server, sqlite_database, OPENED + 2 * HALF_AN_HOUR)

    assert (before, accepted(server)) == (in_the_first_run, EVERYBODY)


def test_a_server_that_puts_off_everybody_it_does_not_know_gets_each_mail_when_it_is_tried_again(
    database: Database,
) -> None:
    three_invitations(database)
    with scripted.running({"RCPT": greylisting()}) as server:
        first = deliver_to(server, database)
        again = deliver_to(server, database, OPENED + HALF_AN_HOUR)

    assert (first, again) == ({"mails put off": 3}, {"mails sent": 3})
    assert accepted(server) == EVERYBODY


@pytest.mark.parametrize("answer", [HANG_UP, SILENCE])
def test_only_a_mail_whose_answer_was_lost_is_repeated_and_it_is_the_same_mail(database: Database, answer: str) -> None:
    three_invitations(database)
    with scripted.running({"content": lambda to: answer if to == "top.ben" else "250 OK"}) as server:
        deliver_to(server, database)
        server.script.update(POLITE)
        deliver_to(server, database, OPENED + HALF_AN_HOUR)

    assert accepted(server) == {**EVERYBODY, "top.ben": 2}
    assert len(set(server.accepted)) == len(set(server.contents)) == 3


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (some(top_ben="550 no such mailbox"), ["sent", "dead", "sent"]),
        (lambda _said: "550 no such mailbox", ["dead", "dead", "dead"]),
    ],
)
def test_a_recipient_refused_for_good_gets_none_is_told_apart_and_hinders_nobody(
    database: Database, refused: Callable[[str], str], expected: list[str]
) -> None:
    three_invitations(database)
    with scripted.running({"RCPT": refused}) as server:
        deliver_to(server, database)
        deliver_to(server, database, OPENED + HALF_AN_HOUR)

    assert accepted(server).total() == expected.count("sent")
    assert [(status, reason) for _key, status, reason in outbox(database)] == [
        (each, "550 no such mailbox" if each == "dead" else None) for each in expected
    ]


@pytest.mark.parametrize("welcome", [0, 1])
def test_a_sender_refused_stops_the_mail_calls_once_and_all_goes_out_when_it_is_mended(
    database: Database, welcome: int
) -> None:
    three_invitations(database)
    refusing = "550 this sender is not yours"
    with scripted.running({"MAIL": from_the_second_on(refusing) if welcome else refusing}) as server:
        deliver_to(server, database)
        deliver_to(server, database, OPENED + HALF_AN_HOUR)
        before = accepted(server).total()
        server.script.update(POLITE)
        deliver_to(server, database, OPENED + 2 * HALF_AN_HOUR)

    assert before == welcome
    assert accepted(server) == {**EVERYBODY, "quality": 1}


@pytest.mark.parametrize(
    ("script", "valid_until", "reason"),
    [
        ({"AUTH": "535 wrong password"}, None, "535 wrong password"),
        ({"EHLO": "250 here"}, None, "SMTP STARTTLS extension not supported by server."),
        ({}, VALID_FROM + timedelta(days=1), "certificate has expired"),
    ],
)
def test_a_server_that_cannot_be_trusted_or_does_not_trust_us_gets_no_mail_until_it_is_mended(
    database: Database,
    script: dict[str, Answer],
    valid_until: datetime | None,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three_invitations(database)
    context = certificates.server_context(tmp_path, **({"valid_until": valid_until} if valid_until else {}))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with scripted.running(script, tls=context) as server:
        deliver_to(server, database, **SIGNED_IN)
        deliver_to(server, database, OPENED + HALF_AN_HOUR, **SIGNED_IN)
        refused = {(status, (said or "").partition(reason)[1]) for _key, status, said in outbox(database)}
        steps = set(server.steps)
        server.script.update(CAREFUL)
        server.tls = certificates.server_context(tmp_path)
        deliver_to(server, database, OPENED + 2 * HALF_AN_HOUR, **SIGNED_IN)

    assert refused == {("queued", reason)}
    assert not steps & {"MAIL", "RCPT", "DATA"}
    assert accepted(server) == {**EVERYBODY, "quality": 1}
