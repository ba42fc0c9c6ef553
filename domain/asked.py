"""What respondents and teams are asked: questionnaires not handed in, and items that a team sees differently."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain import editions
from domain.answersheets import AnswerSheet, answer_sheets
from domain.assessments import Assessment, AssessmentStatus
from domain.closings import joint
from domain.cycles import Cycle
from domain.method.decisive import decisive
from domain.method.edition import Edition, State
from domain.method.respondents import Answer as Given
from domain.method.respondents import ElementScore
from domain.organisation import Unit
from domain.responses import Answer, Assessor, Response, ResponseStatus, Round


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Somebody's part of an open assessment, not handed in: topics asked, topics left, until when."""

    response_id: int
    assessment_id: int
    unit_id: int
    person_id: int
    topics: int
    left: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ContestedItem:
    """An item that a team should talk about, with the ids of those who said yes and no.

    The level hangs on one that is decisive; the others come after it.
    """

    element: str
    item: str
    yes: tuple[int, ...]
    no: tuple[int, ...]
    is_decisive: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """The ids of those who answer in an assessment, without those who declined, and of the unit's lead."""

    respondents: tuple[int, ...]
    lead: int | None

    @property
    def members(self) -> tuple[int, ...]:
        """Everybody in the team once, the lead first."""
        first = () if self.lead is None else (self.lead,)
        return (*first, *(each for each in self.respondents if each != self.lead))


def questionnaires(session: Session, response_ids: Collection[int] | None = None) -> list[Questionnaire]:
    """Return what open assessments still wait for, from everybody or in these responses, in order of id."""
    waiting = (
        select(Response.id, Response.person_id, Response.scope, Assessment.id, Assessment.unit_id, Assessment.closes_at)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .where(*awaited(), Assessment.status == AssessmentStatus.OPEN)
        .order_by(Response.id)
    )
    if response_ids is not None:
        waiting = waiting.where(Response.id.in_(response_ids))
    rows = session.execute(waiting).all()
    done = answered(session, [row[0] for row in rows])
    return [
        Questionnaire(
            response_id=response_id,
            assessment_id=assessment_id,
            unit_id=unit_id,
            person_id=person_id,
            topics=len(scope),
            left=len(set(scope) - done.get(response_id, set())),
            closes_at=closes_at,
        )
        for response_id, person_id, scope, assessment_id, unit_id, closes_at in rows
        if person_id is not None and closes_at is not None
    ]


def missing(session: Session, assessment_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the ids of the people who have neither handed in nor declined, by assessment."""
    rows = (
        select(Response.assessment_id, Response.person_id)
        .where(*awaited(), Response.assessment_id.in_(assessment_ids))
        .order_by(Response.id)
    )
    found: dict[int, list[int]] = {}
    for assessment_id, person_id in session.execute(rows):
        if person_id is not None:
            found.setdefault(assessment_id, []).append(person_id)
    return found


def contested(session: Session, assessment_ids: Collection[int]) -> dict[int, list[ContestedItem]]:
    """Return the items that teams should talk about, by assessment, in model order."""
    found: dict[int, list[ContestedItem]] = {}
    for edition, sheet in _sheets(session, assessment_ids):
        found[sheet.assessment_id] = [
            item
            for score in joint(edition, sheet)
            if score.contested
            for item in _contested_items(edition, score, sheet.answers[score.element])
        ]
    return found


def contested_at_first(session: Session, assessment_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the items that teams had to talk about when their blind round ended, agreed since or not."""
    return {
        sheet.assessment_id: {item for score in joint(edition, replace(sheet, agreed={})) for item in score.contested}
        for edition, sheet in _sheets(session, assessment_ids)
    }


def awaited() -> tuple[Any, ...]:
    """Return what is true of a respondent's part that was neither handed in nor declined."""
    return (
        Response.round == Round.BLIND,
        Response.assessor == Assessor.SELF,
        Response.status == ResponseStatus.INVITED,
    )


def answered(session: Session, response_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the elements to which something was answered, by response."""
    newest = (
        select(Answer.response_id, Answer.element, func.max(Answer.revision).label("revision"))
        .where(Answer.response_id.in_(response_ids))
        .group_by(Answer.response_id, Answer.element)
        .subquery()
    )
    rows = (
        select(Answer.response_id, Answer.element)
        .join(
            newest,
            (Answer.response_id == newest.c.response_id)
            & (Answer.element == newest.c.element)
            & (Answer.revision == newest.c.revision),
        )
        .where((Answer.states != "{}") | Answer.value.is_not(None))
    )
    found: dict[int, set[str]] = {}
    for response_id, element in session.execute(rows):
        found.setdefault(response_id, set()).add(element)
    return found


def teams(session: Session, assessment_ids: Collection[int]) -> dict[int, Team]:
    """Return the team of each assessment that asks somebody."""
    rows = (
        select(Response.assessment_id, Response.person_id, Unit.lead_id)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(
            Response.assessment_id.in_(assessment_ids),
            Response.round == Round.BLIND,
            Response.assessor == Assessor.SELF,
            Response.status != ResponseStatus.DECLINED,
        )
        .order_by(Response.id)
    )
    found: dict[int, Team] = {}
    for assessment_id, person_id, lead_id in session.execute(rows):
        if person_id is not None:
            before = found.get(assessment_id, Team((), lead_id))
            found[assessment_id] = Team((*before.respondents, person_id), lead_id)
    return found


def _sheets(session: Session, assessment_ids: Collection[int]) -> Iterator[tuple[Edition, AnswerSheet]]:
    """Yield the answers of assessments, each with the edition that it is judged by."""
    rows = (
        select(Assessment, Cycle.edition_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.id.in_(assessment_ids))
        .order_by(Assessment.id)
    )
    by_edition: dict[int, list[Assessment]] = {}
    for assessment, edition_id in session.execute(rows):
        by_edition.setdefault(edition_id, []).append(assessment)
    for edition_id, together in by_edition.items():
        edition = editions.edition(session, edition_id)
        for sheet in answer_sheets(session, edition, together):
            yield edition, sheet


def _contested_items(edition: Edition, score: ElementScore, answers: Mapping[str, Given]) -> list[ContestedItem]:
    def who(item: str, said: State) -> tuple[int, ...]:
        return tuple(int(person) for person, given in answers.items() if given.states.get(item) is said)

    first = decisive(edition.by_id[score.element].outline, score)
    return [
        ContestedItem(score.element, item, who(item, State.YES), who(item, State.NO), is_decisive=item in first)
        for item in score.contested
    ]
