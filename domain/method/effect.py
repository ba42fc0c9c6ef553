"""Whether actions worked: what verifiers decided (method, section 7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a verifier decides about an action that was done."""

    EFFECTIVE = "effective"
    PARTLY = "partly"
    NOT_EFFECTIVE = "not effective"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many of the actions done worked: "of 13 done: 3 worked, 1 partly, 1 not, 8 too early to say".

    `too_early` are those without a verdict yet and those that could not be assessed so far, which are asked again.
    """

    worked: int
    partly: int
    not_effective: int
    too_early: int

    @property
    def done(self) -> int:
        """The number of actions done."""
        return self.worked + self.partly + self.not_effective + self.too_early


def count_verdicts(latest: Iterable[Verdict | None]) -> VerdictCounts:
    """Count the latest verdict on each action done, None where there is none yet; all 0 without actions."""
    counts = Counter(latest)
    return VerdictCounts(
        worked=counts[Verdict.EFFECTIVE],
        partly=counts[Verdict.PARTLY],
        not_effective=counts[Verdict.NOT_EFFECTIVE],
        too_early=counts[Verdict.NOT_ASSESSABLE] + counts[None],
    )
