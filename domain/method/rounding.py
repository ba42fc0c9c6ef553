"""The one way in which numbers are rounded, and whole ones as exact numbers."""

from fractions import Fraction
from functools import cache

STORED_PLACES = 6
"""The decimal places of a stored number that comes from a root or a distribution."""


def half_up(value: Fraction | float, places: int = STORED_PLACES) -> Fraction:
    """Return a number rounded to decimal places, a half away from zero: 0.125 gives 0.13, -0.125 gives -0.13."""
    unit = 10**places
    whole = int(abs(Fraction(value)) * unit + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, unit)


@cache
def whole(number: int) -> Fraction:
    """Return a level as an exact number: the same object each time, since levels are few and fractions are dear."""
    return Fraction(number)
