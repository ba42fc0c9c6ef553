"""What a unit's scores say, each with the facts it rests on (method, section 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""A fact as it is stored: exact numbers as strings of fractions, counts as integers, ids as strings."""


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
    facts: Mapping[str, Json]
