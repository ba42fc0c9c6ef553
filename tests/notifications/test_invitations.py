"""Invitations and reminders: everybody once, those missing twice at most, nobody twice on a day."""

from datetime import timedelta

from sqlalchemy import update

from config.database import transaction
from domain.assessments import Assessment
from domain.events import move
from domain.organisation import Unit
from domain.people import Person
from domain.programmes import Mode
from domain.responses import ResponseStatus
from tests.builders import a_model, at, up_to
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, arrived, deliver, hand_in, outbox, response_of, texts
from tests.servers.mail import MailServer


def test_everybody_asked_is_invited_once_and_who_has_no_address_or_left_is_not(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session, below=("u1",))
        session.get_one(Person, firm.people["u1.ben"].id).mail = None
        session.get_one(Person, firm.people["u1.cem"].id).left_on = OPENED.date()

    deliver(database, mail_server, OPENED)
    deliver(database, mail_server, OPENED + timedelta(hours=1))

    one, two = "please answer 1 topic by Fri 17 Apr (2 minutes)", "please answer 2 topics by Fri 17 Apr (4 minutes)"
    assert arrived(mail_server) == [
        ("top.ann", f"Unit top: {one}"),
        ("top.ben", f"Unit top: {one}"),
        ("top.cem", f"Unit top: {one}"),
        ("u1.ann", f"Unit u1: {two}"),
    ]


def test_an_invitation_says_who_must_do_what_by_when_and_who_sees_the_answers(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        an_open_quarter(session)

    deliver(sqlite_database, mail_server, OPENED)

    [text] = texts(mail_server, "u1.ann")
    assert text == (
        "U1 Ann, please answer 2 topics for Unit u1 by Friday 17 April, 16:00; "
        "about 4 minutes, you can stop and go on.\n\n"
        "Fill in the answer sheet and hand it to Miriam Falk, extension 214, who also gives you a new one.\n\n"
        'Say what is so today. "Don\'t know" is a good answer.\n\n'
        "Before closing only the quality team sees your sheet, to read it in. Then your team of 3 sees the answers, "
        "with names, and talks until Friday 24 April about what it sees differently. Not used for appraisal.\n\n"
        "Your topics:\n- 2 Topic 2\n- 10 Topic 10\n\n"
        "Should somebody else answer instead of you? Tell Miriam Falk, extension 214.\n"
    )


def test_in_a_confidential_programme_no_team_is_promised_the_answers(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        an_open_quarter(session, mode=Mode.CONFIDENTIAL)

    deliver(sqlite_database, mail_server, OPENED)

    [text] = texts(mail_server, "u1.ann")
    assert "Nobody else learns what you answered" in text
    assert "with names" not in text


def test_only_those_missing_are_reminded_three_days_and_one_day_before(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session, below=())
    deliver(database, mail_server, OPENED)
    arrived(mail_server)
    with transaction(database.engine) as session:
        hand_in(session, firm, "top.ann", {element: up_to(firm.edition, element, 1) for element in ("1", "2", "10")})

    days = {}
    for hours in range(0, 14 * 24, 8):
        now = OPENED + timedelta(hours=hours)
        if now == at("2026-04-15", 8):
            with transaction(database.engine) as session:
                move(session, response_of(session, firm, "top.ben"), ResponseStatus.DECLINED, by=None, now=now)
        deliver(database, mail_server, now)
        if mails := arrived(mail_server):
            days[now] = mails

    assert days == {
        at("2026-04-14", 8): [
            ("top.ben", "Unit top: closes in 3 days, 3 topics left"),
            ("top.cem", "Unit top: closes in 3 days, 3 topics left"),
        ],
        at("2026-04-16", 8): [("top.cem", "Unit top: closes tomorrow, 3 topics left")],
    }


def test_a_reminder_says_what_is_left_and_whether_it_is_the_last(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        an_open_quarter(session, below=())

    for now in (OPENED, at("2026-04-14", 8), at("2026-04-16", 8)):
        deliver(sqlite_database, mail_server, now)

    _invitation, first, last = texts(mail_server, "top.ann")
    asked = "about 6 minutes.\n\nHand the filled-in answer sheet to Miriam Falk, extension 214.\n"
    by = "Top Ann, please answer the 3 topics left (of 3) for Unit top by"
    assert first.startswith(
        f"{by} Friday 17 April, 16:00; {asked}\nTopics left:\n- 1 Topic 1\n- 2 Topic 2\n- 10 Topic 10\n"
    )
    assert last.startswith(f"{by} tomorrow, Friday 17 April, 16:00; {asked}This is the last reminder.\n")


def test_a_machine_that_was_off_sends_the_last_missed_reminder_only(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())
    deliver(database, mail_server, OPENED)
    arrived(mail_server)

    deliver(database, mail_server, at("2026-04-17", 10))

    assert arrived(mail_server) == [
        (person, "Unit top: closes today, 3 topics left") for person in ("top.ann", "top.ben", "top.cem")
    ]


def test_an_invitation_that_goes_out_late_is_not_followed_by_a_reminder_on_that_day(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())

    deliver(database, mail_server, at("2026-04-14", 9))
    deliver(database, mail_server, at("2026-04-14", 10))

    assert arrived(mail_server) == [
        (person, "Unit top: please answer 3 topics by Fri 17 Apr (6 minutes)")
        for person in ("top.ann", "top.ben", "top.cem")
    ]
    assert outbox(database)[3:] == [
        (f"reminder/wheel/2026-Q2/top/{person}/3", "dropped", "another mail about the same questions goes out today")
        for person in ("top.ann", "top.ben", "top.cem")
    ]


def test_an_invitation_is_dropped_when_the_round_closed_before_it_could_go(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())

    deliver(database, mail_server, at("2026-04-17", 16))

    assert arrived(mail_server) == []
    assert outbox(database) == [
        (f"invitation/wheel/2026-Q2/top/{person}", "dropped", "handed in, declined or closed meanwhile")
        for person in ("top.ann", "top.ben", "top.cem")
    ]


def test_days_and_hours_are_those_of_the_unit(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = an_open_quarter(session, below=())
        session.get_one(Unit, firm.units["top"].id).time_zone = "America/New_York"
        session.execute(update(Assessment).values(closes_at=at("2026-04-17", 20)))

    for now in (OPENED, at("2026-04-14", 11), at("2026-04-14", 12)):
        deliver(database, mail_server, now)

    invitation, reminder = texts(mail_server, "top.ann")
    assert "by Friday 17 April, 16:00;" in invitation
    assert "by Friday 17 April, 16:00;" in reminder
    assert [str(mail["Date"]) for mail in mail_server.messages][-1] == "Tue, 14 Apr 2026 12:00:00 +0000"


def test_the_minutes_count_the_statements_that_are_left(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        an_open_quarter(session, below=(), model=a_model("1", "2", organisation=("1", "2"), levels=5))

    deliver(database, mail_server, OPENED)

    assert arrived(mail_server) == [
        (person, "Unit top: please answer 2 topics by Fri 17 Apr (7 minutes)")
        for person in ("top.ann", "top.ben", "top.cem")
    ]
