"""Each round of an assessment takes its own answers at its own time."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from config.database import reading, transaction
from documents.answers import AnswerRow
from documents.delivery import delivered, take_in
from domain import openings
from domain.answernotes import AnswerNote
from domain.answersheets import answer_sheets
from domain.assessments import Assessment
from domain.events import Event
from domain.people import Person
from domain.responses import Answer, Response, Round
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.documents.deliveries import EDITION, TOP_AND_U1, contest, opened, refused, rows_of, taken_in, the_cycle


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


def test_what_is_agreed_has_its_place_and_its_recorder(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)
    agreed = ",a reason,,,,agreed"

    faults = refused(
        database,
        rows_of(
            tmp_path, f"u1,nobody,2,2.1a,yes{agreed}\nu1,team,1,1.1a,yes{agreed}\nu1,team,2,2.1b,yes{agreed},external\n"
        ),
    )

    assert faults == [
        "answers.csv, row 2, column respondent: found 'nobody'; expected who recorded it, or team",
        "answers.csv, row 3, column element: found '1'; expected what was asked this time: 2 or 10",
        "answers.csv, row 4, column assessor: found 'external'; expected self, since a team agrees about itself",
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


def test_each_statement_is_recorded_by_whoever_stands_in_its_row(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)
    rows = "u1,u1.ann,2,2.1a,yes,we looked,,,,agreed\nu1,u1.ben,2,2.1b,no,no list,,,,agreed\n"

    taken_in(database, rows_of(tmp_path, rows), by=7)

    with reading(database.engine) as session:
        recorded = session.scalars(select(Event.by).where(Event.name == "assessment.agreed").order_by(Event.id))
        keys = {each.id: each.key for each in session.scalars(select(Person))}
        assert [keys[by or 0] for by in recorded] == ["u1.ann", "u1.ben"]


def written_by(database: Database, rows: Sequence[AnswerRow], by: int) -> int:
    with transaction(database.engine) as session:
        return take_in(session, delivered(session, the_cycle(session), rows, "answers.csv"), by, at("2026-04-22"))


def test_evidence_and_comments_of_what_was_agreed_are_kept_and_counted(database: Database, tmp_path: Path) -> None:
    opened(database)
    contest(database, tmp_path)
    first = rows_of(tmp_path, "u1,team,2,2.1a,yes,we looked,since May,the board,,agreed\n")
    again = rows_of(tmp_path, "u1,team,2,2.1b,yes,we looked twice,,,,agreed\n")

    for rows in (first, again):
        taken_in(database, rows, at("2026-04-22"))

    with reading(database.engine) as session:
        notes = session.scalars(select(AnswerNote).order_by(AnswerNote.item, AnswerNote.kind)).all()
        assert [(each.element, each.item, each.kind.value, each.text) for each in notes] == [
            ("2", "2.1a", "comment", "since May"),
            ("2", "2.1a", "evidence", "the board"),
            ("2", "2.1a", "reason", "we looked"),
            ("2", "2.1b", "reason", "we looked twice"),
        ]
        sheet = next(s for s in answer_sheets(session, EDITION, session.scalars(select(Assessment)).all()) if s.agreed)
        assert sheet.agreed["2"].has_evidence
