"""Headings of a sheet: recognised in English and German, in any order and case."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

from documents.faults import Fault, RefusedInput, in_row, refuse, shown
from documents.sheets import Row, read_rows
from domain.words import _

Columns: TypeAlias = Mapping[str, Collection[str]]
"""A column's name -> the other words by which its heading is recognised."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row by its columns' names; a column that the sheet lacks is absent."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's records, and its columns by name in the order of the sheet."""

    file: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]


def read_table(path: Path, columns: Columns, sheet: str | None = None) -> Table:
    """Read a sheet whose first row that is not blank are headings; one with a fault of its headings is refused."""
    table, faults = read_with_faults(path, columns, sheet)
    refuse(faults)
    return table


def read_with_faults(path: Path, columns: Columns, sheet: str | None = None) -> tuple[Table, list[Fault]]:
    """Read a sheet by the headings it has, and every fault of these.

    Faults are headings that are not known or stand twice, and cells under no heading; a sheet without any row is
    refused.
    """
    rows = read_rows(path, sheet)
    if not rows:
        wanted = _("a row of headings: {known}").format(known=", ".join(columns))
        raise RefusedInput([Fault(path.name, "", shown(None), wanted)])
    headings, *rest = rows
    names = [_column(cell, columns) for cell in headings.cells]
    table = Table(
        file=path.name,
        columns=tuple(name for name in names if name),
        records=tuple(
            Record(row.number, {name: cell for name, cell in zip_longest(names, row.cells, fillvalue="") if name})
            for row in rest
        ),
    )
    return table, [
        *_unknown(path, headings, names, columns),
        *_doubled(path, headings, names),
        *(fault for row in rest for fault in _outside(path, headings, row)),
    ]


def plain(word: str) -> str:
    """Return a word as it is compared: no case, one form of each accent, apostrophe and space."""
    composed = unicodedata.normalize("NFC", word).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("_", " ")
    return " ".join(composed.casefold().split())


def _column(heading: str, columns: Columns) -> str | None:
    word = plain(heading)
    return next((name for name, others in columns.items() if word in map(plain, (name, *others))), None)


def _unknown(path: Path, headings: Row, names: Iterable[str | None], columns: Columns) -> list[Fault]:
    return [
        Fault(
            path.name,
            in_row(headings.number),
            _("the heading {heading}").format(heading=shown(heading)),
            _("a heading of {known}").format(known=", ".join(columns)),
        )
        for heading, name in zip(headings.cells, names, strict=True)
        if heading and name is None
    ]


def _doubled(path: Path, headings: Row, names: list[str | None]) -> list[Fault]:
    return [
        Fault(path.name, in_row(headings.number), _("two headings for {name}").format(name=name), _("one"))
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]


def _outside(path: Path, headings: Row, row: Row) -> list[Fault]:
    headed = len(headings.cells)
    return [
        Fault(path.name, in_row(row.number, str(number)), shown(cell), _("a heading above it"))
        for number, cell in enumerate(row.cells, start=1)
        if cell and (number > headed or not headings.cells[number - 1])
    ]
