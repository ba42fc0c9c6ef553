"""The sixteen worked examples of the no-gap rule, made for pdca (worked/README.md), come out equal."""

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from domain.method.edition import Edition, State, edition_from
from domain.method.respondents import Answer, ElementScore, UnitScore, score_unit
from domain.method.scoring import Summary

WORKED = Path(__file__).parent / "worked"
EXAMPLES = sorted(path.stem for path in WORKED.glob("*.csv"))
WORKED_EDITION = edition_from(json.loads((WORKED / "model.json").read_text()))


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_comes_out_equal(example: str) -> None:
    expected = json.loads((WORKED / f"{example}.json").read_text())
    rows = list(csv.DictReader((WORKED / f"{example}.csv").read_text().splitlines()))

    units = [unit_document(score_rows(WORKED_EDITION, unit, rows)) for unit in sorted({row["unit"] for row in rows})]

    assert {"units": units} == expected


def test_there_are_sixteen_examples() -> None:
    assert [example[:2] for example in EXAMPLES] == [f"{number:02}" for number in range(1, 17)]


def score_rows(edition: Edition, unit: str, rows: list[dict[str, str]]) -> UnitScore:
    blind: dict[str, dict[str, dict[str, State]]] = {}
    agreed: dict[str, dict[str, State]] = {}
    for row in rows:
        if row["unit"] != unit:
            continue
        if row["round"] == "agreed":
            agreed.setdefault(row["element"], {})[row["item"]] = State(row["answer"])
        else:
            of_element = blind.setdefault(row["element"], {})
            of_element.setdefault(row["respondent"], {})[row["item"]] = State(row["answer"])
    return score_unit(
        edition,
        unit,
        {element: {name: Answer(states) for name, states in given.items()} for element, given in blind.items()},
        {element: Answer(states) for element, states in agreed.items()},
    )


def unit_document(score: UnitScore) -> dict[str, Any]:
    return {
        "unit": score.unit,
        "elements": [element_document(element) for element in score.elements],
        "groups": [{"group": group.group, **summary_document(group)} for group in score.groups],
        "whole": summary_document(score.whole),
    }


def element_document(score: ElementScore) -> dict[str, Any]:
    return {
        "element": score.element,
        "result": exact(score.result),
        "why": score.why,
        "proven": score.proven,
        "basis": score.basis,
        "naive": exact(score.naive),
        "blocking": list(score.blocking),
        "contested": list(score.contested),
        "coverage": list(score.coverage),
        "respondents": [
            {
                "respondent": own.respondent,
                "result": exact(own.result),
                "proven": own.proven,
                "coverage": list(own.coverage),
            }
            for own in score.respondents
        ],
        "minimum": exact(score.minimum),
        "maximum": exact(score.maximum),
    }


def summary_document(summary: Summary) -> dict[str, Any]:
    return {
        "result": exact(summary.result),
        "minimum": exact(summary.minimum),
        "coverage": list(summary.coverage),
        "enough": summary.enough,
    }


def exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
