"""One set of answers becomes one result, by the model's own rule; results become a group's and the whole's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from domain.method.edition import Edition, Element, Outline, Rule, State
from domain.method.rounding import whole

ENOUGH = Fraction(4, 5)
"""The share of applicable elements with a proven result from which a mean may be shown."""


SCORED = (Rule.NO_GAP, Rule.HOLISTIC)
"""The rules by which answers are scored; models by another one may be written and shown."""

REMEMBERED = 2**15
"""How many different answers to an element are judged once only; in a large cycle most are alike."""


class UnknownRule(Exception):
    """The model's rule cannot be scored."""


class Why(StrEnum):
    """Why an element has no result."""

    NOT_APPLICABLE = "not applicable"
    NO_ANSWERS = "no answers"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class ElementResult:
    """What one set of answers gives for one element.

    A result that is not proven is a lower bound. `coverage` is (answered yes or no, applicable) over the items that the
    result rests on. `naive` is the highest complete level whatever is missing below, None where there is no result or
    the rule has no levels of items.
    """

    result: Fraction | None
    why: Why | None
    proven: bool
    naive: Fraction | None
    blocking: tuple[str, ...]
    coverage: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LevelWorking:
    """One level of an element: its items with their states, and what follows from them."""

    level: int
    items: tuple[tuple[str, State | None], ...]
    applicable: int
    answered: int
    complete: bool

    @property
    def passed_over(self) -> bool:
        """No item of this level applies: it neither holds up a result nor carries it."""
        return self.applicable == 0


@dataclass(frozen=True, slots=True)
class Working:
    """How an element's result came about, so that a person follows it with a pencil.

    `levels` is empty where the rule has no levels of items.
    """

    element: str
    levels: tuple[LevelWorking, ...]
    outcome: ElementResult


@dataclass(frozen=True, slots=True)
class Summary:
    """The mean of a group, or of the whole where `group` is None.

    `coverage` is (elements with a proven result, applicable elements of positive weight). Below `enough` people read
    "not enough answers" and never the bare mean.
    """

    group: str | None
    result: Fraction | None
    minimum: Fraction | None
    coverage: tuple[int, int]
    enough: bool


class Scored(Protocol):
    """Whatever has a result that may count in a mean."""

    @property
    def result(self) -> Fraction | None:
        """The level or value; None where there is none."""

    @property
    def why(self) -> str | None:
        """Why there is no result."""

    @property
    def proven(self) -> bool:
        """Whether the result is more than a lower bound."""


def score_element(
    edition: Edition, element: Element, states: Mapping[str, State], value: Fraction | None = None
) -> ElementResult:
    """Return an element's result from one set of item states, or from a value where the rule takes one.

    Where the rule takes a value, n/a and don't know stand in `states` under the element's own id.
    """
    if edition.rule is Rule.NO_GAP:
        return score_items(element.outline, tuple(map(states.get, element.outline.items)))
    return working(edition, element, states, value).outcome


@lru_cache(maxsize=REMEMBERED)
def score_items(outline: Outline, said: tuple[State | None, ...]) -> ElementResult:
    """Return the result of an element with levels from its items' states in model order; None is unanswered."""
    return no_gap(outline, dict(zip(outline.items, said, strict=True)))


def working(edition: Edition, element: Element, states: Mapping[str, State], value: Fraction | None = None) -> Working:
    """Return the result together with the levels and item states it follows from."""
    match edition.rule:
        case Rule.NO_GAP:
            levels = tuple(_level(level, items, states) for level, items in element.outline.steps)
            return Working(element.id, levels, no_gap(element.outline, states))
        case Rule.HOLISTIC:
            return Working(element.id, (), holistic(states.get(element.id), value))
        case rule:
            message = f'model {edition.id} {edition.edition}: the rule "{rule}" is not built; no-gap and holistic are'
            raise UnknownRule(message)


