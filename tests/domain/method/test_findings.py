"""What a unit's scores say, each with the facts it rests on."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.change import Change
from domain.method.edition import Edition, Element, Rule
from domain.method.findings import Finding, FindingKind, find, is_shared, pareto, ranked, shared_gaps, weighted_gap
from domain.method.planning_inputs import LookedAt, PlanningInputs
from domain.method.respondents import Answer, score_unit
from tests.domain.method.builders import a_gap, a_unit, an_answer, an_edition, an_element, some_inputs, the_top

LOCKS = an_element("2")
MODEL = an_edition(LOCKS, an_element("9.2", "B"), an_element("10.1", "B"))
WARD = some_inputs(the_top(), a_unit("u1"), a_unit("u2"), a_unit("u3"))
UP_TO_TWO, UP_TO_THREE = "yyyynnnnnn", "yyyyyynnnn"


def said(
    answers: Mapping[str, Answer],
    *,
    inputs: PlanningInputs = WARD,
    change: Change | None = None,
    asked: int = 0,
    model: Edition = MODEL,
) -> list[Finding]:
    """Return what is found on the element LOCKS in unit u1."""
    element = model.elements[0]
    score = score_unit(model, "u1", {element.id: answers}, {}, asked={element.id: asked}, applicable=[element.id])
    changes = {} if change is None else {element.id: change}
    return list(find(model, inputs, "u1", score.elements, changes=changes))


def kinds(found: list[Finding]) -> list[str]:
    return [each.kind.value for each in found]


def change(changed: int = 0, seen_differently: int = 0) -> Change:
    return Change(mistake=Fraction(0), changed=Fraction(changed), seen_differently=Fraction(seen_differently))


def test_a_level_below_target_is_a_gap_with_its_next_step() -> None:
    answers = {
        "anna": an_answer(LOCKS, UP_TO_TWO),
        "ben": an_answer(LOCKS, "yyyyn?nnnn"),
        "cleo": an_answer(LOCKS, "yyyyyn"),
    }

    found = said(answers, change=change(changed=1))

    assert found == [
        Finding(FindingKind.GAP, "u1", "2", {"level": "2", "last": "1", "target": "3", "gap": "1", "weight": "1"}),
        Finding(
            FindingKind.OPPORTUNITY_FOR_IMPROVEMENT,
            "u1",
            "2",
            {"aims_at": "3", "items": ["2.3a", "2.3b"], "said_no": {"2.3a": [2, 3], "2.3b": [2, 2]}},
        ),
    ]


def test_a_next_step_passes_over_a_level_that_does_not_apply() -> None:
    found = said({"anna": an_answer(LOCKS, "yy--nynnnn")})

    assert found[1].facts == {"aims_at": "3", "items": ["2.3a"], "said_no": {"2.3a": [1, 1]}}


def test_a_chosen_level_has_the_next_step_of_the_scale() -> None:
    model = an_edition(Element("2", "A", {}, ()), rule=Rule.HOLISTIC)

    found = said({"anna": Answer({}, Fraction(1))}, model=model)

    assert [each.facts for each in found] == [
        {"level": "1", "last": None, "target": "3", "gap": "2", "weight": "1"},
        {"aims_at": "2", "items": [], "said_no": {}},
    ]


def test_a_level_at_target_is_a_strength_with_something_above_it() -> None:
    found = said({"anna": an_answer(LOCKS, UP_TO_THREE)})

    assert found == [
        Finding(FindingKind.STRENGTH, "u1", "2", {"level": "3", "target": "3"}),
        Finding(
            FindingKind.OPPORTUNITY_FOR_INNOVATION,
            "u1",
            "2",
            {"level": "3", "items": ["2.4a", "2.4b"], "learn_from": None},
        ),
    ]


def test_a_target_is_no_higher_than_what_applies() -> None:
    found = said({"anna": an_answer(LOCKS, "yyyy------")})

    assert kinds(found) == []


def test_the_highest_level_looked_at_elsewhere_is_worth_learning_from_the_first_of_equals() -> None:
    levels = {"top": 3, "u1": 5, "u2": 4, "u3": 4}
    looked_at = tuple(LookedAt(unit, "2", Fraction(level)) for unit, level in reversed(levels.items()))
    inputs = some_inputs(*WARD.units, looked_at=looked_at)

    found = said({"anna": an_answer(LOCKS, UP_TO_TWO)}, inputs=inputs)

    assert found[2] == Finding(
        FindingKind.OPPORTUNITY_FOR_INNOVATION, "u1", "2", {"level": "2", "items": [], "learn_from": ["u2", "4"]}
    )


def test_a_level_one_higher_elsewhere_is_too_near_to_learn_from() -> None:
    inputs = some_inputs(*WARD.units, looked_at=(LookedAt("u2", "2", Fraction(3)),))

    assert kinds(said({"anna": an_answer(LOCKS, UP_TO_TWO)}, inputs=inputs)) == ["gap", "opportunity for improvement"]


def test_own_levels_two_apart_are_a_disagreement() -> None:
    answers = {
        "anna": an_answer(LOCKS, "yynnnnnnnn"),
        "ben": an_answer(LOCKS, UP_TO_THREE),
        "cleo": an_answer(LOCKS, UP_TO_THREE),
    }

    assert said(answers)[-1] == Finding(
        FindingKind.DISAGREEMENT,
        "u1",
        "2",
        {"minimum": "1", "maximum": "3", "is_unsettled": False, "contested": ["2.2a", "2.2b", "2.3a", "2.3b"]},
    )


def test_an_unsettled_result_is_a_disagreement_and_nothing_else() -> None:
    answers = {
        "anna": an_answer(LOCKS, "ynyynn"),
        "ben": an_answer(LOCKS, "nyyynn"),
        "cleo": an_answer(LOCKS, "yyynnn"),
    }

    assert said(answers) == [
        Finding(
            FindingKind.DISAGREEMENT,
            "u1",
            "2",
            {"minimum": "0", "maximum": "1", "is_unsettled": True, "contested": ["2.1a", "2.1b", "2.2b"]},
        )
    ]


@pytest.mark.parametrize(("asked", "found"), [(4, ["not visible here"]), (5, [])])
def test_what_half_of_those_asked_cannot_see_is_not_visible_here(asked: int, found: list[str]) -> None:
    blind = an_answer(LOCKS, "??????????")
    answers = {"anna": blind, "ben": blind, "cleo": an_answer(LOCKS, "yyyyyyyyyy")}

    seen = [each for each in said(answers, asked=asked) if each.kind is FindingKind.NOT_VISIBLE_HERE]

    assert kinds(seen) == found
    assert [each.facts for each in seen] == [{"could_not_answer": [2, 4], "could_answer": ["cleo"]} for _ in found]


def test_silence_is_not_called_invisible() -> None:
    assert kinds(said({"anna": an_answer(LOCKS, "yyyyyyyyyy")}, asked=4)) == ["strength"]


def test_a_level_lower_because_something_changed_is_a_regression() -> None:
    answers = {"anna": an_answer(LOCKS, UP_TO_THREE)}

    assert said(answers, change=change(changed=-1))[-1] == Finding(
        FindingKind.REGRESSION, "u1", "2", {"level": "3", "changed": "-1", "seen_differently": "0", "mistake": "0"}
    )
    assert "regression" not in kinds(said(answers, change=change(seen_differently=-1)))


def test_a_strong_level_without_evidence_rests_on_thin_evidence() -> None:
    found = said({"anna": an_answer(LOCKS, UP_TO_THREE, has_evidence=False)})

    assert found[-1] == Finding(FindingKind.THIN_EVIDENCE, "u1", "2", {"level": "3"})


def test_a_lower_bound_gives_no_finding() -> None:
    assert kinds(said({"anna": an_answer(LOCKS, "yyyy??")})) == []
    assert kinds(said({"anna": an_answer(LOCKS, "yyyyyy", has_evidence=False)})) == []


def test_without_a_target_there_is_neither_gap_nor_strength() -> None:
    inputs = some_inputs(*WARD.units, targets={})

    assert kinds(said({"anna": an_answer(LOCKS, UP_TO_THREE)}, inputs=inputs)) == []


def test_a_gap_in_a_third_and_in_three_of_the_units_asked_is_shared() -> None:
    units = [a_unit(f"u{number}", "site", lead=None) for number in range(1, 10)]
    inputs = some_inputs(the_top(), a_unit("site", "top", asked=()), *units)
    gaps = [each for unit in ("u9", "u2", "u5") for each in a_gap(unit, "10.1")]
    too_few = [each for unit in ("u1", "u2") for each in a_gap(unit, "2")]

    assert shared_gaps(MODEL, inputs, [*gaps, *too_few]) == (
        Finding(FindingKind.SHARED_GAP, "site", "10.1", {"units": ["u2", "u5", "u9"], "below_target": [3, 9]}),
    )


def test_three_of_ten_units_share_nothing() -> None:
    assert [is_shared(3, 9, 3), is_shared(3, 10, 3), is_shared(4, 10, 3), is_shared(2, 2, 3)] == [
        True,
        False,
        True,
        False,
    ]


def test_gaps_are_ranked_by_weight_and_size_then_model_and_unit_order() -> None:
    gaps = [
        *a_gap("u2", "10.1", level=1),
        *a_gap("u1", "10.1", level=1),
        *a_gap("u1", "9.2", level=1),
        *a_gap("u3", "2", level=2, weight=3),
        *a_gap("u2", "2", level=0, weight=0),
    ]

    assert [(each.unit, each.element) for each in ranked(MODEL, WARD, gaps)] == [
        ("u3", "2"),
        ("u1", "9.2"),
        ("u1", "10.1"),
        ("u2", "10.1"),
    ]


def test_few_gaps_make_most_of_the_way() -> None:
    gaps = [*a_gap("u1", "2", weight=6), *a_gap("u2", "2", weight=2), *a_gap("u3", "2"), *a_gap("u3", "9.2")]

    assert [each.unit for each in pareto(MODEL, WARD, gaps)] == ["u1", "u2"]


def test_without_gaps_nothing_makes_most() -> None:
    assert pareto(MODEL, WARD, []) == ()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["u1", "u2", "u3"]), st.sampled_from(["2", "9.2", "10.1"])), st.integers(0, 4)
    ),
    st.randoms(use_true_random=False),
)
def test_a_pareto_is_the_fewest_whatever_the_order_of_the_gaps(
    weights: dict[tuple[str, str], int], chance: object
) -> None:
    gaps = [each for (unit, element), weight in weights.items() for each in a_gap(unit, element, weight=weight)]
    few = pareto(MODEL, WARD, gaps)
    chance.shuffle(gaps)  # type: ignore[attr-defined]

    whole = sum(2 * weight for weight in weights.values())
    made = sum(weighted_gap(each) for each in few)

    assert pareto(MODEL, WARD, gaps) == few
    assert 5 * made >= 4 * whole
    assert not few or 5 * (made - weighted_gap(few[-1])) < 4 * whole
