"""Tellings: an owner hears who will be asked on the day, in one digest, before anybody is asked."""

from datetime import date

from config.database import transaction
from domain import actions, ladder
from domain.actions import Action
from domain.organisation import Unit
from domain.places import places
from notifications import courier
from tests.builders import a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, an_open_action
from tests.domain.climbing import TOLD, accepted
from tests.notifications.climbs import hours, turn, turns
from tests.notifications.post import arrived, deliver, outbox, texts
from tests.servers.mail import MailServer


def test_hourly_turns_over_three_weeks_send_one_mail_per_rung(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        number = accepted(session, a_firm(session)).id

    step = {"sqlite": 1, "postgresql": 4}[database.kind]
    found = turns(database, mail_server, hours(at("2026-05-18", 4), at("2026-06-08", 12), step))

    assert found == {
        "05-18 08": [("u1.ben", "1 late")],
        "05-21 08": [("u1.ben", "1 late")],
        "05-25 08": [("u1.ann", f"Your decision by Fri 29 May: action {number}")],
    }


def test_a_late_owner_reads_on_which_day_who_will_be_asked(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        number = accepted(session, a_firm(session)).id

    turn(database, mail_server, at(TOLD, 8))

    [text] = texts(mail_server, "u1.ben")
    assert text.startswith(
        f"U1 Ben, please finish action {number} (A handover list for leavers), due since Friday 15 May, "
        "or say today what is in the way.\n\n"
        f"Late\n- {number} A handover list for leavers, due Friday 15 May: 4 working days late; "
        "U1 Ann is asked on Monday 25 May how it goes on\n\n"
    )


def test_a_monday_digest_says_it_and_no_other_comes_on_that_day(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        accepted(session, a_firm(session), due_on=date(2026, 5, 12))

    deliver(database, mail_server, at("2026-05-18", 8))  # a courier of its own was faster than the turn
    before = texts(mail_server, "u1.ben")
    found = turns(database, mail_server, hours(at("2026-05-18", 9), at("2026-05-20", 7)))

    [text] = before
    assert "U1 Ann is asked on Wednesday 20 May how it goes on" in text
    assert found == {"05-18 09": [("u1.ben", "1 late")]}  # what arrived at 8:00
    assert [key for key, _status, _reason in outbox(database)][-1] == "digest/u1.ben/2026-W21"


def test_all_that_is_told_on_a_day_is_in_one_digest(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        accepted(session, firm, element="2")
        accepted(session, firm, covers=("u2",))
        session.get_one(Unit, firm.units["u2"].id).time_zone = "America/New_York"

    found = turns(database, mail_server, hours(at("2026-05-19", 0), at("2026-05-22", 0), 4))

    assert found == {"05-19 00": [("u1.ben", "2 late")], "05-21 08": [("u1.ben", "2 late")]}


def test_a_machine_that_was_off_tells_the_owner_and_asks_the_lead_two_working_days_after(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        number = accepted(session, a_firm(session)).id

    found = turns(database, mail_server, hours(at("2026-06-12", 8), at("2026-06-24", 8), 6))

    assert found == {
        "06-12 08": [("u1.ben", "1 late")],
        "06-16 08": [("u1.ann", f"Your decision by Mon 22 Jun: action {number}")],
    }


def test_who_may_not_have_heard_of_an_action_reads_who_will_be_asked_before_anybody_is(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        number = an_open_action(session, a_firm(session)).id
    deliver(database, mail_server, at("2026-04-07", 12))
    arrived(mail_server)

    turn(database, mail_server, at("2026-04-28", 8))

    [text] = texts(mail_server, "u1.ben")
    assert (
        f"- {number} A handover list for leavers, by Tuesday 14 April; "
        "U1 Ann is asked on Thursday 30 April how it goes on\n"
    ) in text
    mail_server.envelopes.clear()
    assert turns(database, mail_server, hours(at("2026-04-28", 12), at("2026-04-30", 8), 4)) == {
        "04-30 08": [("u1.ann", f"Your decision by Wed 6 May: action {number}")]
    }


def test_a_digest_in_mid_week_is_dropped_once_nobody_will_be_asked(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    now = at(TOLD, 8)
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        late = accepted(session, firm)
        accepted(session, firm, element="2", due_on=date(2026, 5, 29))
        ladder.climb(session, places(session, now), now)
    courier.decide(sqlite_database.engine, now)
    with transaction(sqlite_database.engine) as session:
        action = session.get_one(Action, late.id)
        actions.done(session, action, "it hangs", today=now.date(), check_on=CHECK, by=action.owner_id, now=now)

    deliver(sqlite_database, mail_server, now)

    assert [subject for person, subject in arrived(mail_server) if person == "u1.ben"] == []
