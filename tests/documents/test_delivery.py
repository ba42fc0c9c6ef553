"""The answers of a file are taken into a cycle whole, or refused with every fault and nothing stored."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from documents.answers import AnswerRow, read_answers
from documents.delivery import Delivery, delivered, take_in
from documents.faults import RefusedInput
from domain import closings, openings
from domain.answernotes import AnswerNote
from domain.cycles import Cycle
from domain.events import Event, move
from domain.method.edition import edition_from
from domain.people import Person
from domain.responses import Answer, Response, ResponseStatus, Round
from tests.builders import MODEL, OPENING, a_firm, at
from tests.conftest import Database
from tests.documents.rows import everything, undone

EDITION = edition_from(MODEL)
HEADINGS = "unit,respondent,element,item,answer,reason,comment,evidence,because,round,assessor\n"
TOP_AND_U1 = "top,top.ann,1,1.1a,yes\nu1,u1.ann,2,2.1a,yes\nu1,u1.ann,2,2.1b,no\nu1,u1.ben,10,10.1a,don't know\n"


def opened(database: Database) -> None:
    """Store a small firm whose assessments are open."""
    with transaction(database.engine) as session:
        a_firm(session)
        openings.begin_cycles(session, OPENING)
        openings.open_assessments(session, OPENING)


def rows_of(folder: Path, text: str) -> list[AnswerRow]:
    path = folder / "answers.csv"
    path.write_text(HEADINGS + text, encoding="utf-8")
    return read_answers(path, EDITION)


def the_cycle(session: Session) -> Cycle:
    return session.scalars(select(Cycle)).one()


def taken_in(database: Database, rows: Sequence[AnswerRow], now: datetime = OPENING, by: int | None = None) -> Delivery:
    with transaction(database.engine) as session:
        delivery = delivered(session, the_cycle(session), rows, "answers.csv")
        take_in(session, delivery, by, now)
        return delivery


def refused(database: Database, rows: Sequence[AnswerRow]) -> list[str]:
    with reading(database.engine) as session:
        before = everything(session)
    with pytest.raises(RefusedInput) as refusal:
        taken_in(database, rows)
    with reading(database.engine) as session:
        assert everything(session) == before
    return [str(fault) for fault in refusal.value.faults]


def stored(session: Session) -> list[tuple[str | None, str, int, str | None, str, bool]]:
    """Return every answer: who, element, revision, states, because, evidence."""
    people = {each.id: each.key for each in session.scalars(select(Person))}
    rows = session.execute(select(Response, Answer).join(Answer, Answer.response_id == Response.id).order_by(Answer.id))
    return [
        (people.get(response.person_id or 0), each.element, each.revision, each.states, each.because, each.has_evidence)
        for response, each in rows
    ]


def submitted(session: Session) -> list[str]:
    people = {each.id: each.key for each in session.scalars(select(Person))}
    handed = select(Response).where(Response.status == ResponseStatus.SUBMITTED, Response.round == Round.BLIND)
    return [people[each.person_id or 0] for each in session.scalars(handed.order_by(Response.id))]


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
        "answers.csv, row 7, column assessor: found 'external'; expected self",
    ]


def test_what_is_agreed_has_its_place_and_its_recorder(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)
    agreed = ",a reason,,,,agreed"

    faults = refused(
        database,
        rows_of(
            tmp_path,
            f"u1,nobody,2,2.1a,yes{agreed}\nu1,team,1,1.1a,yes{agreed}\nu1,team,2,2.1b,yes{agreed},external\n",
        ),
    )

    assert faults == [
        "answers.csv, row 2, column respondent: found 'nobody'; expected who recorded it, or team",
        "answers.csv, row 3, column element: found '1'; expected what was asked this time: 2 or 10",
        "answers.csv, row 4, column assessor: found 'external'; expected self, since a team agrees about itself",
    ]


def test_each_round_has_its_time(database: Database, tmp_path: Path) -> None:
    with transaction(database.engine) as session:
        a_firm(session)
        openings.begin_cycles(session, at("2026-04-01"))
    blind = rows_of(tmp_path, TOP_AND_U1)
    agreed = rows_of(tmp_path, "u1,team,2,2.1a,yes,we looked,,,,agreed\n")

    assert refused(database, blind) == [
        "answers.csv, row 2, column unit: found answers of top before it opens; expected answers from 2026-04-03 on",
        "answers.csv, row 3, column unit: found answers of u1 before it opens; expected answers from 2026-04-03 on",
    ]

    with transaction(database.engine) as session:
        openings.open_assessments(session, OPENING)
    assert refused(database, agreed) == [
        (
            "answers.csv, row 2, column unit: found what u1 agreed, while it still answers blind; "
            "expected answers of the round blind until 2026-04-21T16:00+00:00"
        )
    ]

    contest(database, tmp_path)
    assert refused(database, blind) == [
        (
            "answers.csv, row 2, column unit: found answers of top, which is closed; "
            "expected answers of units that are open"
        ),
        (
            "answers.csv, row 3, column unit: found blind answers of u1 after that round was closed; "
            "expected what the team agrees (round agreed) until 2026-04-29T16:00+00:00"
        ),
    ]


def test_what_the_team_agreed_is_recorded_with_its_reason(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)
    rows = rows_of(tmp_path, "u1,team,2,2.1a,yes,we looked at the board,,,,agreed\n")

    written = [written_by(database, rows, by=7) for _time in range(2)]

    assert written == [1, 0]
    with reading(database.engine) as session:
        (agreed,) = session.scalars(select(Response).where(Response.round == Round.AGREED))
        assert [each.states for each in session.scalars(select(Answer).where(Answer.response_id == agreed.id))] == [
            '{"2.1a":"yes"}'
        ]
        assert [each.text for each in session.scalars(select(AnswerNote))] == ["we looked at the board"]
        (recorded,) = session.scalars(select(Event).where(Event.name == "assessment.agreed"))
        assert (recorded.by, recorded.payload["elements"]) == (7, ["2"])


def test_who_recorded_what_was_agreed_stands_in_the_event(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)

    taken_in(database, rows_of(tmp_path, "u1,u1.ann,2,2.1a,yes,we looked,,,,agreed\n"), by=7)

    with reading(database.engine) as session:
        ann = session.scalars(select(Person).where(Person.key == "u1.ann")).one()
        assert session.scalars(select(Event.by).where(Event.name == "assessment.agreed")).all() == [ann.id]


def test_two_units_take_no_more_statements_than_one(database: Database, tmp_path: Path) -> None:
    opened(database)
    sent = []

    for text in (TOP_AND_U1, TOP_AND_U1.replace("u1", "u2") + "u1,u1.cem,2,2.1a,yes\nu2,u2.cem,2,2.1a,yes\n"):
        with database.statements() as statements:
            taken_in(database, rows_of(tmp_path, text))
        sent.append(len(statements))

    assert sent[0] == sent[1]


def written_by(database: Database, rows: Sequence[AnswerRow], by: int) -> int:
    with transaction(database.engine) as session:
        return take_in(session, delivered(session, the_cycle(session), rows, "answers.csv"), by, at("2026-04-22"))


def contest(database: Database, folder: Path) -> None:
    """Let two say the opposite in unit u1, and close the blind rounds."""
    taken_in(database, rows_of(folder, "u1,u1.ann,2,2.1a,yes\nu1,u1.ben,2,2.1a,no\n"))
    with transaction(database.engine) as session:
        closings.close_blind_rounds(session, at("2026-04-22"))


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
