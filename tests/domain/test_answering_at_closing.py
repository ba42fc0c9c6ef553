"""On PostgreSQL somebody may answer in the moment in which a round is closed: the one waits for the other."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import closings, responses
from domain.assessments import AssessmentStatus
from domain.errors import DomainError
from domain.method.edition import State
from domain.responses import Answer, Given, Response
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, plan

CLOSES = at("2026-04-21", 16)
AGREED_BY = at("2026-04-28", 16)
WHY = {("10", "10.2a"): "it hangs there"}


@pytest.fixture
def engine(postgresql_database: Database) -> Engine:
    """A database in which ann said that level 2 of topic 10 is not met; ben has not answered."""
    with transaction(postgresql_database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, OPENING)
        answer(session, firm, "u1.ann", {"10": 1, "2": 3})
    return postgresql_database.engine


class Other(threading.Thread):
    """Somebody else who does something at the same time in a transaction of their own."""

    def __init__(self, engine: Engine, what: str) -> None:
        super().__init__()
        self.engine, self.what = engine, what
        self.refusal: str | None = None
        self.start()
        time.sleep(0.3)  # until it waits, or is done

    def run(self) -> None:
        try:
            with transaction(self.engine) as session:
                DEEDS[self.what](session)
        except DomainError as refusal:
            self.refusal = str(refusal)

    def done(self) -> str | None:
        self.join(10)
        return self.refusal


def answers_of(session: Session, place: int) -> None:
    response = responses.of_assessment(session, assessment_of(session, "u1").id)[place]
    responses.save(session, response, {"10": Given(states=YES_TO_LEVEL_2)}, OPENING)


def ben_answers(session: Session) -> None:
    answers_of(session, 1)


def cem_answers(session: Session) -> None:
    answers_of(session, 2)


def the_team_agrees(session: Session) -> None:
    unit = assessment_of(session, "u1")
    closings.agree(session, unit, {"10": {"10.2a": State.YES}}, WHY, by=None, now=CLOSES)


YES_TO_LEVEL_2 = {f"10.{level}{letter}": "yes" for level in (1, 2) for letter in "ab"}
DEEDS: dict[str, Callable[[Session], object]] = {
    "ben answers": ben_answers,
    "cem answers": cem_answers,
    "the team agrees": the_team_agrees,
    "the round closes": lambda session: closings.close_blind_rounds(session, CLOSES),
    "the days end": lambda session: closings.close_agreed_rounds(session, AGREED_BY),
}


def kept(engine: Engine) -> tuple[AssessmentStatus, int]:
    """Return where u1's assessment stands, and how many answers by others than ann it has."""
    with transaction(engine) as session:
        unit = assessment_of(session, "u1")
        others = select(Answer.id).join(Response).where(Response.assessment_id == unit.id, Answer.element == "10")
        return unit.status, len(session.scalars(others).all()) - 1


def test_closing_waits_for_answers_that_are_being_stored(engine: Engine) -> None:
    with Session(engine) as session:
        ben_answers(session)
        closing = Other(engine, "the round closes")
        session.commit()

    assert (closing.done(), kept(engine)) == (None, (AssessmentStatus.AGREEING, 1))


def test_answers_wait_for_a_round_that_is_being_closed_and_are_refused(engine: Engine) -> None:
    with Session(engine) as session:
        number = assessment_of(session, "u1").id
        closings.close_blind_rounds(session, CLOSES)
        answering = Other(engine, "ben answers")
        session.commit()

    assert answering.done() == f"assessment {number} is closed; it takes answers while it is open"
    assert kept(engine) == (AssessmentStatus.CLOSED, 0)


def test_answers_go_on_when_the_closing_failed(engine: Engine) -> None:
    with Session(engine) as session:
        closings.close_blind_rounds(session, CLOSES)
        answering = Other(engine, "ben answers")
        session.rollback()

    assert (answering.done(), kept(engine)) == (None, (AssessmentStatus.OPEN, 1))


@pytest.fixture
def agreeing(engine: Engine) -> Engine:
    with transaction(engine) as session:
        ben_answers(session)
        closings.close_blind_rounds(session, CLOSES)
    return engine


def test_the_end_of_the_days_waits_for_a_team_that_is_agreeing(agreeing: Engine) -> None:
    with Session(agreeing) as session:
        the_team_agrees(session)
        closing = Other(agreeing, "the days end")
        session.commit()

    assert (closing.done(), kept(agreeing)) == (None, (AssessmentStatus.CLOSED, 2))


def test_a_team_that_agrees_too_late_is_refused(agreeing: Engine) -> None:
    with Session(agreeing) as session:
        closings.close_agreed_rounds(session, AGREED_BY)
        agreement = Other(agreeing, "the team agrees")
        session.commit()

    assert agreement.done() == "this assessment is closed; what was agreed in time stands"
    assert kept(agreeing) == (AssessmentStatus.CLOSED, 1)


def test_two_respondents_store_answers_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        ben_answers(session)
        cem = Other(engine, "cem answers")
        cem.join(10)
        was_done_meanwhile = not cem.is_alive()
        session.commit()

    assert (was_done_meanwhile, cem.done()) == (True, None)
    assert kept(engine) == (AssessmentStatus.OPEN, 2)
