"""Models, scores and workings from the command line; no database is opened."""

import json
from pathlib import Path

import pytest

from tests.pdca.conftest import Command

WORKED = Path(__file__).parents[1] / "domain" / "method" / "worked"
MODEL = WORKED / "model.json"
EXAMPLES = sorted(path.stem for path in WORKED.glob("*.csv"))


def test_shipped_models_are_listed(bare_pdca: Command) -> None:
    ran = bare_pdca("model", "list")

    assert ran.code == 0
    assert ran.lines[1].startswith("iso9004-2018 2018 ISO 9004:2018")
    assert ran.lines[1].endswith("no-gap 31 435")


def test_a_model_is_shown_with_its_items(bare_pdca: Command) -> None:
    ran = bare_pdca("model", "show", MODEL)

    assert ran.lines[0] == "Worked examples"
    assert "1 2.1a Item 1a of element 2 holds and somebody can show it." in ran.lines


def test_a_model_shown_for_programs_is_a_model_file_again(bare_pdca: Command, tmp_path: Path) -> None:
    shown = bare_pdca("model", "show", "iso9004-2018", "--json")
    copy = tmp_path / "copy.json"
    copy.write_text(shown.out)

    ran = bare_pdca("model", "check", copy)

    assert ran.out == "iso9004-2018, edition 2018: 31 elements, 435 items, no fault.\n"


def test_every_fault_of_a_model_is_said_with_its_place(bare_pdca: Command, tmp_path: Path) -> None:
    model = json.loads(MODEL.read_text())
    model["rule"] = "guess"
    model["elements"][0]["weight"] = -1
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(model))

    ran = bare_pdca("model", "check", file)

    assert (ran.code, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["wrong.json, rule", "wrong.json, elements[0].weight"]


def test_of_a_rule_that_is_not_scored_a_check_says_so(bare_pdca: Command, tmp_path: Path) -> None:
    model = json.loads(MODEL.read_text())
    model["rule"] = "mean"
    for element in model["elements"]:
        element["items"] = [item for items in element["items"].values() for item in items]
    file = tmp_path / "mean.json"
    file.write_text(json.dumps(model))

    ran = bare_pdca("model", "check", file)

    assert (ran.code, " ".join(ran.lines[-2:])) == (
        0,
        "Answers by the rule mean are not scored yet, so no programme can use it; by no-gap or holistic they are.",
    )


def test_an_unknown_model_is_refused(bare_pdca: Command) -> None:
    ran = bare_pdca("model", "show", "nothing")

    assert ran.code == 2
    assert ran.err.startswith("nothing: found 'nothing'; expected the id of a shipped model (iso9004-2018)")


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_comes_out_equal(bare_pdca: Command, example: str) -> None:
    expected = json.loads((WORKED / f"{example}.json").read_text())

    ran = bare_pdca("score", MODEL, WORKED / f"{example}.csv", "--json")

    assert ran.code == 0
    assert _only_what_is_in(expected, ran.json) == expected


def test_scores_are_shown_in_levels_without_decimals(bare_pdca: Command) -> None:
    ran = bare_pdca("score", MODEL, WORKED / "08-three.csv")

    assert ran.lines == [
        "u1",
        "Element Topic Level Answered Own levels Rests on Contested",
        "2 Element two unsettled 6 of 6 1 to 2 majority, not 2.2a, 2.2b, 2.3b",
        "discussed",
        "10 Element ten 1 4 of 4 below 1 to 2 majority, not 10.1b, 10.2a,",
        "discussed 10.2b",
        "B1 Element B1 3 3 of 3 3 majority, not",
        "discussed",
        "Group Mean Lowest Proven",
        "A Group A not enough answers (1 of 2) 1 of 2",
        "B Group B 3 3 1 of 1",
        "Whole not enough answers (2 of 3) 2 of 3",
        "Nobody answered: B2.",
    ]


def test_a_lower_bound_is_said_as_one(bare_pdca: Command) -> None:
    ran = bare_pdca("score", MODEL, WORKED / "05-silence.csv")

    assert "at least" in ran.out


def test_a_wrong_answers_file_is_refused_with_every_fault(bare_pdca: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("unit,respondent,element,item,answer\nu1,r1,2,2.1a,maybe\nu1,r1,77,2.1b,yes\n")

    ran = bare_pdca("score", MODEL, file)

    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [
        "wrong.csv, row 2, column answer",
        "wrong.csv, row 3, column element",
    ]


def test_a_level_is_explained_so_that_a_pencil_follows_it(bare_pdca: Command) -> None:
    ran = bare_pdca("explain", MODEL, WORKED / "07-two-split.csv", "--unit", "u1", "--element", "2")

    assert ran.code == 0
    assert ran.lines[0] == "u1 · 2 Element two"
    assert "2.2b Item 2b of element 2 holds and somebody can show it. r1 yes, r2 no no" in ran.lines
    assert "Level 2: not complete, because of 2.2b (no)" in ran.lines
    assert ran.lines[-6:] == [
        "Result: 1",
        "The highest complete level below the first that is not: level 2 stops at 2.2b.",
        "By their own answers alone: r1 2, r2 1.",
        "Answered yes or no: 4 of 4 items up to the first incomplete level.",
        "Rests on: majority, not discussed.",
        "To talk about: 2.2b.",
    ]


def test_the_working_for_programs_holds_every_item_state(bare_pdca: Command) -> None:
    ran = bare_pdca("explain", MODEL, WORKED / "07-two-split.csv", "--unit", "u1", "--element", "2", "--json")

    [element] = ran.json["units"][0]["elements"]
    states = {item["item"]: item["state"] for level in element["levels"] for item in level["items"]}
    assert states["2.2b"] == "no"
    assert (element["result"], element["by_rule"]) == ("1", "1")


def test_an_unknown_unit_or_element_is_refused(bare_pdca: Command) -> None:
    unit = bare_pdca("explain", MODEL, WORKED / "01-plain.csv", "--unit", "u9")
    element = bare_pdca("explain", MODEL, WORKED / "01-plain.csv", "--element", "99")

    assert (unit.code, unit.err) == (2, "01-plain.csv: found no unit 'u9'; expected u1\n")
    assert element.code == 2


def _only_what_is_in(wanted: object, found: object) -> object:
    """Return of a document only the fields that the expected one has: documents may gain fields."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {name: _only_what_is_in(value, found[name]) for name, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [_only_what_is_in(one, other) for one, other in zip(wanted, found, strict=True)]
    return found


def test_programs_read_which_models_are_shipped(bare_pdca: Command) -> None:
    [model] = bare_pdca("model", "list", "--json").json["models"]

    assert (model["id"], model["rule"], model["elements"], model["items"]) == ("iso9004-2018", "no-gap", 31, 435)