def no_gap(outline: Outline, states: Mapping[str, State | None]) -> ElementResult:
    """Return the highest complete level with no incomplete level below it; 0 if there is none.

    ISO 9004:2018 Annex A, in our words (method, section 2). Levels come lowest first; those without applicable items
    are passed over. Without an applicable item, or without one answered yes or no, there is no result.
    """
    reached = naive = done = of = known = 0
    blocking: tuple[str, ...] = ()
    is_complete_so_far = True
    for level, items in outline.steps:
        applicable, met, answered = _counts([states.get(item) for item in items])
        if not applicable:
            continue
        known += answered
        if is_complete_so_far:
            done, of = done + answered, of + applicable
        if met == applicable:
            naive = level
            reached = level if is_complete_so_far else reached
        elif is_complete_so_far:
            is_complete_so_far = False
            blocking = tuple(item for item in items if states.get(item) is State.NO)
    if not of:
        return _without_result(Why.NOT_APPLICABLE, (0, 0))
    if not known:
        return _without_result(Why.NO_ANSWERS, (done, of))
    return ElementResult(
        result=whole(reached),
        why=None,
        proven=is_complete_so_far or bool(blocking),
        naive=whole(naive),
        blocking=blocking,
        coverage=(done, of),
    )


def holistic(state: State | None, value: Fraction | None) -> ElementResult:
    """Return the level somebody chose for the element as a whole; no result for n/a, don't know or nothing."""
    if value is not None:
        return ElementResult(result=value, why=None, proven=True, naive=None, blocking=(), coverage=(1, 1))
    if state is State.NOT_APPLICABLE:
        return _without_result(Why.NOT_APPLICABLE, (0, 0))
    return _without_result(Why.NO_ANSWERS, (0, 1))


def summarise(
    edition: Edition, results: Mapping[str, Scored], weights: Mapping[str, Fraction], applicable: Collection[str]
) -> tuple[tuple[Summary, ...], Summary]:
    """Return the groups in model order, and the whole, as weighted means over elements with a proven result.

    Only `applicable` elements count, and of these not those whose result is "not applicable" or whose weight is 0; a
    weight not in `weights` is the model's. Groups without an applicable element are left out. The whole is over
    elements, not over groups. With nothing to count there is no mean and never enough.
    """
    asked = [element for element in edition.elements if element.id in applicable]
    groups = tuple(
        _summary(group.id, [element for element in asked if element.group == group.id], results, weights)
        for group in edition.groups
        if any(element.group == group.id for element in asked)
    )
    return groups, _summary(None, asked, results, weights)


def _level(level: int, items: Sequence[str], states: Mapping[str, State]) -> LevelWorking:
    given = [states.get(item) for item in items]
    applicable, met, answered = _counts(given)
    return LevelWorking(
        level=level,
        items=tuple(zip(items, given, strict=True)),
        applicable=applicable,
        answered=answered,
        complete=0 < met == applicable,
    )


def _counts(given: Sequence[State | None]) -> tuple[int, int, int]:
    """Return how many items of a level are applicable, how many met, how many answered yes or no."""
    met = given.count(State.YES)
    return len(given) - given.count(State.NOT_APPLICABLE), met, met + given.count(State.NO)


def _without_result(why: Why, coverage: tuple[int, int]) -> ElementResult:
    return ElementResult(result=None, why=why, proven=False, naive=None, blocking=(), coverage=coverage)


def _summary(
    group: str | None, asked: Sequence[Element], results: Mapping[str, Scored], weights: Mapping[str, Fraction]
) -> Summary:
    weighted = [(weights.get(element.id, element.weight), results.get(element.id)) for element in asked]
    applicable = [
        (weight, scored)
        for weight, scored in weighted
        if weight > 0 and (scored is None or scored.why != Why.NOT_APPLICABLE)
    ]
    proven = [
        (weight, scored.result)
        for weight, scored in applicable
        if scored is not None and scored.proven and scored.result is not None
    ]
    total = sum((weight for weight, _ in proven), Fraction(0))
    return Summary(
        group=group,
        result=sum((weight * result for weight, result in proven), Fraction(0)) / total if proven else None,
        minimum=min((result for _, result in proven), default=None),
        coverage=(len(proven), len(applicable)),
        enough=bool(applicable) and Fraction(len(proven), len(applicable)) >= ENOUGH,
    )
