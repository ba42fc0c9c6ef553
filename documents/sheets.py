"""Sheets as rows of text: CSV with comma or semicolon, XLSX."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from documents.faults import Fault, RefusedInput, in_row, one_of, shown
from documents.texts import read_text
from documents.workbooks import unpacked
from domain.words import _

Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta

WORKBOOKS = frozenset({".xlsx", ".xlsm"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank, with its number in the sheet (the first is 1)."""

    number: int
    cells: tuple[str, ...]


def read_rows(path: Path, sheet: str | None = None) -> list[Row]:
    """Return the rows of a CSV file, or of a workbook's sheet of that name (the first if none is named)."""
    if path.suffix.lower() in WORKBOOKS:
        return _workbook_rows(path, sheet)
    return _csv_rows(path)


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets, in order."""
    return list(_workbook(path).sheet_names)


def _csv_rows(path: Path) -> list[Row]:
    text = read_text(path)
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        place = in_row(len(records) + 1)
        raise RefusedInput([Fault(path.name, place, str(error), _("a row of CSV"))]) from error
    return [row for number, cells in enumerate(records, start=1) for row in _row(number, cells)]


def _delimiter(text: str) -> str:
    headings = text.lstrip().partition("\n")[0]
    return ";" if headings.count(";") > headings.count(",") else ","


def _workbook_rows(path: Path, sheet: str | None) -> list[Row]:
    workbook = _workbook(path)
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise RefusedInput([Fault(path.name, "", _("no sheet {name}").format(name=shown(sheet)), one_of(names))])
    try:
        table = workbook.get_sheet_by_name(names[0] if sheet is None else sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise RefusedInput([Fault(path.name, "", str(error), _("a sheet that can be read"))]) from error
    return [
        row for number, cells in enumerate(table, start=1) for row in _row(number, [_cell_text(cell) for cell in cells])
    ]


def _workbook(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(unpacked(path))
    except CalamineError as error:
        raise RefusedInput([Fault(path.name, "", str(error), _("a workbook (XLSX)"))]) from error


def _row(number: int, cells: list[str]) -> list[Row]:
    stripped = tuple(cell.strip() for cell in cells)
    return [Row(number, stripped)] if any(stripped) else []


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
