"""Opening: a programme's period begins a cycle, and each unit's assessment opens on its own working day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain import assessments, cycles, editions, organisation, programmes
from domain.actions import Action, ActionStatus, ActionUnit
from domain.assessments import CLOSES_AT, OPENS_AT, Assessment, AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.events import move_all
from domain.method.quarters import Period, period_of
from domain.method.workdays import ONE_DAY, Calendar, add_working_days, is_working_day, nth_working_day
from domain.organisation import Tree, tree
from domain.people import active
from domain.programmes import Programme, Respondent
from domain.responses import Assessor, Response, ResponseStatus, Round
from domain.turns import EVERYWHERE, Reach


def begin_cycles(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Begin the current period's cycle of each running programme, with a planned assessment per unit.

    Periods that passed since the last cycle are recorded as missed. Returns how many cycles were begun.
    """
    today = organisation.today(session, now)
    begun = 0
    for programme in programmes.running(session):
        has_begun = programme.starts_on is None or today >= programme.starts_on
        if not (has_begun and reach.covers(programme.id)):
            continue
        period = period_of(today, programme.months_per_cycle, programme.fiscal_start)
        known = cycles.of_programme(session, programme.id)
        if cycles.is_there(known, period):
            continue
        units = tree(session, today)
        number = _next_turn(session, programme, known, units)
        for missed in _missed(programme, known, period):
            cycles.begin(session, programme, missed, number=number, status=CycleStatus.MISSED, now=now)
        cycle = cycles.begin(session, programme, period, number=number, status=CycleStatus.OPEN, now=now)
        if cycle is not None:
            _plan_assessments(session, programme, cycle, units)
            begun += 1
    return begun


