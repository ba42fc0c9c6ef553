"""What a unit's scores say, each with the facts it rests on (method, section 5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.method import facts
from domain.method.change import Change
from domain.method.edition import Edition
from domain.method.facts import Facts, Judged, judged_by
from domain.method.planning_inputs import PlanningInputs
from domain.method.respondents import ElementScore

FEW_MAKE_MOST = Fraction(4, 5)
"""The share of all weighted gaps that a Pareto selection makes."""

SHARED_FROM = Fraction(1, 3)
"""The share of the units asked from which a gap is shared."""


class FindingKind(StrEnum):
    """What a finding says."""

    STRENGTH = "strength"
    GAP = "gap"
    OPPORTUNITY_FOR_IMPROVEMENT = "opportunity for improvement"
    OPPORTUNITY_FOR_INNOVATION = "opportunity for innovation"
    DISAGREEMENT = "disagreement"
    NOT_VISIBLE_HERE = "not visible here"
    REGRESSION = "regression"
    THIN_EVIDENCE = "thin evidence"
    SHARED_GAP = "shared gap"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on an element; a shared gap stands at the nearest common unit above those it covers."""

    kind: FindingKind
    unit: str
    element: str
    facts: Facts


FACTS: Mapping[FindingKind, Callable[[Judged], Facts | None]] = {
    FindingKind.STRENGTH: facts.strength,
    FindingKind.GAP: facts.gap,
    FindingKind.OPPORTUNITY_FOR_IMPROVEMENT: facts.improvement,
    FindingKind.OPPORTUNITY_FOR_INNOVATION: facts.innovation,
    FindingKind.DISAGREEMENT: facts.disagreement,
    FindingKind.NOT_VISIBLE_HERE: facts.not_visible,
    FindingKind.REGRESSION: facts.regression,
    FindingKind.THIN_EVIDENCE: facts.thin_evidence,
}
"""What each kind that one unit alone can give rests on; the function gives None where there is no such finding."""


def find(
    edition: Edition,
    inputs: PlanningInputs,
    unit: str,
    scores: Iterable[ElementScore],
    *,
    changes: Mapping[str, Change],
) -> tuple[Finding, ...]:
    """Return what a unit's scores of this cycle say, in their order; shared gaps are found over all units.

    `changes` are by element against its own last result (none at the baseline). A result that is not proven gives no
    finding but disagreement and "not visible here".
    """
    return tuple(
        Finding(kind, unit, each.element.id, found)
        for each in judged_by(edition, inputs, unit, scores, changes=changes)
        for kind, facts_of in FACTS.items()
        if (found := facts_of(each)) is not None
    )


def shared_gaps(edition: Edition, inputs: PlanningInputs, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the elements below target in at least a third, and at least three, of the units asked in this cycle.

    In model order, each at the nearest common unit above; gaps without one are not shared.
    """
    below: dict[str, list[str]] = {}
    for each in findings:
        if each.kind is FindingKind.GAP:
            below.setdefault(each.element, []).append(each.unit)

    found = []
    for element in edition.elements:
        units = below.get(element.id, [])
        asked = [each.unit for each in inputs.units if element.id in each.asked]
        common = inputs.nearest_common(units)
        if common is not None and is_shared(len(units), len(asked), inputs.numbers.shared_from_units):
            covered = sorted(units, key=inputs.unit_order.__getitem__)
            rests_on: Facts = {"units": covered, "below_target": [len(units), len(asked)]}
            found.append(Finding(FindingKind.SHARED_GAP, common, element.id, rests_on))
    return tuple(found)


def is_shared(below_target: int, asked: int, from_units: int) -> bool:
    """Return whether so many units of those asked share a gap: a third of them, and no fewer than `from_units`."""
    return below_target >= from_units and below_target >= SHARED_FROM * asked


def ranked(edition: Edition, inputs: PlanningInputs, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the gaps by weight x gap, the largest first, then in model and unit order; none of weight 0."""
    elements = {element.id: index for index, element in enumerate(edition.elements)}
    gaps = [each for each in findings if each.kind is FindingKind.GAP and weighted_gap(each)]
    return tuple(
        sorted(gaps, key=lambda each: (-weighted_gap(each), elements[each.element], inputs.unit_order[each.unit]))
    )


def pareto(edition: Edition, inputs: PlanningInputs, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the fewest gaps that make 80 % of the sum of weight x gap, the largest first; none without gaps."""
    gaps = ranked(edition, inputs, findings)
    wanted = FEW_MAKE_MOST * sum((weighted_gap(each) for each in gaps), Fraction(0))
    reached = Fraction(0)
    few: list[Finding] = []
    for each in gaps:
        if reached >= wanted:
            break
        few.append(each)
        reached += weighted_gap(each)
    return tuple(few)


def weighted_gap(finding: Finding) -> Fraction:
    """Return a gap's weight x gap, from its facts."""
    return Fraction(str(finding.facts["weight"])) * Fraction(str(finding.facts["gap"]))
