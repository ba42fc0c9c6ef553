"""What can be said of one element as one unit judged it: the facts of each kind of finding (method, section 5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from domain.method import standing
from domain.method.change import Change
from domain.method.edition import Edition, Element, State
from domain.method.planning_inputs import PlanningInputs
from domain.method.respondents import ElementScore
from domain.method.scoring import Why

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""A fact as it is stored: exact numbers as strings of fractions, counts as integers, ids as strings."""

Facts: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True)
class Judged:
    """One element as one unit judged it, with what it is measured by.

    `level` is None unless it is proven; `target` is at most the highest level with an applicable item.
    """

    edition: Edition
    element: Element
    score: ElementScore
    level: Fraction | None
    target: Fraction | None
    weight: Fraction
    change: Change | None
    elsewhere: Sequence[tuple[str, Fraction]]

    @cached_property
    def is_strong(self) -> bool:
        """Whether the level is one to build on, by the model's threshold."""
        return self.level is not None and self.level >= self.edition.thresholds.strong_from

    @cached_property
    def is_at_target(self) -> bool:
        """Whether there is a target and the level has reached it."""
        return self.level is not None and self.target is not None and self.level >= self.target

    @property
    def is_below_target(self) -> bool:
        """Whether there is a target and a level that has not reached it."""
        return self.level is not None and self.target is not None and not self.is_at_target


def judged_by(
    edition: Edition,
    inputs: PlanningInputs,
    unit: str,
    scores: Iterable[ElementScore],
    *,
    changes: Mapping[str, Change],
) -> Iterator[Judged]:
    """Return each element as a unit judged it, in the order of its scores."""
    targets = inputs.targets_of(unit)
    for each in scores:
        element = edition.by_id[each.element]
        wanted = targets.get(element.id)
        yield Judged(
            edition=edition,
            element=element,
            score=each,
            level=each.result if each.proven else None,
            target=None if wanted is None else min(wanted, standing.reachable(edition, element, each.states)),
            weight=inputs.weights.get(element.id, element.weight),
            change=changes.get(element.id),
            elsewhere=[seen for seen in inputs.seen_levels.get(element.id, ()) if seen[0] != unit],
        )


def strength(judged: Judged) -> Facts | None:
    """Say that the level is strong and at or above its target."""
    if not (judged.is_strong and judged.is_at_target):
        return None
    return {"level": str(judged.level), "target": str(judged.target)}


def gap(judged: Judged) -> Facts | None:
    """Say how far the level is below its target."""
    if judged.level is None or judged.target is None or judged.is_at_target:
        return None
    return {
        "level": str(judged.level),
        "last": None if judged.change is None else str(judged.level - judged.change.total),
        "target": str(judged.target),
        "gap": str(standing.gap(judged.level, judged.target)),
        "weight": str(judged.weight),
    }


def improvement(judged: Judged) -> Facts | None:
    """Say what the next step of a gap is: its blocking items, and how many said no to each of how many who know.

    `agreed` are those on which the team agreed, whatever the counts say; absent where there are none.
    """
    if not judged.is_below_target:
        return None
    facts: dict[str, Json] = {
        "aims_at": str(_next_level(judged)),
        "items": list(judged.score.blocking),
        "said_no": {item: list(counts) for item, counts in judged.score.said_no.items()},
    }
    return facts | {"agreed": list(judged.score.agreed)} if judged.score.agreed else facts


def innovation(judged: Judged) -> Facts | None:
    """Say what lies above a level at target, or whose level is worth learning from."""
    items = _not_met_above(judged)
    teacher = _teacher(judged)
    if judged.level is None or not (items or teacher):
        return None
    return {
        "level": str(judged.level),
        "items": items,
        "learn_from": None if teacher is None else [teacher[0], str(teacher[1])],
    }


def disagreement(judged: Judged) -> Facts | None:
    """Say that respondents' own levels lie far apart, or that the result waits for the team."""
    lowest, highest = judged.score.minimum, judged.score.maximum
    if lowest is None or highest is None:
        return None
    is_unsettled = judged.score.why is Why.UNSETTLED
    if not is_unsettled and highest - lowest < judged.edition.thresholds.wide_range:
        return None
    return {
        "minimum": str(lowest),
        "maximum": str(highest),
        "is_unsettled": is_unsettled,
        "contested": list(judged.score.contested),
    }


def not_visible(judged: Judged) -> Facts | None:
    """Say that at least half of those asked answered "don't know" throughout, and who could answer."""
    could_answer, asked = judged.score.seen_by
    could_not = len(judged.score.respondents) - could_answer
    if could_not == 0 or 2 * could_not < asked:
        return None
    who = [each.respondent for each in judged.score.respondents if each.says_something]
    return {"could_not_answer": [could_not, asked], "could_answer": who}


def regression(judged: Judged) -> Facts | None:
    """Say that the level is lower because something changed."""
    if judged.level is None or judged.change is None or judged.change.changed >= 0:
        return None
    return {
        "level": str(judged.level),
        "changed": str(judged.change.changed),
        "seen_differently": str(judged.change.seen_differently),
        "mistake": str(judged.change.mistake),
    }


def thin_evidence(judged: Judged) -> Facts | None:
    """Say that a strong level has no evidence."""
    if not judged.is_strong or judged.score.has_evidence:
        return None
    return {"level": str(judged.level)}


def _next_level(judged: Judged) -> Fraction:
    """Return the level of the blocking items; without items the next step of the scale."""
    blocking = {item.id: item.level for item in judged.element.items if item.id in judged.score.blocking}
    levels = [level for level in blocking.values() if level is not None]
    step = (judged.level or 0) // 1 + 1
    return Fraction(min(levels, default=min(step, judged.edition.scale.max)))


def _not_met_above(judged: Judged) -> list[str]:
    """Return the applicable items not met at the first level above where there are any; none below target."""
    if judged.level is None or not judged.is_at_target:
        return []
    met = {State.YES, State.NOT_APPLICABLE}
    for level, items in judged.element.outline.steps:
        if level > judged.level:
            not_met = [item for item in items if judged.score.states.get(item) not in met]
            if not_met:
                return not_met
    return []


def _teacher(judged: Judged) -> tuple[str, Fraction] | None:
    """Return the unit with the highest level looked at, the first of equals, if it is far enough above this one."""
    best = max(judged.elsewhere, key=lambda seen: seen[1], default=None)
    if best is None or judged.level is None:
        return None
    return best if best[1] - judged.level >= judged.edition.thresholds.learn_distance else None
