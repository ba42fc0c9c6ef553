"""The shipped model of ISO 9004:2018 is whole, concrete and in two languages."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from domain.method.edition import AskedOf, Edition, Item, Phase, Rule, edition_from

FILE = Path(__file__).parents[3] / "domain" / "maturity" / "iso9004-2018.yaml"

LANGUAGES = ("en", "de")

CLAUSES = [
    "5.2", "5.3", "6.2", "7.1", "7.2", "7.3", "7.4", "8.1", "8.2", "8.3", "8.4.1", "8.4.2", "8.4.3",
    "9.1", "9.2", "9.3", "9.4", "9.5", "9.6", "9.7", "10.1", "10.2", "10.3", "10.4", "10.5", "10.6", "10.7",
    "11.1", "11.2", "11.3", "11.4",
]  # fmt: skip

VAGUE = {
    "en": {
        "adequate", "adequately", "appropriate", "appropriately", "continual", "continuous", "continuously",
        "effective", "effectively", "efficient", "ensure", "ensured", "ensures", "properly", "regular", "regularly",
        "sufficient", "sufficiently", "suitable", "systematic", "systematically",
    },
    "de": {
        "angemessen", "angemessene", "ausreichend", "effektiv", "effizient", "geeignet", "geeignete", "gewährleistet",
        "kontinuierlich", "ordnungsgemäß", "regelmäßig", "regelmäßige", "sichergestellt", "systematisch", "wirksam",
    },
}  # fmt: skip
"""Words that a stranger cannot see."""


@pytest.fixture(scope="module")
def model() -> Edition:
    return edition_from(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['\u2019-]\w+)*", text.lower())


def likeness(one: Item, other: Item, language: str) -> float:
    """Return how much of two items' words are the same: Jaccard's index of their word sets."""
    here, there = set(words(one.text[language])), set(words(other.text[language]))
    return len(here & there) / len(here | there)


def test_the_model_follows_the_clauses_in_their_order(model: Edition) -> None:
    head = (model.id, model.edition, model.rule, model.scale.min, model.scale.max)
    thresholds = model.thresholds

    assert head == ("iso9004-2018", "2018", Rule.NO_GAP, 1, 5)
    assert (thresholds.strong_from, thresholds.wide_range, thresholds.learn_distance) == (3, 2, 2)
    assert list(model.by_id) == CLAUSES
    assert [group.id for group in model.groups] == ["5", "6", "7", "8", "9", "10", "11"]
    assert {element.id: element.group for element in model.elements} == {each: each.split(".")[0] for each in CLAUSES}


def test_every_element_has_two_to_four_items_at_each_of_five_levels(model: Edition) -> None:
    levels = {element.id: list(element.levels) for element in model.elements}
    odd = [
        (element.id, level, len(items))
        for element in model.elements
        for level, items in element.levels.items()
        if not 2 <= len(items) <= 4
    ]

    assert levels == {clause: [1, 2, 3, 4, 5] for clause in CLAUSES}
    assert odd == []
    assert len(model.items) > 400


def test_an_item_is_named_by_its_element_its_level_and_a_letter(model: Edition) -> None:
    named = [item.id for element in model.elements for item in element.items]
    expected = [
        f"{element.id}.{level}{letter}"
        for element in model.elements
        for level, items in element.levels.items()
        for letter, _ in zip("abcd", items, strict=False)
    ]

    assert named == expected
    assert len(model.items) == len(named)


def test_phases_and_who_is_asked_are_split_as_in_the_standard(model: Edition) -> None:
    phases = Counter(element.phase for element in model.elements)
    asked = Counter(element.asked_of for element in model.elements)

    assert phases == {Phase.PLAN: 7, Phase.DO: 13, Phase.CHECK: 7, Phase.ACT: 4}
    assert asked == {AskedOf.ORGANISATION: 15, AskedOf.UNIT: 16}


def test_every_text_is_there_in_english_and_german(model: Edition) -> None:
    texts = {
        "title": model.title,
        **{f"label {step}": text for step, text in model.scale.labels.items()},
        **{f"group {group.id}": group.title for group in model.groups},
        **{f"element {element.id}": element.title for element in model.elements},
        **{f"item {item.id}": item.text for item in model.items.values()},
        **{f"evidence {item.id}": item.evidence for item in model.items.values()},
    }
    incomplete = [
        place for place, text in texts.items() if set(text) != set(LANGUAGES) or not all(map(str.strip, text.values()))
    ]

    assert list(model.scale.labels) == [1, 2, 3, 4, 5]
    assert incomplete == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_is_one_sentence_of_six_to_thirty_words(model: Edition, language: str) -> None:
    odd = [
        item.id
        for item in model.items.values()
        if not 6 <= len(words(item.text[language])) <= 30
        or not item.text[language].endswith(".")
        or re.search(r"[.!?;] ", item.text[language])
    ]

    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_of_evidence_is_one_to_eight_words(model: Edition, language: str) -> None:
    odd = [item.id for item in model.items.values() if not 1 <= len(words(item.evidence[language])) <= 8]

    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_of_one_level_speak_of_different_facts(model: Edition, language: str) -> None:
    alike = [
        (one.id, other.id)
        for element in model.elements
        for items in element.levels.values()
        for one, other in combinations(items, 2)
        if likeness(one, other, language) >= 0.6
    ]

    assert alike == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_is_a_copy_of_another_elements_item(model: Edition, language: str) -> None:
    alike = [
        (one.id, other.id)
        for one, other in combinations(model.items.values(), 2)
        if likeness(one, other, language) >= 0.6
    ]

    assert alike == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_opening_is_worn_out(model: Edition, language: str) -> None:
    elements_by_opening: dict[str, set[str]] = defaultdict(set)
    for element in model.elements:
        for item in element.items:
            elements_by_opening[" ".join(words(item.text[language])[:4])].add(element.id)
    worn_out = {opening: found for opening, found in elements_by_opening.items() if len(found) > 5}

    assert worn_out == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_uses_a_word_that_a_stranger_cannot_see(model: Edition, language: str) -> None:
    vague = {
        item.id: found for item in model.items.values() if (found := VAGUE[language] & set(words(item.text[language])))
    }

    assert vague == {}


def test_no_item_asks_what_january_cannot_answer(model: Edition) -> None:
    unfair = [
        item.id
        for item in model.items.values()
        if re.search(r"\bthis (year|quarter|month)\b", item.text["en"])
        or re.search(r"\bdies\w* (Jahr|Quartal|Monat)|diesjährig", item.text["de"])
    ]

    assert unfair == []


def test_german_items_call_a_unit_by_one_word(model: Edition) -> None:
    others = [item.id for item in model.items.values() if re.search(r"\b(Einheit|Abteilung)", item.text["de"])]

    assert others == []
