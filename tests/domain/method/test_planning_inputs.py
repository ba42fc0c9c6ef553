"""Planning inputs are kept as JSON and read back as they were."""

import json
from datetime import date
from fractions import Fraction

from hypothesis import given

from domain.method.planning_inputs import LivingAction, PersonPlace, PlanningInputs, Responsibility
from domain.method.workdays import Calendar
from tests.domain.method.builders import a_unit, some_inputs, the_top
from tests.domain.method.worlds import planning_inputs


@given(planning_inputs())
def test_inputs_read_back_are_equal(inputs: PlanningInputs) -> None:
    document = json.loads(json.dumps(inputs.to_json()))

    assert PlanningInputs.from_json(document) == inputs
    assert PlanningInputs.from_json(document).to_json() == document


def test_the_document_is_plain_and_exact() -> None:
    document = some_inputs(
        the_top(),
        a_unit("u1", targets={"2": Fraction(7, 2)}),
        people=(PersonPlace("head", "ben", ((date(2027, 3, 1), date(2027, 3, 5)),)),),
        responsibilities=(Responsibility("u1", "ben", group="A"),),
        calendars={"c": Calendar(holidays=frozenset({date(2027, 5, 1), date(2027, 1, 1)}))},
        living=(LivingAction(17, "top", ("u1", "u2"), "2"),),
    ).to_json()

    assert document["units"][1]["targets"] == {"2": "7/2"}
    assert document["people"] == [{"person": "head", "deputy": "ben", "absences": [["2027-03-01", "2027-03-05"]]}]
    assert document["responsibilities"] == [{"unit": "u1", "person": "ben", "element": None, "group": "A"}]
    assert document["calendars"] == {
        "c": {"weekend": [5, 6], "holidays": ["2027-01-01", "2027-05-01"], "closing_days": [], "no_ask": []}
    }
    assert document["living"] == [
        {
            "action": 17,
            "unit": "top",
            "covers": ["u1", "u2"],
            "element": "2",
            "source": "self-assessment",
            "is_done": False,
            "carried": 0,
        }
    ]


def test_a_unit_s_own_targets_and_importance_go_before_the_programme_s() -> None:
    inputs = some_inputs(
        the_top(),
        a_unit("u1", targets={"2": Fraction(5)}, importance={"2": 1}),
        targets={"2": Fraction(3), "9.2": Fraction(4)},
        importance={"2": 2, "9.2": 3},
    )

    assert inputs.targets_of("u1") == {"2": 5, "9.2": 4}
    assert [inputs.importance_of("u1", element) for element in ("2", "9.2", "10.1")] == [1, 3, 0]


def test_the_nearest_common_unit_may_be_one_of_them() -> None:
    inputs = some_inputs(the_top(), a_unit("site"), a_unit("a", "site"), a_unit("b", "site"), a_unit("c"))

    assert inputs.line("a") == ("a", "site", "top")
    assert inputs.nearest_common(["a", "b"]) == "site"
    assert inputs.nearest_common(["b", "site"]) == "site"
    assert inputs.nearest_common(["a", "c"]) == "top"
    assert inputs.nearest_common([]) is None


def test_units_of_two_trees_have_nothing_in_common() -> None:
    inputs = some_inputs(the_top(), a_unit("a"), a_unit("other", None))

    assert inputs.nearest_common(["a", "other"]) is None
