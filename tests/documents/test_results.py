"""`pdca score MODEL ANSWERS --json`: what others rely on, from files alone."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.answer_groups import by_unit
from documents.answers import read_answers
from documents.models import read_edition
from documents.results import ResultsDocument, results

WORKED = Path(__file__).parents[1] / "domain/method/worked"
MODEL = WORKED / "model.json"
EXAMPLES = sorted(path.stem for path in WORKED.glob("*.csv"))


def scored(answers: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(results_of(answers).model_dump_json())
    return document


def results_of(answers: Path) -> ResultsDocument:
    edition = read_edition(MODEL)
    return results(edition, by_unit(read_answers(answers, edition)))


def as_promised(given: Any, promised: Any) -> Any:
    """Return what was given without the fields that nobody promised."""
    if isinstance(promised, dict):
        return {name: as_promised(given[name], value) for name, value in promised.items()}
    if isinstance(promised, list) and len(given) == len(promised):
        return [as_promised(*pair) for pair in zip(given, promised, strict=True)]
    return given


def an_answers_file(folder: Path, *rows: str) -> Path:
    path = folder / "answers.csv"
    path.write_text("\n".join(("unit,respondent,element,item,answer,assessor", *rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_is_scored_as_promised(example: str) -> None:
    promised = json.loads((WORKED / f"{example}.json").read_text())

    assert as_promised(scored(WORKED / f"{example}.csv"), promised) == promised


def test_a_document_has_the_model_exact_values_and_every_promised_field(tmp_path: Path) -> None:
    document = scored(an_answers_file(tmp_path, "u1,r1,B1,B1.1a,yes,"))

    assert document["model"] == {
        "id": "worked",
        "edition": "1",
        "digest": "568293e229bf1c07a9119cfabeaa2b8dbea48c8a3357287ea61b25c589e63923",
    }
    assert document["units"][0]["elements"][2] == {
        "element": "B1",
        "result": "1",
        "why": None,
        "proven": False,
        "basis": "single",
        "naive": "1",
        "blocking": [],
        "contested": [],
        "coverage": [1, 3],
        "respondents": [{"respondent": "r1", "result": "1", "proven": False, "coverage": [1, 3]}],
        "minimum": None,
        "maximum": None,
    }
    assert document["units"][0]["whole"] == {
        "result": None,
        "minimum": None,
        "coverage": [0, 3],
        "enough": False,
        "points": None,
        "percent": None,
    }
    assert document["units"][0]["agreement"] == {"alpha": None, "elements": {}}


def test_units_and_respondents_stand_in_natural_order(tmp_path: Path) -> None:
    rows = [f"{unit},{name},B1,B1.1a,yes," for unit in ("u10", "u2", "u1") for name in ("r10", "r9")]

    units = scored(an_answers_file(tmp_path, *rows))["units"]

    assert [unit["unit"] for unit in units] == ["u1", "u2", "u10"]
    assert [each["respondent"] for each in units[0]["elements"][2]["respondents"]] == ["r9", "r10"]


def test_an_assessor_from_outside_is_shown_beside_and_never_pooled(tmp_path: Path) -> None:
    rows = ["u1,r1,B1,B1.1a,yes,self", "u1,auditor,B1,B1.1a,no,external", "u1,neighbour,B1,B1.1a,no,internal"]

    (unit,) = scored(an_answers_file(tmp_path, *rows))["units"]

    assert unit["elements"][2]["result"] == "1"
    assert [(other["assessor"], other["elements"][2]["result"]) for other in unit["others"]] == [
        ("internal", "0"),
        ("external", "0"),
    ]


def test_a_unit_that_only_others_assessed_has_no_own_results(tmp_path: Path) -> None:
    (unit,) = scored(an_answers_file(tmp_path, "u1,auditor,B1,B1.1a,no,external"))["units"]

    assert {element["basis"] for element in unit["elements"]} == {"none"}
    assert unit["others"][0]["elements"][2]["result"] == "0"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(seed=st.integers(), example=st.sampled_from(EXAMPLES))
def test_the_order_of_rows_never_matters(tmp_path: Path, seed: int, example: str) -> None:
    headings, *rows = (WORKED / f"{example}.csv").read_text().splitlines()
    random.Random(seed).shuffle(rows)
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([headings, *rows]), encoding="utf-8")

    assert scored(shuffled) == scored(WORKED / f"{example}.csv")


def test_a_workbook_is_scored_as_its_csv(tmp_path: Path) -> None:
    with (WORKED / "08-three.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    with xlsxwriter.Workbook(tmp_path / "answers.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [int(cell) if cell.isdecimal() else cell for cell in row])

    assert scored(tmp_path / "answers.xlsx") == scored(WORKED / "08-three.csv")


def test_a_document_can_be_read_again() -> None:
    document = results_of(WORKED / "07-two-split.csv")

    assert ResultsDocument.model_validate_json(document.model_dump_json()) == document
