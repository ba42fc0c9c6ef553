"""The one way in which numbers are rounded."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.method.rounding import half_up


def test_a_half_goes_away_from_zero() -> None:
    assert [half_up(Fraction(value), 2) for value in ("0.125", "-0.125", "0.1249", "0.135")] == [
        Fraction("0.13"),
        Fraction("-0.13"),
        Fraction("0.12"),
        Fraction("0.14"),
    ]


def test_six_places_are_stored() -> None:
    assert half_up(1 / 3) == Fraction("0.333333")


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_by_half_a_unit_at_most_and_once(value: Fraction, places: int) -> None:
    rounded = half_up(value, places)

    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert half_up(rounded, places) == rounded
    assert half_up(-value, places) == -rounded
