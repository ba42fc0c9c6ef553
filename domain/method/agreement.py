"""How far respondents see the same, for those who want a figure; people read it in words (method, section 3)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import variance
from typing import TypeAlias

FEWEST_FOR_R_WG = 3

Metric: TypeAlias = Callable[[Fraction, Fraction, Mapping[Fraction, int]], Fraction]
"""The squared distance of two values, the lower first, given how often each value occurs."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha over a unit's elements, and r_wg of each element that has one."""

    alpha: Fraction | None
    elements: Mapping[str, Fraction]


def agreement(results: Mapping[str, Sequence[Fraction]], steps: int, metric: Metric) -> Agreement:
    """Return how far the respondents' own proven results agree, by element and over all of them."""
    within = {element: r_wg(values, steps) for element, values in results.items()}
    return Agreement(
        alpha=krippendorff_alpha(list(results.values()), metric),
        elements={element: figure for element, figure in within.items() if figure is not None},
    )


def krippendorff_alpha(ratings: Sequence[Sequence[Fraction | None]], metric: Metric) -> Fraction | None:
    """Return alpha = 1 - observed / expected disagreement; None where the values do not vary.

    One row of ratings per thing judged; None stands for a missing rating, and things rated once or never are left
    out. Krippendorff, Content Analysis (2004), section 11.3.
    """
    things = [counts for row in ratings if (counts := _counts(row)).total() > 1]
    values: Counter[Fraction] = sum(things, Counter())
    pairs = [(low, high, metric(low, high, values)) for low, high in combinations(sorted(values), 2)]
    expected = sum(values[low] * values[high] * distance for low, high, distance in pairs)
    if not expected:
        return None

    observed = sum(
        Fraction(counts[low] * counts[high], counts.total() - 1) * distance
        for counts in things
        for low, high, distance in pairs
    )
    return 1 - (values.total() - 1) * observed / Fraction(expected)


def ordinal(low: Fraction, high: Fraction, counts: Mapping[Fraction, int]) -> Fraction:
    """Return the distance of two levels: the square of the number of ratings from one to the other.

    The two ends count by half; Krippendorff's ordinal metric, which is not Gwet's.
    """
    between = sum(count for value, count in counts.items() if low <= value <= high)
    return (between - Fraction(counts[low] + counts[high], 2)) ** 2


def interval(low: Fraction, high: Fraction, _counts: Mapping[Fraction, int]) -> Fraction:
    """Return the distance of two values: the square of their difference."""
    return (high - low) ** 2


def r_wg(values: Sequence[Fraction], steps: int) -> Fraction | None:
    """Return 1 - s2 / ((A2 - 1) / 12) with A the number of steps of the scale, at least 0; None below 3 values.

    James, Demaree & Wolf (1984); s2 is the variance by n-1.
    """
    if len(values) < FEWEST_FOR_R_WG:
        return None
    by_chance = Fraction(steps**2 - 1, 12)
    return max(Fraction(0), 1 - Fraction(variance(values)) / by_chance)


def _counts(row: Sequence[Fraction | None]) -> Counter[Fraction]:
    return Counter(value for value in row if value is not None)
