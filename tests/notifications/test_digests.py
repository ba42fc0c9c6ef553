"""Digests: on Monday, once a week, only with something to say; what happens in mid-week waits."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, deadlines, releases, verifications
from domain.actions import Action
from domain.organisation import Unit
from domain.places import places
from domain.verifications import Verdict, Verification
from notifications import courier
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, DUE, an_open_action
from tests.notifications.post import arrived, deliver, outbox, texts
from tests.servers.mail import MailServer

TEN_DAYS_BEFORE = at("2026-05-04", 8)
"""The Monday on which an action that is due on Friday 15 May is near for the first time."""


def accepted(session: Session, firm: Firm, **more: Any) -> Action:
    """Release an action of u1's ben that is due on 15 May and that he took at once."""
    action = an_open_action(session, firm, **more)
    actions.accept(session, action, today=OPENING.date(), by=action.owner_id, now=OPENING)
    return action


def a_check_for_ben(session: Session, firm: Firm) -> Action:
    """Release an action that u2's cem has done and u1's ben looks at on 8 May."""
    people = {"owner_id": firm.people["u2.cem"].id, "verifier_id": firm.people["u1.ben"].id}
    dates = {"due_on": date(2026, 4, 9), "check_on": date(2026, 5, 8)}
    action = accepted(session, firm, covers=("u2",), element="2", title="Escalation on the board", **people, **dates)
    day = date(2026, 4, 9)
    actions.done(session, action, "it hangs", today=day, check_on=date(2026, 5, 8), by=action.owner_id, now=at(day))
    return action


def weeks(database: Database, server: MailServer, first: datetime, last: datetime) -> dict[str, list[tuple[str, str]]]:
    """Deliver every twelve hours from a moment to another, and return what arrived by day and hour."""
    found = {}
    now = first
    while now <= last:
        deliver(database, server, now)
        if mails := arrived(server):
            found[f"{now:%m-%d %H}"] = mails
        now += timedelta(hours=12)
    return found


