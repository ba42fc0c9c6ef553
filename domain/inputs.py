"""What a cycle's findings and drafts rest on besides answers, gathered into one value: ids and numbers only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import actions, assessments, continuations, editions, people, programmes, verifications
from domain.actions import ActionSource, Source
from domain.cycles import Cycle
from domain.method.edition import Edition
from domain.method.planning_inputs import (
    Corroboration,
    EarlierAction,
    LivingAction,
    LookedAt,
    PersonPlace,
    PlanningInputs,
    PlanningNumbers,
    Responsibility,
    UnitPlace,
)
from domain.method.workdays import Calendar
from domain.organisation import Responsibility as Answering
from domain.organisation import Tree, Unit, tree
from domain.people import Absence, Person
from domain.programmes import Programme
from domain.responses import Assessor
from domain.scores import Score

YEARS_AHEAD = 3
"""How many years of holidays go into the calendars: longer than any due and check date together."""


def planning_inputs(session: Session, cycle: Cycle, today: date) -> PlanningInputs:
    """Gather a cycle's inputs as they are today, with what its units were asked."""
    programme = session.get_one(Programme, cycle.programme_id)
    edition = editions.edition(session, cycle.edition_id)
    return _gather(session, programme, edition, assessments.scopes(session, cycle.id), today)


def standing_inputs(session: Session, programme: Programme, today: date) -> PlanningInputs:
    """Gather a programme's inputs as they are today, with all that its units are asked over the cycles."""
    edition = editions.edition(session, programme.edition_id)
    asked = programmes.asked_by_unit(session, programme, edition, tree(session, today))
    return _gather(session, programme, edition, asked, today)


def _gather(
    session: Session, programme: Programme, edition: Edition, asked: Mapping[int, Sequence[str]], today: date
) -> PlanningInputs:
    units = tree(session, today)
    here = people.here(session, today)
    calendars = _calendars(units, today)
    named = {each.id: name for name, (_calendar, those) in calendars.items() for each in those}
    return PlanningInputs(
        planned_on=today,
        units=tuple(
            _unit(programme, edition, units, each, here, calendar=named[each.id], asked=asked.get(each.id, ()))
            for each in units.units
        ),
        people=_people(session, today, here),
        responsibilities=_responsibilities(session, units, here),
        calendars={name: calendar for name, (calendar, _those) in calendars.items()},
        targets={each.id: Fraction(programmes.target(programme, edition, "", each.id)) for each in edition.elements},
        weights=programmes.weights(programme, edition),
        importance={
            each.id: rank for each in edition.elements if (rank := programmes.importance(programme, "", each.id))
        },
        living=_living(session, edition),
        corroborations=_corroborations(session, edition),
        earlier=_earlier(session, edition),
        looked_at=_looked_at(session, edition, units),
        numbers=PlanningNumbers(**programme.numbers),
    )


def _calendars(units: Tree, today: date) -> dict[str, tuple[Calendar, list[Unit]]]:
    """Return each calendar once, with the units that live by it, under the id of the first of them."""
    sharing: dict[Calendar, list[Unit]] = {}
    for each in units.units:
        calendar = units.calendar(each.id, range(today.year, today.year + YEARS_AHEAD))
        sharing.setdefault(calendar, []).append(each)
    return {str(those[0].id): (calendar, those) for calendar, those in sharing.items()}


def _unit(
    programme: Programme,
    edition: Edition,
    units: Tree,
    unit: Unit,
    here: Collection[int],
    *,
    calendar: str,
    asked: Sequence[str],
) -> UnitPlace:
    parent = units.parents.get(unit.id)
    targets: Mapping[str, int] = programme.targets.get("units", {}).get(unit.key, {})
    return UnitPlace(
        unit=str(unit.id),
        parent=None if parent is None else str(parent),
        lead=_if_here(unit.lead_id, here),
        calendar=calendar,
        asked=tuple(asked),
        has_capacity=unit.has_capacity,
        targets={element: Fraction(programmes.target(programme, edition, unit.key, element)) for element in targets},
        importance=dict(programme.importance.get("units", {}).get(unit.key, {})),
    )


