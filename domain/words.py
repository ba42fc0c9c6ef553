"""The product's words in the reader's language: mark a text with `_()` and it can be translated."""

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "pdca"
NAMED_BY = 60
"""How many characters of a title name an action: a line of a list stays one line, a subject is read to its end."""

N_ = str
"""Marks a text that is kept in English and translated by `_()` where people read it."""

_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of a language (de, de-AT); English (the source) where there is none."""
    return gettext.translation(DOMAIN, CATALOGUES, [language.replace("-", "_")], fallback=True)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside the block in this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """Return the language spoken now."""
    return _language.get()


def in_language(texts: Mapping[str, str]) -> str:
    """Return a model's text in the language spoken now, else in English, else in the first there is."""
    spoken = _language.get()
    tried = (spoken, spoken.partition("-")[0], "en")
    return next((text for each in tried if (text := texts.get(each))), None) or next(iter(texts.values()), "")


def in_short(text: str) -> str:
    """Return a text that names something in a list or a subject: about 60 characters, cut at a word's end."""
    whole = " ".join(text.split())
    if len(whole) <= NAMED_BY:
        return whole
    head = whole[: NAMED_BY + 1].rpartition(" ")[0] or whole[:NAMED_BY]
    return head.rstrip(" ,;:.-") + "…"


def _(text: str) -> str:
    """Return a text in the language spoken now."""
    return catalogue(_language.get()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the text that fits a count, in the language spoken now."""
    return catalogue(_language.get()).ngettext(one, many, count)
