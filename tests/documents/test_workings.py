"""`pdca explain MODEL ANSWERS --json`: anybody recomputes a level from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from documents.faults import Fault, RefusedInput
from documents.workings import explain_file

WORKED = Path(__file__).parents[1] / "domain/method/worked"
MODEL = WORKED / "model.json"
EXAMPLES = sorted(path.stem for path in WORKED.glob("*.csv"))


def explained(example: str, **only: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(explain_file(MODEL, WORKED / f"{example}.csv", **only).model_dump_json())
    return document


def recomputed(element: dict[str, Any]) -> str | None:
    """Follow the rule with a pencil: states only, none of our code."""
    states = [[item["state"] for item in level["items"]] for level in element["levels"]]
    if not any(state in {"yes", "no"} for level in states for state in level):
        return None
    reached = 0
    for number, level in enumerate(states, start=1):
        applicable = [state for state in level if state != "n/a"]
        if applicable and set(applicable) != {"yes"}:
            break
        reached = number if applicable else reached
    return str(reached)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_level_can_be_recomputed_from_its_working(example: str) -> None:
    promised = json.loads((WORKED / f"{example}.json").read_text())["units"]
    document = explained(example)

    for unit, scored in zip(document["units"], promised, strict=True):
        assert [recomputed(element) for element in unit["elements"]] == [
            element["by_rule"] for element in unit["elements"]
        ]
        assert [element["result"] for element in unit["elements"]] == [
            element["result"] for element in scored["elements"]
        ]


def test_the_working_of_an_item_says_who_said_what_and_what_was_agreed() -> None:
    document = explained("10-agreed", unit="u1", element="2")

    (element,) = document["units"][0]["elements"]
    assert document["rule"] == "no-gap"
    assert element["levels"][1] == {
        "level": 2,
        "items": [
            {
                "item": "2.2a",
                "text": {"en": "Item 2a of element 2 holds and somebody can show it."},
                "said": {"r1": "yes", "r2": "yes"},
                "agreed": None,
                "state": "yes",
            },
            {
                "item": "2.2b",
                "text": {"en": "Item 2b of element 2 holds and somebody can show it."},
                "said": {"r1": "yes", "r2": "no"},
                "agreed": "yes",
                "state": "yes",
            },
        ],
        "applicable": 2,
        "answered": 2,
        "complete": True,
        "passed_over": False,
    }


def test_an_unsettled_element_shows_what_the_rule_alone_would_give() -> None:
    (element,) = explained("09-four-own-levels-differ", element="2")["units"][0]["elements"]

    assert (element["result"], element["why"], element["by_rule"]) == (None, "unsettled", "3")


def test_a_chosen_level_is_explained_by_the_values(tmp_path: Path) -> None:
    model = {
        "id": "h",
        "edition": "1",
        "title": {"en": "Holistic"},
        "rule": "holistic",
        "scale": {"min": 1, "max": 5},
        "groups": [{"id": "A", "title": {"en": "Group"}}],
        "elements": [{"id": "8", "group": "A", "title": {"en": "Element"}}],
    }
    (tmp_path / "model.json").write_text(json.dumps(model))
    (tmp_path / "answers.csv").write_text(
        "unit,respondent,element,value,reason,round\n"
        "u1,r10,8,4,,\nu1,r2,8,2,,\nu1,r3,8,n/a,not here,\nu1,team,8,3,seen together,agreed\n"
    )

    document = explain_file(tmp_path / "model.json", tmp_path / "answers.csv")

    (element,) = json.loads(document.model_dump_json())["units"][0]["elements"]
    assert (element["values"], element["agreed_value"], element["by_rule"], element["levels"], element["basis"]) == (
        {"r2": "2", "r10": "4"},
        "3",
        "3",
        [],
        "agreed",
    )


@pytest.mark.parametrize(
    ("only", "fault"),
    [
        ({"unit": "u9"}, Fault("01-plain.csv", "", "no unit 'u9'", "u1")),
        ({"element": "9"}, Fault(str(MODEL), "", "no element '9'", "2, 10, B1 or B2")),
    ],
)
def test_what_is_not_in_the_files_cannot_be_explained(only: dict[str, str], fault: Fault) -> None:
    with pytest.raises(RefusedInput) as refused:
        explained("01-plain", **only)

    assert refused.value.faults == (fault,)