def _people(session: Session, today: date, here: Collection[int]) -> tuple[PersonPlace, ...]:
    """Whoever has a deputy or days of absence; all others are simply there.

    Who is about to leave is absent from then on, so that nothing is given to them.
    """
    absences: dict[int, list[tuple[date, date]]] = {}
    for away in session.scalars(select(Absence).order_by(Absence.person_id, Absence.starts_on)):
        absences.setdefault(away.person_id, []).append((away.starts_on, away.ends_on))
    told = select(Person.id, Person.deputy_id, Person.left_on).where(
        (Person.left_on.is_(None)) | (Person.left_on > today),
        Person.deputy_id.is_not(None) | Person.left_on.is_not(None) | Person.id.in_(select(Absence.person_id)),
    )
    return tuple(
        PersonPlace(
            person=str(person_id),
            deputy=_if_here(deputy_id, here),
            absences=(*absences.get(person_id, ()), *([] if left_on is None else [(left_on, date.max)])),
        )
        for person_id, deputy_id, left_on in session.execute(told.order_by(Person.key))
    )


def _if_here(person_id: int | None, here: Collection[int]) -> str | None:
    """Return a person's id as text; none for nobody and for somebody who has left: the method takes it for present."""
    return str(person_id) if person_id in here else None


def _responsibilities(session: Session, units: Tree, here: Collection[int]) -> tuple[Responsibility, ...]:
    return tuple(
        Responsibility(
            unit=str(each.unit_id), person=str(each.person_id), element=each.element, group=each.element_group
        )
        for each in session.scalars(select(Answering).order_by(Answering.id))
        if each.person_id in here and each.unit_id in units.by_id
    )


def _living(session: Session, edition: Edition) -> tuple[LivingAction, ...]:
    carried = continuations.carried(session)
    covered: dict[tuple[int, str | None], list[str]] = {}
    living = actions.living(session)
    for action, place in living:
        element = place.element if place.model == edition.id else None
        covered.setdefault((action.id, element), []).append(str(place.unit_id))
    found = {action.id: (action, place.source) for action, place in living}
    return tuple(
        LivingAction(
            action=action_id,
            unit=str(found[action_id][0].unit_id),
            covers=tuple(units),
            element=element,
            source=found[action_id][1],
            is_done=found[action_id][0].status is actions.ActionStatus.DONE,
            carried=carried.get(action_id, 0),
        )
        for (action_id, element), units in covered.items()
    )


def _corroborations(session: Session, edition: Edition) -> tuple[Corroboration, ...]:
    """Living actions from other sources on the same unit and element point at the same gap."""
    elsewhere = [
        (action.id, place)
        for action, place in actions.living(session)
        if place.source is not Source.SELF_ASSESSMENT and place.model == edition.id
    ]
    references: dict[int, ActionSource] = {
        each.action_id: each
        for each in session.scalars(select(ActionSource).where(ActionSource.action_id.in_([a for a, _ in elsewhere])))
    }
    return tuple(
        Corroboration(
            unit=str(place.unit_id),
            element=place.element,
            source=place.source,
            reference=references[action_id].reference if action_id in references else "",
        )
        for action_id, place in elsewhere
    )


def _earlier(session: Session, edition: Edition) -> tuple[EarlierAction, ...]:
    """The last verified action from a gap of this model, per unit and element."""
    last = {
        (place.unit_id, place.element): EarlierAction(
            action=action.id,
            unit=str(place.unit_id),
            element=place.element,
            items=tuple(action.facts.get("by_unit", {}).get(str(place.unit_id), {}).get("items", ())),
            verdict=look.verdict.value,
            on=look.on,
        )
        for action, place, look in verifications.ended(session, edition.id)
    }
    return tuple(last.values())


def _looked_at(session: Session, edition: Edition, units: Tree) -> tuple[LookedAt, ...]:
    """The newest proven level that somebody from outside the unit saw, per unit and element."""
    seen: dict[tuple[int, str], Fraction] = {}
    rows = select(Score.unit_id, Score.element, Score.result).where(
        Score.model == edition.id, Score.assessor != Assessor.SELF, Score.is_proven
    )
    for unit_id, element, level in session.execute(rows.order_by(Score.on, Score.id)):
        if level is not None and unit_id in units.by_id:
            seen[unit_id, element] = level
    return tuple(
        LookedAt(unit=str(unit_id), element=element, level=level) for (unit_id, element), level in seen.items()
    )
