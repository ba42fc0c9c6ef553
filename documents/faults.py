"""What is wrong with a file: every fault with its place, what was found and what is expected."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from domain.words import _

LONGEST_FOUND = 60
LONGEST_CHOICE = 12


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file; `place` is empty where it concerns the whole file."""

    file: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Say the fault in one line."""
        where = f"{self.file}, {self.place}" if self.place else self.file
        return _("{where}: found {found}; expected {expected}").format(
            where=where, found=self.found, expected=self.expected
        )


class RefusedInput(Exception):
    """A file is refused whole, with all its faults; nothing was stored."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, and say them one a line."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def refuse(faults: Collection[Fault]) -> None:
    """Raise RefusedInput if there is any fault."""
    if faults:
        raise RefusedInput(faults)


def in_row(number: int, column: str = "") -> str:
    """Name a place in a sheet, whose headings are row 1."""
    if not column:
        return _("row {row}").format(row=number)
    return _("row {row}, column {column}").format(row=number, column=column)


def in_line(number: int) -> str:
    """Name a place in a file of text."""
    return _("line {line}").format(line=number)


def in_tree(path: Iterable[str | int]) -> str:
    """Name a place in a YAML or JSON document, such as `elements[3].items[2][0].text`."""
    place = ""
    for step in path:
        if isinstance(step, int) or step.isdecimal():
            place += f"[{step}]"
        elif not step.replace("_", "").isalnum():
            place += f'["{step}"]'
        else:
            place += f".{step}" if place else step
    return place


def shown(value: object) -> str:
    """Return a value as it stands in a fault: quoted, on one line, cut if long; "nothing" where it is empty."""
    if value is None or value == "":
        return _("nothing")
    text = " ".join(str(value).split())
    return f"'{text}'" if len(text) <= LONGEST_FOUND else f"'{text[:LONGEST_FOUND]}…'"


def one_of(known: Iterable[str], found: str = "") -> str:
    """Return "a, b or c"; of a long list only what resembles what was found."""
    choices = list(known)
    if len(choices) > LONGEST_CHOICE:
        near = get_close_matches(found, choices, n=3) or choices[:3]
        return _("one of {number} known, such as {near}").format(number=len(choices), near=", ".join(near))
    *some, last = choices or [_("nothing")]
    return _("{some} or {last}").format(some=", ".join(some), last=last) if some else last
