"""The wheel as Prefect runs it: once, twice, late, and two at once."""

from pathlib import Path

from sqlalchemy import select

from config.database import reading
from notifications.outbox import Message
from tests.conftest import Database
from tests.flows.ground import CLOSED, answered, environment, everything_due, newest_report, picture, start_turn
from tests.servers.mail import MailServer
from tests.servers.prefect import PrefectServer


def test_a_turn_closes_scores_finds_drafts_and_mails_and_a_second_one_changes_nothing(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    variables = environment(database.url, tmp_path, prefect_server, **mail)
    answered(database.engine)

    first = start_turn(CLOSED, variables)
    _said, errors = first.communicate(timeout=120)
    assert first.returncode == 0, errors
    after_one = picture(database.engine)
    second = start_turn(CLOSED, variables)
    second.communicate(timeout=120)

    assert len(after_one["score"]) == 9
    assert [row for row in after_one["cycle"] if "planned" in row] == after_one["cycle"]
    assert len(after_one["action"]) == 2
    assert picture(database.engine) == after_one


def test_two_turns_at_once_do_the_work_once(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    variables = environment(database.url, tmp_path, prefect_server, **mail)
    answered(database.engine)

    turns = [start_turn(CLOSED, variables) for _ in range(2)]
    ended = [(turn.communicate(timeout=180), turn.returncode) for turn in turns]
    start_turn(CLOSED, variables).communicate(timeout=120)

    assert [code for _said, code in ended] == [0, 0]
    found = picture(database.engine)
    assert len(found["score"]) == 9
    assert len(found["action"]) == 2
    sent = [message["Message-ID"] for message in mail_server.messages]
    assert len(sent) == len(set(sent)) == len(found["message"])


def test_a_turn_reports_to_prefect_what_it_did(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    answered(database.engine)

    start_turn(CLOSED, environment(database.url, tmp_path, prefect_server, **mail)).communicate(timeout=120)

    said = newest_report(prefect_server)
    assert said[:2] == ["# Turn as of 2026-05-04T18:00+00:00", ""]
    assert said[-1] == f"| mails sent | {len(mail_server.messages)} |"
    assert "| assessments scored | 5 |" in said


def test_a_turn_reports_mails_that_did_not_leave(
    sqlite_database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    mail_server.refuse_all()
    everything_due(sqlite_database.engine)

    start_turn(CLOSED, environment(sqlite_database.url, tmp_path, prefect_server, **mail)).communicate(timeout=120)

    with reading(sqlite_database.engine) as session:
        waiting = len(session.scalars(select(Message.id).where(Message.attempts == 1)).all())
    assert newest_report(prefect_server)[-1] == f"| mails put off | {waiting} |"
