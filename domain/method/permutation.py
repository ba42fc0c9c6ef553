"""A stratified permutation test whose interval is found by inversion, in whole numbers (method, section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random

DRAWS = 1999
REJECTED_UP_TO = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Stratum:
    """The gains of pairs with one unit and baseline level, in any order: those acted on, and the others."""

    acted_on: tuple[Fraction, ...]
    others: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean gain above those not acted on, its p value, and the interval of shifts that are not rejected.

    `interval` is None where the pairs are too few to reject any shift.
    """

    mean: Fraction
    p: Fraction
    interval: tuple[Fraction, Fraction] | None

    @property
    def is_evident(self) -> bool:
        """Whether there is evidence of an effect; if not, that is said as plainly."""
        return self.p <= REJECTED_UP_TO


def effect(strata: Sequence[Stratum], seed: str) -> Effect:
    """Return the mean over the acted on of (stratum mean acted on - stratum mean of the others), and how sure it is.

    p is two-sided, by permuting within strata who was acted on, plus one above and below. The interval holds the
    shifts that the same draws do not reject. At least one stratum, each with both kinds.
    """
    gain_unit = lcm(*(gain.denominator for each in strata for gain in (*each.acted_on, *each.others)))
    others_unit = lcm(*(len(each.others) for each in strata))
    ordered = sorted(strata, key=lambda each: (sorted(each.acted_on), sorted(each.others)))
    weighed = [_weighed(each, gain_unit, others_unit) for each in ordered]
    whole = others_unit * sum(each.acted for each in weighed)
    observed = sum(each.excess(sum(gain for gain, mark in each.pairs if mark)) for each in weighed)
    chance = Random(seed)  # noqa: S311 - to be drawn again equal, nothing secret
    draws = [_drawn(weighed, chance) for _ in range(DRAWS)]
    as_far = sum(abs(permuted) >= abs(observed) for permuted, _of_shift in draws)
    ends = _interval(observed, whole, draws)
    return Effect(
        mean=Fraction(observed, whole * gain_unit),
        p=Fraction(as_far + 1, DRAWS + 1),
        interval=None if ends is None else (ends[0] / gain_unit, ends[1] / gain_unit),
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A stratum in whole numbers: (gain, 1 if acted on) of each pair, and what makes its part of a mean whole.

    With n pairs, k acted on, a their gains and s all gains, k x (mean acted on - mean others) = (n a - k s) / (n - k).
    """

    pairs: tuple[tuple[int, int], ...]
    acted: int
    total: int
    factor: int

    def excess(self, gains: int) -> int:
        """Return the stratum's part of the effect if these were the gains of the acted on."""
        return (len(self.pairs) * gains - self.acted * self.total) * self.factor

    def excess_of_shift(self, kept: int) -> int:
        """Return its part of a shift of 1 of the acted on, if so many of those drawn were acted on."""
        return (len(self.pairs) * kept - self.acted * self.acted) * self.factor

    def drawn(self, chance: Random) -> tuple[int, int]:
        """Draw who was acted on anew: the sum of their gains, and how many of them were acted on."""
        left = list(self.pairs)
        gains = kept = 0
        for _ in range(self.acted):
            gain, mark = left.pop(int(chance.random() * len(left)))
            gains += gain
            kept += mark
        return gains, kept


def _weighed(stratum: Stratum, gain_unit: int, others_unit: int) -> _Weighed:
    marked = [
        (int(gain * gain_unit), mark) for mark in (0, 1) for gain in sorted((stratum.others, stratum.acted_on)[mark])
    ]
    return _Weighed(
        pairs=tuple(marked),
        acted=len(stratum.acted_on),
        total=sum(gain for gain, _mark in marked),
        factor=others_unit // len(stratum.others),
    )


def _drawn(weighed: Sequence[_Weighed], chance: Random) -> tuple[int, int]:
    """Return the effect under permuted marks, and what the same marks give of a shift of 1."""
    permuted = of_shift = 0
    for each in weighed:
        gains, kept = each.drawn(chance)
        permuted += each.excess(gains)
        of_shift += each.excess_of_shift(kept)
    return permuted, of_shift


def _interval(observed: int, whole: int, draws: Sequence[tuple[int, int]]) -> tuple[Fraction, Fraction] | None:
    """Return the lowest and the highest shift that the draws do not reject; None if they reject none.

    A draw with effect A and part B of a shift counts against shift d, as far away as observed, where
    |A - d B| >= |T - d W|: between the roots of its square, around T / W. Where |B| = W it counts against every shift.
    A shift is not rejected while enough draws count, so the ends are order statistics of the draws' own ends.
    """
    enough = int(REJECTED_UP_TO * (len(draws) + 1))
    roots = [
        sorted((Fraction(observed - permuted, whole - of_shift), Fraction(observed + permuted, whole + of_shift)))
        for permuted, of_shift in draws
        if abs(of_shift) < whole
    ]
    always = len(draws) - len(roots)
    if always >= enough:
        return None
    place = enough - always - 1
    lows, highs = sorted(low for low, _high in roots), sorted((high for _low, high in roots), reverse=True)
    return lows[place], highs[place]
