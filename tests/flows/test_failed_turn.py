"""A turn that fails: what was done stands, mails leave all the same, and the administrators are called."""

from pathlib import Path

from sqlalchemy import select, text

from config.database import reading, transaction
from domain.people import Person, Role, RoleName
from domain.turns import holder, latest_moment
from tests.conftest import Database
from tests.flows.ground import CLOSED, answered, environment, newest_report, start_turn
from tests.servers.mail import MailServer
from tests.servers.prefect import PrefectServer


def a_turn_that_fails(database: Database) -> None:
    """Store a firm whose turn fails when it has scored, and make u1's ben its administrator."""
    answered(database.engine)
    with transaction(database.engine) as session:
        ben = session.scalars(select(Person).where(Person.key == "u1.ben")).one()
        session.add(Role(person_id=ben.id, name=RoleName.ADMINISTRATOR))
        session.execute(text("ALTER TABLE finding RENAME TO lost"))


def test_after_a_failed_turn_the_alarm_leaves_at_once_and_the_report_says_where_it_failed(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    variables = environment(database.url, tmp_path, prefect_server, **mail)
    a_turn_that_fails(database)

    failed = start_turn(CLOSED, variables)
    failed.communicate(timeout=120)

    assert failed.returncode == 1
    assert [(str(message["To"]), str(message["Subject"])) for message in mail_server.messages] == [
        ("U1 Ben <u1.ben@example.org>", "A turn failed: please look today")
    ]
    error = {"sqlite": "OperationalError", "postgresql": "ProgrammingError"}[database.kind]
    assert newest_report(prefect_server) == [
        "# Turn as of 2026-05-04T18:00+00:00",
        "",
        f'Failed at "find": {error}. The log of the run says more.',
        "",
        "| what | how many |",
        "|---|---:|",
        "| blind rounds closed | 5 |",
        "| assessments scored | 5 |",
        "| mails sent | 1 |",
    ]


def test_without_an_organisation_a_turn_does_not_begin(
    database: Database, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    refused = start_turn(CLOSED, environment(database.url, tmp_path, prefect_server))
    _said, errors = refused.communicate(timeout=120)

    assert (refused.returncode, errors.splitlines()[-1]) == (
        1,
        "domain.errors.NotFound: no organisation here yet; `pdca import FILE` brings one in",
    )
    with reading(database.engine) as session:
        assert (latest_moment(session), holder(session)) == (None, None)
