"""Where the wheel stands: cycles unit by unit, who is missing, what waits for a decision, what is due next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain import agenda, asked, cycles, ladder, oversight, people, programmes, turns
from domain.actions import LIVING, Action, ActionStatus
from domain.agenda import Item
from domain.assessments import OPENS_AT, Assessment, AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.deadlines import is_late
from domain.errors import NotAllowed, NotFound
from domain.method.quarters import period_of
from domain.organisation import Unit
from domain.people import Person
from domain.places import Places
from domain.programmes import Programme
from domain.responses import Assessor, Response, ResponseStatus, Round
from domain.rungs import Because, Rung, Standing
from domain.turns import Turn
from domain.words import _

RUNNING = frozenset({CycleStatus.OPEN, CycleStatus.CHECKED})


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's part in a cycle: `answered` is (handed in, asked), `contested` counts the items the team talks about."""

    unit: Unit
    assessment: Assessment
    answered: tuple[int, int]
    missing: tuple[Person, ...]
    contested: int


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle with its units in unit order."""

    programme: Programme
    cycle: Cycle
    units: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """An action about which somebody decides by a day, since its owner does not."""

    action_id: int
    because: Because
    asked: Person
    by: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """The numbers of the actions that wait for somebody: each in every list it belongs to.

    `without_owner` are those whose owner has left, `for_review` those on the management review's `agenda`; what its
    owner declined is not unanswered.
    """

    drafts: tuple[int, ...]
    unanswered: tuple[int, ...]
    late: tuple[int, ...]
    without_owner: tuple[int, ...]
    to_verify: tuple[int, ...]
    decisions: tuple[OpenDecision, ...]
    agenda: tuple[Item, ...]

    @property
    def for_review(self) -> tuple[int, ...]:
        """The numbers of the actions about which the management review decides."""
        return tuple(each.action_id for each in self.agenda)


class Step(StrEnum):
    """What the wheel does by itself when its moment has come."""

    BEGIN = "a cycle begins"
    OPEN = "an assessment opens"
    CLOSE = "a blind round ends"
    SETTLE = "a team's days to agree end"
    SCORE = "a closed assessment is scored"
    RESUME = "an action on hold goes on"
    CLIMB = "a late or unanswered action goes on to somebody else"


@dataclass(frozen=True, slots=True)
class Due:
    """What the wheel does next, and when; a moment that has passed waits for a turn."""

    at: datetime
    what: Step


@dataclass(frozen=True, slots=True)
class Overview:
    """Where everything stands at a moment."""

    cycles: tuple[CycleRow, ...]
    waiting: Waiting
    next_due: Due | None
    last_turn: Turn | None


def overview(session: Session, where: Places, now: datetime, shown: Sequence[Cycle]) -> Overview:
    """Return where these cycles and all actions stand, in a fixed number of queries per cycle."""
    return Overview(
        cycles=tuple(_cycle_row(session, each) for each in shown),
        waiting=waiting(session, where, now),
        next_due=next_due(session, where, now),
        last_turn=turns.last_turn(session),
    )


def current_cycles(session: Session) -> list[Cycle]:
    """Return every cycle that is not at its end and the newest of each programme, by programme, oldest first."""
    found = []
    for programme in programmes.running(session):
        known = [each for each in cycles.of_programme(session, programme.id) if each.status is not CycleStatus.MISSED]
        found += [each for each in known if each.status in RUNNING or each is known[-1]]
    return found


def cycle_of(session: Session, period: str, programme_key: str | None) -> Cycle:
    """Return the cycle of a period; with several programmes that have one, of the programme that is named.

    Raises NotFound where there is none, NotAllowed where it could be any of several.
    """
    if programme_key is not None:
        return cycles.cycle(session, programmes.programme(session, programme_key).id, period)
    rows = select(Cycle, Programme.key).join(Programme).where(Cycle.period == period).order_by(Programme.key)
    found = session.execute(rows).all()
    if not found:
        raise NotFound(_("no cycle {period} here; `pdca status` lists the cycles").format(period=period))
    if len(found) > 1:
        keys = ", ".join(key for _cycle, key in found)
        raise NotAllowed(_("{period} is a cycle of {keys}; say which (--programme)").format(period=period, keys=keys))
    return found[0][0]


def waiting(session: Session, where: Places, now: datetime) -> Waiting:
    """Return which actions wait for somebody."""
    living = session.scalars(select(Action).where(Action.status.in_(LIVING)).order_by(Action.id)).all()
    standing = {each.action.id: each.standing for each in ladder.climbers(session, where)}

    def is_unanswered(action: Action) -> bool:
        is_declined = action.id in standing and standing[action.id].declined_on is not None
        return action.status is ActionStatus.OPEN and action.accepted_on is None and not is_declined

    def is_to_verify(action: Action) -> bool:
        is_done = action.status is ActionStatus.DONE
        return is_done and action.check_on is not None and action.check_on <= where.day(action.unit_id, now)

    return Waiting(
        drafts=tuple(each.id for each in living if each.status is ActionStatus.PROPOSED),
        unanswered=tuple(each.id for each in living if is_unanswered(each)),
        late=tuple(each.id for each in living if is_late(each, where.day(each.unit_id, now))),
        without_owner=tuple(each.id for each in oversight.left_alone(session, where, now)),
        to_verify=tuple(each.id for each in living if is_to_verify(each)),
        decisions=tuple(_decisions(session, standing)),
        agenda=tuple(agenda.agenda(session, living, standing)),
    )


def next_due(session: Session, where: Places, now: datetime) -> Due | None:
    """Return the earliest thing the wheel has to do by itself; None where nothing is planned."""
    planned = [*_rounds(session, where), *_held(session, where), *_periods(session, where)]
    if (climbs_at := ladder.next_at(session, where, now)) is not None:
        planned.append(Due(climbs_at, Step.CLIMB))
    return min(planned, key=lambda due: due.at, default=None)


def _decisions(session: Session, standing: Mapping[int, Standing]) -> list[OpenDecision]:
    asked_of = {id_: each for id_, each in standing.items() if each.rung is Rung.LEAD_ASKED}
    who = people.by_ids(session, {each.decider_id for each in asked_of.values() if each.decider_id is not None})
    return [
        OpenDecision(id_, each.because, who[each.decider_id], each.decide_by)
        for id_, each in asked_of.items()
        if each.because is not None and each.decider_id is not None and each.decide_by is not None
    ]


def _cycle_row(session: Session, cycle: Cycle) -> CycleRow:
    rows = (
        select(Assessment, Unit)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(Assessment.cycle_id == cycle.id)
        .order_by(Unit.position, Unit.id)
    )
    found = session.execute(rows).all()
    ids = [assessment.id for assessment, _unit in found]
    counts = _answered(session, ids)
    missing = asked.missing(session, [each.id for each, _unit in found if each.status is AssessmentStatus.OPEN])
    who = people.by_ids(session, {person_id for each in missing.values() for person_id in each})
    agreeing = [each.id for each, _unit in found if each.status is AssessmentStatus.AGREEING]
    contested = asked.contested(session, agreeing)
    return CycleRow(
        programme=session.get_one(Programme, cycle.programme_id),
        cycle=cycle,
        units=tuple(
            UnitRow(
                unit=unit,
                assessment=assessment,
                answered=counts.get(assessment.id, (0, 0)),
                missing=tuple(who[person_id] for person_id in missing.get(assessment.id, ())),
                contested=len(contested.get(assessment.id, ())),
            )
            for assessment, unit in found
        ),
    )


def _answered(session: Session, assessment_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """Return (handed in, asked and not declined) of the blind rounds, by assessment."""
    handed_in = func.count().filter(Response.status == ResponseStatus.SUBMITTED)
    rows = (
        select(Response.assessment_id, handed_in, func.count())
        .where(
            Response.assessment_id.in_(assessment_ids),
            Response.round == Round.BLIND,
            Response.assessor == Assessor.SELF,
            Response.status != ResponseStatus.DECLINED,
        )
        .group_by(Response.assessment_id)
    )
    return {assessment_id: (done, of) for assessment_id, done, of in session.execute(rows)}


def _rounds(session: Session, where: Places) -> list[Due]:
    at_an_end = {AssessmentStatus.SCORED, AssessmentStatus.SKIPPED}
    running = select(Assessment).where(Assessment.status.not_in(at_an_end)).order_by(Assessment.id)
    found = []
    for each in session.scalars(running):
        match each.status:
            case AssessmentStatus.PLANNED:
                found.append(Due(where.moment(each.unit_id, each.opens_on, OPENS_AT), Step.OPEN))
            case AssessmentStatus.OPEN if each.closes_at is not None:
                found.append(Due(each.closes_at, Step.CLOSE))
            case AssessmentStatus.AGREEING if each.agree_until is not None:
                found.append(Due(each.agree_until, Step.SETTLE))
            case _ if each.closed_at is not None:
                found.append(Due(each.closed_at, Step.SCORE))
    return found


def _held(session: Session, where: Places) -> list[Due]:
    held = select(Action).where(Action.status == ActionStatus.ON_HOLD, Action.hold_until.is_not(None))
    return [
        Due(where.moment(each.unit_id, each.hold_until, time()), Step.RESUME)
        for each in session.scalars(held.order_by(Action.id))
        if each.hold_until is not None
    ]


def _periods(session: Session, where: Places) -> list[Due]:
    """Return when each running programme's next cycle begins; of one without a cycle of this period, this one."""
    found = []
    for programme in programmes.running(session):
        period = period_of(where.today, programme.months_per_cycle, programme.fiscal_start)
        begun = cycles.is_there(cycles.of_programme(session, programme.id), period)
        starts_on = max(period.next.starts_on if begun else period.starts_on, programme.starts_on or date.min)
        found.append(Due(where.moment(None, starts_on, time()), Step.BEGIN))
    return found
