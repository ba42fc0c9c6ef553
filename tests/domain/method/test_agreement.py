"""Agreement figures equal the published ones."""

import math
from fractions import Fraction

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.agreement import Agreement, Metric, agreement, interval, krippendorff_alpha, ordinal, r_wg

# Krippendorff, Content Analysis, example C: four raters over twelve things (also in the documentation of R irr).
RATERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
EXAMPLE_C = [[None if value is None else Fraction(value) for value in thing] for thing in zip(*RATERS, strict=True)]

levels = st.lists(st.lists(st.sampled_from([None, *map(Fraction, range(6))]), max_size=5), max_size=6)


@pytest.mark.parametrize(("metric", "alpha"), [(ordinal, "0.815388"), (interval, "0.849107")])
def test_alpha_equals_krippendorffs_example(metric: Metric, alpha: str) -> None:
    found = krippendorff_alpha(EXAMPLE_C, metric)

    assert found is not None
    assert f"{float(found):.6f}" == alpha


@given(levels)
def test_alpha_is_at_most_one_and_knows_no_order(ratings: list[list[Fraction | None]]) -> None:
    shuffled = [sorted(row, key=str, reverse=True) for row in reversed(ratings)]

    alpha = krippendorff_alpha(ratings, ordinal)

    assert alpha is None or alpha <= 1
    assert krippendorff_alpha(shuffled, ordinal) == alpha


@given(st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=2, max_size=6))
def test_alpha_equals_another_implementation(ratings: list[list[int]]) -> None:
    alpha = krippendorff_alpha([[Fraction(value) for value in row] for row in ratings], ordinal)

    if alpha is not None:
        other = krippendorff.alpha(list(zip(*ratings, strict=True)), level_of_measurement="ordinal")
        assert math.isclose(alpha, other, abs_tol=1e-9)


@pytest.mark.parametrize("ratings", [[], [[]], [[Fraction(1)], [Fraction(2)]], [[Fraction(3)] * 3, [Fraction(3)] * 2]])
def test_without_variation_there_is_no_alpha(ratings: list[list[Fraction | None]]) -> None:
    assert krippendorff_alpha(ratings, ordinal) is None


def test_full_agreement_on_different_levels_is_one() -> None:
    assert krippendorff_alpha([[Fraction(1)] * 3, [Fraction(4)] * 2], ordinal) == 1


@pytest.mark.parametrize(
    ("values", "figure"),
    [
        ([3, 4, 4, 5], Fraction(2, 3)),  # R multilevel::rwg
        ([4, 4, 4, 4], Fraction(1)),
        ([1, 5, 1, 5], Fraction(0)),
        ([3, 4], None),
        ([], None),
    ],
)
def test_r_wg_equals_its_formula(values: list[int], figure: Fraction | None) -> None:
    assert r_wg([Fraction(value) for value in values], steps=5) == figure


@given(st.lists(st.integers(0, 5), min_size=3, max_size=9))
def test_r_wg_lies_between_none_and_full_agreement(values: list[int]) -> None:
    figure = r_wg([Fraction(value) for value in values], steps=5)

    assert figure is not None
    assert 0 <= figure <= 1
    assert (figure == 1) == (len(set(values)) == 1)


def test_agreement_lists_the_elements_with_three_results() -> None:
    results = {"7.1": [Fraction(3)] * 3, "7.2": [Fraction(1), Fraction(1)], "7.3": []}

    assert agreement(results, 5, ordinal) == Agreement(Fraction(1), {"7.1": Fraction(1)})
