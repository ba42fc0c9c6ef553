"""The answers of a file are taken into a cycle whole, or refused with every fault and nothing stored."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config.database import reading, transaction
from documents.delivery import delivered, take_in
from domain.answernotes import AnswerNote
from domain.cycles import Cycle
from domain.events import Event, move
from domain.people import Person
from domain.responses import Response, ResponseStatus
from tests.builders import OPENING, at
from tests.conftest import Database
from tests.documents.deliveries import (
    EDITION,
    TOP_AND_U1,
    opened,
    refused,
    rows_of,
    stored,
    submitted,
    taken_in,
    the_cycle,
)
from tests.documents.rows import everything, undone


def test_answers_are_stored_with_their_words_and_handed_in(database: Database, tmp_path: Path) -> None:
    opened(database)
    words = "u1,u1.cem@example.org,2,2.1a,n/a,no handover here,ask Eva,,changed\nu1,u1.cem,10,10.1a,yes,,,a list\n"

    delivery = taken_in(database, rows_of(tmp_path, TOP_AND_U1 + words), by=7)

    assert (delivery.changed, delivery.same, len(delivery.handed_in)) == (5, 0, 4)
    with reading(database.engine) as session:
        assert stored(session) == [
            ("top.ann", "1", 1, '{"1.1a":"yes"}', "{}", False),
            ("u1.ann", "2", 1, '{"2.1a":"yes","2.1b":"no"}', "{}", False),
            ("u1.ben", "10", 1, '{"10.1a":"don\'t know"}', "{}", False),
            ("u1.cem", "10", 1, '{"10.1a":"yes"}', "{}", True),
            ("u1.cem", "2", 1, '{"2.1a":"n/a"}', '{"2.1a":"changed"}', False),
        ]
        assert submitted(session) == ["top.ann", "u1.ann", "u1.ben", "u1.cem"]
        assert sorted((each.item, each.kind, each.text) for each in session.scalars(select(AnswerNote))) == [
            ("10.1a", "evidence", "a list"),
            ("2.1a", "comment", "ask Eva"),
            ("2.1a", "reason", "no handover here"),
        ]
        handed = session.scalars(select(Event).where(Event.name == "response.submitted")).all()
        assert {(each.by, each.payload["answers"]) for each in handed} == {(7, 1), (7, 2)}


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    opened(database)
    rows = rows_of(tmp_path, TOP_AND_U1 + "u1,u1.cem,10,10.1a,yes,,because,a list,mistake\n")
    taken_in(database, rows)
    with reading(database.engine) as session:
        before = everything(session)

    again = taken_in(database, rows, at("2026-04-08"))

    assert (again.changed, again.same, again.handed_in) == (0, 4, ())
    with reading(database.engine) as session:
        assert everything(session) == before


def test_a_row_adds_to_what_was_answered_and_a_blank_one_takes_nothing_away(database: Database, tmp_path: Path) -> None:
    opened(database)
    taken_in(database, rows_of(tmp_path, "u1,u1.ann,2,2.1a,yes,,,seen it,changed\nu1,u1.ann,10,10.1a,yes\n"))

    delivery = taken_in(database, rows_of(tmp_path, "u1,u1.ann,2,2.1b,no\nu1,u1.ann,2,2.1a,\nu1,u1.ben,2,2.1a,\n"))

    assert (delivery.changed, delivery.same) == (1, 0)
    with reading(database.engine) as session:
        assert stored(session)[2:] == [("u1.ann", "2", 2, '{"2.1a":"yes","2.1b":"no"}', '{"2.1a":"changed"}', True)]
        assert submitted(session) == ["u1.ann"]


def test_who_declined_and_answers_all_the_same_is_heard(database: Database, tmp_path: Path) -> None:
    opened(database)
    with transaction(database.engine) as session:
        ann = session.scalars(
            select(Response).join(Person, Person.id == Response.person_id).where(Person.key == "u1.ann")
        ).one()
        move(session, ann, ResponseStatus.DECLINED, by=None, now=OPENING)

    taken_in(database, rows_of(tmp_path, "u1,u1.ann,2,2.1a,yes\n"))

    with reading(database.engine) as session:
        assert submitted(session) == ["u1.ann"]


def test_a_row_that_belongs_nowhere_says_where_rows_may_belong(database: Database, tmp_path: Path) -> None:
    opened(database)

    faults = refused(
        database,
        rows_of(
            tmp_path,
            "u3,u1.ann,2,2.1a,yes\nu3,u1.ann,2,2.1b,yes\nu1,u2.ann,2,2.1a,yes\nu1,nobody,2,2.1a,yes\n"
            "u1,u1.ann,1,1.1a,yes\nu1,u1.ann,2,2.1a,yes,,,,,,external\n" + TOP_AND_U1,
        ),
    )

    assert faults == [
        "answers.csv, row 2, column unit: found 'u3'; expected a unit of 2026-Q2: top, u1 or u2",
        (
            "answers.csv, row 4, column respondent: found 'u2.ann'; "
            "expected somebody asked in u1: u1.ann, u1.ben or u1.cem"
        ),
        (
            "answers.csv, row 5, column respondent: found 'nobody'; "
            "expected somebody asked in u1: u1.ann, u1.ben or u1.cem"
        ),
        "answers.csv, row 6, column element: found '1'; expected what was asked this time: 2 or 10",
        (
            "answers.csv, row 7, column assessor: found 'external'; expected self (what others assess is not taken "
            "into a cycle yet; `pdca score` reads it)"
        ),
    ]


def test_two_units_take_no_more_statements_than_one(database: Database, tmp_path: Path) -> None:
    opened(database)
    sent = []

    for text in (TOP_AND_U1, TOP_AND_U1.replace("u1", "u2") + "u1,u1.cem,2,2.1a,yes\nu2,u2.cem,2,2.1a,yes\n"):
        with database.statements() as statements:
            taken_in(database, rows_of(tmp_path, text))
        sent.append(len(statements))

    assert sent[0] == sent[1]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_order_of_the_rows_and_a_second_time_make_no_difference(
    sqlite_database: Database, tmp_path: Path, data: st.DataObject
) -> None:
    with reading(sqlite_database.engine) as session:
        is_new = session.scalars(select(Cycle)).first() is None
    if is_new:
        opened(sqlite_database)
    items = [(element.id, item.id) for element in EDITION.elements[1:] for item in element.items]
    places = [(person, *item) for person in ("ann", "ben") for item in items]
    words = st.sampled_from(["yes", "no", "don't know", ""])
    said = data.draw(st.dictionaries(st.sampled_from(places), words, min_size=1))
    lines = [f"u1,u1.{person},{element},{item},{answer}\n" for (person, element, item), answer in said.items()]

    found = []
    for order in (lines, data.draw(st.permutations(lines))):
        with undone(sqlite_database) as session:
            for _time in range(2):
                delivery = delivered(session, the_cycle(session), rows_of(tmp_path, "".join(order)), "answers.csv")
                take_in(session, delivery, None, OPENING)
            found.append({answer[:4] for answer in stored(session)})

    assert found[0] == found[1]
    assert {revision for _person, _element, revision, _states in found[0]} <= {1}


def test_who_answers_the_same_twice_by_id_and_by_address_is_refused_with_both_rows(
    database: Database, tmp_path: Path
) -> None:
    opened(database)

    faults = refused(
        database,
        rows_of(tmp_path, "u1,u1.ann,2,2.1a,yes\nu1,u1.ann@example.org,2,2.1b,no\nu1,u1.ann@example.org,2,2.1a,no\n"),
    )

    assert faults == [
        (
            "answers.csv, row 4, column respondent: found 'u1.ann@example.org', who is 'u1.ann' in row 2 and answers "
            "the same there; expected one row per unit, respondent, element, item, round and assessor"
        )
    ]
