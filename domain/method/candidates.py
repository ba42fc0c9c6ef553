"""Which gaps compete for a unit's few drafts, alone or shared, and in which order (method, section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from domain.method.edition import Edition, Element
from domain.method.facts import Facts
from domain.method.findings import Finding, FindingKind, is_shared, weighted_gap
from domain.method.planning_inputs import LivingAction, PlanningInputs


@dataclass(frozen=True)
class Gap:
    """A proven gap with its next step; `facts` are those of both findings."""

    unit: str
    element: Element
    weighted: Fraction
    is_visible: bool
    facts: Facts

    @property
    def aims_at(self) -> Fraction:
        """The level of the next step."""
        return Fraction(str(self.facts["aims_at"]))

    @cached_property
    def blocking(self) -> frozenset[str]:
        """The items of the next step."""
        items = self.facts["items"]
        return frozenset(map(str, items)) if isinstance(items, Sequence) else frozenset()


@dataclass(frozen=True)
class Candidate:
    """A possible draft that counts at `unit`: for that unit's own gap, or for a gap that several units share."""

    unit: str
    element: Element
    gaps: tuple[Gap, ...]
    is_shared: bool

    @cached_property
    def blocking(self) -> tuple[str, ...]:
        """The items that block any of its units, in model order."""
        return tuple(item.id for item in self.element.items if any(item.id in gap.blocking for gap in self.gaps))

    def alone(self) -> tuple["Candidate", ...]:
        """Return one candidate for each of its gaps, which counts at the gap's own unit."""
        return tuple(Candidate(gap.unit, self.element, (gap,), is_shared=False) for gap in self.gaps)

    @property
    def aims_at(self) -> Fraction:
        """The lowest of the levels its units aim at."""
        return min(gap.aims_at for gap in self.gaps)


def gaps_among(edition: Edition, inputs: PlanningInputs, findings: Sequence[Finding]) -> list[Gap]:
    """Return the gaps with their next steps, in unit and model order."""
    by_kind: dict[FindingKind, dict[tuple[str, str], Finding]] = {kind: {} for kind in FindingKind}
    for each in findings:
        by_kind[each.kind][each.unit, each.element] = each
    steps = by_kind[FindingKind.OPPORTUNITY_FOR_IMPROVEMENT]
    return [
        Gap(
            unit=place.unit,
            element=element,
            weighted=weighted_gap(by_kind[FindingKind.GAP][key]),
            is_visible=key not in by_kind[FindingKind.NOT_VISIBLE_HERE],
            facts={**by_kind[FindingKind.GAP][key].facts, **steps[key].facts},
        )
        for place in inputs.units
        for element in edition.elements
        if (key := (place.unit, element.id)) in by_kind[FindingKind.GAP]
    ]


def living_on(inputs: PlanningInputs) -> dict[tuple[str, str], LivingAction]:
    """Return the living self-assessment action of each unit and element; those of other sources go their own way."""
    return {
        (unit, action.element): action
        for action in sorted(inputs.living, key=lambda each: each.action)
        for unit in action.covers
        if action.is_self_assessment and action.element is not None
    }


def candidates(
    edition: Edition, inputs: PlanningInputs, gaps: Sequence[Gap], living: Mapping[tuple[str, str], LivingAction]
) -> list[Candidate]:
    """Return the possible drafts for gaps without a living action: one for a shared gap, else one for each.

    A gap is shared among the units asked in this cycle that have no living action on the element.
    """
    found = []
    for element in edition.elements:
        open_gaps = tuple(each for each in gaps if each.element.id == element.id)
        asked = sum(element.id in each.asked and (each.unit, element.id) not in living for each in inputs.units)
        common = inputs.nearest_common([each.unit for each in open_gaps])
        if common is not None and is_shared(len(open_gaps), asked, inputs.numbers.shared_from_units):
            found.append(Candidate(common, element, open_gaps, is_shared=True))
        else:
            found.extend(Candidate(each.unit, element, (each,), is_shared=False) for each in open_gaps)
    return found


def in_order(edition: Edition, inputs: PlanningInputs, found: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates with the first to be drafted first.

    By importance, then corroborated by other sources, then weight x gap, then fewer blocking items, then model and
    unit order. A shared gap has the importance, corroboration and size of the unit where each is greatest.
    """
    corroborated = {(each.unit, each.element) for each in inputs.corroborations}
    elements = {element.id: index for index, element in enumerate(edition.elements)}

    def place(candidate: Candidate) -> tuple[int, bool, Fraction, int, int, int]:
        element = candidate.element.id
        return (
            -max(inputs.importance_of(gap.unit, element) for gap in candidate.gaps),
            not any((gap.unit, element) in corroborated for gap in candidate.gaps),
            -max(gap.weighted for gap in candidate.gaps),
            len(candidate.blocking),
            elements[element],
            inputs.unit_order[candidate.gaps[0].unit],
        )

    return sorted(found, key=place)
