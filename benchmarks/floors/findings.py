"""What a score says, in plain Python: the kinds of findings that an organisation without a last quarter can have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.floors.levels import NO, NOT_APPLICABLE, YES, Element, State

TARGET, STRONG_FROM, WIDE_RANGE = 3, 3, 2

Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """An element as a unit judged it: `level` only where it is proven, `answers` by person, `own` their levels."""

    unit: int
    element: Element
    level: int | None
    is_unsettled: bool
    joint: Sequence[State]
    blocking: Sequence[int]
    contested: Sequence[str]
    answers: Mapping[int, Sequence[State]]
    own: Sequence[int]
    who_could: Sequence[int]
    asked: int
    has_evidence: bool


def found_in(judged: Judged) -> dict[str, Facts]:
    """Return the facts of each kind of finding there is."""
    level, target = judged.level, _target(judged)
    found: dict[str, Facts] = {}
    if level is not None and level >= target:
        if level >= STRONG_FROM:
            found["strength"] = {"level": str(level), "target": str(target)}
        if above := _not_met_above(judged.element, judged.joint, level):
            found["opportunity for innovation"] = {"level": str(level), "items": above, "learn_from": None}
    elif level is not None:
        found["gap"] = {"level": str(level), "last": None, "target": str(target)}
        found["gap"] |= {"gap": str(target - level), "weight": "1"}
        found["opportunity for improvement"] = _next_step(judged)
    if judged.own and (judged.is_unsettled or max(judged.own) - min(judged.own) >= WIDE_RANGE):
        found["disagreement"] = {"minimum": str(min(judged.own)), "maximum": str(max(judged.own))}
        found["disagreement"] |= {"is_unsettled": judged.is_unsettled, "contested": judged.contested}
    could_not = len(judged.answers) - len(judged.who_could)
    if could_not and 2 * could_not >= judged.asked:
        found["not visible here"] = {"could_not_answer": [could_not, judged.asked]}
        found["not visible here"] |= {"could_answer": [str(person) for person in judged.who_could]}
    if level is not None and level >= STRONG_FROM and not judged.has_evidence:
        found["thin evidence"] = {"level": str(level)}
    return found


def _target(judged: Judged) -> int:
    """Return the level aimed at: at most the highest with an applicable item."""
    applicable = (
        level
        for level, start, end in judged.element.levels
        if any(state != NOT_APPLICABLE for state in judged.joint[start:end])
    )
    return min(TARGET, max(applicable, default=0))


def _next_step(judged: Judged) -> Facts:
    items = judged.element.items
    said = {items[place]: [states[place] for states in judged.answers.values()] for place in judged.blocking}
    levels = (level for level, start, end in judged.element.levels if start <= judged.blocking[0] < end)
    return {
        "aims_at": str(next(levels)),
        "items": list(said),
        "said_no": {item: [each.count(NO), each.count(NO) + each.count(YES)] for item, each in said.items()},
    }


def _not_met_above(element: Element, joint: Sequence[State], level: int) -> list[str]:
    for above, start, end in element.levels:
        if above > level:
            missing = [element.items[place] for place in range(start, end) if joint[place] not in {YES, NOT_APPLICABLE}]
            if missing:
                return missing
    return []
