"""The examples of docs/formats.md are read as they stand there."""

import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from documents import organisation_entries
from documents.answer_groups import by_unit
from documents.answer_words import COLUMNS
from documents.answers import read_answers
from documents.models import read_edition
from documents.organisation import read_organisation
from documents.organisation_words import PARTS
from documents.results import results
from domain.method.edition import State

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's examples as files of the current folder."""
    for name, text in EXAMPLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_an_example_of_each_format() -> None:
    assert list(EXAMPLES) == ["handover.yaml", "organisation.yaml", "answers.csv", "levels.csv", "results.json"]


@pytest.mark.usefixtures("folder")
def test_the_model_of_the_page_is_read() -> None:
    edition = read_edition("handover.yaml")

    assert [(each.id, each.asked_of, list(each.levels)) for each in edition.elements] == [
        ("1.1", "unit", [1, 2]),
        ("1.2", "organisation", [1]),
    ]


def test_the_organisation_of_the_page_is_read(folder: Path) -> None:
    document = read_organisation(folder / "organisation.yaml")

    assert [unit.id for unit in document.units] == ["hospital", "ward-3"]
    assert document.units[1].no_ask_weeks == ((date(2027, 12, 27), date(2028, 1, 2)),)
    assert document.people[2].absences == ((date(2027, 8, 2), date(2027, 8, 13)),)
    assert document.programmes[0].weights == {"1.1": Fraction(2)}


def test_the_answers_of_the_page_give_its_results(folder: Path) -> None:
    edition = read_edition("handover.yaml")

    found = results(edition, by_unit(read_answers(folder / "answers.csv", edition)))

    assert json.loads(found.model_dump_json()) == json.loads(EXAMPLES["results.json"])


def test_the_levels_of_the_page_are_read_where_a_level_is_chosen(folder: Path) -> None:
    model = yaml.safe_load(EXAMPLES["handover.yaml"]) | {"rule": "holistic"}
    for element in model["elements"]:
        del element["items"]
    (folder / "chosen.json").write_text(json.dumps(model), encoding="utf-8")

    rows = read_answers(folder / "levels.csv", read_edition("chosen.json"))

    assert [(row.value, row.answer) for row in rows] == [(Fraction(2), None), (None, State.NOT_APPLICABLE)]


def test_every_key_of_an_organisation_file_is_described() -> None:
    entries = [
        each for each in vars(organisation_entries).values() if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    keys = {key for entry in entries for key in entry.model_fields} | set(PARTS)

    assert sorted(key for key in keys if f"`{key}`" not in PAGE) == []


def test_every_column_of_an_answers_file_is_described() -> None:
    assert [column for column in COLUMNS if f"`{column}`" not in PAGE] == []
