"""The words of an answers file in English and German, and what they stand for."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from documents.headings import Columns, plain
from domain.method.change import Because
from domain.method.edition import State
from domain.responses import Assessor, Round

Word = TypeVar("Word", bound=StrEnum)

COLUMNS: Columns = MappingProxyType(
    {
        "unit": ("einheit", "bereich"),
        "respondent": ("befragte", "befragter", "befragte person", "antwortende person", "person"),
        "element": ("thema",),
        "item": ("aussage", "merkmal"),
        "answer": ("antwort",),
        "value": ("wert",),
        "reason": ("grund", "begründung"),
        "comment": ("kommentar", "bemerkung"),
        "evidence": ("nachweis", "beleg"),
        "because": ("weil",),
        "round": ("runde",),
        "assessor": ("bewerter", "bewertende", "bewertet durch"),
    }
)


def _words(of: type[Word], others: Mapping[Word, tuple[str, ...]]) -> Mapping[str, Word]:
    return MappingProxyType({plain(text): word for word in of for text in (word.value, *others.get(word, ()))})


STATES = _words(
    State,
    {
        State.YES: ("x", "1", "met", "ja", "erfüllt"),
        State.NO: ("0", "not met", "nein", "nicht erfüllt"),
        State.PARTLY: ("teilweise",),
        State.DONT_KNOW: ("dont know", "weiß nicht"),
        State.NOT_APPLICABLE: ("entfällt",),
    },
)
BECAUSES = _words(
    Because,
    {
        Because.CHANGED: ("geändert", "verändert"),
        Because.SEEN_DIFFERENTLY: ("anders gesehen",),
        Because.MISTAKE: ("fehler", "irrtum"),
    },
)
ROUNDS = _words(Round, {Round.BLIND: ("verdeckt",), Round.AGREED: ("vereinbart", "abgestimmt")})
ASSESSORS = _words(
    Assessor, {Assessor.SELF: ("selbst",), Assessor.INTERNAL: ("intern",), Assessor.EXTERNAL: ("extern",)}
)
TEAM = frozenset({"team"})
