"""The summary: the quality team reads once per cycle what came out and which drafts wait."""

from config.database import transaction
from domain.events import record
from tests.builders import a_firm, answer_all, at
from tests.conftest import Database
from tests.domain.acts import turn
from tests.notifications.post import OPENED, arrived, deliver, html_of, texts
from tests.servers.mail import MailServer

CLOSED = at("2026-04-17", 16)


def a_planned_cycle(database: Database) -> None:
    """Have everybody say level 1 of a target of 3, and ann of the top unit level 3, until the cycle is planned."""
    with transaction(database.engine) as session:
        firm = a_firm(session, consensus_days=0)
        turn(session, OPENED)
        answer_all(session, firm.edition, {"1": 3, "2": 1, "10": 1}, OPENED)
        turn(session, CLOSED)


def test_the_quality_managers_are_told_once_that_drafts_wait(database: Database, mail_server: MailServer) -> None:
    a_planned_cycle(database)

    for _twice in range(2):
        deliver(database, mail_server, CLOSED)

    [summary] = [mail for mail in arrived(mail_server) if mail[0] == "quality"]
    assert summary == ("quality", "2026-Q2: 4 draft actions to read and release")


def test_the_summary_says_what_came_out_unit_by_unit(sqlite_database: Database, mail_server: MailServer) -> None:
    a_planned_cycle(sqlite_database)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text == (
        "Quality, please read 4 draft actions of 2026-Q2 (Programme) and release what is ripe by Friday 1 May.\n\n"
        "They are listed by: pdca actions list --status proposed. One is released by: pdca actions release NUMBER\n\n"
        "Continued actions: 0. Gaps put off for now: 0.\n\n"
        "Where the units stand (topics judged; at target, one below, two or more below; drafts):\n"
        "- Unit top: 1 of 1; 1, 0, 0; 0\n"
        "- Unit u1: 2 of 2; 0, 0, 2; 2\n"
        "- Unit u2: 2 of 2; 0, 0, 2; 2\n\n"
        "What was found:\n- 1 strength\n- 4 gaps\n- 4 opportunities for improvement\n"
        "- 1 judged high without evidence\n\n"
        "This mail goes to the quality team, once per cycle.\n"
    )
    [html] = [html_of(mail) for mail in mail_server.messages if "quality" in str(mail["To"])]
    assert html.count("<tr>") == 6


def test_a_cycle_without_drafts_says_so(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session, consensus_days=0, targets={"default": 1})
        turn(session, OPENED)
        answer_all(session, firm.edition, {}, OPENED)
        turn(session, CLOSED)
        record(session, "something else", firm.programme, by=None, now=CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text.startswith("Quality, 2026-Q2 of Programme is planned; no draft action waits for you.\n")
