"""The summary: the quality team reads once per cycle what came out and which drafts wait."""

from sqlalchemy import delete

from config.database import transaction
from domain.events import record
from domain.programmes import ProgrammeUnit
from domain.responses import Given
from tests.builders import a_firm, a_model, answer_all, at, up_to
from tests.conftest import Database
from tests.domain.acts import turn
from tests.notifications.post import OPENED, arrived, deliver, hand_in, html_of, texts
from tests.servers.mail import MailServer

CLOSED = at("2026-04-17", 16)


def a_planned_cycle(database: Database) -> None:
    """Have everybody say level 1 of a target of 3, and ann of the top unit level 3, until the cycle is planned."""
    with transaction(database.engine) as session:
        firm = a_firm(session, consensus_days=0)
        turn(session, OPENED)
        answer_all(session, firm.edition, {"1": 3, "2": 1, "10": 1}, OPENED)
        turn(session, CLOSED)


def test_the_quality_managers_are_told_once_that_drafts_wait(database: Database, mail_server: MailServer) -> None:
    a_planned_cycle(database)

    for _twice in range(2):
        deliver(database, mail_server, CLOSED)

    [summary] = [mail for mail in arrived(mail_server) if mail[0] == "quality"]
    assert summary == ("quality", "2026-Q2: 4 draft actions to read and release")


def test_the_summary_says_what_came_out_unit_by_unit(sqlite_database: Database, mail_server: MailServer) -> None:
    a_planned_cycle(sqlite_database)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text == (
        "Quality, please read 4 draft actions of 2026-Q2 (Programme) by Friday 1 May and release what is ripe.\n\n"
        "- 1 Unit u1: Topic 2: next step to level 2; owner: U1 Ann\n"
        "- 2 Unit u1: Topic 10: next step to level 2; owner: U1 Ann\n"
        "- 3 Unit u2: Topic 2: next step to level 2; owner: U2 Ann\n"
        "- 4 Unit u2: Topic 10: next step to level 2; owner: U2 Ann\n\n"
        "One is shown by: pdca actions show NUMBER, and released by: pdca actions release NUMBER\n\n"
        "Where the units stand:\n"
        "- Unit top: 1 of 1 topics judged: 1 at target\n"
        "- Unit u1: 2 of 2 topics judged: 2 two or more below; 2 drafts\n"
        "- Unit u2: 2 of 2 topics judged: 2 two or more below; 2 drafts\n\n"
        "What was found:\n- 1 strength\n- 4 gaps\n- 1 judged high without evidence\n\n"
        "This mail goes to the quality team, once per cycle.\n"
    )
    [html] = [html_of(mail) for mail in mail_server.messages if "quality" in str(mail["To"])]
    assert html.count("<tr>") == 6


def test_a_draft_that_units_share_is_named_where_it_is_at_home_though_nobody_is_asked_there(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), consensus_days=0, model=a_model("2"))
        asked = delete(ProgrammeUnit).where(ProgrammeUnit.unit_id == firm.units["top"].id)
        session.execute(asked)
        turn(session, OPENED)
        answer_all(session, firm.edition, {"2": 1}, OPENED)
        turn(session, CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text.splitlines()[2] == "- 1 Unit top, for 3 units: Topic 2: next step to level 2; owner: Top Ann"


def test_a_cycle_without_drafts_says_so(sqlite_database: Database, mail_server: MailServer) -> None:
    with transaction(sqlite_database.engine) as session:
        firm = a_firm(session, consensus_days=0, targets={"default": 1})
        turn(session, OPENED)
        answer_all(session, firm.edition, {}, OPENED)
        turn(session, CLOSED)
        record(session, "something else", firm.programme, by=None, now=CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text.startswith("Quality, 2026-Q2 of Programme is planned; no draft action waits for you.\n")


def test_the_summary_says_why_gaps_got_no_draft_and_what_is_unsettled(
    sqlite_database: Database, mail_server: MailServer
) -> None:
    with transaction(sqlite_database.engine) as session:
        model = a_model("1", "2", "3", "10", organisation=("1",))
        firm = a_firm(session, below=("u1",), model=model, consensus_days=0, numbers={"drafts_per_unit": 1})
        turn(session, OPENED)
        for person, out_of in (("u1.ann", {"10.2a"}), ("u1.ben", {"10.2b"}), ("u1.cem", {"10.1a"})):
            states = {item.id: "no" if item.id in out_of else "yes" for item in firm.edition.by_id["10"].items}
            below = {element: up_to(firm.edition, element, 1) for element in ("2", "3")}
            hand_in(session, firm, person, below | {"10": Given(states=states)})
        answer_all(session, firm.edition, {}, OPENED)
        turn(session, CLOSED)

    deliver(sqlite_database, mail_server, CLOSED)

    [text] = texts(mail_server, "quality")
    assert text.partition("release NUMBER\n\n")[2] == (
        "Not now: 1 gap.\n"
        "- 1: the unit has as many actions already as it should have at once\n\n"
        "Where the units stand:\n"
        "- Unit top: 1 of 1 topics judged: 1 one below; 1 draft\n"
        "- Unit u1: 2 of 3 topics judged: 2 two or more below; 1 draft\n\n"
        "What was found:\n- 3 gaps\n- 1 topic seen differently\n\n"
        "Unsettled, without a level in this cycle:\n- Unit u1: 10 Topic 10\n\n"
        "This mail goes to the quality team, once per cycle.\n"
    )
