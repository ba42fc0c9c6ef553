"""Who owns an action and who verifies it, by the chain of responsibility (method, section 6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.method.edition import Edition, Element
from domain.method.planning_inputs import PlanningInputs


@dataclass(frozen=True, slots=True)
class MissingOwner:
    """A unit whose actions on these elements would have no owner: nobody answers for them, no lead stands above."""

    unit: str
    elements: tuple[str, ...]


def chain(inputs: PlanningInputs, unit: str, element: Element) -> tuple[str, ...]:
    """Return who may own an action, the first in line first, each once.

    Responsible for the element in the unit, else for its group, else the unit's lead, else the leads above it.
    """
    own = [each for each in inputs.responsibilities if each.unit == unit]
    for_element = [each.person for each in own if each.element == element.id]
    for_group = [each.person for each in own if each.element is None and each.group == element.group]
    return tuple(dict.fromkeys([*for_element, *for_group, *leads(inputs, unit)]))


def leads(inputs: PlanningInputs, unit: str) -> tuple[str, ...]:
    """Return the unit's lead and the leads above, the nearest first."""
    found = (inputs.place[each].lead for each in inputs.line(unit))
    return tuple(dict.fromkeys(lead for lead in found if lead is not None))


def owner(inputs: PlanningInputs, unit: str, element: Element, due: date) -> str | None:
    """Return the first in line who is there on the due date, or whose deputy is; None if nobody is."""
    return next(_present(inputs, chain(inputs, unit, element), due), None)


def verifier(inputs: PlanningInputs, unit: str, owned_by: str | None, check: date) -> str | None:
    """Return the nearest lead (or that lead's deputy) who is there on the check date and is not the owner."""
    there = _present(inputs, leads(inputs, unit), check)
    return next((person for person in there if person != owned_by), None)


def missing_owners(edition: Edition, inputs: PlanningInputs) -> tuple[MissingOwner, ...]:
    """Return where the chain of what is asked ends in nobody, in unit and model order; absences do not matter here."""
    found = (
        MissingOwner(
            each.unit,
            tuple(element.id for element in edition.elements if _is_orphan(inputs, each.unit, element, each.asked)),
        )
        for each in inputs.units
    )
    return tuple(each for each in found if each.elements)


def _present(inputs: PlanningInputs, line: Iterable[str], day: date) -> Iterator[str]:
    """Return those of a line who are there on a day, the deputy in the place of who is absent; nobody twice."""
    met: set[str] = set()
    for person in line:
        if person in met:
            continue
        met.add(person)
        stand_in = person if _is_there(inputs, person, day) else _deputy(inputs, person)
        if stand_in is None or (stand_in != person and stand_in in met):
            continue
        met.add(stand_in)
        if _is_there(inputs, stand_in, day):
            yield stand_in


def _is_there(inputs: PlanningInputs, person: str, day: date) -> bool:
    known = inputs.person.get(person)
    return known is None or not any(start <= day <= end for start, end in known.absences)


def _deputy(inputs: PlanningInputs, person: str) -> str | None:
    known = inputs.person.get(person)
    return None if known is None else known.deputy


def _is_orphan(inputs: PlanningInputs, unit: str, element: Element, asked: Iterable[str]) -> bool:
    return element.id in asked and not chain(inputs, unit, element)
