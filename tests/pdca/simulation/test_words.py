"""What people set out to do and how it is seen fits the items that it is about."""

import re

import pytest

from documents.models import read_edition
from pdca.simulation.words import Words, read_words

REACHED = 3
"""The highest level that a simulated programme aims at."""


@pytest.fixture(scope="module")
def words() -> Words:
    """The texts beside the shipped model."""
    return read_words(read_edition("iso9004-2018"))


def stems(text: str) -> set[str]:
    """Return how the longer words of a text begin."""
    return {word[:4].lower() for word in re.findall(r"\w{4,}", text)}


def test_every_item_up_to_the_target_has_a_step_and_a_measure(words: Words) -> None:
    items = [item.id for item in words.edition.items.values() if (item.level or 0) <= REACHED]

    assert sorted(words.texts["steps"]) == sorted(items)
    assert {tuple(step) for step in words.texts["steps"].values()} == {("do", "see")}


def test_a_step_is_about_its_item(words: Words) -> None:
    strangers = [
        item
        for item, step in words.texts["steps"].items()
        if not stems(words.edition.items[item].text["en"]) & stems(f"{step['do']} {step['see']}")
    ]

    assert strangers == []


def test_a_step_goes_on_a_sentence_and_is_short(words: Words) -> None:
    texts = [text for step in words.texts["steps"].values() for text in step.values()]

    assert [text for text in texts if text[0].isupper() or text.endswith((".", ";")) or len(text.split()) > 20] == []


def test_a_title_says_what_is_done_where_and_where_first(words: Words) -> None:
    assert words.title(["8.3.2b", "8.3.2c"]) == (
        "Name a deputy for one main process; post who decides while the lead is away"
    )
    assert words.title(["8.3.2b"], ["Sales", "Testing", "Finance"], ["Sales", "Testing"]) == (
        "Name a deputy for one main process (in Sales, Testing and Finance, tried first in Sales and Testing)"
    )
    assert words.title(["8.3.2b"], [*"abcde"], ["a", "b"]) == (
        "Name a deputy for one main process (in 5 units, tried first in a and b)"
    )


def test_a_measure_says_what_the_verifier_does(words: Words) -> None:
    assert words.measure(["8.3.2b", "8.3.2c"]) == (
        "The verifier asks the deputy what to do if the owner falls ill tomorrow; comes on a day without the lead and "
        "asks the first person met."
    )
