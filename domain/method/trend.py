"""Whether a series of results moves more than it always did (method, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import comb, log2
from statistics import median

ENOUGH_POINTS = 8
"""The number of points from which limits and signals are shown; below it people read "not enough points"."""

D2 = Fraction("1.128")
"""The mean range of two values from one normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an individuals chart, between which a series moves by itself."""

    mean: Fraction
    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class Runs:
    """How long a series stays on one side of its median and how often it crosses it, with what chance would give.

    `useful` is the number of points that do not lie on the median.
    """

    useful: int
    longest: int
    crossings: int
    longest_expected: int
    fewest_crossings_expected: int

    @property
    def signal(self) -> bool:
        """The series has shifted or drifts: a run is too long, or it crosses the median too seldom."""
        return self.longest > self.longest_expected or self.crossings < self.fewest_crossings_expected


@dataclass(frozen=True, slots=True)
class Trend:
    """What a series of results says; None where there are not enough points or they do not vary."""

    points: int
    limits: Limits | None
    runs: Runs | None

    @property
    def enough(self) -> bool:
        """Whether there are enough points to say anything."""
        return self.points >= ENOUGH_POINTS


def trend(values: Sequence[Fraction]) -> Trend:
    """Return limits and runs of a series, oldest value first; neither below eight points."""
    if len(values) < ENOUGH_POINTS:
        return Trend(len(values), limits=None, runs=None)
    return Trend(len(values), individuals_limits(values), runs(values))


def individuals_limits(values: Sequence[Fraction]) -> Limits | None:
    """Return mean +- 3 x mean moving range / 1.128; None if that range is 0 or there are fewer than two values.

    NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2.
    """
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    if not any(ranges):
        return None
    mean = sum(values, Fraction(0)) / len(values)
    reach = 3 * sum(ranges, Fraction(0)) / len(ranges) / D2
    return Limits(mean, mean - reach, mean + reach)


def runs(values: Sequence[Fraction]) -> Runs | None:
    """Count runs and crossings about the median; points on it are left out. None if all lie on it.

    Longest run expected: round(log2 n + 3); fewest crossings: the 5 % quantile of Binomial(n - 1, 1/2). Anhøj and
    Olesen, PLoS ONE 9(11), 2014.
    """
    middle = median(values) if values else Fraction(0)
    sides = [value > middle for value in values if value != middle]
    if not sides:
        return None
    lengths = [len(list(run)) for _side, run in groupby(sides)]
    return Runs(
        useful=len(sides),
        longest=max(lengths),
        crossings=len(lengths) - 1,
        longest_expected=round(log2(len(sides)) + 3),
        fewest_crossings_expected=_five_percent_quantile(len(sides) - 1),
    )


def _five_percent_quantile(trials: int) -> int:
    """Return the smallest number that Binomial(trials, 1/2) does not exceed with at least 5 % probability."""
    successes, ways = 0, 1
    while 20 * ways < 2**trials:
        successes += 1
        ways += comb(trials, successes)
    return successes
