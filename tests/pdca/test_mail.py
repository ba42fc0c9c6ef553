"""The outbox as it is looked at."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from config.database import reading, transaction
from domain.organisation import organisation
from notifications import outbox
from notifications.outbox import Message, MessageStatus
from tests.builders import OPENING, Firm
from tests.conftest import Database
from tests.pdca.conftest import Command


@pytest.fixture
def mails(database: Database, firm: Firm) -> None:
    """A mail to ann that waits with its bytes, and one to ben that was given up."""
    mail = EmailMessage()
    mail["Subject"] = "Ward 3: please answer 8 topics by Thu 15 Oct"
    mail.set_content("Anna, please answer.\nStart: https://pdca.example.org/r/sEcReT-token_1\n")
    with transaction(database.engine) as session:
        organisation(session).time_zone = "Europe/Berlin"
        session.add_all(
            [
                Message(
                    key="invitation/1",
                    template="invitation",
                    person_id=firm.people["u1.ann"].id,
                    due_at=OPENING,
                    composed=mail.as_bytes(),
                ),
                Message(
                    key="invitation/2",
                    template="invitation",
                    person_id=firm.people["u1.ben"].id,
                    due_at=OPENING - timedelta(hours=1),
                    status=MessageStatus.DEAD,
                    attempts=3,
                    reason="550 no such mailbox",
                    ended_at=OPENING,
                ),
            ]
        )


@pytest.mark.usefixtures("mails")
def test_mails_are_listed_the_newest_first(pdca: Command) -> None:
    ran = pdca("mail", "list")

    assert ran.code == 0
    assert ran.lines[-5:] == [
        "1 u1.ann invitation queued 2026-04-07 0",
        "11:00",
        "2 u1.ben invitation dead 2026-04-07 2026-04-07 3 550 no such",
        "10:00 11:00 mailbox",
        "Times are those of Europe/Berlin.",
    ]
    assert max(len(line) for line in ran.out.splitlines()) <= 100


@pytest.mark.usefixtures("mails")
def test_a_mail_that_was_put_off_says_why_and_when_it_is_tried_again(pdca: Command, database: Database) -> None:
    with transaction(database.engine) as session:
        waits = outbox.message(session, 1)
        waits.next_at = OPENING + timedelta(minutes=5)
        waits.reason = "Error connecting to 127.0.0.1 on port 2: [Errno 111] Connect call failed ('127.0.0.1', 2)"

    listed, shown = pdca("mail", "list", "--status", "queued"), pdca("mail", "show", 1)

    assert listed.lines[-3:-1] == [
        "1 u1.ann invitation queued 2026-04-07 2026-04-07 0 Connection",
        "11:00 11:05 refused",
    ]
    assert "Next attempt 2026-04-07 11:05 CEST" in shown.lines


@pytest.mark.usefixtures("mails")
def test_programs_read_only_those_that_stand_somewhere(pdca: Command) -> None:
    ran = pdca("mail", "list", "--status", "dead", "--json")

    assert ran.json["mails"] == [
        {
            "number": 2,
            "key": "invitation/2",
            "to": "u1.ben",
            "template": "invitation",
            "subject": {},
            "status": "dead",
            "due_at": "2026-04-07T08:00:00+00:00",
            "attempts": 3,
            "next_at": None,
            "ended_at": "2026-04-07T09:00:00+00:00",
            "reason": "550 no such mailbox",
            "message_id": None,
        }
    ]


@pytest.mark.usefixtures("mails")
def test_links_in_a_mail_are_masked(pdca: Command) -> None:
    shown = pdca("mail", "show", 1)
    read = pdca("mail", "show", 1, "--json")

    assert shown.lines[0] == "1 Ward 3: please answer 8 topics by Thu 15 Oct"
    assert shown.lines[-2:] == ["Anna, please answer.", "Start: https://pdca.example.org/…"]
    assert "sEcReT" not in shown.out + read.out


@pytest.mark.usefixtures("mails")
def test_a_mail_that_ended_has_no_text(pdca: Command) -> None:
    assert pdca("mail", "show", 2).lines[-1] == "Its text was blanked when it had come to its end."


@pytest.mark.usefixtures("mails")
def test_a_dead_mail_is_tried_again_on_demand(pdca: Command, database: Database) -> None:
    ran = pdca("mail", "retry", 2, "--as-of", "2026-04-08T10:00")

    assert ran.out == "Mail 2 is tried again at the next turn.\n"
    with reading(database.engine) as session:
        found = outbox.message(session, 2)
        assert (found.status, found.attempts) == (MessageStatus.QUEUED, 0)


@pytest.mark.usefixtures("firm")
def test_an_unknown_mail_is_refused(pdca: Command) -> None:
    ran = pdca("mail", "show", 9)

    assert (ran.code, ran.err) == (2, "no mail has the number 9; `pdca mail list` shows them\n")
