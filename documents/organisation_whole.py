"""What a row of an organisation file must know of the whole to be judged, read before anything is checked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Whole:
    """How often each id stands in its section, and how often each mail address."""

    ids: Mapping[str, Counter[str]]
    mails: Counter[str]

    def known(self, section: str) -> Counter[str]:
        """Return the ids of a section."""
        return self.ids.get(section, Counter())


def whole(content: object) -> Whole:
    """Read the whole from a file's content; what has an unexpected form is passed over."""
    sections = content if isinstance(content, Mapping) else {}
    return Whole(
        ids={str(section): _texts(rows, "id") for section, rows in sections.items()},
        mails=Counter(mail.casefold() for mail in _texts(sections.get("people"), "mail").elements()),
    )


def _texts(rows: object, field: str) -> Counter[str]:
    return Counter(text.strip() for row in _mappings(rows) if isinstance(text := row.get(field), str))


def _mappings(rows: object) -> list[Mapping[Any, Any]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
