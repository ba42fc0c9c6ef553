"""Alarms: administrators are called once a day for the same trouble."""

from datetime import timedelta

from config.database import transaction
from domain.people import Role, RoleName
from notifications.alarms import Trouble, alarm
from tests.builders import a_firm, at
from tests.conftest import Database
from tests.notifications.post import arrived, deliver, texts
from tests.servers.mail import MailServer

NOON = at("2026-04-07", 12)


def test_administrators_are_called_once_a_day_for_the_same_trouble(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        session.add(Role(person_id=firm.people["top.cem"].id, name=RoleName.ADMINISTRATOR))
        session.flush()
        again, tomorrow = NOON + timedelta(hours=1), NOON + timedelta(days=1)
        counts = [alarm(session, Trouble.TURN_FAILED, now) for now in (NOON, again, tomorrow)]
        counts.append(alarm(session, Trouble.QUEUE_STOPPED, NOON))

    deliver(database, mail_server, NOON)
    with transaction(database.engine) as session:
        counts += [alarm(session, Trouble.TURN_FAILED, now) for now in (again, tomorrow)]

    assert counts == [1, 0, 0, 1, 0, 1]
    assert arrived(mail_server) == [
        ("top.cem", "A turn failed: please look today"),
        ("top.cem", "Mail stood still: please look today"),
    ]


def test_an_alarm_says_what_to_do_today(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        session.add(Role(person_id=firm.people["top.cem"].id, name=RoleName.ADMINISTRATOR))
        session.flush()
        alarm(session, Trouble.TURN_FAILED, NOON)

    deliver(sqlite_database, mail_server, NOON)

    [text] = texts(mail_server, "top.cem")
    assert text == (
        "Top Cem, please look today why a turn of the wheel failed.\n\n"
        "Run pdca doctor; then pdca turn does whatever is due. Nothing is lost, and nothing is done twice.\n\n"
        "It happened on Tuesday 7 April, 12:00.\n\n"
        "This mail goes to the administrators, once a day for the same trouble.\n"
    )
