"""Several respondents become one picture, item by item."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.agreement import Agreement
from domain.method.edition import Edition, Element, Group, Item, Rule, Scale, State
from domain.method.respondents import (
    Answer,
    Basis,
    ElementScore,
    RespondentScore,
    combine,
    joint_state,
    joint_value,
    score_unit,
)
from domain.method.scoring import Summary, Why, score_element

YES, NO, DONT_KNOW, NOT_APPLICABLE = State.YES, State.NO, State.DONT_KNOW, State.NOT_APPLICABLE
ITEMS = tuple(Item(f"{level}{letter}", level, {}, {}) for level in (1, 2) for letter in "ab")
EXIT = Element("9.9", "9", {}, ITEMS)
NO_GAP = Edition("m", "1", {}, "", Rule.NO_GAP, Scale(1, 2, {}), (Group("9", {}),), (EXIT,))
CHOSEN = Element("8.1", "8", {}, ())
HOLISTIC = Edition("h", "1", {}, "", Rule.HOLISTIC, Scale(1, 5, {}), (Group("8", {}),), (CHOSEN,))

any_answer = st.builds(
    Answer,
    st.dictionaries(
        st.sampled_from([item.id for item in ITEMS]), st.sampled_from([YES, NO, DONT_KNOW, NOT_APPLICABLE])
    ),
)
any_answers = st.dictionaries(st.sampled_from(["r1", "r2", "r3", "r10"]), any_answer)


def an_answer(text: str) -> Answer:
    """Read the states of 1a 1b 2a 2b from four letters; a dot is unanswered."""
    letters = {"y": YES, "n": NO, "?": DONT_KNOW, "-": NOT_APPLICABLE}
    return Answer({item.id: letters[letter] for item, letter in zip(ITEMS, text, strict=True) if letter != "."})


def combined(*said: str, agreed: Mapping[str, State] | None = None) -> ElementScore:
    answers = {f"r{number}": an_answer(text) for number, text in enumerate(said, start=1)}
    return combine(NO_GAP, EXIT, answers, Answer(agreed or {}))


@pytest.mark.parametrize(
    ("said", "joint"),
    [
        ([], None),
        ([DONT_KNOW], DONT_KNOW),
        ([DONT_KNOW, DONT_KNOW, YES], YES),
        ([YES, NO], NO),
        ([YES, YES, NO], YES),
        ([NOT_APPLICABLE, YES], YES),
        ([NOT_APPLICABLE, NOT_APPLICABLE, NO], NOT_APPLICABLE),
        ([NOT_APPLICABLE, NOT_APPLICABLE, NO, YES], NO),
        ([NOT_APPLICABLE, DONT_KNOW, DONT_KNOW], NOT_APPLICABLE),
    ],
)
def test_the_majority_of_those_who_know_decides_an_item(said: list[State], joint: State | None) -> None:
    assert joint_state(said) == joint


@pytest.mark.parametrize(
    ("values", "said", "joint"),
    [
        ([], [], None),
        ([3], [], 3),
        ([4, 1], [DONT_KNOW], 1),
        ([5, 1, 2], [], 2),
        ([2], [NOT_APPLICABLE], 2),
        ([2], [NOT_APPLICABLE, NOT_APPLICABLE], None),
    ],
)
def test_values_join_to_their_lower_median(values: list[int], said: list[State], joint: int | None) -> None:
    assert joint_value([Fraction(value) for value in values], said) == joint


def test_a_whole_element_score() -> None:
    answers = {"r10": an_answer("yyyn"), "r2": an_answer("yyny"), "r3": an_answer("...."), "r1": an_answer("????")}

    score = combine(NO_GAP, EXIT, answers, asked=5)

    assert score == ElementScore(
        element="9.9",
        result=Fraction(1),
        why=None,
        proven=True,
        basis=Basis.MAJORITY,
        naive=Fraction(1),
        blocking=("2a", "2b"),
        contested=("2a", "2b"),
        coverage=(4, 4),
        respondents=(
            RespondentScore("r1", None, proven=False, coverage=(0, 2), says_something=False),
            RespondentScore("r2", Fraction(1), proven=True, coverage=(4, 4), says_something=True),
            RespondentScore("r10", Fraction(1), proven=True, coverage=(4, 4), says_something=True),
        ),
        minimum=Fraction(1),
        maximum=Fraction(1),
        states={"1a": YES, "1b": YES, "2a": NO, "2b": NO},
        said_no={"2a": (1, 2), "2b": (1, 2)},
        agreed=(),
        seen_by=(2, 5),
        has_evidence=False,
    )


def test_what_the_team_agreed_on_stands_beside_what_was_said_before() -> None:
    score = combined("yyyy", "yyyy", agreed={"1a": YES, "2b": NO})

    assert (score.blocking, dict(score.said_no), score.agreed) == (("2b",), {"2b": (0, 2)}, ("2b",))


@pytest.mark.parametrize(
    ("said", "agreed", "basis", "contested"),
    [
        ([], {}, Basis.NONE, ()),
        (["....", "...."], {}, Basis.NONE, ()),
        (["????"], {}, Basis.SINGLE, ()),
        (["yyyy", "...."], {}, Basis.SINGLE, ()),
        (["yyyy", "----"], {}, Basis.MAJORITY, ()),
        (["yyyn", "yyny"], {"2a": YES}, Basis.MAJORITY, ("2b",)),
        (["yyyn", "yyny"], {"2a": YES, "2b": NO}, Basis.AGREED, ()),
        (["yyyy"], {"2b": NO}, Basis.AGREED, ()),
        ([], {"1a": NO}, Basis.AGREED, ()),
    ],
)
def test_the_basis_says_what_a_result_rests_on(
    said: list[str], agreed: dict[str, State], basis: Basis, contested: tuple[str, ...]
) -> None:
    score = combined(*said, agreed=agreed)

    assert (score.basis, score.contested) == (basis, contested)


def test_a_level_that_nobody_sees_is_unsettled_until_all_that_is_open_is_agreed() -> None:
    said = ["--nn", "yy??", "yy??"]

    open_score = combined(*said)
    half_agreed = combined(*said, agreed={"1a": YES, "1b": YES})
    all_agreed = combined(*said, agreed={"1a": YES, "1b": YES, "2a": NO, "2b": NO})

    assert (open_score.why, open_score.contested) == (Why.UNSETTLED, ("1a", "1b", "2a", "2b"))
    assert (half_agreed.why, half_agreed.contested, half_agreed.basis) == (
        Why.UNSETTLED,
        ("2a", "2b"),
        Basis.MAJORITY,
    )
    assert (all_agreed.result, all_agreed.contested, all_agreed.basis) == (Fraction(1), (), Basis.AGREED)


def test_nothing_is_unsettled_without_anybodys_own_level() -> None:
    score = combined("y?..", "?y..", "..nn")

    assert (score.minimum, score.result, score.proven) == (None, Fraction(1), True)


def test_evidence_of_one_is_evidence_for_the_element() -> None:
    answers = {"r1": an_answer("yyyy"), "r2": Answer({"1a": YES}, has_evidence=True)}

    assert combine(NO_GAP, EXIT, answers).has_evidence


def test_of_several_chosen_levels_the_lower_median_stands_unless_another_is_agreed() -> None:
    answers = {name: Answer({}, Fraction(value)) for name, value in {"r1": 4, "r2": 2, "r3": 5, "r4": 1}.items()}
    answers["r5"] = Answer({"8.1": NOT_APPLICABLE})

    median = combine(HOLISTIC, CHOSEN, answers)
    agreed = combine(HOLISTIC, CHOSEN, answers, Answer({}, Fraction(3)))
    not_applicable = combine(HOLISTIC, CHOSEN, answers, Answer({"8.1": NOT_APPLICABLE}))

    assert (median.result, median.basis, median.minimum, median.maximum) == (
        Fraction(2),
        Basis.MEDIAN,
        Fraction(1),
        Fraction(5),
    )
    assert (agreed.result, agreed.basis, agreed.states) == (Fraction(3), Basis.AGREED, {})
    assert (not_applicable.result, not_applicable.why) == (None, Why.NOT_APPLICABLE)


@given(any_answers, st.randoms(use_true_random=False))
def test_the_order_of_respondents_never_matters(answers: dict[str, Answer], chance: Random) -> None:
    names = list(answers)
    chance.shuffle(names)

    assert combine(NO_GAP, EXIT, {name: answers[name] for name in names}) == combine(NO_GAP, EXIT, answers)


@given(any_answer, st.integers(1, 4))
def test_respondents_who_say_the_same_score_as_one_does(answer: Answer, number: int) -> None:
    alone = score_element(NO_GAP, EXIT, answer.states)

    score = combine(NO_GAP, EXIT, {f"r{each}": answer for each in range(number)})

    assert (score.result, score.proven, score.coverage, score.contested) == (
        alone.result,
        alone.proven,
        alone.coverage,
        (),
    )


@given(any_answers)
def test_a_proven_result_lies_among_the_respondents_own_or_there_are_none(answers: dict[str, Answer]) -> None:
    score = combine(NO_GAP, EXIT, answers)

    if score.result is not None and score.minimum is not None and score.maximum is not None and score.proven:
        assert score.minimum <= score.result <= score.maximum


@given(any_answers, st.sampled_from([item.id for item in ITEMS]))
def test_somebody_who_does_not_know_changes_no_joint_state(answers: dict[str, Answer], item: str) -> None:
    before = combine(NO_GAP, EXIT, answers)

    after = combine(NO_GAP, EXIT, {**answers, "r99": Answer({item: DONT_KNOW})})

    assert {key: state for key, state in after.states.items() if state is not DONT_KNOW} == {
        key: state for key, state in before.states.items() if state is not DONT_KNOW
    }


def test_a_unit_is_scored_over_the_elements_asked_of_it() -> None:
    other = Element("7.1", "7", {}, (Item("7a", 1, {}, {}),))
    edition = Edition("m", "1", {}, "", Rule.NO_GAP, Scale(1, 2, {}), (Group("7", {}), Group("9", {})), (other, EXIT))
    answers = {"9.9": {f"r{number}": an_answer("yyyn") for number in (1, 2, 3)}}

    score = score_unit(edition, "u1", answers, {"9.9": Answer({"2b": YES})}, applicable={"9.9"}, asked={"9.9": 4})

    assert score.elements == (combine(edition, EXIT, answers["9.9"], Answer({"2b": YES}), asked=4),)
    assert score.groups == (Summary("9", Fraction(2), Fraction(2), (1, 1), enough=True),)
    assert score.whole == Summary(None, Fraction(2), Fraction(2), (1, 1), enough=True)
    assert score.agreement == Agreement(None, {"9.9": Fraction(1)})


def test_a_unit_without_answers_has_results_without_levels() -> None:
    score = score_unit(NO_GAP, "u1", {}, {})

    assert [(each.why, each.basis, each.seen_by) for each in score.elements] == [(Why.NO_ANSWERS, Basis.NONE, (0, 0))]
    assert score.whole == Summary(None, None, None, (0, 1), enough=False)