def open_assessments(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Open every planned assessment whose day has come, at 8:00 of a working day of its unit within the period.

    Who is asked what is settled here; answering and agreeing days count from here. A unit with nobody to ask or
    nothing in scope is skipped. Returns how many were opened.
    """
    opened = 0
    for cycle in cycles.with_status(session, CycleStatus.OPEN):
        planned = [
            each
            for each in assessments.of_cycle(session, cycle.id, AssessmentStatus.PLANNED)
            if reach.covers(cycle.programme_id, each.unit_id)
        ]
        if planned:
            opened += _open(session, _asking(session, cycle, now), planned, now)
    return opened


def skip_unopened(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> int:
    """Skip what could not open before its period ended; returns how many that were."""
    skipped = 0
    today = organisation.today(session, now)
    for cycle in cycles.with_status(session, CycleStatus.OPEN):
        if today <= cycle.ends_on:
            continue
        planned = [
            each
            for each in assessments.of_cycle(session, cycle.id, AssessmentStatus.PLANNED)
            if reach.covers(cycle.programme_id, each.unit_id)
        ]
        move_all(session, planned, AssessmentStatus.SKIPPED, by=None, now=now, because="period over")
        skipped += len(planned)
    return skipped


def scope_of(turn: frozenset[str], asked: Sequence[str], acted_on: frozenset[str]) -> list[str]:
    """Return what a unit is asked in a cycle, in model order: the rotation's turn, and what was reported done."""
    return [element for element in asked if element in turn or element in acted_on]


@dataclass(frozen=True)
class _Asking:
    """What is needed to open a cycle's assessments."""

    programme: Programme
    cycle: Cycle
    units: Tree
    asked: Mapping[int, Sequence[str]]
    turn: frozenset[str]
    respondents: Mapping[int, Sequence[Respondent]]
    acted_on: Mapping[int, frozenset[str]]
    here: frozenset[int]

    def calendar(self, unit_id: int, today: date) -> Calendar:
        """Return a unit's calendar from the year before to the year after a day."""
        return self.units.calendar(unit_id, range(today.year - 1, today.year + 2))


def _asking(session: Session, cycle: Cycle, now: datetime) -> _Asking:
    programme = session.get_one(Programme, cycle.programme_id)
    edition = editions.edition(session, cycle.edition_id)
    today = organisation.today(session, now)
    units = tree(session, today)
    asked = programmes.asked_by_unit(session, programme, edition, units)
    return _Asking(
        programme=programme,
        cycle=cycle,
        units=units,
        asked=asked,
        turn=programmes.turn(programme, edition, asked, cycle.number),
        respondents=programmes.respondents_of(session, programme.id),
        acted_on=_reported_done(session, edition.id),
        here=frozenset(person.id for person in active(session, today)),
    )


def _reported_done(session: Session, model: str) -> dict[int, frozenset[str]]:
    """Return the elements with an action reported done and not yet verified, by unit."""
    rows = (
        select(ActionUnit.unit_id, ActionUnit.element)
        .join(Action, Action.id == ActionUnit.action_id)
        .where(Action.status == ActionStatus.DONE, ActionUnit.model == model)
    )
    found: dict[int, set[str]] = {}
    for unit_id, element in session.execute(rows):
        found.setdefault(unit_id, set()).add(element)
    return {unit_id: frozenset(elements) for unit_id, elements in found.items()}


def _open(session: Session, asking: _Asking, planned: Sequence[Assessment], now: datetime) -> int:
    ended = [each for each in planned if each.unit_id not in asking.units.by_id]
    move_all(session, ended, AssessmentStatus.SKIPPED, by=None, now=now, because="unit ended")
    due = [each for each in planned if each not in ended and _is_due(asking, each, now)]
    scopes = {each.id: _scope(asking, each.unit_id) for each in due}
    asked = {each.id: _asked(asking, each.unit_id, scopes[each.id]) for each in due}
    alone = [each for each in due if not asked[each.id]]
    move_all(session, alone, AssessmentStatus.SKIPPED, by=None, now=now, because="nobody or nothing to ask")
    opening = [each for each in due if asked[each.id]]
    assessments.set_columns(
        session, [{"id": each.id, "scope": scopes[each.id], **_days(asking, each, now)} for each in opening]
    )
    _invite(session, {each.id: asked[each.id] for each in opening})
    move_all(session, opening, AssessmentStatus.OPEN, by=None, now=now)
    return len(opening)


def _is_due(asking: _Asking, assessment: Assessment, now: datetime) -> bool:
    local = now.astimezone(asking.units.zone(assessment.unit_id))
    is_in_time = assessment.opens_on <= local.date() <= asking.cycle.ends_on and local.time() >= OPENS_AT
    return is_in_time and is_working_day(asking.calendar(assessment.unit_id, local.date()), local.date())


def _scope(asking: _Asking, unit_id: int) -> list[str]:
    asked = asking.asked.get(unit_id, ())
    return scope_of(asking.turn, asked, asking.acted_on.get(unit_id, frozenset()))


def _asked(asking: _Asking, unit_id: int, scope: Sequence[str]) -> dict[int, list[str]]:
    """Return what each respondent of a unit is asked, by person; nobody who has left, nobody about nothing."""
    asked = {
        each.person_id: [element for element in scope if each.elements is None or element in each.elements]
        for each in asking.respondents.get(unit_id, ())
        if each.person_id in asking.here
    }
    return {person_id: elements for person_id, elements in asked.items() if elements}


def _invite(session: Session, asked: Mapping[int, Mapping[int, Sequence[str]]]) -> None:
    """Add blind responses by assessment and person with the elements asked of them; whoever has one keeps it."""
    rows = select(Response.assessment_id, Response.person_id).where(
        Response.assessment_id.in_(asked), Response.round == Round.BLIND, Response.assessor == Assessor.SELF
    )
    known = {(assessment_id, person_id) for assessment_id, person_id in session.execute(rows)}
    new = [
        {
            "assessment_id": assessment_id,
            "person_id": person_id,
            "round": Round.BLIND,
            "assessor": Assessor.SELF,
            "scope": list(scope),
            "status": ResponseStatus.INVITED,
            "version": 1,
        }
        for assessment_id, people in asked.items()
        for person_id, scope in people.items()
        if (assessment_id, person_id) not in known
    ]
    if new:
        session.execute(insert(Response), new)


def _days(asking: _Asking, assessment: Assessment, now: datetime) -> dict[str, datetime]:
    """Return when answering and agreeing end: their days count from the real opening."""
    unit_id = assessment.unit_id
    today = now.astimezone(asking.units.zone(unit_id)).date()
    calendar = asking.calendar(unit_id, today)
    closes_on = add_working_days(calendar, today, asking.programme.answer_days)
    agree_on = add_working_days(calendar, closes_on, asking.programme.consensus_days)
    return {
        "closes_at": asking.units.moment(unit_id, closes_on, CLOSES_AT),
        "agree_until": asking.units.moment(unit_id, agree_on, CLOSES_AT),
    }


def _missed(programme: Programme, known: Sequence[Cycle], current: Period) -> list[Period]:
    """Return the periods between the programme's newest cycle and the current one, oldest first."""
    if not known:
        return []
    missed = []
    # By its last day: after a change from quarters to months, the quarter's months were not missed.
    period = period_of(known[-1].ends_on, programme.months_per_cycle, programme.fiscal_start).next
    while period.index < current.index:
        missed.append(period)
        period = period.next
    return missed


def _next_turn(session: Session, programme: Programme, known: Sequence[Cycle], units: Tree) -> int:
    """Return which turn of the rotation comes next: that of the last cycle again where nothing of it could open."""
    last = next((each for each in reversed(known) if each.status is not CycleStatus.MISSED), None)
    if last is None:
        return 0
    edition = editions.edition(session, last.edition_id)
    asked = programmes.asked_by_unit(session, programme, edition, units)
    turn = programmes.turn(programme, edition, asked, last.number)
    return last.number if turn and not assessments.has_opened(session, last.id) else last.number + 1


def _plan_assessments(session: Session, programme: Programme, cycle: Cycle, units: Tree) -> None:
    taking_part = set(programmes.units_of(session, programme.id))
    for unit in units.units:
        if unit.id in taking_part:
            calendar = units.calendar(unit.id, range(cycle.starts_on.year, cycle.ends_on.year + 2))
            opens_on = _opening_day(calendar, cycle, programme.opening_working_day)
            session.add(Assessment(cycle_id=cycle.id, unit_id=unit.id, opens_on=opens_on))
    session.flush()


def _opening_day(calendar: Calendar, cycle: Cycle, number: int) -> date:
    """Return the nth working day of a period; the last one of a period that has fewer."""
    wanted = nth_working_day(calendar, cycle.starts_on, number)
    last = add_working_days(calendar, cycle.ends_on + ONE_DAY, -1)
    return last if cycle.starts_on <= last < wanted else wanted
