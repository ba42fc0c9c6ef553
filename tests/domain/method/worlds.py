"""Hypothesis strategies for whole cycles: a tree of units, people, living actions, and the gaps that were found."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from domain.method.findings import Finding, FindingKind
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
from tests.domain.method.builders import a_gap, an_edition

MODEL = an_edition()
ELEMENTS = tuple(MODEL.by_id)
SOME_ELEMENTS = [(), ELEMENTS[:1], ELEMENTS[1:], ELEMENTS, ELEMENTS]
PEOPLE = ("anna", "ben", "cleo")
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 200)).map(lambda each: (each[0], each[0] + timedelta(days=each[1])))
EXACT = st.fractions(0, 5, max_denominator=4)
WHOLE = st.integers(0, 5)


@dataclass(frozen=True)
class World:
    """A cycle's inputs and findings."""

    inputs: PlanningInputs
    findings: list[Finding]

    def shuffled(self, chance: Random) -> "World":
        """Return the same with everything in another order but the units."""
        kept = self.inputs

        def mixed(values: Any) -> Any:
            return type(values)(chance.sample(values, len(values)))

        inputs = replace(
            kept,
            people=mixed(kept.people),
            responsibilities=mixed(kept.responsibilities),
            living=mixed(kept.living),
            corroborations=mixed(kept.corroborations),
            earlier=mixed(kept.earlier),
            looked_at=mixed(kept.looked_at),
        )
        return World(inputs, mixed(self.findings))


calendars = st.builds(
    Calendar,
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(DAYS, max_size=2),
    closing_days=st.frozensets(DAYS, max_size=1),
    no_ask=st.lists(SPANS, max_size=1).map(tuple),
)
people = st.tuples(
    *(
        st.builds(
            PersonPlace, st.just(each), st.none() | st.sampled_from(PEOPLE), st.lists(SPANS, max_size=1).map(tuple)
        )
        for each in PEOPLE
    )
)


@st.composite
def trees(draw: st.DrawFn) -> tuple[UnitPlace, ...]:
    """Draw up to nine units, each below one before it."""
    size = draw(st.integers(1, 9))
    return tuple(
        UnitPlace(
            unit=f"u{number}",
            parent=f"u{draw(st.integers(0, number - 1))}" if number else None,
            lead=draw(st.none() | st.sampled_from(PEOPLE)),
            calendar=draw(st.sampled_from(["c", "d"])),
            asked=draw(st.sampled_from(SOME_ELEMENTS)),
            has_capacity=draw(st.integers(0, 4)) > 0,
            targets=draw(st.sampled_from([{}, {"2": Fraction(5, 2)}])),
            importance=draw(st.sampled_from([{}, {"2": 0}, {"9.2": 3}])),
        )
        for number in range(size)
    )


@st.composite
def planning_inputs(draw: st.DrawFn) -> PlanningInputs:
    """Draw inputs of a cycle with at most one living self-assessment action per unit and element."""
    units = draw(trees())
    places = [(each.unit, element) for each in units for element in ELEMENTS]
    some_place = st.sampled_from(places)
    responsibilities = draw(st.dictionaries(st.tuples(some_place, st.booleans()), st.sampled_from(PEOPLE), max_size=4))
    groups = {element: MODEL.by_id[element].group for element in ELEMENTS}
    return PlanningInputs(
        planned_on=draw(DAYS),
        units=units,
        people=draw(people),
        responsibilities=tuple(
            dict.fromkeys(
                Responsibility(unit, "erna", group=groups[element])
                if is_group
                else Responsibility(unit, person, element=element)
                for ((unit, element), is_group), person in responsibilities.items()
            )
        ),
        calendars={"c": draw(calendars), "d": draw(calendars)},
        targets=draw(st.dictionaries(st.sampled_from(ELEMENTS), EXACT)),
        weights=draw(st.dictionaries(st.sampled_from(ELEMENTS), EXACT)),
        importance=draw(st.dictionaries(st.sampled_from(ELEMENTS), WHOLE)),
        living=draw(living_actions(units)),
        corroborations=tuple(
            Corroboration(unit, element, "audit finding", "7")
            for unit, element in draw(st.sets(some_place, max_size=3))
        ),
        earlier=tuple(
            EarlierAction(90 + number, unit, element, (f"{element}.2a",), "effective", draw(DAYS))
            for number, (unit, element) in enumerate(draw(st.sets(some_place, max_size=3)))
        ),
        looked_at=tuple(
            LookedAt(unit, element, draw(EXACT)) for unit, element in draw(st.sets(some_place, max_size=3))
        ),
        numbers=PlanningNumbers(drafts_per_unit=draw(st.integers(0, 4)), shared_from_units=draw(st.integers(2, 4))),
    )


@st.composite
def living_actions(draw: st.DrawFn, units: tuple[UnitPlace, ...]) -> tuple[LivingAction, ...]:
    """Draw living actions; those of the self-assessment share no unit and element."""
    names = [each.unit for each in units]
    found: list[LivingAction] = []
    for element in ELEMENTS:
        left = draw(st.permutations(names))
        for size in draw(st.lists(st.integers(1, 3), max_size=2)):
            covers, left = tuple(left[:size]), left[size:]
            if covers:
                found.append(
                    LivingAction(
                        action=len(found) + 1,
                        unit=draw(st.sampled_from(names)),
                        covers=covers,
                        element=element,
                        is_done=draw(st.booleans()),
                        carried=draw(st.integers(0, 4)),
                    )
                )
    for unit in draw(st.lists(st.sampled_from(names), max_size=3)):
        about = draw(st.none() | st.sampled_from(ELEMENTS))
        found.append(LivingAction(len(found) + 1, unit, (unit,), about, source="audit finding"))
    return tuple(found)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a cycle in which some of what was asked is a gap, of weight 0 too, and some of that not visible."""
    inputs = draw(planning_inputs())
    findings: list[Finding] = []
    for each in inputs.units:
        for element in each.asked:
            match draw(st.sampled_from(["at target", "gap", "gap", "light gap", "weightless gap", "not visible"])):
                case "gap":
                    findings += a_gap(each.unit, element, level=draw(st.integers(0, 2)), weight=2)
                case "light gap":
                    findings += a_gap(each.unit, element, items=1)
                case "weightless gap":
                    findings += a_gap(each.unit, element, weight=0)
                case "not visible":
                    findings += a_gap(each.unit, element)
                    findings.append(Finding(FindingKind.NOT_VISIBLE_HERE, each.unit, element, {}))
    return World(inputs, findings)
