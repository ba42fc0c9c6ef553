"""From a cycle's gaps to few, specific draft actions; all else is continued or put off with a reason (section 6)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.method.candidates import Candidate, Gap, candidates, gaps_among, in_order, living_on
from domain.method.due import check_on, due_on
from domain.method.edition import Edition
from domain.method.facts import Facts, Json
from domain.method.findings import Finding, FindingKind
from domain.method.owners import owner, verifier
from domain.method.planning_inputs import LivingAction, PlanningInputs

UNITS_THAT_TRY_FIRST = 2

RESTS_ON = (FindingKind.GAP, FindingKind.OPPORTUNITY_FOR_IMPROVEMENT, FindingKind.NOT_VISIBLE_HERE)
"""The kinds of findings from which actions are planned."""


class NotNow(StrEnum):
    """Why a gap gets no draft in this cycle."""

    LIMIT_REACHED = "limit reached"
    NO_CAPACITY = "no capacity"
    NOT_VISIBLE_HERE = "not visible here"
    WEIGHT_ZERO = "weight 0"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft action that aims one level up by the blocking items; the lowest of these levels where it is shared.

    It counts at `unit` and is for the units it `covers`; for a gap that is not shared that is the unit alone, and
    there is nothing to `try_first`. `owner` and `verifier` are None where nobody who is there could be found.
    """

    unit: str
    element: str
    covers: tuple[str, ...]
    try_first: tuple[str, ...]
    owner: str | None
    verifier: str | None
    due_on: date
    check_on: date
    aims_at: Fraction
    has_one_level: bool
    blocking: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Continuation:
    """A living action whose gap was found again in `units`; `carried` counts this time too."""

    action: int
    element: str
    units: tuple[str, ...]
    carried: int
    asks_review: bool
    facts: Facts


@dataclass(frozen=True, slots=True)
class Deferred:
    """A gap on the list "not now, because".

    `counted_at` is the unit whose limit or capacity decided.
    """

    unit: str
    element: str
    why: NotNow
    counted_at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a cycle's gaps: each gap stands in exactly one of drafts, continuations and deferred.

    `no_longer_needed` are the living actions whose units have all reached their target, for somebody to ask whether
    they are still needed.
    """

    drafts: tuple[Draft, ...]
    continuations: tuple[Continuation, ...]
    deferred: tuple[Deferred, ...]
    no_longer_needed: tuple[int, ...]


def plan(
    edition: Edition,
    inputs: PlanningInputs,
    findings: Sequence[Finding],
    at_target: Collection[tuple[str, str]] = (),
) -> Plan:
    """Draft, continue or put off every gap among a cycle's findings, in one deterministic pass.

    `findings` are those of all units of the cycle, `at_target` the (unit, element) pairs that stand at their target.
    Without gaps there is nothing to draft, continue or put off.
    """
    living = living_on(inputs)
    found_again: list[tuple[LivingAction, Gap]] = []
    barred: list[Deferred] = []
    open_gaps: list[Gap] = []
    for gap in gaps_among(edition, inputs, findings):
        action = living.get((gap.unit, gap.element.id))
        if action is not None:
            found_again.append((action, gap))
        elif (why := _bar(gap)) is not None:
            barred.append(_deferred(gap, why, gap.unit))
        else:
            open_gaps.append(gap)

    ranking = in_order(edition, inputs, candidates(edition, inputs, open_gaps, living))
    shared = _shared_with_room(inputs, ranking)
    alone = in_order(edition, inputs, _each_alone(ranking, shared))
    drafted, too_many = _within_limits(inputs, [*shared, *alone])
    return Plan(
        drafts=tuple(_draft(inputs, each) for each in drafted),
        continuations=_continuations(inputs, found_again),
        deferred=_in_unit_order(edition, inputs, [*barred, *too_many]),
        no_longer_needed=_no_longer_needed(inputs, at_target),
    )


def _bar(gap: Gap) -> NotNow | None:
    if gap.weighted == 0:
        return NotNow.WEIGHT_ZERO
    return None if gap.is_visible else NotNow.NOT_VISIBLE_HERE


def _shared_with_room(inputs: PlanningInputs, ranking: Sequence[Candidate]) -> list[Candidate]:
    """Return the shared candidates that find room at their common unit, in order."""
    return [each for each in _within_limits(inputs, ranking)[0] if each.is_shared]


def _each_alone(ranking: Sequence[Candidate], shared: Sequence[Candidate]) -> list[Candidate]:
    """Return what is left to each unit alone: a unit with time of its own need not wait for a common unit without."""
    taken = {each.element.id for each in shared}
    return [own for each in ranking if not (each.is_shared and each.element.id in taken) for own in each.alone()]


def _within_limits(inputs: PlanningInputs, ranking: Sequence[Candidate]) -> tuple[list[Candidate], list[Deferred]]:
    """Return the candidates to draft, by unit and in order, and the gaps beyond a unit's limit or capacity."""
    taken = Counter({each.action: each.unit for each in inputs.living if not each.is_done}.values())
    drafted: list[Candidate] = []
    too_many: list[Deferred] = []
    for each in sorted(ranking, key=lambda each: inputs.unit_order[each.unit]):
        if not inputs.place[each.unit].has_capacity:
            too_many.extend(_deferred(gap, NotNow.NO_CAPACITY, each.unit) for gap in each.gaps)
        elif taken[each.unit] >= inputs.numbers.drafts_per_unit:
            too_many.extend(_deferred(gap, NotNow.LIMIT_REACHED, each.unit) for gap in each.gaps)
        else:
            taken[each.unit] += 1
            drafted.append(each)
    return drafted, too_many


