"""The words of the reader's language."""

import pytest

from domain.actions import ActionStatus
from domain.words import _, in_language, in_short, ngettext, speaking

TITLE = {"en": "Leadership", "de": "Führung"}


def test_a_text_is_said_in_the_language_spoken_and_in_english_where_there_is_none() -> None:
    said = []
    for language in ("de", "de-AT", "fr", "en"):
        with speaking(language):
            said.append((_("drafts"), _(ActionStatus.IN_PROGRESS), ngettext("{n} gap", "{n} gaps", 2)))

    german, english = ("Entwürfe", "in Arbeit", "{n} Lücken"), ("drafts", "in progress", "{n} gaps")
    assert said == [german, german, english, english]


def test_a_models_text_is_said_in_the_language_spoken_else_in_its_first() -> None:
    said = []
    for language in ("de", "de-AT", "fr", "en"):
        with speaking(language):
            said.append((in_language(TITLE), in_language({"nl": "Leiderschap"}), in_language({})))

    assert said == [(title, "Leiderschap", "") for title in ("Führung", "Führung", "Leadership", "Leadership")]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Key register", "Key register"),
        (60 * "x", 60 * "x"),
        (70 * "x", 60 * "x" + "…"),
        (
            "The lead and a deputy hold shipments on each shift, and each, acting once, tells why",
            "The lead and a deputy hold shipments on each shift, and…",
        ),
    ],
)
def test_a_text_that_names_something_is_cut_at_a_words_end(text: str, short: str) -> None:
    assert in_short(text) == short
