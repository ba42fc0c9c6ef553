"""What findings and drafts rest on besides answers and model, as values that are kept as JSON and read back equal.

The order of `units` is the unit order; the order of everything else does not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from domain.method.workdays import Calendar

SELF_ASSESSMENT = "self-assessment"
"""The source of actions that this planning drafts and continues."""


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit in the tree. Its own targets and importances, by element, go before the programme's.

    `asked` are the elements asked of it in this cycle, `calendar` names one of the inputs' calendars.
    """

    unit: str
    parent: str | None
    lead: str | None
    calendar: str
    asked: tuple[str, ...] = ()
    has_capacity: bool = True
    targets: Mapping[str, Fraction] = field(default_factory=dict)
    importance: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """Somebody who may own or verify an action; an absence includes both its days."""

    person: str
    deputy: str | None = None
    absences: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers for an element or for a group of elements in a unit; one person at most for each of these."""

    unit: str
    person: str
    element: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class LivingAction:
    """An action that is proposed, open, in progress, on hold or done, whatever its source.

    It counts at `unit` and lives in the units it `covers` (for an unshared action the unit alone). `carried` is the
    number of its continuations in earlier cycles; `element` is None where it is about none of this model.
    """

    action: int
    unit: str
    covers: tuple[str, ...]
    element: str | None
    source: str = SELF_ASSESSMENT
    is_done: bool = False
    carried: int = 0

    @property
    def is_self_assessment(self) -> bool:
        """Whether it came from a gap like those that are planned now."""
        return self.source == SELF_ASSESSMENT


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Another source that points at the same gap, such as a complaint or an audit finding."""

    unit: str
    element: str
    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class EarlierAction:
    """The last verified self-assessment action on a unit and element: its items there, its verdict and when it was."""

    action: int
    unit: str
    element: str
    items: tuple[str, ...]
    verdict: str
    on: date


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A unit's level that somebody from outside looked at, so that others can learn from the unit."""

    unit: str
    element: str
    level: Fraction


@dataclass(frozen=True, slots=True)
class PlanningNumbers:
    """The numbers a programme may set; all days are working days, ages are in cycles."""

    drafts_per_unit: int = 3
    shared_from_units: int = 3
    few_items: int = 2
    days_for_few_items: int = 20
    some_items: int = 4
    days_for_some_items: int = 45
    days_for_many_items: int = 90
    days_until_check: int = 40
    carried_to_review: int = 3
    days_late_until_owner_is_told: int = 4
    days_until_lead_is_asked: int = 2
    days_for_the_lead: int = 4
    stale_after: int = 4


