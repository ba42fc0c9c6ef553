"""The mail server is down for days and the courier goes on hourly: what is still true goes out afterwards, once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions
from domain.people import Role, RoleName
from domain.responses import Given
from notifications.alarms import Trouble
from notifications.outbox import Wanted, enqueue
from notifications.waiting import Waiting, waiting
from tests.builders import OPENING, Firm, a_firm, at, up_to
from tests.conftest import Database
from tests.domain.acts import an_open_action
from tests.notifications.climbs import hours, turn
from tests.notifications.post import OPENED, an_open_quarter, arrived, deliver, hand_in, outbox, recipient, texts
from tests.servers import mail
from tests.servers.mail import MailServer, free_port

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (at(f"2026-04-{day}", 8) for day in (13, 14, 15, 17))
"""The week at whose end the quarter's assessments close: on Friday, 16:00."""
ALARM = "Mail stood still: please look today"


def down() -> MailServer:
    """Return a place where no mail server is."""
    return MailServer("127.0.0.1", free_port())


@contextmanager
def up_again(place: MailServer) -> Iterator[MailServer]:
    """Run a mail server at a place."""
    with mail.running(place.port) as server:
        yield server


def hourly(database: Database, server: MailServer, moments: Iterable[datetime]) -> set[str]:
    """Deliver at each moment and return what couriers did in any of them."""
    return {done for now in moments for done in deliver(database, server, now)}


def a_quarter_with_an_administrator(session: Session, **more: Any) -> Firm:
    """Open a quarter of two units with an administrator."""
    firm = an_open_quarter(session, below=("u1",), **more)
    session.add(Role(person_id=firm.people["quality"].id, name=RoleName.ADMINISTRATOR))
    return firm


def a_wish(session: Session, firm: Firm, key: str, now: datetime) -> None:
    """Want a mail to ann that is true at any time."""
    if key:
        subject = {"trouble": Trouble.TURN_FAILED, "at": now.isoformat()}
        enqueue(session, [Wanted(key, "alarm", firm.people["top.ann"].id, now, subject)])


def an_accepted_action(session: Session, firm: Firm, due_on: date) -> None:
    """Have ben do something until a day."""
    action = an_open_action(session, firm, due_on=due_on)
    actions.accept(session, action, today=OPENING.date(), by=action.owner_id, now=OPENING)


def everything(firm: Firm) -> dict[str, Given]:
    """Return an answer to each topic."""
    return {element: up_to(firm.edition, element, 2) for element in ("1", "2", "10")}


