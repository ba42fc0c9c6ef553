"""Closing: the blind round ends, the team settles what is contested, and what stands, stands."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from domain import assessments, editions, responses
from domain.answersheets import AnswerSheet, answer_sheets
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.errors import NotAllowed
from domain.events import move, record
from domain.method.edition import Edition, State
from domain.method.respondents import ElementScore, combine
from domain.programmes import Mode, Programme
from domain.responses import Given, NoteKind
from domain.turns import EVERYWHERE, Reach
from domain.words import _


def close_blind_rounds(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """End every blind round whose time is over; returns how many.

    Where something is contested and the programme gives days for it, the team agrees next; else the assessment closes.
    """
    over = _within(session, reach, assessments.to_close(session, now))
    for assessment in over:
        programme, edition = of_assessment(session, assessment)
        needs_team = programme.mode is Mode.TEAM and programme.consensus_days > 0
        if needs_team and contested(session, edition, assessment):
            move(session, assessment, AssessmentStatus.AGREEING, by=None, now=now)
        else:
            _close(session, assessment, now)
    return len(over)


def close_agreed_rounds(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Close every assessment whose days for agreeing are over, settled or not; returns how many."""
    over = _within(session, reach, assessments.to_settle(session, now))
    for assessment in over:
        _close(session, assessment, now)
    return len(over)


def contested(session: Session, edition: Edition, assessment: Assessment) -> list[ElementScore]:
    """Return the elements of an assessment with items the team should talk about, in model order."""
    scores = (each for sheet in answer_sheets(session, edition, [assessment]) for each in joint(edition, sheet))
    return [score for score in scores if score.contested]


def joint(edition: Edition, sheet: AnswerSheet) -> list[ElementScore]:
    """Return what an assessment's answers come to so far, element by element."""
    return [
        combine(
            edition,
            edition.by_id[element],
            sheet.answers.get(element, {}),
            sheet.agreed.get(element),
            asked=sheet.asked.get(element, 0),
        )
        for element in sheet.scope
    ]


def agree(
    session: Session,
    assessment: Assessment,
    agreed: Mapping[str, Mapping[str, State]],
    reasons: Mapping[tuple[str, str], str],
    *,
    by: int | None,
    now: datetime,
) -> int:
    """Record the team's states per element and item, each with a reason; returns how many elements got a new row.

    Raises NotAllowed unless the team is agreeing, or where a reason is missing.
    """
    if assessment.status is not AssessmentStatus.AGREEING:
        raise NotAllowed(_refusal(assessment))
    for element, states in agreed.items():
        for item in states:
            if not reasons.get((element, item), "").strip():
                raise NotAllowed(_("say why {item} is agreed (--because)").format(item=item))
    response = responses.agreed_response(session, assessment.id, by)
    before = responses.latest(session, response.id)
    given = {}
    for element, states in agreed.items():
        old = before.get(element)
        kept = responses.states_of(old) if old is not None else {}
        given[element] = Given(states={**kept, **states})
    written = responses.save(session, response, given, now)
    responses.note(session, response.id, {(*place, NoteKind.REASON): why for place, why in reasons.items()})
    if written:
        record(session, "assessment.agreed", assessment, by=by, now=now, elements=sorted(agreed))
    return written


def of_assessment(session: Session, assessment: Assessment) -> tuple[Programme, Edition]:
    """Return the programme and the model edition an assessment belongs to."""
    cycle = session.get_one(Cycle, assessment.cycle_id)
    programme = session.get_one(Programme, cycle.programme_id)
    return programme, editions.edition(session, programme.edition_id)


def _within(session: Session, reach: Reach, found: list[Assessment]) -> list[Assessment]:
    return [each for each in found if reach.covers(session.get_one(Cycle, each.cycle_id).programme_id, each.unit_id)]


def _close(session: Session, assessment: Assessment, now: datetime) -> None:
    assessment.closed_at = now
    move(session, assessment, AssessmentStatus.CLOSED, by=None, now=now)


def _refusal(assessment: Assessment) -> str:
    if assessment.status in {AssessmentStatus.PLANNED, AssessmentStatus.OPEN}:
        return _("the blind round is not over; the team agrees after it closes")
    return _("this assessment is {status}; what was agreed in time stands").format(status=assessment.status)
