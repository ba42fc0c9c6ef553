"""The words of the reader's language."""

from domain.actions import ActionStatus
from domain.words import _, in_language, ngettext, speaking

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
