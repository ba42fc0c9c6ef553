"""A changed level told apart: something changed, seen differently, a mistake."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.change import Because, Change, change_in_parts, change_of_value, item_becauses
from domain.method.edition import State
from domain.method.scoring import score_element
from tests.domain.method.builders import an_edition, an_element, states

YES, NO = State.YES, State.NO
CHANGED, SEEN_DIFFERENTLY, MISTAKE = Because.CHANGED, Because.SEEN_DIFFERENTLY, Because.MISTAKE

LOCKS = an_element("2")
MODEL = an_edition(LOCKS)

some_states = st.dictionaries(st.sampled_from([item.id for item in LOCKS.items]), st.sampled_from(State))
some_becauses = st.dictionaries(st.sampled_from([item.id for item in LOCKS.items]), st.sampled_from(Because))


def test_the_parts_follow_one_after_the_other() -> None:
    last, now = states(LOCKS, "ynnnnnnnnn"), states(LOCKS, "yyyyyynnnn")
    because = {"2.1b": MISTAKE, "2.2a": CHANGED, "2.2b": CHANGED, "2.3a": SEEN_DIFFERENTLY}

    change = change_in_parts(MODEL, LOCKS, last, now, because)

    assert change == Change(mistake=Fraction(1), changed=Fraction(1), seen_differently=Fraction(1))


def test_a_level_that_fell_because_something_changed_is_a_negative_part() -> None:
    change = change_in_parts(MODEL, LOCKS, states(LOCKS, "yyyyn"), states(LOCKS, "yynyn"), {"2.2a": CHANGED})

    assert change == Change(mistake=Fraction(0), changed=Fraction(-1), seen_differently=Fraction(0))


def test_there_is_no_change_where_a_level_is_missing() -> None:
    assert change_in_parts(MODEL, LOCKS, {}, states(LOCKS, "yy"), {}) is None


@given(some_states, some_states, some_becauses)
def test_the_parts_sum_up_to_the_change_of_the_level(
    last: dict[str, State], now: dict[str, State], because: dict[str, Because]
) -> None:
    before, after = score_element(MODEL, LOCKS, last).result, score_element(MODEL, LOCKS, now).result

    change = change_in_parts(MODEL, LOCKS, last, now, because)

    if change is not None and before is not None and after is not None:
        assert change.total == after - before
    if before is None or after is None:
        assert change is None


@given(some_states, some_becauses)
def test_unchanged_answers_change_nothing_whatever_reason_is_given(
    same: dict[str, State], because: dict[str, Because]
) -> None:
    change = change_in_parts(MODEL, LOCKS, same, same, because)

    assert change in {None, Change(Fraction(0), Fraction(0), Fraction(0))}


@pytest.mark.parametrize(
    ("reasons", "found"),
    [
        ([CHANGED, CHANGED, SEEN_DIFFERENTLY], CHANGED),
        ([MISTAKE, None, None], MISTAKE),
        ([CHANGED, MISTAKE, None], SEEN_DIFFERENTLY),
        ([None, None, None], SEEN_DIFFERENTLY),
    ],
)
def test_the_reason_most_give_counts_and_a_tie_or_none_is_seen_differently(
    reasons: list[Because | None], found: Because
) -> None:
    people = ["anna", "ben", "cleo"]
    last, now = {each: {"i": NO} for each in people}, {each: {"i": YES} for each in people}
    because = {who: {"i": why} for who, why in zip(people, reasons, strict=True) if why is not None}

    assert item_becauses(last, now, because) == {"i": found}


def test_only_whose_own_answer_changed_has_a_say() -> None:
    last = {"anna": {"i": NO, "k": NO}, "ben": {"i": YES}, "gone": {"i": NO}}
    now = {"anna": {"i": YES, "k": NO}, "ben": {"i": YES}, "new": {"i": YES}}
    because = {"anna": {"i": CHANGED, "k": CHANGED}, "ben": {"i": MISTAKE}, "new": {"i": MISTAKE}}

    assert item_becauses(last, now, because) == {"i": CHANGED}


def test_an_answer_given_for_the_first_time_changed_too() -> None:
    assert item_becauses({"anna": {"i": NO}}, {"anna": {"i": NO, "k": YES}}, {"anna": {"k": CHANGED}}) == {"k": CHANGED}


@pytest.mark.parametrize(
    ("because", "change"),
    [
        (CHANGED, Change(Fraction(0), Fraction(2), Fraction(0))),
        (MISTAKE, Change(Fraction(2), Fraction(0), Fraction(0))),
        (SEEN_DIFFERENTLY, Change(Fraction(0), Fraction(0), Fraction(2))),
        (None, Change(Fraction(0), Fraction(0), Fraction(2))),
    ],
)
def test_a_chosen_level_has_one_reason_for_all_of_its_change(because: Because | None, change: Change) -> None:
    assert change_of_value(Fraction(1), Fraction(3), because) == change