def test_an_owner_reads_on_mondays_what_is_due_then_that_it_is_late_then_once_a_month(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        action_id = accepted(session, a_firm(session)).id

    found = weeks(database, mail_server, at("2026-04-09", 20), at("2026-07-07", 8))

    assert found == {
        "05-04 08": [("u1.ben", f"By Fri 15 May: action {action_id}")],
        "05-11 08": [("u1.ben", f"By Fri 15 May: action {action_id}")],
        "05-18 08": [("u1.ben", "1 late")],
        "06-01 08": [("u1.ben", "1 late")],
        "07-06 08": [("u1.ben", "1 late")],
    }


def test_a_digest_begins_with_what_must_be_done_by_when_and_lists_the_rest(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        late = accepted(session, firm, element="2", title="Key register", due_on=date(2026, 4, 28))
        due = accepted(session, firm, title="Handover list")
        unanswered = an_open_action(session, firm, covers=("u2",), title="A board for the shift")
        accepted(session, firm, element="1", title="Far off", due_on=date(2026, 7, 1))
        check = a_check_for_ben(session, firm)
        now = at("2026-05-01")
        deadlines.reschedule(session, due, date(2026, 5, 13), CHECK, "sooner", by=None, is_lead=True, now=now)

    deliver(sqlite_database, mail_server, TEN_DAYS_BEFORE)

    _assignment, text = texts(mail_server, "u1.ben")
    assert text == (
        f"U1 Ben, please finish action {due.id} (Handover list) by Wednesday 13 May, or say now what is in the way.\n\n"
        f"Due within ten working days\n- {due.id} Handover list, by Wednesday 13 May\n\n"
        f"Late\n- {late.id} Key register, due Tuesday 28 April: 4 working days late; "
        "U1 Ann is asked on Wednesday 6 May how it goes on\n\n"
        f"Waiting for your yes or no\n- {unanswered.id} A board for the shift, by Tuesday 14 April; "
        "U2 Ann is asked on Wednesday 6 May how it goes on\n\n"
        f"For you to check whether it worked\n- {check.id} Escalation on the board, from Friday 8 May on: "
        "The last three leavers used it\n\n"
        "Changed\n"
        f"- {check.id} Escalation on the board: reported done; it is checked from Friday 8 May on\n"
        f"- {due.id} Handover list: now due Wednesday 13 May\n\n"
        "Done, something in the way, or another date? Tell Miriam Falk, extension 214. "
        f'It is recorded by: pdca actions done {due.id} --what "..."\n\n'
        "1 other action is open. "
        "We write again only if something is due, late or changed: on a Monday, or before we ask somebody else.\n"
    )


def test_what_happens_in_mid_week_waits_for_monday(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm, due_on=date(2026, 8, 3), check_on=date(2026, 10, 1))
    deliver(database, mail_server, at("2026-04-13", 8))
    with transaction(database.engine) as session:
        moved = session.get_one(Action, action.id)
        now = at("2026-04-14")
        deadlines.reschedule(session, moved, date(2026, 4, 20), CHECK, "sooner", by=None, is_lead=True, now=now)

    found = weeks(database, mail_server, at("2026-04-14", 20), at("2026-04-20", 8))

    assert found == {
        "04-20 08": [
            ("u1.ann", f"Action {action.id}: now due Mon 20 Apr"),
            ("u1.ben", f"By Mon 20 Apr: action {action.id} · 1 change"),
        ]
    }


def test_an_action_given_on_monday_is_told_by_its_assignment_not_by_the_digest(
    database: Database, mail_server: MailServer
) -> None:
    monday = at("2026-04-13", 7)
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        where, cem = places(session, monday), firm.people["u1.cem"].id
        releases.reassign(session, action, cem, "Ben is away", where, by=action.owner_id, now=monday)

    found = weeks(database, mail_server, monday, at("2026-04-20", 19))

    assert found == {
        "04-13 19": [
            ("u1.ann", f"Action {action.id}: now with U1 Cem"),
            ("u1.cem", "1 action for you: please answer by Mon 20 Apr"),
        ],
        "04-20 19": [("u1.cem", "By Mon 20 Apr: 1 to answer")],
    }


def test_verdicts_are_lines_of_the_owners_digest_and_told_once(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        ann = firm.people["u1.ann"].id
        for element, verdict in (("2", Verdict.EFFECTIVE), ("10", Verdict.NOT_EFFECTIVE)):
            action = accepted(session, firm, element=element)
            actions.done(session, action, "a list", today=DUE, check_on=CHECK, by=action.owner_id, now=OPENING)
            seen = Verification(action_id=action.id, verdict=verdict, by=ann, on=CHECK)
            verifications.verify(session, action, seen, "looked", again_on=CHECK, due_on=DUE, now=at("2026-07-10"))

    deliver(database, mail_server, at("2026-07-13", 8))
    deliver(database, mail_server, at("2026-07-20", 8))

    [text] = texts(mail_server, "u1.ben")
    assert text.startswith(
        "U1 Ben, nothing is due from you; this has changed.\n\n"
        "Changed\n"
        "- 1 A handover list for leavers: it worked\n"
        "- 2 A handover list for leavers: it did not work; its successor is a draft\n"
    )


def test_a_machine_off_on_monday_makes_up_for_it_until_friday_and_changes_are_not_lost(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        action_id = accepted(session, a_firm(session)).id

    deliver(database, mail_server, at("2026-05-09", 9))
    on_saturday = arrived(mail_server)
    deliver(database, mail_server, at("2026-05-14", 9))

    assert on_saturday == []
    assert arrived(mail_server) == [("u1.ben", f"By Fri 15 May: action {action_id}")]
    assert [key for key, _status, _reason in outbox(database)] == [
        "assignment/u1.ben/2026-04-07/0",
        "digest/u1.ben/2026-W20",
    ]


def test_monday_eight_is_that_of_the_readers_zone(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        session.get_one(Unit, firm.units["u1"].id).time_zone = "Asia/Tokyo"
        session.get_one(Unit, firm.units["u2"].id).time_zone = "America/New_York"
        accepted(session, firm)
        for_u2 = {"owner_id": firm.people["u2.ben"].id, "verifier_id": firm.people["u2.ann"].id}
        accepted(session, firm, covers=("u2",), **for_u2)

    found = {}
    for now in (at("2026-05-03", 22), at("2026-05-03", 23), at("2026-05-04", 11), at("2026-05-04", 12)):
        deliver(database, mail_server, now)
        found[f"{now:%m-%d %H}"] = [person for person, _subject in arrived(mail_server)]

    assert found == {"05-03 22": [], "05-03 23": ["u1.ben"], "05-04 11": [], "05-04 12": ["u2.ben"]}


def test_a_digest_is_dropped_where_nothing_is_left_to_say(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action_id = accepted(session, firm).id
    courier.decide(database.engine, TEN_DAYS_BEFORE)
    with transaction(database.engine) as session:
        action = session.get_one(Action, action_id)
        actions.done(session, action, "a list", today=DUE, check_on=CHECK, by=action.owner_id, now=TEN_DAYS_BEFORE)

    deliver(database, mail_server, TEN_DAYS_BEFORE + timedelta(hours=1))

    assert ("digest/u1.ben/2026-W19", "dropped", "nothing is left to say") in outbox(database)


def test_a_monthly_digest_lists_what_is_open(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        title = "Settle in writing who may hold a shipment on each shift, with a deputy who acts once"
        far = accepted(session, firm, title=title, due_on=date(2026, 7, 1))
        held = accepted(session, firm, element="2", title="Key register")
        deadlines.hold(session, held, date(2026, 9, 1), "waits for the new server", by=held.owner_id, now=OPENING)
        check = a_check_for_ben(session, firm)
        session.get_one(Action, check.id).check_on = date(2026, 8, 3)
    deliver(sqlite_database, mail_server, at("2026-04-13", 8))
    mail_server.envelopes.clear()

    deliver(sqlite_database, mail_server, TEN_DAYS_BEFORE)

    [text] = texts(mail_server, "u1.ben")
    assert arrived(mail_server) == [("u1.ben", "Nothing due: your open actions")]
    assert text.startswith(
        "U1 Ben, nothing is due from you in the next ten working days.\n\n"
        f"Your open actions\n"
        f"- {far.id} Settle in writing who may hold a shipment on each shift…, by Wednesday 1 July\n\n"
        f"On hold\n- {held.id} Key register, until Tuesday 1 September\n\n"
        "For you to check later whether it worked\n"
        f"- {check.id} Escalation on the board, from Monday 3 August on: The last three leavers used it\n\n"
        "Questions? Ask Miriam Falk, extension 214.\n\nNo other action of yours is open. "
    )


def test_a_verifier_reads_in_their_next_digest_what_they_will_look_at(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        ann = {"owner_id": firm.people["u1.ann"].id, "verifier_id": firm.people["u1.cem"].id}
        accepted(session, firm, element="2", title="Key register", due_on=date(2026, 4, 20), **ann)
        to_check = an_open_action(session, firm)

    deliver(sqlite_database, mail_server, at("2026-04-13", 8))

    [text] = texts(mail_server, "u1.ann")
    assert (
        f"Changed\n- {to_check.id} A handover list for leavers: "
        "you look from Friday 10 July on whether it worked: The last three leavers used it\n"
    ) in text
    assert "u1.cem" not in [person for person, _subject in arrived(mail_server)]


def test_what_was_given_of_late_is_not_listed_by_a_monthly_digest_of_its_own(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm, due_on=date(2026, 7, 1))
        where, now = places(session, at("2026-04-29")), at("2026-04-29")
        releases.reassign(session, action, firm.people["u1.cem"].id, "Ben is away", where, by=None, now=now)
        actions.accept(session, action, today=now.date(), by=None, now=now)

    found = weeks(sqlite_database, mail_server, at("2026-05-01", 8), at("2026-06-01", 8))

    assert {day: [person for person, _subject in mails] for day, mails in found.items()} == {
        "05-04 08": ["u1.ann", "u1.ben"],
        "06-01 08": ["u1.cem"],
    }
