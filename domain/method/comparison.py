"""For the sceptic: elements acted on against elements not acted on, and what chance alone would give (section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, exp, pi, sqrt
from statistics import mean, variance

from domain.method.permutation import Effect, Stratum, effect
from domain.method.rounding import half_up

FEWEST_PAIRS = 30
"""The number of pairs of consecutive results from which anything is compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two consecutive results of one unit and element, and whether an action was on it in between."""

    unit: str
    before: Fraction
    after: Fraction
    was_acted_on: bool

    @property
    def gain(self) -> Fraction:
        """How far the level rose."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison rests on and gives.

    Dropped strata, and the pairs in them, had only pairs acted on or none. `effect` is None if all were dropped.
    `by_chance` is the gain that regression to the mean alone would give; None where the pairs do not tell.
    """

    pairs: int
    dropped_pairs: int
    strata: int
    dropped_strata: int
    effect: Effect | None
    by_chance: Fraction | None


def compare(pairs: Sequence[Pair], cut: Fraction, seed: str) -> Comparison | None:
    """Compare gains in strata of unit and baseline level; None below thirty pairs.

    `cut` is the level below which elements were chosen to be acted on, `seed` the digest of the inputs. The order of
    the pairs does not matter.
    """
    if len(pairs) < FEWEST_PAIRS:
        return None
    strata = _strata(pairs)
    kept = [each for each in strata if each.acted_on and each.others]
    return Comparison(
        pairs=len(pairs),
        dropped_pairs=len(pairs) - sum(len(each.acted_on) + len(each.others) for each in kept),
        strata=len(strata),
        dropped_strata=len(strata) - len(kept),
        effect=effect(kept, seed) if kept else None,
        by_chance=_gain_by_chance(pairs, cut),
    )


def regression_to_the_mean(mu: Fraction, between: Fraction, within: Fraction, cut: Fraction) -> Fraction:
    """Return the gain expected without any effect of those chosen because their level was below `cut`.

    sw2 / sqrt(sb2 + sw2) * phi(z) / Phi(z) with z = (cut - mu) / sqrt(sb2 + sw2), where `between` is the variance sb2
    of true levels and `within` that of one measurement, sw2. 0 if nothing varies.
    """
    if not within:
        return Fraction(0)
    deviation = sqrt(between + within)
    z = float(cut - mu) / deviation
    density = exp(-z * z / 2) / sqrt(2 * pi)
    below = erfc(-z / sqrt(2)) / 2
    # Far below every level both underflow; their ratio tends to -z.
    return half_up(float(within) / deviation * (density / below if below else -z))


def _gain_by_chance(pairs: Sequence[Pair], cut: Fraction) -> Fraction | None:
    """Return what regression to the mean alone would give; None with fewer than two pairs not acted on.

    sw2 is half the variance of change among those not acted on, sb2 the variance of all baselines less sw2.
    """
    changes = [pair.gain for pair in pairs if not pair.was_acted_on]
    baselines = [pair.before for pair in pairs]
    if len(changes) < 2:
        return None
    within = variance(changes) / 2
    between = max(Fraction(0), variance(baselines) - within)
    return regression_to_the_mean(mean(baselines), between, within, cut)


def _strata(pairs: Sequence[Pair]) -> list[Stratum]:
    found: dict[tuple[str, Fraction], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((pair.unit, pair.before), []).append(pair)
    return [
        Stratum(
            acted_on=tuple(pair.gain for pair in members if pair.was_acted_on),
            others=tuple(pair.gain for pair in members if not pair.was_acted_on),
        )
        for members in found.values()
    ]
