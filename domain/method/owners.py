"""Who owns an action, who verifies it and who decides about it, by the chain of responsibility (method, section 6)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.method.edition import Edition, Element
from domain.method.planning_inputs import PersonPlace, PlanningInputs


@dataclass(frozen=True, slots=True)
class MissingOwner:
    """A unit whose actions on these elements would have no owner: nobody answers for them, no lead stands above."""

    unit: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingVerifier:
    """A unit whose actions on these elements nobody but their owner would verify: no other lead is on its line."""

    unit: str
    elements: tuple[str, ...]


def chain(inputs: PlanningInputs, unit: str, element: Element) -> tuple[str, ...]:
    """Return who may own an action, the first in line first, each once.

    Responsible for the element in the unit, else for its group, else the unit's lead, else the leads above it.
    """
    own = (inputs.responsible.get((unit, element.id, None)), inputs.responsible.get((unit, None, element.group)))
    return _each_once(*own, *leads(inputs, unit))


def leads(inputs: PlanningInputs, unit: str) -> tuple[str, ...]:
    """Return the unit's lead and the leads above, the nearest first."""
    return _each_once(*(inputs.place[each].lead for each in inputs.line(unit)))


def owner(inputs: PlanningInputs, unit: str, element: Element, due: date) -> str | None:
    """Return the first in line who is there on the due date, or whose deputy is; None if nobody is."""
    return next(_present(inputs, chain(inputs, unit, element), due), None)


def verifier(inputs: PlanningInputs, unit: str, owned_by: str | None, check: date) -> str | None:
    """Return the nearest lead (or that lead's deputy) who is there on the check date and is not the owner."""
    there = _present(inputs, leads(inputs, unit), check)
    return next((person for person in there if person != owned_by), None)


def decider(line: Iterable[str], people: Mapping[str, PersonPlace], owned_by: str | None, day: date) -> str | None:
    """Return who decides about an action on a day: the nearest lead of a line who is there and is not its owner.

    The deputy stands in for a lead who is away, never for one who owns the action: nobody decides about the lead they
    stand in for. Where the deputy owns it or is away too, the next lead is asked. None if nobody is left.
    """
    for lead in line:
        asked = lead if _is_there(people, lead, day) else _deputy(people, lead)
        if asked is not None and owned_by not in {lead, asked} and _is_there(people, asked, day):
            return asked
    return None


def missing_owners(edition: Edition, inputs: PlanningInputs) -> tuple[MissingOwner, ...]:
    """Return where an action could end up with nobody in line to own it, in unit and model order.

    That is at a unit for what it is asked, and for what so many units below are asked that they may share a gap there.
    Absences do not matter here.
    """
    asked_below = _asked_below(inputs)
    found = []
    for each in inputs.units:
        orphans = tuple(
            element.id
            for element in edition.elements
            if (element.id in each.asked or asked_below[each.unit][element.id] >= inputs.numbers.shared_from_units)
            and not chain(inputs, each.unit, element)
        )
        if orphans:
            found.append(MissingOwner(each.unit, orphans))
    return tuple(found)


def missing_verifiers(edition: Edition, inputs: PlanningInputs) -> tuple[MissingVerifier, ...]:
    """Return where no lead but the first in line to own an action stands ready to verify it, in unit and model order.

    That is for what a unit is asked; where nobody is in line to own it, the owner is missing first.
    """
    found = []
    for each in inputs.units:
        lines = (
            (element, chain(inputs, each.unit, element)) for element in edition.elements if element.id in each.asked
        )
        alone = tuple(
            element.id for element, line in lines if line and not set(leads(inputs, each.unit)).difference(line[:1])
        )
        if alone:
            found.append(MissingVerifier(each.unit, alone))
    return tuple(found)


def _asked_below(inputs: PlanningInputs) -> dict[str, Counter[str]]:
    """Return how many units are asked each element, in each unit and below it."""
    counts: dict[str, Counter[str]] = {each.unit: Counter() for each in inputs.units}
    for each in inputs.units:
        for unit in inputs.line(each.unit):
            counts[unit].update(each.asked)
    return counts


def _each_once(*people: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _present(inputs: PlanningInputs, line: Iterable[str], day: date) -> Iterator[str]:
    """Return those of a line who are there on a day, the deputy in the place of who is absent; nobody twice."""
    met: set[str] = set()
    for person in line:
        if person in met:
            continue
        met.add(person)
        stand_in = person if _is_there(inputs.person, person, day) else _deputy(inputs.person, person)
        if stand_in is None or (stand_in != person and stand_in in met):
            continue
        met.add(stand_in)
        if _is_there(inputs.person, stand_in, day):
            yield stand_in


def _is_there(people: Mapping[str, PersonPlace], person: str, day: date) -> bool:
    known = people.get(person)
    return known is None or not any(start <= day <= end for start, end in known.absences)


def _deputy(people: Mapping[str, PersonPlace], person: str) -> str | None:
    known = people.get(person)
    return None if known is None else known.deputy
