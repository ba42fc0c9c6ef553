"""Closing: the blind round ends, the team settles what is contested, and what stands, stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import answernotes, assessments, editions, organisation, responses
from domain.answernotes import NoteKind, Notes
from domain.answersheets import AnswerSheet, answer_sheets
from domain.assessments import CLOSES_AT, Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.errors import NotAllowed
from domain.events import move_all, record
from domain.method.edition import Edition, State
from domain.method.respondents import ElementScore, combine
from domain.method.workdays import add_working_days
from domain.programmes import Mode, Programme
from domain.responses import Given
from domain.turns import EVERYWHERE, Reach
from domain.words import _


class _Round(NamedTuple):
    """An assessment's cycle and programme."""

    cycle: Cycle
    programme: Programme


def close_blind_rounds(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """End every blind round whose time is over; returns how many.

    Where something is contested and the programme gives days for it, the team agrees next; else the assessment closes.
    """
    over = _within(session, reach, assessments.to_close(session, now))
    agreeing = _to_agree(session, over)
    _begin_agreeing(session, agreeing, now)
    _close(session, [each for each in over if each not in agreeing], now)
    return len(over)


def close_agreed_rounds(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Close every assessment whose days for agreeing are over, settled or not; returns how many."""
    over = _within(session, reach, assessments.to_settle(session, now))
    _close(session, list(over), now)
    return len(over)


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
    values: Mapping[str, Fraction] = MappingProxyType({}),
    notes: Notes = MappingProxyType({}),
) -> int:
    """Record the team's states per element and item, each with a reason; returns how many elements got a new row.

    Where the rule takes a value, an element stands in `values`, or with n/a or don't know as its own item. `notes` are
    the words that go with them besides the reasons; what has evidence keeps that when it is agreed anew. Raises
    NotAllowed unless the team is agreeing, or where a reason is missing.
    """
    session.refresh(assessment, with_for_update={"read": True})
    if assessment.status is not AssessmentStatus.AGREEING:
        raise NotAllowed(_refusal(assessment))
    for element, states in [*agreed.items(), *((element, (element,)) for element in values)]:
        for item in states:
            if not reasons.get((element, item), "").strip():
                raise NotAllowed(_("say why {item} is agreed (--because)").format(item=item))
    response = responses.agreed_response(session, assessment.id, by)
    before = responses.latest(session, response.id)
    shown = {element for element, _item, kind in notes if kind is NoteKind.EVIDENCE}
    shown |= {element for element, old in before.items() if old.has_evidence}
    given = {each: Given(value=str(value), has_evidence=each in shown) for each, value in values.items()}
    for element, states in agreed.items():
        old = before.get(element)
        kept = responses.states_of(old) if old is not None else {}
        given[element] = Given(states={**kept, **states}, has_evidence=element in shown)
    written = responses.save(session, response, given, now)
    whys = {(*place, NoteKind.REASON): why for place, why in reasons.items()}
    answernotes.keep(session, response.id, {**notes, **whys})
    if written:
        elements = sorted({*agreed, *values})
        seen = responses.seen(responses.latest(session, response.id))
        record(session, "assessment.agreed", assessment, by=by, now=now, elements=elements, digest=seen)
    return written


def edition_of(session: Session, assessment: Assessment) -> Edition:
    """Return the model edition by which an assessment is judged."""
    return editions.edition(session, session.get_one(Cycle, assessment.cycle_id).edition_id)


def _within(session: Session, reach: Reach, found: Sequence[Assessment]) -> dict[Assessment, _Round]:
    """Return those that a turn is about, each with its cycle and programme."""
    if not found:
        return {}
    rows = select(Cycle, Programme).join(Programme, Programme.id == Cycle.programme_id)
    rows = rows.where(Cycle.id.in_({each.cycle_id for each in found}))
    rounds = {cycle.id: _Round(cycle, programme) for cycle, programme in session.execute(rows)}
    within = {each: rounds[each.cycle_id] for each in found}
    return {each: round_ for each, round_ in within.items() if reach.covers(round_.programme.id, each.unit_id)}


def _to_agree(session: Session, over: Mapping[Assessment, _Round]) -> dict[Assessment, Programme]:
    """Return those with something contested whose programme gives the team days for it."""
    by_id = {
        each.id: each
        for each, (_cycle, programme) in over.items()
        if programme.mode is Mode.TEAM and programme.consensus_days > 0
    }
    found = {}
    for edition_id in sorted({over[each].cycle.edition_id for each in by_id.values()}):
        edition = editions.edition(session, edition_id)
        together = [each for each in by_id.values() if over[each].cycle.edition_id == edition_id]
        for sheet in answer_sheets(session, edition, together):
            if any(score.contested for score in joint(edition, sheet)):
                assessment = by_id[sheet.assessment_id]
                found[assessment] = over[assessment].programme
    return found


def _begin_agreeing(session: Session, agreeing: Mapping[Assessment, Programme], now: datetime) -> None:
    """Give each team its days from now on: a machine that was off takes none of them."""
    if not agreeing:
        return
    units = organisation.tree(session, organisation.today(session, now))
    rows = []
    for each, programme in agreeing.items():
        today = now.astimezone(units.zone(each.unit_id)).date()
        calendar = units.calendar(each.unit_id, range(today.year - 1, today.year + 2))
        until = add_working_days(calendar, today, programme.consensus_days)
        rows.append({"id": each.id, "agree_until": units.moment(each.unit_id, until, CLOSES_AT)})
    assessments.set_columns(session, rows)
    move_all(session, list(agreeing), AssessmentStatus.AGREEING, by=None, now=now)


def _close(session: Session, found: Sequence[Assessment], now: datetime) -> None:
    assessments.set_columns(session, [{"id": each.id, "closed_at": now} for each in found])
    move_all(session, found, AssessmentStatus.CLOSED, by=None, now=now)


def _refusal(assessment: Assessment) -> str:
    if assessment.status in {AssessmentStatus.PLANNED, AssessmentStatus.OPEN}:
        return _("the blind round is not over; the team agrees after it closes")
    return _("this assessment is {status}; what was agreed in time stands").format(status=_(assessment.status))
