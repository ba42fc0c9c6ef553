"""Whether a series moves more than it always did."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.rounding import half_up
from domain.method.trend import Limits, Runs, Trend, individuals_limits, runs, trend

FLOW = [Fraction(tenths, 10) for tenths in (496, 476, 499, 513, 478, 512, 526, 524, 536, 521)]
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2."""


def numbers(*values: int) -> list[Fraction]:
    return [Fraction(value) for value in values]


def test_the_limits_of_the_flow_rates_are_those_of_the_handbook() -> None:
    limits = individuals_limits(FLOW)

    assert limits is not None
    assert [half_up(each, 4) for each in (limits.mean, limits.lower, limits.upper)] == [
        Fraction("50.81"),
        Fraction("45.8159"),
        Fraction("55.8041"),
    ]


def test_a_series_that_never_moves_has_no_limits_and_no_runs() -> None:
    assert trend(numbers(3, 3, 3, 3, 3, 3, 3, 3)) == Trend(8, limits=None, runs=None)


def test_seven_points_are_not_enough() -> None:
    assert trend(numbers(1, 2, 3, 4, 5, 6, 7)) == Trend(7, limits=None, runs=None)
    assert not trend(numbers(1, 2, 3, 4, 5, 6, 7)).enough


@pytest.mark.parametrize(
    ("points", "longest", "crossings"),
    [(8, 6, 1), (10, 6, 2), (12, 7, 3), (15, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10)],
)
def test_what_chance_gives_is_what_anhoej_tabulates(points: int, longest: int, crossings: int) -> None:
    """Anhøj and Olesen, PLoS ONE 9(11), 2014; limits for n useful points."""
    below, above = points // 2, points - points // 2

    found = runs(numbers(*[1] * below, 2, 2, *[3] * above))

    assert found is not None
    assert (found.useful, found.longest_expected, found.fewest_crossings_expected) == (points, longest, crossings)


def test_a_shift_is_a_signal_and_a_zigzag_is_none() -> None:
    shifted = runs(numbers(1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3))
    zigzag = runs(numbers(1, 3, 1, 3, 1, 3, 1, 3))

    assert shifted == Runs(useful=14, longest=7, crossings=1, longest_expected=7, fewest_crossings_expected=4)
    assert shifted.signal
    assert zigzag == Runs(useful=8, longest=1, crossings=7, longest_expected=6, fewest_crossings_expected=1)
    assert not zigzag.signal


def test_points_on_the_median_are_left_out() -> None:
    found = runs(numbers(1, 2, 2, 3, 2, 1, 3))

    assert found is not None
    assert (found.useful, found.longest, found.crossings) == (4, 1, 3)


@given(st.lists(st.integers(-50, 50).map(Fraction), min_size=2), st.integers(-100, 100), st.integers(1, 9))
def test_limits_move_and_stretch_with_the_series(values: list[Fraction], by: int, times: int) -> None:
    limits = individuals_limits(values)
    moved = individuals_limits([times * value + by for value in values])

    assert moved == (limits and Limits(*(times * each + by for each in (limits.mean, limits.lower, limits.upper))))


@given(st.lists(st.integers(0, 5).map(Fraction)))
def test_runs_are_the_same_read_backwards(values: list[Fraction]) -> None:
    assert runs(values) == runs(values[::-1])
