"""One small organisation file for the tests of the import, as YAML and as a workbook of the same."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from documents.faults import Fault, RefusedInput
from documents.organisation import read_organisation
from tests.builders import MODEL

ORGANISATION = """\
organisation: {name: Firm, language: en, time_zone: Europe/Berlin, holidays: DE-BY}
units:
  - {id: top, name: Firm, lead: ann}
  - {id: u1, name: Ward 1, parent: top, lead: ben}
  - {id: u2, name: Ward 2, parent: top, lead: cem}
people:
  - {id: ann, name: Ann, mail: ann@example.org, roles: [manager]}
  - {id: ben, name: Ben, mail: ben@example.org, manager: ann, deputy: cem}
  - {id: cem, name: Cem, manager: ann}
responsibilities:
  - {unit: top, group: A, person: cem}
programmes:
  - id: wheel
    model: MODEL
    units: [top, u1]
    respondents:
      top: [ann]
      u1: [ben, {person: cem, elements: ["2"]}]
    rotation: [["1", "2"], ["10"]]
    targets: {default: 2, elements: {"2": 3}, units: {u1: {"10": 1}}}
    weights: {"2": 1/3}
    importance: {elements: {"2": 1}, units: {u1: {"10": 2}}}
    numbers: {drafts_per_unit: 2}
"""


def a_file(folder: Path, *changes: tuple[str, str], text: str = ORGANISATION) -> Path:
    """Write the organisation with some texts replaced; its model lies beside it."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "organisation.yaml"
    path.write_text(text.replace("MODEL", str(a_model_file(folder))), encoding="utf-8")
    return path


def a_model_file(folder: Path, model: Mapping[str, Any] = MODEL) -> Path:
    """Write a model, the small one of the builders if no other is given."""
    path = folder / "small.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def a_workbook(folder: Path, content: Mapping[str, Any]) -> Path:
    """Write the content of an organisation file as the sheets of a workbook."""
    path = folder / "organisation.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets_of(content).items():
            sheet = book.add_worksheet(name)
            headings = list(dict.fromkeys(heading for row in rows for heading in row))
            sheet.write_row(0, 0, headings)
            for number, row in enumerate(rows, start=1):
                for column, heading in enumerate(headings):
                    sheet.write_string(number, column, str(row.get(heading, "")))
    return path


def refused(path: Path) -> tuple[Fault, ...]:
    """Return the faults for which an organisation file is refused."""
    with pytest.raises(RefusedInput) as refusal:
        read_organisation(path)
    return refusal.value.faults


def sheets_of(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet that says what an organisation file says."""
    sheets: dict[str, list[dict[str, Any]]] = {"organisation": [_row(content["organisation"])]}
    for section, rows in content.items():
        if section == "programmes":
            sheets[section] = [_row({k: v for k, v in row.items() if k not in PARTS}) for row in rows]
            for part, rows_of in PARTS.items():
                sheets[part] = [{"programme": row["id"], **each} for row in rows for each in rows_of(row.get(part))]
        elif section != "organisation":
            sheets[section] = [_row(row) for row in rows]
    return {name: rows for name, rows in sheets.items() if rows}


def written(content: Mapping[str, Any], folder: Path) -> Path:
    """Write the content of an organisation file as YAML."""
    path = folder / "organisation.yaml"
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "; ".join(map(str, value)) if isinstance(value, list) else value for name, value in entry.items()}


def _respondents(by_unit: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    for unit, asked in (by_unit or {}).items():
        for each in asked:
            entry = {"person": each} if isinstance(each, str) else each
            yield {"unit": unit, **_row(entry)}


def _rotation(turns: list[list[str]] | None) -> Iterator[dict[str, Any]]:
    yield from ({"elements": "; ".join(turn)} for turn in turns or [])


def _targets(values: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if values and "default" in values:
        yield {"target": values["default"]}
    yield from _ranks(values, "target")


def _ranks(values: Mapping[str, Any] | None, column: str) -> Iterator[dict[str, Any]]:
    for element, value in (values or {}).get("elements", {}).items():
        yield {"element": element, column: value}
    for unit, elements in (values or {}).get("units", {}).items():
        yield from ({"unit": unit, "element": element, column: value} for element, value in elements.items())


def _pairs(values: Mapping[str, Any] | None, key: str, column: str) -> Iterator[dict[str, Any]]:
    yield from ({key: name, column: value} for name, value in (values or {}).items())


PARTS: dict[str, Callable[[Any], Iterator[dict[str, Any]]]] = {
    "respondents": _respondents,
    "rotation": _rotation,
    "targets": _targets,
    "weights": lambda values: _pairs(values, "element", "weight"),
    "importance": lambda values: _ranks(values, "importance"),
    "numbers": lambda values: _pairs(values, "name", "number"),
}
