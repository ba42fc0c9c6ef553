"""Who answers in an open round, from the command line: what the mails promise is recorded."""

import pytest
from sqlalchemy import select

from config.database import reading, transaction
from domain.answernotes import AnswerNote
from domain.events import Event
from domain.people import Person
from domain.responses import Response
from tests.builders import a_person, at
from tests.conftest import Database
from tests.notifications.post import OPENED, an_open_quarter, arrived, deliver
from tests.pdca.conftest import Command
from tests.servers.mail import MailServer

QUARTER = ("2026-Q2", "top")
NOW = ("--as-of", "2026-04-08T10:00")
AWAY = ("--because", "on leave until May", *NOW)


@pytest.fixture(autouse=True)
def quarter(database: Database) -> None:
    """A firm of one unit that opened on 3 April 2026, and dan, who was not asked."""
    with transaction(database.engine) as session:
        an_open_quarter(session, below=())
        a_person(session, "dan")


def parts_of(database: Database) -> list[tuple[str, str]]:
    with reading(database.engine) as session:
        rows = select(Person.key, Response.status).join(Person, Person.id == Response.person_id).order_by(Response.id)
        return [(key, status.value) for key, status in session.execute(rows)]


def happened(database: Database) -> list[str]:
    with reading(database.engine) as session:
        return list(session.scalars(select(Event.name).where(Event.subject == "response").order_by(Event.id)))


def test_who_cannot_answer_this_time_is_not_reminded(
    database: Database, pdca: Command, mail_server: MailServer
) -> None:
    deliver(database, mail_server, OPENED)
    arrived(mail_server)

    ran = pdca("respondents", "decline", *QUARTER, "top.ben", *AWAY, "--by", "top.ben")
    deliver(database, mail_server, at("2026-04-14", 8))

    assert (ran.code, ran.out, ran.err) == (0, "top.ben is not asked again in 2026-Q2 of top.\n", "")
    assert parts_of(database) == [("top.ann", "invited"), ("top.ben", "declined"), ("top.cem", "invited")]
    assert happened(database) == ["response.declined"]
    assert [to for to, _subject in arrived(mail_server)] == ["top.ann", "top.cem"]
    with reading(database.engine) as session:
        assert session.scalars(select(AnswerNote.text)).all() == ["on leave until May"]


def test_who_answers_in_anothers_place_is_invited_to_the_same_and_reminded(
    database: Database, pdca: Command, mail_server: MailServer
) -> None:
    deliver(database, mail_server, OPENED)
    arrived(mail_server)

    ran = pdca("respondents", "replace", *QUARTER, "top.ben", "dan@example.org", *AWAY)
    deliver(database, mail_server, at("2026-04-08", 11))
    invited = arrived(mail_server)
    deliver(database, mail_server, at("2026-04-14", 8))

    assert (ran.code, ran.out, ran.err) == (0, "dan answers in the place of top.ben.\n", "")
    assert parts_of(database) == [
        ("top.ann", "invited"),
        ("top.ben", "declined"),
        ("top.cem", "invited"),
        ("dan", "invited"),
    ]
    assert happened(database) == ["response.declined", "response.asked"]
    assert invited == [("dan", "Unit top: please answer 3 topics by Fri 17 Apr (6 minutes)")]
    assert [to for to, _subject in arrived(mail_server)] == ["dan", "top.ann", "top.cem"]


def test_who_has_no_address_is_named_to_whoever_replaces_them(database: Database, pdca: Command) -> None:
    with transaction(database.engine) as session:
        session.scalars(select(Person).where(Person.key == "dan")).one().mail = None

    ran = pdca("respondents", "replace", *QUARTER, "top.ben", "dan", *AWAY)

    assert ran.lines == [
        "dan answers in the place of top.ben.",
        "dan has no mail address: hand over the answer sheet yourself.",
    ]


def test_who_answers_changes_only_by_right_with_a_reason_and_once(database: Database, pdca: Command) -> None:
    pdca("respondents", "decline", *QUARTER, "top.cem", *AWAY)

    refused = {
        "decline 2026-Q2 top top.ben --because away --by top.cem": (
            "top.cem does not lead this unit; its lead or the quality team decides this (--by)"
        ),
        "replace 2026-Q2 top top.ben dan --because away --by top.ben": (
            "top.ben does not lead this unit; its lead or the quality team decides this (--by)"
        ),
        "decline 2026-Q2 top top.ben --because ''": "give the reason why top.ben does not answer (--because)",
        "decline 2026-Q2 top top.cem --because away": "top.cem is asked no more already",
        "decline 2026-Q2 top dan --because away": "this person was not asked in this assessment",
        "replace 2026-Q2 top top.ben top.ann --because away": (
            "top.ann was asked in this unit already; name somebody else"
        ),
        "replace 2026-Q2 top top.ben eve --because away": (
            "nobody has the id or address eve; `pdca status --people` lists them"
        ),
    }
    said = {}
    for words in refused:
        ran = pdca("respondents", *[word.strip("'") for word in words.split()], *NOW)
        said[words] = ran.err.strip()
        assert ran.code == 2

    assert said == refused
    assert happened(database) == ["response.declined"]
