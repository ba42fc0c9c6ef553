"""Models are read and checked whole, and come back as the document they are."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from documents.faults import Fault, RefusedInput
from documents.models import read_edition, read_model, shipped_editions, shipped_models
from domain.method.edition import Edition, Element, ElementMap, Group, Item, Phase, Rule, Scale, Thresholds

WORKED_MODEL = Path(__file__).parents[1] / "domain/method/worked/model.json"


def a_model(**changed: Any) -> dict[str, Any]:
    return {
        "id": "m",
        "edition": "1",
        "title": {"en": "A model"},
        "rule": "no-gap",
        "scale": {"min": 1, "max": 3},
        "groups": [{"id": "A", "title": {"en": "Group"}}],
        "elements": [an_element()],
    } | changed


def an_element(**changed: Any) -> dict[str, Any]:
    items = {1: [{"id": "7.1a", "text": {"en": "A list is there."}}]}
    return {"id": "7", "group": "A", "title": {"en": "Element"}, "items": items} | changed


def in_file(folder: Path, model: object) -> Path:
    path = folder / "m.yaml"
    path.write_text(yaml.safe_dump(model, sort_keys=False), encoding="utf-8")
    return path


def faults(folder: Path, model: object) -> list[tuple[str, str, str]]:
    with pytest.raises(RefusedInput) as refused:
        read_model(in_file(folder, model))
    return [(fault.place, fault.found, fault.expected) for fault in refused.value.faults]


def test_defaults_are_filled_in_and_levels_are_in_order(tmp_path: Path) -> None:
    second = {"id": "7.2a", "text": {"en": "It is dated."}, "evidence": {"en": "list"}}
    first = {"id": "7.1a", "text": {"en": "A list is there."}}

    document = read_model(in_file(tmp_path, a_model(elements=[an_element(items={2: [second], 1: [first]})])))

    assert document == {
        "id": "m",
        "edition": "1",
        "title": {"en": "A model"},
        "source": "",
        "rule": "no-gap",
        "scale": {"min": 1, "max": 3, "labels": {}},
        "thresholds": {"strong_from": 3, "wide_range": 2, "learn_distance": 2},
        "groups": [{"id": "A", "title": {"en": "Group"}}],
        "elements": [
            {
                "id": "7",
                "group": "A",
                "asked_of": "unit",
                "title": {"en": "Element"},
                "weight": 1,
                "items": {"1": [first | {"evidence": {}}], "2": [second]},
            }
        ],
        "maps": [],
    }


def test_a_file_becomes_an_edition(tmp_path: Path) -> None:
    element = an_element(phase="plan", asked_of="organisation", weight=0.1)
    maps = [{"model": "old", "edition": "2009", "elements": {"7": ["5.2", "5.3"]}}]

    edition = read_edition(in_file(tmp_path, a_model(elements=[element], maps=maps, thresholds={"strong_from": 2})))

    assert edition == Edition(
        id="m",
        edition="1",
        title={"en": "A model"},
        source="",
        rule=Rule.NO_GAP,
        scale=Scale(1, 3, {}),
        groups=(Group("A", {"en": "Group"}),),
        elements=(
            Element(
                id="7",
                group="A",
                title={"en": "Element"},
                items=(Item("7.1a", 1, {"en": "A list is there."}, {}),),
                weight=Fraction(1, 10),
                asked_of=edition.elements[0].asked_of,
                phase=Phase.PLAN,
            ),
        ),
        thresholds=Thresholds(strong_from=2),
        maps=(ElementMap("old", "2009", {"7": ("5.2", "5.3")}),),
    )


def test_json_and_yaml_are_the_same_model(tmp_path: Path) -> None:
    path = in_file(tmp_path, json.loads(WORKED_MODEL.read_text()))

    assert read_model(path) == read_model(WORKED_MODEL)
    assert read_edition(path).digest == read_edition(WORKED_MODEL).digest


def test_a_model_read_back_from_its_document_is_the_same(tmp_path: Path) -> None:
    document = read_model(WORKED_MODEL)

    assert read_model(in_file(tmp_path, document)) == document


def test_every_fault_of_a_file_is_said_with_its_place(tmp_path: Path) -> None:
    elements = [
        an_element(id=7.2, group="B", weight=-1, colour="red"),
        an_element(id="8", items={4: [{"id": "8a", "text": {}}], 1: []}),
        an_element(id="8", items={1: [{"id": "9a", "text": {"en": "x"}}, {"id": "9a", "text": {"en": ""}}]}),
    ]

    assert faults(tmp_path, a_model(edition=2018, elements=elements)) == [
        ("edition", "the number 2018", 'text in quotes, such as "2018"'),
        ("elements[0].id", "the number 7.2", 'text in quotes, such as "7.2"'),
        ("elements[0].group", "'B'", "A"),
        ("elements[0].weight", "the number -1", "greater than or equal to 0"),
        ("elements[0]", "the key 'colour'", "id, group, phase, asked_of, title, weight, points or items"),
        ("elements[1].id", "'8'", "an id that stands once, not 2 times"),
        ("elements[1].items[4]", "the number 4", "a level from 1 to 3"),
        ("elements[1].items[4][0].text", "keys ()", "at least one"),
        ("elements[1].items[1]", "a list of 0", "at least one"),
        ("elements[2].id", "'8'", "an id that stands once, not 2 times"),
        ("elements[2].items[1][0].id", "'9a'", "an id that stands once, not 2 times"),
        ("elements[2].items[1][1].id", "'9a'", "an id that stands once, not 2 times"),
        ("elements[2].items[1][1].text.en", "nothing", "a text"),
    ]


ITEMS = [{"id": "7a", "text": {"en": "x"}}]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"rule": "best"}, ("rule", "'best'", None)),
        ({"scale": {"min": 3, "max": 3}}, ("scale.max", "the number 3", "more than 3")),
        (
            {"scale": {"min": 1, "max": 3, "labels": {4: {"en": "x"}}}},
            ("scale.labels", "keys (4)", "labels of steps from 1 to 3"),
        ),
        ({"elements": []}, ("elements", "a list of 0", "at least one")),
        ({"title": {"English": "x"}}, ("title.English", "'English'", None)),
        (
            {"elements": [an_element(items=ITEMS)]},
            ("elements[0].items", "a list of 1", "items by level, for the rule no-gap"),
        ),
        (
            {"elements": [an_element(items=None)]},
            ("elements[0].items", "nothing", "items by level, for the rule no-gap"),
        ),
        (
            {"rule": "holistic"},
            ("elements[0].items", "keys (1)", "no items, since the rule holistic takes a value"),
        ),
        (
            {"rule": "mean"},
            ("elements[0].items", "keys (1)", "a list of items without levels, for the rule mean"),
        ),
        (
            {"elements": [an_element(points=100)]},
            ("elements[0].points", "the number 100", "no points, except by the rule percent-points"),
        ),
        (
            {"rule": "percent-points", "elements": [an_element(items=None)]},
            ("elements[0].points", "nothing", "the points the element can reach"),
        ),
        (
            {"elements": [an_element(items={1: [ITEMS[0] | {"stream": "A"}]})]},
            ("elements[0].items[1][0].stream", "'A'", "no stream, except by the rule samm"),
        ),
        (
            {"rule": "samm", "elements": [an_element(items={1: ITEMS})]},
            ("elements[0].items[1][0].stream", "nothing", "A or B"),
        ),
        (
            {"maps": [{"model": "m", "edition": "1", "elements": {"9": ["8"]}}]},
            ("maps[0].elements[9]", "'9'", "7"),
        ),
    ],
)
def test_what_does_not_fit_the_rule_is_a_fault(
    tmp_path: Path, changed: dict[str, Any], fault: tuple[str, str, str | None]
) -> None:
    ((place, found, expected),) = faults(tmp_path, a_model(**changed))

    assert (place, found, fault[2] and expected) == fault


@pytest.mark.parametrize("tree", [None, [], "model", {}, {"elements": 3, "scale": [], "groups": {"A": 1}}])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, tree: object) -> None:
    assert faults(tmp_path, tree)


def test_an_unknown_id_says_which_models_are_shipped() -> None:
    with pytest.raises(RefusedInput) as refused:
        read_model("iso9004")

    ids = " or ".join(shipped_models())
    assert refused.value.faults == (
        Fault("iso9004", "", "'iso9004'", f"the id of a shipped model ({ids}) or a YAML or JSON file"),
    )


@pytest.mark.parametrize("read", [read_edition, lambda model: read_edition(shipped_models()[model])])
def test_a_shipped_model_is_found_by_its_id_and_by_its_file(read: Callable[[str], Edition]) -> None:
    assert read("iso9004-2018").id == "iso9004-2018"


def test_every_shipped_model_is_called_by_its_id() -> None:
    assert [edition.id for edition in shipped_editions()] == list(shipped_models())
