"""Talking to the mail server: each answer is told apart by what it asks us to do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from config.settings import Settings
from notifications import smtp
from notifications.smtp import Answer, Outcome
from tests.servers import certificates, scripted
from tests.servers.mail import MailServer, free_port
from tests.servers.scripted import HANG_UP, SILENCE, ScriptedServer

MAIL = b"Subject: hello\r\n\r\nhello\r\n"


def settings_for(server: MailServer | ScriptedServer, **more: Any) -> Settings:
    given = {"data": Path("nowhere"), "smtp_host": server.host, "smtp_port": server.port, "smtp_timeout": 2}
    return Settings(**(given | more))


def send(server: MailServer | ScriptedServer, *recipients: str, **more: Any) -> list[Answer]:
    """Send a mail to each recipient on one line, for as long as it is open."""

    async def talk() -> list[Answer]:
        async with smtp.connected(settings_for(server, **more)) as line:
            return [
                await line.send("quality@example.org", recipient, MAIL)
                for recipient in recipients or ("anna@example.org",)
                if line.is_open
            ]

    return asyncio.run(talk())


@contextmanager
def encrypted(folder: Path, **more: Any) -> Iterator[MailServer]:
    """Run a mail server that speaks TLS after STARTTLS."""
    server = MailServer("127.0.0.1", free_port())
    context = certificates.server_context(folder)
    controller = Controller(server, hostname=server.host, port=server.port, tls_context=context, **more)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def test_a_batch_of_mails_goes_over_one_connection(mail_server: MailServer) -> None:
    answers = send(mail_server, "anna@example.org", "ben@example.org")

    assert answers == [Answer(Outcome.ACCEPTED)] * 2
    assert [envelope.rcpt_tos for envelope in mail_server.envelopes] == [["anna@example.org"], ["ben@example.org"]]
    assert mail_server.envelopes[0].content == MAIL


def test_a_refused_recipient_hinders_no_other(mail_server: MailServer) -> None:
    mail_server.refuse("anna@example.org")
    mail_server.refuse("ben@example.org", "450 mailbox busy")

    answers = send(mail_server, "anna@example.org", "ben@example.org", "cem@example.org")

    assert answers == [
        Answer(Outcome.REFUSED, "550 no such mailbox"),
        Answer(Outcome.LATER, "450 mailbox busy"),
        Answer(Outcome.ACCEPTED),
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"content": "554 looks like spam"}, Answer(Outcome.REFUSED, "554 looks like spam")),
        ({"content": "451 try again"}, Answer(Outcome.LATER, "451 try again")),
        ({"DATA": "452 disk is full"}, Answer(Outcome.LATER, "452 disk is full")),
        ({"MAIL": "552 too large"}, Answer(Outcome.REFUSED, "552 too large")),
        ({"MAIL": "451 greylisted"}, Answer(Outcome.LATER, "451 greylisted")),
        ({"RCPT": HANG_UP}, Answer(Outcome.LATER, "Unexpected EOF received")),
        ({"content": HANG_UP}, Answer(Outcome.UNSURE, "Unexpected EOF received")),
        ({"RCPT": SILENCE}, Answer(Outcome.LATER, "Timed out waiting for server response")),
        ({"content": SILENCE}, Answer(Outcome.UNSURE, "Timed out waiting for server response")),
        ({"content": "251 will forward"}, Answer(Outcome.UNSURE, "251 will forward")),
        ({"content": "yes, of course"}, Answer(Outcome.UNSURE, "-1 Malformed SMTP response line: yes, of course\r\n")),
    ],
)
def test_an_answer_says_what_becomes_of_a_mail(script: dict[str, str], expected: Answer) -> None:
    with scripted.running(script) as server:
        assert send(server, smtp_timeout=0.5) == [expected]


@pytest.mark.parametrize(
    "script", [{"RCPT": HANG_UP}, {"content": SILENCE}, {"RCPT": "421 closing"}, {"content": "yes"}]
)
def test_after_a_lost_connection_the_line_is_closed(script: dict[str, str]) -> None:
    with scripted.running(script) as server:
        assert len(send(server, "anna@example.org", "ben@example.org", smtp_timeout=0.5)) == 1


@pytest.mark.parametrize(
    "script", [{"greeting": "421 busy"}, {"greeting": HANG_UP}, {"greeting": SILENCE}, {"EHLO": HANG_UP}]
)
def test_a_server_that_is_busy_or_silent_is_unreachable(script: dict[str, str]) -> None:
    with scripted.running(script) as server, pytest.raises(smtp.Unreachable):
        send(server, smtp_timeout=0.5, smtp_user="pdca", smtp_password="secret")


def test_a_server_that_is_down_is_unreachable() -> None:
    with pytest.raises(smtp.Unreachable, match=r"Error connecting to 127\.0\.0\.1"):
        send(MailServer("127.0.0.1", free_port()))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"greeting": "554 no service for you"}, "554 no service for you"),
        ({"MAIL": "530 sign in first"}, "530 sign in first"),
        ({"MAIL": "550 this sender is not yours"}, "550 this sender is not yours"),
        ({"RCPT": "530 sign in first"}, "530 sign in first"),
    ],
)
def test_a_server_that_refuses_us_turns_us_away(script: dict[str, str], words: str) -> None:
    with scripted.running(script) as server, pytest.raises(smtp.TurnedAway, match=words):
        send(server)


def test_a_server_without_encryption_turns_us_away_where_encryption_is_asked(mail_server: MailServer) -> None:
    with pytest.raises(smtp.TurnedAway, match="STARTTLS extension not supported"):
        send(mail_server, smtp_start_tls=True)

    assert mail_server.envelopes == []


def test_a_server_without_sign_in_turns_us_away_where_we_have_a_password(mail_server: MailServer) -> None:
    with pytest.raises(smtp.TurnedAway, match="AUTH extension is not supported"):
        send(mail_server, smtp_user="pdca", smtp_password="secret")


def test_a_certificate_that_nobody_vouches_for_turns_us_away(tmp_path: Path) -> None:
    with encrypted(tmp_path) as server, pytest.raises(smtp.TurnedAway, match="certificate verify failed"):
        send(server, smtp_start_tls=True)

    assert server.envelopes == []


def test_mail_travels_encrypted_after_signing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def authenticator(*told: Any) -> AuthResult:
        known = told[-1] == LoginPassword(b"pdca", b"secret")
        return AuthResult(success=known, handled=False)

    with encrypted(tmp_path, authenticator=authenticator, auth_required=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        signed_in: dict[str, Any] = {"smtp_start_tls": True, "smtp_user": "pdca"}

        answers = send(server, smtp_password="secret", **signed_in)
        with pytest.raises(smtp.TurnedAway, match="535"):
            send(server, smtp_password="wrong", **signed_in)

    assert answers == [Answer(Outcome.ACCEPTED)]
    assert len(server.envelopes) == 1