def test_after_two_days_without_a_server_each_mail_arrives_once_if_it_is_still_true(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    database, place = sqlite_database, down()
    with transaction(database.engine) as session:
        firm = a_quarter_with_an_administrator(session)
        an_accepted_action(session, firm, date(2026, 4, 24))
    deliver(database, mail_server, OPENING + timedelta(hours=1))

    before = hourly(database, place, hours(MONDAY, TUESDAY))
    with transaction(database.engine) as session:
        hand_in(session, firm, "top.cem", everything(firm), TUESDAY)
    with reading(database.engine) as session:
        told = waiting(session, TUESDAY)
    after = hourly(database, place, hours(TUESDAY, WEDNESDAY - timedelta(hours=1)))
    with up_again(place) as server:
        back = deliver(database, server, WEDNESDAY)
        alarms = texts(server, "quality")
        first = arrived(server)
        more = hourly(database, server, hours(WEDNESDAY, WEDNESDAY + timedelta(hours=8)))

    assert (before, after, more) == ({"mails put off"}, {"mails put off", "mails dropped"}, set())
    assert told == Waiting(8, MONDAY, TUESDAY + timedelta(minutes=5), told.reason if told else "")
    assert (back, first) == (
        {"mails sent": 7},
        [
            ("quality", ALARM),
            ("top.ann", "Unit top: closes in 2 days, 1 topic left"),
            ("top.ben", "Unit top: closes in 2 days, 1 topic left"),
            ("u1.ann", "Unit u1: closes in 2 days, 2 topics left"),
            ("u1.ben", "By Fri 24 Apr: action 1"),
            ("u1.ben", "Unit u1: closes in 2 days, 2 topics left"),
            ("u1.cem", "Unit u1: closes in 2 days, 2 topics left"),
        ],
    )
    assert [(key, reason) for key, status, reason in outbox(database) if status != "sent"] == [
        ("assignment/u1.ben/2026-04-07/0", "answered meanwhile, or told in another mail of the day"),
        ("reminder/wheel/2026-Q2/top/top.cem/3", "handed in, declined or closed meanwhile"),
    ]
    [text] = alarms
    assert text == (
        "Quality, please look today why the mail server did not answer, and what did not go out.\n\n"
        "If pdca doctor says that mails wait, see to the mail server. They then go out by themselves.\n\n"
        "It stood still from Monday 13 April, 08:00; this mail was written on Wednesday 15 April, 08:00.\n\n"
        "- 1 mail was no longer true and did not go out: pdca mail list --status dropped\n\n"
        "This mail goes to the administrators, once a day for the same trouble.\n"
    )


def test_what_was_to_be_answered_by_a_closing_that_has_passed_is_not_sent(database: Database) -> None:
    with transaction(database.engine) as session:
        a_quarter_with_an_administrator(session)
    place = down()

    hourly(database, place, hours(OPENED, FRIDAY, step=24))
    with up_again(place) as server:
        deliver(database, server, FRIDAY + timedelta(hours=9))
        found = arrived(server)

    assert found == [("quality", ALARM)]


def test_a_digest_gives_way_to_that_of_the_next_week_which_says_all_that_it_would_have_said(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",), is_active=False)
        an_accepted_action(session, firm, date(2026, 4, 17))
    place = down()

    hourly(database, place, hours(MONDAY, MONDAY + timedelta(days=7), step=24))
    with up_again(place) as server:
        deliver(database, server, MONDAY + timedelta(days=7, hours=1))
        found = arrived(server)

    assert found == [("u1.ben", "1 late")]
    assert [each for each in outbox(database) if each[0].startswith("digest")] == [
        ("digest/u1.ben/2026-W16", "dropped", "a later digest says what is still open"),
        ("digest/u1.ben/2026-W17", "sent", None),
    ]


def test_an_owner_who_was_to_be_told_over_a_weekend_without_a_server_is_told_before_the_lead_is_asked(
    database: Database,
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, is_active=False)
        an_accepted_action(session, firm, date(2026, 4, 20))
    place = down()
    told = at("2026-04-24", 8)

    for now in hours(told, told + timedelta(days=3), step=24):
        turn(database, place, now)
    with up_again(place) as server:
        for now in hours(told + timedelta(days=4), told + timedelta(days=5), step=2):
            turn(database, server, now)

    assert [(recipient(each), each["Subject"]) for each in server.messages] == [
        ("u1.ben", "1 late"),
        ("u1.ann", "Your decision by Mon 4 May: action 1"),
    ]


def test_a_server_that_is_away_for_a_moment_calls_nobody_and_for_hours_calls_once_a_day(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_quarter_with_an_administrator(session)
    place = down()
    calls = []

    for hour, wish, is_up in [(0, "a", False), (1, "", True), (2, "b", False), (6, "", True), (7, "c", False)]:
        now = OPENED + timedelta(hours=hour)
        with transaction(database.engine) as session:
            a_wish(session, firm, wish, now)
        if is_up:
            with up_again(place) as server:
                deliver(database, server, now)
                calls.append([subject for person, subject in arrived(server) if person == "quality"])
        else:
            deliver(database, place, now)

    assert calls == [[], [ALARM]]
    assert [each for each in outbox(database) if "server down" in each[0]] == [
        ("alarm/server down/2026-04-03/quality", "dropped", "mail goes out again"),
        ("alarm/server down/2026-04-03/quality/1", "sent", None),
    ]
