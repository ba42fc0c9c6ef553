"""Where units stand, and how far from their targets."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.method.edition import Rule
from domain.method.quarters import Period
from domain.method.scoring import Summary, summarise
from domain.method.standing import (
    Latest,
    Standing,
    gap,
    lower_median,
    own_standing,
    percent_to_target,
    picture,
    progress,
    reachable,
    rolled_up,
)
from tests.domain.method.builders import an_edition, an_element, states

Q1_2027 = Period(2027, 1, 3)
LAST_QUARTER = date(2026, 11, 20)
A_YEAR_AGO = date(2026, 2, 20)
LONG_AGO = date(2025, 11, 20)

levels = st.integers(0, 5).map(Fraction)
positive = st.integers(1, 5).map(Fraction)


def latest(level: int, as_of: date = LAST_QUARTER) -> Latest:
    return Latest(Fraction(level), as_of)


def standing(level: int | None, as_of: date = LAST_QUARTER) -> Standing:
    return own_standing(None if level is None else latest(level, as_of), Q1_2027, 4)


def test_a_level_of_a_year_ago_still_stands() -> None:
    assert standing(2, A_YEAR_AGO) == Standing(
        Fraction(2), A_YEAR_AGO, 4, stale=False, minimum=Fraction(2), counts=(1, 1)
    )


def test_a_level_older_than_four_cycles_is_shown_and_not_counted() -> None:
    old = standing(2, LONG_AGO)

    assert old == Standing(Fraction(2), LONG_AGO, 5, stale=True, minimum=Fraction(2), counts=(0, 1))
    assert not old.proven


def test_a_parent_has_the_lower_median_of_its_units_with_minimum_and_oldest_day() -> None:
    parent = rolled_up([standing(4), standing(1, A_YEAR_AGO), standing(3), standing(2)])

    assert parent == Standing(Fraction(2), A_YEAR_AGO, 4, stale=False, minimum=Fraction(1), counts=(4, 4))
    assert parent.proven


def test_a_parent_is_proven_from_four_of_five_units_on() -> None:
    four_of_five = rolled_up([standing(1), standing(1), standing(1), standing(1), standing(None)])
    three_of_four = rolled_up([standing(1), standing(1), standing(1), standing(5, LONG_AGO)])

    assert (four_of_five.counts, four_of_five.proven) == ((4, 5), True)
    assert (three_of_four.counts, three_of_four.proven) == ((3, 4), False)


def test_nothing_below_gives_no_level() -> None:
    assert rolled_up([standing(None)]) == Standing(None, None, None, stale=False, minimum=None, counts=(0, 1))


def test_the_picture_rolls_up_what_is_asked_of_units_and_leaves_the_rest_to_the_top() -> None:
    parents = {"top": None, "site": "top", "a": "site", "b": "site", "c": "top"}
    asked = {"top": ["9.2"], "a": ["2"], "b": ["2"], "c": ["2"]}
    found = {("top", "9.2"): latest(4), ("a", "2"): latest(3), ("b", "2"): latest(1), ("c", "2"): latest(2)}

    seen = picture(parents, asked, found, cycle=Q1_2027, stale_after=4)

    assert {unit: {element: each.level for element, each in of.items()} for unit, of in seen.items()} == {
        "top": {"2": 2, "9.2": 4},
        "site": {"2": 1},
        "a": {"2": 3},
        "b": {"2": 1},
        "c": {"2": 2},
    }


def test_standings_are_summarised_like_scores() -> None:
    found = {"2": standing(2), "9.2": standing(3), "10.1": standing(5, LONG_AGO)}

    _groups, whole = summarise(an_edition(), found, {}, found)

    assert whole == Summary(None, Fraction(5, 2), Fraction(2), (2, 3), enough=False)


@given(st.lists(levels, min_size=1), st.randoms(use_true_random=False))
def test_a_median_is_one_of_the_levels_whatever_their_order(given_levels: list[Fraction], chance: object) -> None:
    shuffled = list(given_levels)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    found = lower_median(shuffled)

    assert found == lower_median(given_levels)
    assert found is not None
    assert 2 * sum(level <= found for level in given_levels) >= len(given_levels)
    assert 2 * sum(level >= found for level in given_levels) > len(given_levels)


def test_a_target_reaches_as_far_as_items_apply() -> None:
    element = an_element("2")

    assert reachable(an_edition(element), element, states(element, "yyyyyyn---")) == 4
    assert reachable(an_edition(element), element, states(element, "----------")) == 0


def test_a_target_of_a_chosen_level_reaches_to_the_end_of_the_scale() -> None:
    element = an_element("2")
    without_items = type(element)("2", "A", {}, ())

    assert reachable(an_edition(without_items, rule=Rule.HOLISTIC), without_items, {}) == 5


def test_gap_percent_and_progress_follow_the_relative_scoring_of_samm() -> None:
    """OWASP SAMM blog, relative scoring (A. Hovsepyan, 2025-01-21), CC BY-SA 4.0."""
    activities = [("0.25", "1"), ("0", "1"), ("0", "0"), ("1", "1"), ("0", "0.5"), ("0", "0")]
    rows = [(Fraction(1), Fraction(target), Fraction(current)) for current, target in activities]

    assert sum(gap(level, target) for _weight, target, level in rows) == Fraction("2.25")
    assert percent_to_target(rows) == Fraction(5, 14)
    assert progress(Fraction("0.625"), Fraction("1.25"), Fraction("1.75")) == Fraction(5, 9)


def test_there_is_no_percent_without_a_target_and_no_progress_to_a_target_already_met() -> None:
    assert percent_to_target([]) is None
    assert percent_to_target([(Fraction(1), Fraction(0), Fraction(2))]) is None
    assert progress(Fraction(3), Fraction(4), Fraction(3)) is None


@given(st.lists(st.tuples(positive, positive, levels), min_size=1))
def test_percent_to_target_is_whole_exactly_when_there_is_no_gap(
    rows: list[tuple[Fraction, Fraction, Fraction]],
) -> None:
    percent = percent_to_target(rows)

    assert percent is not None
    assert 0 <= percent <= 1
    assert (percent == 1) == all(level >= target for _weight, target, level in rows)
