"""Respondents of an open round: somebody can't answer this time, or somebody else answers in their place."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain import answernotes, responses
from domain.answernotes import NoteKind
from domain.assessments import Assessment, AssessmentStatus
from domain.errors import NotAllowed
from domain.events import move, record
from domain.people import Person
from domain.responses import Response, ResponseStatus
from domain.words import _

ASKED = "response.asked"
"""The event that somebody is asked in an open round in another's place."""


def decline(session: Session, assessment: Assessment, who: Person, why: str, *, by: int | None, now: datetime) -> None:
    """Let a respondent not answer this time, with a reason: the round goes on and nobody asks them again."""
    _refuse_unless_open(session, assessment)
    _step_aside(session, assessment, who, why, by=by, now=now)


def replace(
    session: Session, assessment: Assessment, who: Person, instead: Person, why: str, *, by: int | None, now: datetime
) -> None:
    """Ask somebody else what a respondent was asked, with a reason; the respondent is asked no more."""
    _refuse_unless_open(session, assessment)
    if instead.id in {each.person_id for each in responses.of_assessment(session, assessment.id)}:
        raise NotAllowed(_("{who} was asked in this unit already; name somebody else").format(who=instead.key))
    scope = _step_aside(session, assessment, who, why, by=by, now=now).scope
    asked = Response(assessment_id=assessment.id, person_id=instead.id, scope=list(scope))
    session.add(asked)
    record(session, ASKED, asked, by=by, now=now, instead_of=who.id)


def _refuse_unless_open(session: Session, assessment: Assessment) -> None:
    """Raise NotAllowed unless the blind round is open; a turn that would close it waits."""
    session.refresh(assessment, with_for_update={"read": True})
    if assessment.status is not AssessmentStatus.OPEN:
        raise NotAllowed(
            _("assessment {id} is {status}; who answers changes while it is open").format(
                id=assessment.id, status=_(assessment.status)
            )
        )


def _step_aside(
    session: Session, assessment: Assessment, who: Person, why: str, *, by: int | None, now: datetime
) -> Response:
    """Ask a respondent no more, with the reason beside the answers, where it can be erased."""
    if not why.strip():
        raise NotAllowed(_("give the reason why {who} does not answer (--because)").format(who=who.key))
    response = responses.response_of(session, assessment.id, who.id)
    if response.status is ResponseStatus.SUBMITTED:
        raise NotAllowed(_("{who} has handed in; nobody asks again").format(who=who.key))
    if response.status is ResponseStatus.DECLINED:
        raise NotAllowed(_("{who} is asked no more already").format(who=who.key))
    move(session, response, ResponseStatus.DECLINED, by=by, now=now)
    answernotes.keep(session, response.id, {("", "", NoteKind.REASON): why})
    return response
