"""A file's content as it was written: texts in mappings and lists, and the place of each in the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from documents.faults import Fault, in_line, in_tree
from domain.words import _

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: ("units", 3, "lead")."""


class Places(Protocol):
    """Where the values of a file stand."""

    def place(self, path: Path) -> str:
        """Name the place of a value; of a value that is missing, the place where it is missed."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, before it is checked: mappings, lists and texts, nothing else; an empty value is None."""

    file: str
    content: Any
    places: Places

    def fault(self, path: Path, found: str, expected: str) -> Fault:
        """Return a fault at a value."""
        return Fault(self.file, self.places.place(path), found, expected)


@dataclass(frozen=True, slots=True)
class Lines:
    """Places in a text: the line a value begins in, and the way to it."""

    lines: Mapping[Path, int]

    def place(self, path: Path) -> str:
        """Say `line 14, units[3].lead`."""
        line = in_line(self.lines[known_part(self.lines, path)])
        return _("{line}, {where}").format(line=line, where=in_tree(path)) if path else line


@dataclass(frozen=True, slots=True)
class Cells:
    """Places in a workbook: a sheet's row and column."""

    rows: Mapping[Path, str]
    cells: Mapping[Path, str] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """Say `sheet units, row 4, column lead`."""
        if cell := self.cells.get(known_part(self.cells, path)):
            return cell
        part = known_part(self.rows, path)
        if part not in self.rows:
            return _("sheet {name}").format(name=path[0]) if path else ""
        if part == path:
            return self.rows[part]
        return _("{row}, column {column}").format(row=self.rows[part], column=path[len(part)])


def known_part(places: Mapping[Path, object], path: Path) -> Path:
    """Return the longest beginning of a way that has a place; the empty way if none has."""
    return next((path[:end] for end in range(len(path), 0, -1) if path[:end] in places), ())
