"""Assignments: all of a day in one mail, nothing told twice, nothing lost that comes after the mail."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, drafts
from domain.actions import Action
from tests.builders import Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft
from tests.domain.quarters import everywhere, quarter
from tests.notifications.post import arrived, deliver, outbox, texts
from tests.servers.mail import MailServer

MORNING = at("2026-04-07", 9)
LATER = at("2026-05-04", 9)
A_LITTLE_LATER = timedelta(minutes=10)


def release(session: Session, firm: Firm, element: str, now: datetime, **more: Any) -> Action:
    """Release an action of u1's ben, who answers within a week."""
    action = a_draft(session, firm, element=element, **more)
    drafts.release(session, action, today=now.date(), answer_by=date(2026, 4, 14), by=None, now=now)
    return action


def test_all_actions_of_a_day_go_to_their_owner_in_one_mail(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        release(session, firm, "2", MORNING)
    deliver(database, mail_server, MORNING)
    with transaction(database.engine) as session:
        release(session, firm, "10", MORNING + A_LITTLE_LATER / 2)

    for now in (MORNING + A_LITTLE_LATER, MORNING + 2 * A_LITTLE_LATER):
        deliver(database, mail_server, now)

    assert arrived(mail_server) == [("u1.ben", "2 actions for you: please answer by Tue 14 Apr")]


def test_what_is_released_after_the_days_mail_gets_one_more_mail(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"))
        release(session, firm, "2", MORNING)
    deliver(database, mail_server, MORNING + A_LITTLE_LATER)
    noon = at("2026-04-07", 12)
    with transaction(database.engine) as session:
        release(session, firm, "10", noon)
        release(session, firm, "2", noon, covers=("u2",))

    deliver(database, mail_server, noon + A_LITTLE_LATER)

    assert arrived(mail_server) == [
        ("u1.ben", "1 action for you: please answer by Tue 14 Apr"),
        ("u1.ben", "2 actions for you: please answer by Tue 14 Apr"),
    ]
    assert [key for key, _status, _reason in outbox(database)] == [
        "assignment/u1.ben/2026-04-07/0",
        "assignment/u1.ben/2026-04-07/1",
    ]


def test_an_assignment_says_what_by_when_why_and_how_it_is_seen(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session)
        action = release(session, firm, "2", MORNING, why="A complaint waited three hours.")

    deliver(sqlite_database, mail_server, MORNING + A_LITTLE_LATER)

    [text] = texts(mail_server, "u1.ben")
    assert text == (
        "U1 Ben, please say by Tuesday 14 April whether you take this action.\n\n"
        f"{action.id} A handover list for leavers (Unit u1), by Friday 15 May.\n"
        "  A complaint waited three hours.\n"
        "  U1 Ann looks on Friday 10 July: The last three leavers used it\n\n"
        "Answer to Miriam Falk, extension 214: I take it, another date, or not me. "
        f"It is recorded by: pdca actions accept {action.id}\n\n"
        "Without an answer, U1 Ann is asked on Wednesday 15 April how it goes on.\n"
    )


def test_a_german_reads_in_german_what_a_draft_rests_on(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session, below=("u1",))
        firm.people["u1.ben"].language = "de"
        quarter(session, firm, everywhere("u1", e10=1, e2=3))
        action = session.scalars(select(Action)).one()
        action.measure, action.owner_id = "Ann fragt drei Leute", firm.people["u1.ben"].id
        drafts.release(session, action, today=date(2026, 5, 4), answer_by=date(2026, 5, 11), by=None, now=LATER)

    deliver(sqlite_database, mail_server, LATER + A_LITTLE_LATER)

    [*_round, text] = texts(mail_server, "u1.ben")
    assert text.splitlines()[3:6] == [
        "  Unit u1: Reifegrad 1 in 2026-Q2, zum ersten Mal bewertet; Ziel 3, nächster Schritt Reifegrad 2.",
        "  3 von 3 sagten nein: „Statement 10.2a holds.“",
        "  3 von 3 sagten nein: „Statement 10.2b holds.“",
    ]


def test_whoever_answered_before_the_mail_gets_none(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = release(session, firm, "2", MORNING)
        actions.accept(session, action, today=MORNING.date(), by=action.owner_id, now=MORNING)

    deliver(database, mail_server, MORNING + A_LITTLE_LATER)

    reason = "answered meanwhile, or told in another mail of the day"
    assert outbox(database) == [("assignment/u1.ben/2026-04-07/0", "dropped", reason)]


def test_a_new_owner_is_asked_and_has_as_many_days_to_answer(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = release(session, firm, "2", MORNING)
        action_id = action.id
    deliver(database, mail_server, MORNING + A_LITTLE_LATER)
    arrived(mail_server)
    later = at("2026-04-15", 9)
    with transaction(database.engine) as session:
        cem = firm.people["u1.cem"].id
        actions.reassign(session, session.get_one(Action, action_id), cem, "Ben is away", by=None, now=later)

    deliver(database, mail_server, later + A_LITTLE_LATER)

    assert arrived(mail_server) == [("u1.cem", "1 action for you: please answer by Wed 22 Apr")]


def test_a_draft_that_changes_hands_is_no_assignment_yet(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        draft = a_draft(session, firm)
        actions.reassign(session, draft, firm.people["u1.cem"].id, "Cem knows it", by=None, now=MORNING)

    deliver(database, mail_server, MORNING + A_LITTLE_LATER)

    assert outbox(database) == []