def _draft(inputs: PlanningInputs, candidate: Candidate) -> Draft:
    calendar = inputs.calendar(candidate.unit)
    due = due_on(calendar, inputs.planned_on, len(candidate.blocking), inputs.numbers)
    check = check_on(calendar, due, inputs.numbers)
    owned_by = owner(inputs, candidate.unit, candidate.element, due)
    return Draft(
        unit=candidate.unit,
        element=candidate.element.id,
        covers=tuple(gap.unit for gap in candidate.gaps),
        try_first=_try_first(inputs, candidate) if candidate.is_shared else (),
        owner=owned_by,
        verifier=verifier(inputs, candidate.unit, owned_by, check),
        due_on=due,
        check_on=check,
        aims_at=candidate.aims_at,
        has_one_level=len({gap.aims_at for gap in candidate.gaps}) == 1,
        blocking=candidate.blocking,
        facts=_facts(inputs, candidate),
    )


def _facts(inputs: PlanningInputs, candidate: Candidate) -> Facts:
    facts: dict[str, Json] = {
        "by_unit": _facts_by_unit(candidate.gaps),
        "corroborations": _corroborations(inputs, candidate),
    }
    earlier = _earlier(inputs, candidate)
    return facts | {"earlier": earlier} if earlier else facts


def _try_first(inputs: PlanningInputs, candidate: Candidate) -> tuple[str, ...]:
    """Suggest the units for a trial: those with capacity, most to gain and least to do, then in unit order."""

    def place(gap: Gap) -> tuple[bool, int, Fraction, int]:
        has_capacity = inputs.place[gap.unit].has_capacity
        return not has_capacity, -inputs.importance_of(gap.unit, gap.element.id), -gap.weighted, len(gap.blocking)

    return tuple(gap.unit for gap in sorted(candidate.gaps, key=place)[:UNITS_THAT_TRY_FIRST])


def _corroborations(inputs: PlanningInputs, candidate: Candidate) -> list[list[str]]:
    covers = {gap.unit for gap in candidate.gaps}
    found = (each for each in inputs.corroborations if each.element == candidate.element.id and each.unit in covers)
    ordered = sorted(found, key=lambda each: (inputs.unit_order[each.unit], each.source, each.reference))
    return [[each.unit, each.source, each.reference] for each in ordered]


def _earlier(inputs: PlanningInputs, candidate: Candidate) -> list[list[Json]]:
    """Return what was done before: unit, action, verdict, day, and those of its items that block the unit again."""
    done = {each.unit: each for each in inputs.earlier if each.element == candidate.element.id}
    return [
        [gap.unit, was.action, was.verdict, was.on.isoformat(), [item for item in was.items if item in gap.blocking]]
        for gap in candidate.gaps
        if (was := done.get(gap.unit)) is not None
    ]


def _continuations(inputs: PlanningInputs, found_again: Sequence[tuple[LivingAction, Gap]]) -> tuple[Continuation, ...]:
    """Return one continuation per action, in the unit and model order of the first gap found again."""
    by_action: dict[LivingAction, list[Gap]] = {}
    for action, gap in found_again:
        by_action.setdefault(action, []).append(gap)
    return tuple(
        Continuation(
            action=action.action,
            element=gaps[0].element.id,
            units=tuple(gap.unit for gap in gaps),
            carried=action.carried + 1,
            asks_review=action.carried + 1 >= inputs.numbers.carried_to_review,
            facts={"by_unit": _facts_by_unit(gaps)},
        )
        for action, gaps in by_action.items()
    )


def _no_longer_needed(inputs: PlanningInputs, at_target: Collection[tuple[str, str]]) -> tuple[int, ...]:
    return tuple(
        sorted(
            each.action
            for each in inputs.living
            if each.is_self_assessment
            and not each.is_done
            and each.element is not None
            and all((unit, each.element) in at_target for unit in each.covers)
        )
    )


def _facts_by_unit(gaps: Sequence[Gap]) -> Mapping[str, Facts]:
    return {gap.unit: gap.facts for gap in gaps}


def _deferred(gap: Gap, why: NotNow, counted_at: str) -> Deferred:
    return Deferred(gap.unit, gap.element.id, why, counted_at)


def _in_unit_order(edition: Edition, inputs: PlanningInputs, deferred: Sequence[Deferred]) -> tuple[Deferred, ...]:
    elements = {element.id: index for index, element in enumerate(edition.elements)}
    return tuple(sorted(deferred, key=lambda each: (inputs.unit_order[each.unit], elements[each.element])))
