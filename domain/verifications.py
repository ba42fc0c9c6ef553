"""Verifications: somebody other than the owner looks, after the waiting time, whether a done action worked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain import editions, events, scores
from domain.actions import Action, ActionSource, ActionStatus, ActionUnit, Source, move, say
from domain.answersheets import answer_sheets
from domain.assessments import Assessment
from domain.base import Base, choice
from domain.cycles import Cycle
from domain.drafts import propose
from domain.errors import NotAllowed
from domain.method.respondents import combine
from domain.method.standing import lower_median
from domain.scores import Latest, Score
from domain.words import _


class Verdict(StrEnum):
    """Whether an action worked; not assessable is asked again."""

    EFFECTIVE = "effective"
    PARTLY = "partly"
    NOT_EFFECTIVE = "not effective"
    NOT_ASSESSABLE = "not assessable"


class Verification(Base):
    """One look at an action; append-only. Levels are those of the element then, where there is one."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, "verdict"))
    by: Mapped[int]
    on: Mapped[date]
    level: Mapped[Fraction | None] = mapped_column(default=None)
    level_without_owner: Mapped[Fraction | None] = mapped_column(default=None)


ENDS: Mapping[Verdict, ActionStatus] = {
    Verdict.EFFECTIVE: ActionStatus.EFFECTIVE,
    Verdict.PARTLY: ActionStatus.PARTLY,
    Verdict.NOT_EFFECTIVE: ActionStatus.NOT_EFFECTIVE,
}


def verify(
    session: Session,
    action: Action,
    verification: Verification,
    seen: str,
    *,
    again_on: date,
    due_on: date,
    now: datetime,
) -> Action | None:
    """Write a verdict with what was seen; returns the successor where the action was not effective.

    `again_on` is the next check where it could not be assessed, and the successor's check date otherwise; `due_on`
    is the successor's due date. Raises NotAllowed for the owner, for an action not done, before its check date, and
    for empty words.
    """
    if verification.by == action.owner_id:
        raise NotAllowed(_("the owner of action {id} cannot verify it; somebody else looks").format(id=action.id))
    _refuse_too_early(action, verification.on)
    if not seen.strip():
        raise NotAllowed(_("say what you saw of action {id}'s measure").format(id=action.id))
    session.add(verification)
    say(session, action, "verification", seen, by=verification.by, now=now)
    if verification.verdict is Verdict.NOT_ASSESSABLE:
        action.check_on = again_on
        events.record(session, "action.not assessable", action, by=verification.by, now=now)
        return None
    move(session, action, ENDS[verification.verdict], by=verification.by, now=now)
    if verification.verdict is Verdict.NOT_EFFECTIVE:
        return _succeed(session, action, due_on=due_on, check_on=again_on, now=now)
    return None


def _refuse_too_early(action: Action, day: date) -> None:
    """Raise NotAllowed where an action is not reported done, was verified already, or still proves itself."""
    if action.status in ENDS.values():
        raise NotAllowed(_("action {id} is verified already: {status}").format(id=action.id, status=_(action.status)))
    if action.status is not ActionStatus.DONE:
        raise NotAllowed(
            _("action {id} is {status}; it is verified once it was reported done").format(
                id=action.id, status=_(action.status)
            )
        )
    if action.check_on is not None and day < action.check_on:
        raise NotAllowed(
            _(
                "action {id} proves itself until {day} and is verified from that day on; the quality team can set an "
                "earlier check date (edit --check)"
            ).format(id=action.id, day=action.check_on)
        )


def _succeed(session: Session, action: Action, *, due_on: date, check_on: date, now: datetime) -> Action:
    """Open the successor that carries the history: a draft on the same units, elements and sources."""
    covered = session.scalars(select(ActionUnit).where(ActionUnit.action_id == action.id).order_by(ActionUnit.id)).all()
    sources = session.scalars(select(ActionSource).where(ActionSource.action_id == action.id)).all()
    successor = Action(
        unit_id=action.unit_id,
        cycle_id=action.cycle_id,
        title=action.title,
        why=action.why,
        measure=action.measure,
        owner_id=action.owner_id,
        verifier_id=action.verifier_id,
        due_on=due_on,
        check_on=check_on,
        predecessor_id=action.id,
        aims_at=action.aims_at,
        facts={**action.facts, "due_on": due_on.isoformat(), "predecessor": action.id},
    )
    copies = [
        ActionUnit(
            action_id=0,
            unit_id=each.unit_id,
            model=each.model,
            element=each.element,
            source=each.source,
            tries_first=each.tries_first,
        )
        for each in covered
    ]
    references: dict[Source, list[str]] = {}
    for each in sources:
        references.setdefault(each.source, []).append(each.reference)
    return propose(session, successor, copies, references, now=now)


