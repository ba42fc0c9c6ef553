"""Elements acted on against elements not acted on, and what chance alone would give."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.method.comparison import Comparison, Pair, compare, regression_to_the_mean
from domain.method.permutation import Stratum, effect

CUT = Fraction(3)

pairs = st.builds(
    Pair,
    st.sampled_from(["u1", "u2", "u10"]),
    st.integers(0, 3).map(Fraction),
    st.integers(0, 5).map(Fraction),
    st.booleans(),
)


def some_pairs(unit: str, before: int, *after: int, was_acted_on: bool) -> list[Pair]:
    return [Pair(unit, Fraction(before), Fraction(each), was_acted_on) for each in after]


def test_strata_without_both_kinds_are_dropped_and_counted() -> None:
    rows = [
        *some_pairs("u1", 1, 3, 2, 3, was_acted_on=True),
        *some_pairs("u1", 1, 1, 1, 2, was_acted_on=False),
        *some_pairs("u1", 2, 3, was_acted_on=True),
        *some_pairs("u2", 3, *[3] * 12, *[4] * 11, was_acted_on=False),
    ]
    stratum = Stratum((Fraction(2), Fraction(1), Fraction(2)), (Fraction(0), Fraction(0), Fraction(1)))

    found = compare(rows, CUT, "digest")

    assert found is not None
    assert found == Comparison(
        pairs=30,
        dropped_pairs=24,
        strata=3,
        dropped_strata=2,
        effect=effect([stratum], "digest"),
        by_chance=found.by_chance,
    )
    assert found.effect is not None
    assert found.effect.mean == Fraction(4, 3)


def test_below_thirty_pairs_nothing_is_compared() -> None:
    rows = some_pairs("u1", 1, *[2] * 15, was_acted_on=True) + some_pairs("u1", 1, *[1] * 14, was_acted_on=False)

    assert compare(rows, CUT, "digest") is None
    assert compare([*rows, *rows[:1]], CUT, "digest") is not None


def test_if_everything_was_acted_on_there_is_nothing_to_compare_with() -> None:
    found = compare(some_pairs("u1", 1, *[2] * 30, was_acted_on=True), CUT, "digest")

    assert found == Comparison(30, dropped_pairs=30, strata=1, dropped_strata=1, effect=None, by_chance=None)


def test_levels_that_never_vary_regress_by_nothing() -> None:
    rows = some_pairs("u1", 1, *[2] * 15, was_acted_on=True) + some_pairs("u1", 1, *[1] * 15, was_acted_on=False)

    found = compare(rows, CUT, "digest")

    assert found is not None
    assert found.by_chance == 0


def test_regression_to_the_mean_is_that_of_the_worked_case() -> None:
    """Expected gain of those chosen below a cut; simulated 0.3462."""
    found = regression_to_the_mean(Fraction(3), Fraction(1, 2), Fraction(1, 4), Fraction(5, 2))

    assert found == Fraction("0.345873")


@pytest.mark.parametrize("cut", [-1000, 1000])
def test_regression_stays_finite_far_out(cut: int) -> None:
    assert regression_to_the_mean(Fraction(3), Fraction(1), Fraction(1), Fraction(cut)) >= 0


@given(st.fractions(0, 5), st.fractions(0, 2), st.fractions(0, 2), st.fractions(0, 5))
def test_chance_alone_never_takes_away(mu: Fraction, between: Fraction, within: Fraction, cut: Fraction) -> None:
    assert regression_to_the_mean(mu, between, within, cut) >= 0


@settings(max_examples=20, deadline=None)
@given(st.lists(pairs, min_size=30, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(rows: list[Pair], chance: Random) -> None:
    assert compare(chance.sample(rows, len(rows)), CUT, "digest") == compare(rows, CUT, "digest")
