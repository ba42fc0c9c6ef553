"""One set of answers becomes one result; results become means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.edition import Edition, Element, Group, Item, Rule, Scale, State
from domain.method.scoring import (
    ElementResult,
    LevelWorking,
    Summary,
    UnknownRule,
    Why,
    Working,
    score_element,
    summarise,
    working,
)

YES, NO, DONT_KNOW, NOT_APPLICABLE = State.YES, State.NO, State.DONT_KNOW, State.NOT_APPLICABLE
ITEMS = tuple(Item(f"{level}{letter}", level, {}, {}) for level in (1, 2, 3) for letter in "ab")
EXIT = Element("9.9", "9", {}, ITEMS)


@dataclass(frozen=True)
class Result:
    """A result as `summarise` needs it."""

    result: Fraction | None
    why: Why | None = None
    proven: bool = True


def an_edition(*elements: Element, rule: Rule = Rule.NO_GAP) -> Edition:
    groups = tuple(Group(group, {}) for group in sorted({element.group for element in elements}))
    return Edition("m", "1", {}, "", rule, Scale(1, 3, {}), groups, elements)


def states(text: str) -> dict[str, State]:
    """Read the states of 1a 1b 2a 2b 3a 3b from six letters; a dot is unanswered."""
    letters = {"y": YES, "n": NO, "?": DONT_KNOW, "-": NOT_APPLICABLE}
    return {item.id: letters[letter] for item, letter in zip(ITEMS, text, strict=True) if letter != "."}


def score(text: str) -> ElementResult:
    return score_element(an_edition(EXIT), EXIT, states(text))


def level(result: ElementResult) -> Fraction:
    """Return the result, or less than any where there is none."""
    return Fraction(-1) if result.result is None else result.result


answered = st.dictionaries(st.sampled_from([item.id for item in ITEMS]), st.sampled_from([YES, NO, NOT_APPLICABLE]))
any_states = st.dictionaries(
    st.sampled_from([item.id for item in ITEMS]), st.sampled_from([YES, NO, DONT_KNOW, NOT_APPLICABLE])
)


def test_levels_one_two_and_four_met_give_two() -> None:
    items = tuple(Item(f"{number}", number, {}, {}) for number in (1, 2, 3, 4))
    element = replace(EXIT, items=items)

    result = score_element(an_edition(element), element, {"1": YES, "2": YES, "3": NO, "4": YES})

    assert result == ElementResult(Fraction(2), None, proven=True, naive=Fraction(4), blocking=("3",), coverage=(3, 3))


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("......", ElementResult(None, Why.NO_ANSWERS, proven=False, naive=None, blocking=(), coverage=(0, 2))),
        ("------", ElementResult(None, Why.NOT_APPLICABLE, proven=False, naive=None, blocking=(), coverage=(0, 0))),
        ("--????", ElementResult(None, Why.NO_ANSWERS, proven=False, naive=None, blocking=(), coverage=(0, 2))),
        ("yyyyyy", ElementResult(Fraction(3), None, proven=True, naive=Fraction(3), blocking=(), coverage=(6, 6))),
        ("??yy..", ElementResult(Fraction(0), None, proven=False, naive=Fraction(2), blocking=(), coverage=(0, 2))),
        ("n?yy..", ElementResult(Fraction(0), None, proven=True, naive=Fraction(2), blocking=("1a",), coverage=(1, 2))),
        ("yy--.n", ElementResult(Fraction(1), None, proven=True, naive=Fraction(1), blocking=("3b",), coverage=(3, 4))),
    ],
)
def test_silence_bounds_a_level_and_a_no_proves_it(said: str, result: ElementResult) -> None:
    assert score(said) == result


def test_an_element_without_items_does_not_apply() -> None:
    element = replace(EXIT, items=())

    result = score_element(an_edition(element), element, {})

    assert result == ElementResult(None, Why.NOT_APPLICABLE, proven=False, naive=None, blocking=(), coverage=(0, 0))


@given(any_states, st.sampled_from(ITEMS))
def test_one_more_yes_never_lowers_a_level(before: Mapping[str, State], item: Item) -> None:
    edition = an_edition(EXIT)

    after = score_element(edition, EXIT, {**before, item.id: YES})

    assert level(after) >= level(score_element(edition, EXIT, before))


@given(any_states)
def test_dont_know_is_scored_as_silence(said: Mapping[str, State]) -> None:
    edition = an_edition(EXIT)
    silent = {item: state for item, state in said.items() if state is not DONT_KNOW}

    assert score_element(edition, EXIT, said) == score_element(edition, EXIT, silent)


@given(answered, st.sets(st.sampled_from([item.id for item in ITEMS])))
def test_dont_know_only_turns_a_level_into_a_lower_bound(said: Mapping[str, State], unknown: set[str]) -> None:
    edition = an_edition(EXIT)
    full = score_element(edition, EXIT, said)

    part = score_element(edition, EXIT, {**said, **dict.fromkeys(unknown & said.keys(), DONT_KNOW)})

    assert part.result is None or full.result is None or part.result <= full.result
    assert not part.proven or full.result is None or part.result == full.result


@given(st.permutations(list(ITEMS)), any_states)
def test_the_order_of_answers_never_matters(order: list[Item], said: Mapping[str, State]) -> None:
    edition = an_edition(EXIT)
    shuffled = {item.id: said[item.id] for item in order if item.id in said}

    assert score_element(edition, EXIT, shuffled) == score_element(edition, EXIT, said)


def test_the_working_shows_every_item_of_every_level() -> None:
    shown = working(an_edition(EXIT), EXIT, states("yy--?n"))

    assert shown == Working(
        "9.9",
        (
            LevelWorking(1, (("1a", YES), ("1b", YES)), applicable=2, answered=2, complete=True),
            LevelWorking(2, (("2a", NOT_APPLICABLE), ("2b", NOT_APPLICABLE)), applicable=0, answered=0, complete=False),
            LevelWorking(3, (("3a", DONT_KNOW), ("3b", NO)), applicable=2, answered=1, complete=False),
        ),
        ElementResult(Fraction(1), None, proven=True, naive=Fraction(1), blocking=("3b",), coverage=(3, 4)),
    )
    assert [each.passed_over for each in shown.levels] == [False, True, False]


@given(any_states)
def test_a_level_can_be_recomputed_from_its_working_alone(said: Mapping[str, State]) -> None:
    shown = working(an_edition(EXIT), EXIT, said)

    expected = 0
    for each in shown.levels:
        if each.complete:
            expected = each.level
        elif not each.passed_over:
            break

    assert shown.outcome.result in {None, expected}


@pytest.mark.parametrize(
    ("said", "value", "result"),
    [
        ({}, Fraction(2), ElementResult(Fraction(2), None, proven=True, naive=None, blocking=(), coverage=(1, 1))),
        ({}, None, ElementResult(None, Why.NO_ANSWERS, proven=False, naive=None, blocking=(), coverage=(0, 1))),
        (
            {"8.1": NOT_APPLICABLE},
            None,
            ElementResult(None, Why.NOT_APPLICABLE, proven=False, naive=None, blocking=(), coverage=(0, 0)),
        ),
        (
            {"8.1": DONT_KNOW},
            None,
            ElementResult(None, Why.NO_ANSWERS, proven=False, naive=None, blocking=(), coverage=(0, 1)),
        ),
    ],
)
def test_holistic_takes_the_level_that_was_chosen(
    said: dict[str, State], value: Fraction | None, result: ElementResult
) -> None:
    element = Element("8.1", "8", {}, ())

    assert score_element(an_edition(element, rule=Rule.HOLISTIC), element, said, value) == result


def test_a_rule_that_is_not_built_says_so() -> None:
    with pytest.raises(UnknownRule, match=r'^model m 1: the rule "samm" is not built; no-gap and holistic are$'):
        score_element(an_edition(EXIT, rule=Rule.SAMM), EXIT, {})


def test_a_mean_is_weighted_over_proven_results_only() -> None:
    edition = an_edition(
        Element("1", "A", {}, ()),
        Element("2", "A", {}, (), weight=Fraction(2)),
        Element("3", "B", {}, ()),
        Element("4", "B", {}, (), weight=Fraction(0)),
        Element("5", "B", {}, ()),
    )
    results = {
        "1": Result(Fraction(2)),
        "2": Result(Fraction(1)),
        "3": Result(Fraction(3), proven=False),
        "4": Result(Fraction(3)),
        "5": Result(None, Why.NOT_APPLICABLE, proven=False),
    }

    summaries = summarise(edition, results, {}, results.keys())

    assert summaries == (
        (
            Summary("A", Fraction(4, 3), Fraction(1), (2, 2), enough=True),
            Summary("B", None, None, (0, 1), enough=False),
        ),
        Summary(None, Fraction(4, 3), Fraction(1), (2, 3), enough=False),
    )


def test_a_programme_weighs_in_place_of_the_model_and_leaves_out_what_it_does_not_ask() -> None:
    edition = an_edition(Element("1", "A", {}, ()), Element("2", "A", {}, ()), Element("3", "B", {}, ()))
    results = {"1": Result(Fraction(1)), "2": Result(Fraction(3)), "3": Result(Fraction(3))}

    summaries = summarise(edition, results, {"2": Fraction(3)}, {"1", "2"})

    assert summaries == (
        (Summary("A", Fraction(5, 2), Fraction(1), (2, 2), enough=True),),
        Summary(None, Fraction(5, 2), Fraction(1), (2, 2), enough=True),
    )


def test_four_of_five_are_enough_and_nothing_is_not() -> None:
    edition = an_edition(*(Element(f"{number}", "A", {}, ()) for number in range(5)))
    results = {f"{number}": Result(Fraction(1)) for number in range(4)}

    assert summarise(edition, results, {}, edition.by_id.keys())[1].enough
    assert not summarise(edition, results, {}, ["0", "1", "4"])[1].enough
    assert summarise(edition, results, {}, []) == ((), Summary(None, None, None, (0, 0), enough=False))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), min_size=1, max_size=8))
def test_a_mean_lies_between_its_least_and_greatest_result(weighed: list[tuple[int, int]]) -> None:
    edition = an_edition(
        *(Element(f"{number}", "A", {}, (), weight=Fraction(weight)) for number, (_, weight) in enumerate(weighed))
    )
    results = {f"{number}": Result(Fraction(result)) for number, (result, _) in enumerate(weighed)}

    whole = summarise(edition, results, {}, results.keys())[1]

    assert whole.minimum == min(result for result, _ in weighed)
    assert whole.result is not None
    assert whole.minimum <= whole.result <= max(result for result, _ in weighed)