def note_reassessed(session: Session, scored: Sequence[int], now: datetime) -> int:
    """Write an event per done action whose element was proven again in one of these assessments; returns how many.

    It is what a verifier waits for; the level itself is no verdict.
    """
    rows = (
        select(Action, Score.assessment_id)
        .join(ActionUnit, ActionUnit.action_id == Action.id)
        .join(
            Score,
            (Score.unit_id == ActionUnit.unit_id)
            & (Score.model == ActionUnit.model)
            & (Score.element == ActionUnit.element),
        )
        .where(Action.status == ActionStatus.DONE, Score.is_proven, Score.assessment_id.in_(scored))
        .order_by(Action.id, Score.assessment_id)
        .distinct()
    )
    found = session.execute(rows).all()
    for action, assessment_id in found:
        events.record(session, "action.re-assessed", action, by=None, now=now, assessment=assessment_id)
    return len(found)


def levels(session: Session, action: Action) -> tuple[Fraction | None, Fraction | None]:
    """Return the newest proven level of what an action is about, and the same without its owner's answers.

    Over several units it is the lower median. None where nothing is proven, or the action is about no element.
    """
    places: dict[str, set[tuple[int, str]]] = {}
    for place in session.scalars(select(ActionUnit).where(ActionUnit.action_id == action.id)):
        places.setdefault(place.model, set()).add((place.unit_id, place.element))
    newest = [last for model in places for last in scores.standing_at(session, model, places[model]).values()]
    without = _without(session, newest, str(action.owner_id))
    return lower_median([each.result for each in newest]), lower_median(without)


def _without(session: Session, newest: Sequence[Latest], person: str) -> list[Fraction]:
    """Return what assessments' answers give without one person's, where that is proven."""
    elements: dict[int, list[str]] = {}
    for each in newest:
        elements.setdefault(each.assessment_id, []).append(each.element)
    by_edition: dict[int, list[Assessment]] = {}
    rows = select(Assessment, Cycle.edition_id).join(Cycle, Cycle.id == Assessment.cycle_id)
    for assessment, edition_id in session.execute(rows.where(Assessment.id.in_(elements))):
        by_edition.setdefault(edition_id, []).append(assessment)
    found = []
    for edition_id, together in by_edition.items():
        edition = editions.edition(session, edition_id)
        for sheet in answer_sheets(session, edition, together):
            for element in elements[sheet.assessment_id]:
                answers = {name: given for name, given in sheet.answers.get(element, {}).items() if name != person}
                found.append(combine(edition, edition.by_id[element], answers, sheet.agreed.get(element)))
    return [each.result for each in found if each.proven and each.result is not None]


def ended(session: Session, model: str) -> list[tuple[Action, ActionUnit, Verification]]:
    """Return the verified self-assessment actions on a model, with each place they cover and the verdict, in order."""
    rows = (
        select(Action, ActionUnit, Verification)
        .join(ActionUnit, ActionUnit.action_id == Action.id)
        .join(Verification, Verification.action_id == Action.id)
        .where(
            Action.status.in_(ENDS.values()),
            Verification.verdict.in_(ENDS),
            ActionUnit.source == Source.SELF_ASSESSMENT,
            ActionUnit.model == model,
        )
        .order_by(Verification.id, ActionUnit.id)
    )
    return [(action, place, look) for action, place, look in session.execute(rows)]


def of_actions(session: Session, *action_ids: int) -> list[Verification]:
    """Return the verifications of actions, oldest first; of all actions where none is named."""
    rows = select(Verification).order_by(Verification.id)
    return list(session.scalars(rows.where(Verification.action_id.in_(action_ids)) if action_ids else rows))
