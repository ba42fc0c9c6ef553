"""A small model, units and their planning inputs for the method's tests; each says only what matters to it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from domain.method.change import Because
from domain.method.edition import Edition, Element, Group, Item, Rule, Scale, State
from domain.method.findings import Finding, FindingKind
from domain.method.planning_inputs import PlanningInputs, UnitPlace
from domain.method.respondents import Answer
from domain.method.workdays import Calendar

LETTERS = {"y": State.YES, "n": State.NO, "?": State.DONT_KNOW, "-": State.NOT_APPLICABLE}
LEVELS = (1, 2, 3, 4, 5)
PLANNED_ON = date(2027, 1, 4)
"""A Monday."""


def an_element(key: str, group: str = "A", weight: int = 1) -> Element:
    """Build an element with items a and b at each of five levels."""
    items = tuple(Item(f"{key}.{level}{letter}", level, {}, {}) for level in LEVELS for letter in "ab")
    return Element(key, group, {}, items, Fraction(weight))


def an_edition(*elements: Element, rule: Rule = Rule.NO_GAP) -> Edition:
    """Build an edition of elements, by default 2, 9.2 and 10.1 (which sort otherwise as text)."""
    elements = elements or (an_element("2"), an_element("9.2", "B"), an_element("10.1", "B"))
    groups = tuple(Group(group, {}) for group in dict.fromkeys(element.group for element in elements))
    return Edition("m", "1", {}, "", rule, Scale(1, 5, {}), groups, elements)


def states(element: Element, text: str) -> dict[str, State]:
    """Read item states from letters in model order, such as "yyyn"; a dot, and what is missing, is unanswered."""
    return {item.id: LETTERS[letter] for item, letter in zip(element.items, text, strict=False) if letter in LETTERS}


def an_answer(
    element: Element, text: str, because: Mapping[str, Because] | None = None, *, has_evidence: bool = True
) -> Answer:
    """Build one respondent's answer from letters."""
    return Answer(states(element, text), None, because or {}, has_evidence)


def a_unit(unit: str, parent: str | None = "top", **more: Any) -> UnitPlace:
    """Build a unit below the top unit, asked everything, without a lead."""
    defaults: dict[str, Any] = {"lead": None, "calendar": "c", "asked": ("2", "9.2", "10.1")}
    return UnitPlace(unit, parent, **defaults | more)


def the_top(**more: Any) -> UnitPlace:
    """Build the top unit, which has a lead and is asked nothing."""
    return a_unit("top", None, **{"lead": "head", "asked": ()} | more)


def some_inputs(*units: UnitPlace, **more: Any) -> PlanningInputs:
    """Build planning inputs of these units with the target 3 for every element."""
    defaults: dict[str, Any] = {
        "planned_on": PLANNED_ON,
        "calendars": {"c": Calendar()},
        "targets": {"2": Fraction(3), "9.2": Fraction(3), "10.1": Fraction(3)},
    }
    return PlanningInputs(units=units, **defaults | more)


def a_gap(
    unit: str, element: str, *, level: int = 1, target: int = 3, weight: int = 1, items: int = 2
) -> list[Finding]:
    """Build the two findings of a gap: the gap, and its next step with one or two blocking items."""
    blocking = [f"{element}.{level + 1}{letter}" for letter in "ab"[:items]]
    return [
        Finding(
            FindingKind.GAP,
            unit,
            element,
            {
                "level": str(level),
                "last": None,
                "target": str(target),
                "gap": str(target - level),
                "weight": str(weight),
            },
        ),
        Finding(
            FindingKind.OPPORTUNITY_FOR_IMPROVEMENT,
            unit,
            element,
            {"aims_at": str(level + 1), "items": blocking, "said_no": {item: [2, 3] for item in blocking}},
        ),
    ]
