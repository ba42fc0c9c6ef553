"""Who would own and verify an action of a programme: nobody must never be the answer (method, section 6)."""

from collections.abc import Iterable, Iterator
from datetime import date

from documents.faults import Fault
from documents.organisation_draft import Draft
from documents.organisation_entries import ProgrammeEntry, UnitEntry
from domain.method.edition import Edition
from domain.method.owners import missing_owners, missing_verifiers
from domain.method.planning_inputs import PlanningInputs, PlanningNumbers, Responsibility, UnitPlace
from domain.programmes import elements_of
from domain.words import _

NO_DAY = date.min
"""Owners do not depend on the day while nobody is absent."""


def owner_faults(draft: Draft, number: int, edition: Edition) -> Iterator[Fault]:
    """Yield the units in which an action of a programme would have nobody to own it, or nobody else to verify it."""
    inputs = _inputs(draft, draft.programmes[number], edition)
    for missing in missing_owners(edition, inputs):
        found = _("no owner for actions on {elements} in {unit}").format(
            unit=missing.unit, elements=", ".join(missing.elements)
        )
        expected = _("a lead in {unit} or a unit above it, or somebody in responsibilities for these elements").format(
            unit=missing.unit
        )
        yield draft.written.fault(("programmes", number), found, expected)
    for unverified in missing_verifiers(edition, inputs):
        found = _("only one person to both own and verify actions on {elements} in {unit}").format(
            unit=unverified.unit, elements=", ".join(unverified.elements)
        )
        expected = _(
            "two people: somebody else in responsibilities for these in {unit}, or a second lead there or above"
        ).format(unit=unverified.unit)
        yield draft.written.fault(("programmes", number), found, expected)


def _inputs(draft: Draft, programme: ProgrammeEntry, edition: Edition) -> PlanningInputs:
    units = draft.units.values()
    top = _top(units)
    taking_part = set(programme.units) or {unit.id for unit in units}
    return PlanningInputs(
        planned_on=NO_DAY,
        units=tuple(
            UnitPlace(
                unit=unit.id,
                parent=unit.parent,
                lead=unit.lead,
                calendar="",
                asked=tuple(elements_of(edition, is_top=unit.id == top.id, is_alone=len(taking_part) == 1))
                if unit.id in taking_part
                else (),
            )
            for unit in units
        ),
        responsibilities=tuple(
            Responsibility(unit=each.unit, person=each.person, element=each.element, group=each.group)
            for each in draft.responsibilities.values()
            if each.person is not None
        ),
        numbers=PlanningNumbers(**programme.numbers),
    )


def _top(units: Iterable[UnitEntry]) -> UnitEntry:
    """Return the top unit; of several that follow each other, the last."""
    return max((unit for unit in units if unit.parent is None), key=lambda unit: unit.valid_to or date.max)
