"""Taking answers into the cycle of a small firm in tests."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from documents.answers import AnswerRow, read_answers
from documents.delivery import Delivery, delivered, take_in
from documents.faults import RefusedInput
from domain import closings, openings
from domain.cycles import Cycle
from domain.method.edition import edition_from
from domain.people import Person
from domain.responses import Answer, Response, ResponseStatus, Round
from tests.builders import MODEL, OPENING, a_firm, at
from tests.conftest import Database
from tests.documents.rows import everything

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


def contest(database: Database, folder: Path) -> None:
    """Let two say the opposite in unit u1, and close the blind rounds."""
    taken_in(database, rows_of(folder, "u1,u1.ann,2,2.1a,yes\nu1,u1.ben,2,2.1a,no\n"))
    with transaction(database.engine) as session:
        closings.close_blind_rounds(session, at("2026-04-22"))
