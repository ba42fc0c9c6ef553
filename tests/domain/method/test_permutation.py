"""The stratified permutation test and its interval by inversion."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.method.permutation import DRAWS, REJECTED_UP_TO, Effect, Stratum, effect


def numbers(*values: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in values)


def shifted(strata: list[Stratum], by: Fraction) -> list[Stratum]:
    """Return the strata as they would be if acting gave so much less."""
    return [Stratum(tuple(gain - by for gain in each.acted_on), each.others) for each in strata]


gains = st.integers(-3, 3).map(Fraction)
strata_of_some = st.lists(
    st.builds(
        Stratum,
        st.lists(gains, min_size=1, max_size=4).map(tuple),
        st.lists(gains, min_size=1, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=4,
)

CLEAR = [Stratum(numbers(2, 2, 3), numbers(0, 0, 1)), Stratum(numbers(2, 1, 2), numbers(0, 1, 0, 0))]


def test_the_effect_is_the_mean_over_the_acted_on_of_their_stratum_s_excess() -> None:
    strata = [Stratum(numbers(2, 1), numbers(0)), Stratum(numbers(1), numbers(0, 1))]

    assert effect(strata, "seed").mean == Fraction(2 * Fraction(3, 2) + Fraction(1, 2), 3)


def test_a_clear_effect_is_evident_and_an_even_one_is_not() -> None:
    clear = effect(CLEAR, "seed")
    even = effect([Stratum(numbers(0, 1, 0, 1), numbers(1, 0, 1, 0))], "seed")

    assert clear.is_evident
    assert (even.mean, even.p, even.is_evident) == (Fraction(0), Fraction(1), False)


def test_p_comes_near_the_share_of_all_ways_to_act() -> None:
    acted_on, others = (3, 2, 2, 1), (0, 1, 0, 2)
    half = sum(acted_on + others) / 2
    as_far = [abs(sum(each) - half) >= abs(sum(acted_on) - half) for each in combinations(acted_on + others, 4)]

    found = effect([Stratum(numbers(*acted_on), numbers(*others))], "seed")

    assert abs(found.p - Fraction(sum(as_far), len(as_far))) < Fraction(3, 100)


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    strata = [Stratum(numbers(3, 2, 2, 1), numbers(0, 1, 0, 2))]

    assert effect(strata, "digest") == effect(strata, "digest")
    assert effect(strata, "digest").p != effect(strata, "another").p


def test_pairs_too_few_to_reject_anything_have_no_interval() -> None:
    assert effect([Stratum(numbers(3), numbers(0))], "seed") == Effect(Fraction(3), Fraction(1), None)


@settings(max_examples=20, deadline=None)
@given(strata_of_some, st.randoms(use_true_random=False))
def test_the_order_of_strata_and_pairs_does_not_matter(strata: list[Stratum], chance: Random) -> None:
    mixed = [
        Stratum(
            tuple(chance.sample(each.acted_on, len(each.acted_on))), tuple(chance.sample(each.others, len(each.others)))
        )
        for each in chance.sample(strata, len(strata))
    ]

    assert effect(mixed, "seed") == effect(strata, "seed")


@settings(max_examples=20, deadline=None)
@given(strata_of_some)
def test_the_interval_holds_the_effect_and_zero_only_without_evidence(strata: list[Stratum]) -> None:
    found = effect(strata, "seed")
    assume(found.interval is not None)

    assert found.interval is not None
    low, high = found.interval
    assert low <= found.mean <= high
    assert (low <= 0 <= high) == (not found.is_evident)


@pytest.mark.parametrize("outwards", [0, Fraction(1, 1000)])
def test_the_ends_of_the_interval_are_the_last_shifts_not_rejected(outwards: Fraction) -> None:
    found = effect(CLEAR, "seed")
    assert found.interval is not None
    low, high = found.interval

    rejected = [each.p <= REJECTED_UP_TO for each in (_test(low - outwards), _test(high + outwards))]

    assert rejected == [bool(outwards)] * 2


def _test(shift: Fraction) -> Effect:
    return effect(shifted(CLEAR, shift), "seed")


def test_one_is_added_above_and_below() -> None:
    far = Stratum(tuple(Fraction(100) for _ in range(12)), tuple(Fraction(0) for _ in range(12)))

    assert effect([far], "seed").p == Fraction(1, DRAWS + 1)
