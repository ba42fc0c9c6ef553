"""From a cycle's gaps to few, specific draft actions; all else is continued or put off with a reason (section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.method.edition import Edition
from domain.method.findings import Finding, Json
from domain.method.planning_inputs import PlanningInputs


class NotNow(StrEnum):
    """Why a gap gets no draft in this cycle."""

    LIMIT_REACHED = "limit reached"
    NO_CAPACITY = "no capacity"
    OTHER_ACTION = "another action is under way"
    NOT_VISIBLE_HERE = "not visible here"
    WEIGHT_ZERO = "weight 0"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft action that aims one level up by the blocking items.

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
    blocking: tuple[str, ...]
    facts: Mapping[str, Json]

    @property
    def is_shared(self) -> bool:
        """Whether it answers the same gap in several units."""
        return bool(self.try_first)


@dataclass(frozen=True, slots=True)
class Continuation:
    """A living action whose gap was found again in `units`; `carried` counts this time too."""

    action: int
    element: str
    units: tuple[str, ...]
    carried: int
    asks_review: bool
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A gap on the list "not now, because".

    `counted_at` is the unit whose limit or capacity decided: for a shared gap the nearest common unit above. `action`
    is the one under way, if that is the reason.
    """

    unit: str
    element: str
    why: NotNow
    counted_at: str
    action: int | None = None


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


def plan(edition: Edition, inputs: PlanningInputs, findings: Sequence[Finding]) -> Plan:
    """Draft, continue or put off every gap among a cycle's findings, in one deterministic pass."""
    raise NotImplementedError