@dataclass(frozen=True)
class PlanningInputs:
    """Everything but answers and model that a cycle's findings and drafts rest on; ids and numbers only.

    `planned_on` is the day of planning, from which a draft's days count until it is released. Weights not given are
    the model's, importances not given 0; an element without a target has no gap.
    """

    planned_on: date
    units: tuple[UnitPlace, ...]
    people: tuple[PersonPlace, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    targets: Mapping[str, Fraction] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    importance: Mapping[str, int] = field(default_factory=dict)
    living: tuple[LivingAction, ...] = ()
    corroborations: tuple[Corroboration, ...] = ()
    earlier: tuple[EarlierAction, ...] = ()
    looked_at: tuple[LookedAt, ...] = ()
    numbers: PlanningNumbers = field(default_factory=PlanningNumbers)

    @cached_property
    def place(self) -> dict[str, UnitPlace]:
        """The units by id, in unit order."""
        return {each.unit: each for each in self.units}

    @cached_property
    def unit_order(self) -> dict[str, int]:
        """Each unit's place in the unit order."""
        return {each.unit: index for index, each in enumerate(self.units)}

    @cached_property
    def person(self) -> dict[str, PersonPlace]:
        """The people by id."""
        return {each.person: each for each in self.people}

    @cached_property
    def responsible(self) -> dict[tuple[str, str | None, str | None], str]:
        """Who answers, by (unit, element, group)."""
        return {(each.unit, each.element, each.group): each.person for each in self.responsibilities}

    @cached_property
    def seen_levels(self) -> dict[str, list[tuple[str, Fraction]]]:
        """The levels that were looked at, by element, in unit order."""
        found: dict[str, list[tuple[str, Fraction]]] = {}
        for each in sorted(self.looked_at, key=lambda each: (self.unit_order[each.unit], each.level)):
            found.setdefault(each.element, []).append((each.unit, each.level))
        return found

    def calendar(self, unit: str) -> Calendar:
        """Return the calendar of a unit."""
        return self.calendars[self.place[unit].calendar]

    def targets_of(self, unit: str) -> dict[str, Fraction]:
        """Return a unit's targets by element: its own, else the programme's."""
        return {**self.targets, **self.place[unit].targets}

    def importance_of(self, unit: str, element: str) -> int:
        """Return how important an element is to a unit: its own word, else the programme's, else 0."""
        return self.place[unit].importance.get(element, self.importance.get(element, 0))

    def line(self, unit: str) -> tuple[str, ...]:
        """Return the unit and those above it, the nearest first; a circle ends where it would close."""
        line = [unit]
        while (parent := self.place[line[-1]].parent) is not None and parent not in line:
            line.append(parent)
        return tuple(line)

    def nearest_common(self, units: Sequence[str]) -> str | None:
        """Return the lowest unit that all of these are or stand below; None if there is none."""
        lines = [self.line(unit) for unit in units]
        return next((above for above in lines[0] if all(above in line for line in lines)), None) if lines else None

    def to_json(self) -> dict[str, Any]:
        """Return the inputs as JSON: fractions as strings, dates by ISO 8601, sets as sorted lists."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "PlanningInputs":
        """Read the inputs back as they were."""
        return cls(
            planned_on=date.fromisoformat(document["planned_on"]),
            units=tuple(_unit(each) for each in document["units"]),
            people=tuple(_person(each) for each in document["people"]),
            responsibilities=tuple(Responsibility(**each) for each in document["responsibilities"]),
            calendars={key: _calendar(each) for key, each in document["calendars"].items()},
            targets=_fractions(document["targets"]),
            weights=_fractions(document["weights"]),
            importance=document["importance"],
            living=tuple(LivingAction(**each | {"covers": tuple(each["covers"])}) for each in document["living"]),
            corroborations=tuple(Corroboration(**each) for each in document["corroborations"]),
            earlier=tuple(_earlier(each) for each in document.get("earlier", ())),
            looked_at=tuple(LookedAt(**each | {"level": Fraction(each["level"])}) for each in document["looked_at"]),
            numbers=PlanningNumbers(**document["numbers"]),
        )


def _plain(value: object) -> Any:
    match value:
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case frozenset():
            return [_plain(each) for each in sorted(value)]
        case tuple():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case Fraction():
            return str(value)
    return value


def _unit(document: Mapping[str, Any]) -> UnitPlace:
    return UnitPlace(**{**document, "asked": tuple(document["asked"]), "targets": _fractions(document["targets"])})


def _person(document: Mapping[str, Any]) -> PersonPlace:
    return PersonPlace(document["person"], document["deputy"], _spans(document["absences"]))


def _earlier(document: Mapping[str, Any]) -> EarlierAction:
    on = date.fromisoformat(document["on"])
    return EarlierAction(**{**document, "items": tuple(document["items"]), "on": on})


def _calendar(document: Mapping[str, Any]) -> Calendar:
    return Calendar(
        weekend=frozenset(document["weekend"]),
        holidays=frozenset(map(date.fromisoformat, document["holidays"])),
        closing_days=frozenset(map(date.fromisoformat, document["closing_days"])),
        no_ask=_spans(document["no_ask"]),
    )


def _spans(document: list[list[str]]) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in document)


def _fractions(document: Mapping[str, str]) -> dict[str, Fraction]:
    return {key: Fraction(each) for key, each in document.items()}
