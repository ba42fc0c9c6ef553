"""Decision needed: whoever is asked reads once, in few words, what to decide by when; then it ends."""

from datetime import date

from config.database import transaction
from domain import actions, deadlines, ladder
from domain.actions import Action
from domain.organisation import Unit
from domain.people import Person
from domain.places import places
from notifications import courier
from tests.builders import a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, a_draft, an_open_action
from tests.domain.climbing import ASKED, TOLD, accepted
from tests.notifications.climbs import Found, hours, turn, turns
from tests.notifications.post import arrived, deliver, html_of, outbox, texts
from tests.servers.mail import MailServer


def test_a_decision_says_what_is_known_and_what_follows(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        ben, now = action.owner_id, at("2026-05-12")
        deadlines.reschedule(
            session, action, date(2026, 5, 18), CHECK, "needs a key", by=ben, is_lead=False, now=at("2026-05-11")
        )
        actions.progress(session, action, "no access to\nthe shared drive", by=ben, now=now)

    turn(sqlite_database, mail_server, at("2026-05-22", 8))
    mail_server.envelopes.clear()
    turn(sqlite_database, mail_server, at("2026-05-26", 8))

    [text] = texts(mail_server, "u1.ann")
    assert text == (
        f"U1 Ann, please decide by Monday 1 June how action {action.id} goes on: "
        "new date, help, other owner, or stop.\n\n"
        f"{action.id} A handover list for leavers (Unit u1)\n"
        "  Due Monday 18 May, moved once (from Friday 15 May).\n"
        '  U1 Ben, Tuesday 12 May: "no access to the shared drive"\n'
        "  U1 Ben knows since Friday 22 May that we ask you.\n\n"
        "What you decide, and why, goes to Miriam Falk, extension 214. "
        f'It is recorded by: pdca actions move {action.id} --due ... --because "..." (or reassign, or cancel)\n\n'
        "Undecided, it goes on the management review's agenda; no more mails.\n"
    )
    [mail] = mail_server.messages
    assert html_of(mail).count("no access to the shared drive") == 1


def test_a_decision_about_a_verifier_who_does_not_look_says_what_is_asked(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm, verifier_id=firm.people["u1.cem"].id)
        now = at("2026-05-11")
        actions.done(session, action, "It hangs there", today=now.date(), check_on=CHECK, by=None, now=now)

    turn(sqlite_database, mail_server, at("2026-07-20", 8))

    [text] = [each for each in texts(mail_server, "u1.ann") if "please decide" in each]
    assert (
        f"{action.id} A handover list for leavers (Unit u1)\n"
        "  It is done; U1 Cem was to look by Friday 10 July whether it worked. Say who looks, or by when.\n\n"
    ) in text
    assert f"It is recorded by: pdca actions edit {action.id} --verifier ... --check ..." in text


def test_decisions_of_a_day_are_one_mail_whatever_they_are_about(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        silent = an_open_action(session, firm)
        declined = an_open_action(session, firm, element="2", title="A board for the shift")
        ladder.decline(session, declined, "not my shift", by=firm.people["quality"].id, now=at("2026-04-14", 18))
        session.get_one(Person, firm.people["u1.ben"].id).mail = None
        elsewhere = an_open_action(session, firm, covers=("u2",), due_on=date(2026, 7, 1))

    turn(sqlite_database, mail_server, at("2026-04-15", 8))

    [text] = texts(mail_server, "u1.ann")
    assert text.startswith(
        "U1 Ann, please decide by Tuesday 21 April how these 2 actions go on: new date, help, other owner, or stop.\n\n"
        f"{silent.id} A handover list for leavers (Unit u1)\n"
        "  Given to U1 Ben on Tuesday 7 April, to be answered by Tuesday 14 April; no answer came.\n"
        "  Due Friday 15 May.\n"
        "  U1 Ben cannot be reached by mail.\n\n"
        f"{declined.id} A board for the shift (Unit u1)\n"
        "  U1 Ben does not take it.\n"
        "  Due Friday 15 May.\n"
        '  Quality, Tuesday 14 April: "not my shift"\n'
    )
    assert arrived(mail_server) == [
        ("u1.ann", "Your decision by Tue 21 Apr: 2 actions"),
        ("u2.ann", f"Your decision by Tue 21 Apr: action {elsewhere.id}"),
    ]


def test_what_is_asked_after_the_days_mail_is_in_the_next_working_days(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        early, late = (an_open_action(session, firm, element=element).id for element in ("2", "10"))
    deliver(database, mail_server, at("2026-04-07", 12))
    arrived(mail_server)
    declined = {early: at("2026-04-10", 8), late: at("2026-04-10", 12)}

    found: Found = {}
    for now in hours(at("2026-04-10", 8), at("2026-04-13", 12), 4):
        with transaction(database.engine) as session:
            for number in [number for number, moment in declined.items() if moment == now]:
                ladder.decline(session, session.get_one(Action, number), "not mine", by=None, now=now)
        found |= turns(database, mail_server, [now])

    assert found == {
        "04-10 08": [("u1.ann", f"Your decision by Thu 16 Apr: action {early}")],
        "04-13 08": [("u1.ann", f"Your decision by Thu 16 Apr: action {late}")],
    }


def test_what_was_decided_meanwhile_is_not_asked(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        number = accepted(session, a_firm(session)).id
    turn(database, mail_server, at(TOLD, 8))
    with transaction(database.engine) as session:
        now = at(ASKED, 8)
        ladder.climb(session, places(session, now), now)
    courier.decide(database.engine, now)
    with transaction(database.engine) as session:
        action = session.get_one(Action, number)
        actions.done(session, action, "it hangs", today=now.date(), check_on=CHECK, by=action.owner_id, now=now)

    deliver(database, mail_server, now)

    reason = "decided meanwhile, or put on the review's agenda"
    assert ("decision/u1.ann/2026-05-25", "dropped", reason) in outbox(database)
    assert [subject for _person, subject in arrived(mail_server)] == [
        "Action 1: reported done; it is checked from Fri 10 Jul on",
        "1 late",
    ]


def test_the_lead_is_not_asked_before_the_owners_mail_got_through(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        number = an_open_action(session, a_firm(session), answer_by=date(2026, 4, 8)).id
        action = session.get_one(Action, number)
        action.answer_by = date(2026, 4, 8)
    mail_server.refuse("u1.ben@example.org", "451 come back later")
    refused = turns(database, mail_server, hours(at("2026-04-07", 10), at("2026-04-09", 16), 6))
    mail_server.refuse("u1.ben@example.org", "250 OK")

    found = turns(database, mail_server, hours(at("2026-04-09", 22), at("2026-04-10", 12), 2))

    assert refused == {}
    assert list(found.values()) == [
        [("u1.ben", "1 action for you: please answer by Wed 8 Apr")],
        [("u1.ann", f"Your decision by Wed 15 Apr: action {number}")],
    ]


def test_a_lead_reads_at_eight_where_the_lead_is_at_work(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        top = session.get_one(Unit, firm.units["top"].id)
        top.time_zone = "America/New_York"
        session.get_one(Unit, firm.units["u1"].id).time_zone = "Asia/Tokyo"
        session.get_one(Unit, firm.units["u1"].id).lead_id = None
        accepted(session, firm)

    found = turns(database, mail_server, hours(at("2026-05-20", 20), at("2026-05-26", 0)))

    assert found == {
        "05-20 20": [("u1.ben", "1 late")],
        "05-20 23": [("u1.ben", "1 late")],
        "05-25 12": [("top.ann", "Your decision by Fri 29 May: action 1")],
    }


def test_an_assignment_that_was_declined_at_once_is_not_sent(database: Database, mail_server: MailServer) -> None:
    now = at("2026-04-11", 12)  # a Saturday: the lead is asked on Monday
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        ladder.decline(session, action, "not mine", by=action.owner_id, now=now)
        a_draft(session, firm, element="2")

    found = turns(database, mail_server, hours(now, at("2026-04-13", 8), 4))

    assert found == {"04-13 08": [("u1.ann", f"Your decision by Fri 17 Apr: action {action.id}")]}


def test_a_lead_is_asked_about_what_somebody_owned_who_has_left(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        firm.people["u1.ben"].left_on = date(2026, 4, 22)

    before = turns(database, mail_server, hours(at("2026-04-21", 7), at("2026-04-22", 7)))
    turn(database, mail_server, at("2026-04-22", 8))

    [text] = texts(mail_server, "u1.ann")
    assert (before, "  U1 Ben has left.\n" in text) == ({}, True)
    assert arrived(mail_server) == [("u1.ann", f"Your decision by Tue 28 Apr: action {action.id}")]
    assert turns(database, mail_server, hours(at("2026-04-22", 9), at("2026-04-23", 9))) == {}
