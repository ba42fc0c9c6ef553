"""Contested items: the team is told once, with names inside the team, and not of what it agreed meanwhile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import closings, editions
from domain.assessments import Assessment
from domain.method.edition import State
from domain.organisation import Unit
from domain.responses import Given
from tests.builders import Firm, a_model, at, up_to
from tests.conftest import Database
from tests.notifications.post import an_open_quarter, arrived, deliver, hand_in, outbox, texts
from tests.servers.mail import MailServer

CLOSED = at("2026-04-17", 16)


def a_contested_round(session: Session) -> Firm:
    """Store a unit where ben stands alone on element 10, and close its blind round; the quality manager leads it."""
    firm = an_open_quarter(session, below=("u1",))
    session.get_one(Unit, firm.units["u1"].id).lead_id = firm.people["quality"].id
    for person, level in (("u1.ann", 2), ("u1.ben", 1), ("u1.cem", 2)):
        hand_in(session, firm, person, {"2": up_to(firm.edition, "2", 1), "10": up_to(firm.edition, "10", level)})
    closings.close_blind_rounds(session, CLOSED)
    return firm


def test_respondents_and_lead_are_told_once_what_to_agree_on(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        a_contested_round(session)

    for _twice in range(2):
        deliver(database, mail_server, CLOSED)

    assert arrived(mail_server) == [
        (person, "Unit u1: please agree on 2 statements by Fri 24 Apr")
        for person in ("quality", "u1.ann", "u1.ben", "u1.cem")
    ]


def test_the_mail_says_which_statements_who_said_what_and_how_it_is_recorded(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        a_contested_round(session)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "u1.ben")
    assert text == (
        "U1 Ben, please agree with your team of Unit u1 on 2 statements by Friday 24 April, 16:00; "
        "about 10 minutes together.\n\n"
        "Your team sees them differently. Look at the facts, then agree on yes, no or n/a for each, with a reason. "
        "Do not talk about levels: the level follows from the statements.\n\n"
        "10 Topic 10\n"
        "- Statement 10.2a holds. (10.2a)\n  yes: U1 Ann, U1 Cem; no: U1 Ben\n"
        "- Statement 10.2b holds. (10.2b)\n  yes: U1 Ann, U1 Cem; no: U1 Ben\n\n"
        "What you agreed and why goes to Miriam Falk, extension 214. "
        'It is recorded by: pdca agree 2026-Q2 u1 10.2a yes --because "..."\n\n'
        "What is not agreed by then stands as most of you said; a tie is a no.\n\n"
        "This mail goes to your team only, with names. Not used for appraisal.\n"
    )


def test_what_no_level_hangs_on_stands_last_and_takes_no_minutes(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = an_open_quarter(session, below=("u1",))
        for person, level in (("u1.ann", 3), ("u1.ben", 1), ("u1.cem", 1)):
            hand_in(session, firm, person, {"10": up_to(firm.edition, "10", level)})
        closings.close_blind_rounds(session, CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "u1.ben")
    assert text.startswith("U1 Ben, please agree with your team of Unit u1 on 2 statements by ")
    assert "; about 10 minutes together.\n" in text
    assert text.partition("10 Topic 10\n")[2].partition("What you agreed")[0] == (
        "- Statement 10.2a holds. (10.2a)\n  yes: U1 Ann; no: U1 Ben, U1 Cem\n"
        "- Statement 10.2b holds. (10.2b)\n  yes: U1 Ann; no: U1 Ben, U1 Cem\n\n"
        "If time is left; no level hangs on these now:\n\n"
        "10 Topic 10\n"
        "- Statement 10.3a holds. (10.3a)\n  yes: U1 Ann; no: U1 Ben, U1 Cem\n"
        "- Statement 10.3b holds. (10.3b)\n  yes: U1 Ann; no: U1 Ben, U1 Cem\n\n"
    )


def test_where_no_level_hangs_on_anything_the_team_is_asked_only_if_there_is_time(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = an_open_quarter(session, below=("u1",))
        states = {item.id: "no" for item in firm.edition.by_id["10"].items}
        for person, state in (("u1.ann", "yes"), ("u1.ben", "no"), ("u1.cem", "no")):
            hand_in(session, firm, person, {"10": Given(states={**states, "10.3a": state})})
        closings.close_blind_rounds(session, CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "u1.ben")
    assert text.partition("\n")[0] == (
        "U1 Ben, if there is time, please agree with your team of Unit u1 on 1 statement by Friday 24 April, 16:00; "
        "about 5 minutes together. No level hangs on it now."
    )
    assert ("u1.ben", "Unit u1: 1 statement to agree on by Fri 24 Apr, if there is time") in arrived(mail_server)


def test_what_was_agreed_before_the_mail_went_out_is_left_out(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        firm = a_contested_round(session)
        unit = session.scalars(select(Assessment).where(Assessment.unit_id == firm.units["u1"].id)).one()
        agree = {"10": {"10.2a": State.YES}}
        closings.agree(session, unit, agree, {("10", "10.2a"): "the list is there"}, by=None, now=CLOSED)

    deliver(database, mail_server, CLOSED)

    assert arrived(mail_server) == [
        (person, "Unit u1: please agree on 1 statement by Fri 24 Apr")
        for person in ("quality", "u1.ann", "u1.ben", "u1.cem")
    ]


def test_nothing_is_sent_once_the_time_for_agreeing_is_over(database: Database, mail_server: MailServer) -> None:
    with transaction(database.engine) as session:
        a_contested_round(session)
        closings.close_agreed_rounds(session, at("2026-04-24", 16))

    deliver(database, mail_server, at("2026-04-24", 16))

    contested = [entry for entry in outbox(database) if entry[0].startswith("contested/")]
    assert contested == [
        (f"contested/wheel/2026-Q2/u1/{person}", "dropped", "agreed or closed meanwhile")
        for person in ("quality", "u1.ann", "u1.ben", "u1.cem")
    ]


def test_what_is_contested_is_told_by_the_edition_the_cycle_began_with(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_contested_round(session)
        session.merge(firm.programme).edition_id = editions.keep(session, {**a_model("1", "2"), "edition": "2"}).id

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "u1.ben")
    assert "- Statement 10.2a holds. (10.2a)\n  yes: U1 Ann, U1 Cem; no: U1 Ben\n" in text
