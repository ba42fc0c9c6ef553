"""An organisation as sheets of one workbook, read as what its YAML file would say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from documents.faults import Fault, RefusedInput, in_row, one_of, refuse, shown
from documents.headings import Record, plain, read_table
from documents.organisation_words import COLUMNS, ONE_ROW, PARTS, SECTIONS
from documents.sheets import sheet_names
from documents.written import Cells, Path, Written
from domain.words import _


def read_workbook(path: FilePath) -> Written:
    """Read a workbook with a sheet per section, and a sheet per part of the programmes; refused with all faults."""
    reading = _Reading(path)
    sheets = dict(reading.sheets())
    for section in SECTIONS:
        reading.add_section(section, sheets.get(section, []))
    for part in PARTS:
        for record in sheets.get(part, []):
            reading.add_to_programme(part, record)
    refuse(reading.faults)
    return Written(path.name, reading.content, Cells(reading.rows, reading.cells))


@dataclass
class _Reading:
    """What is read so far: the content, the place of each row and cell, and the faults."""

    path: FilePath
    content: dict[str, Any] = field(default_factory=dict)
    rows: dict[Path, str] = field(default_factory=dict)
    cells: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def sheets(self) -> Iterator[tuple[str, list[Record]]]:
        """Yield each sheet under the name it is known by, with its records."""
        for name in sheet_names(self.path):
            known = _known_sheet(name)
            if known is None or known in self.names:
                found = _("the sheet {name}").format(name=shown(name))
                expected = _("each of these at most once: {known}").format(known=", ".join(COLUMNS))
                self.faults.append(Fault(self.path.name, "", found, expected))
                continue
            self.names[known] = name
            try:
                yield known, list(read_table(self.path, COLUMNS[known], name).records)
            except RefusedInput as refused:
                self.faults += [
                    Fault(each.file, self.place(known, each.place), each.found, each.expected)
                    for each in refused.faults
                ]

    def add_section(self, section: str, records: list[Record]) -> None:
        """Take over a section's rows."""
        if section != ONE_ROW:
            self.content[section] = [
                self.fields((section, number), section, record) for number, record in enumerate(records)
            ]
            return
        for record in records[:1]:
            self.content[section] = self.fields((section,), section, record)
        for record in records[1:]:
            self.refuse(section, record, "", _("a second organisation"), _("one row"))

    def fields(self, path: Path, sheet: str, record: Record) -> dict[str, str | None]:
        """Return a record's cells by name, and keep where each stands."""
        self.rows[path] = self.place(sheet, in_row(record.row))
        for column in COLUMNS[sheet]:
            self.cells[*path, column] = self.place(sheet, in_row(record.row, column))
        return {column: cell or None for column, cell in record.cells.items()}

    def add_to_programme(self, part: str, record: Record) -> None:
        """Put a row of a part under the programme that it names."""
        ids = [each.get("id") for each in self.content["programmes"]]
        wanted = record.cells.get("programme", "")
        if wanted not in ids:
            expected = _("a programme of the sheet programmes: {known}").format(known=one_of(filter(None, ids), wanted))
            self.refuse(part, record, "programme", shown(wanted), expected)
            return
        number = ids.index(wanted)
        path: Path = ("programmes", number, part)
        self.rows.setdefault(path, self.place(part, in_row(record.row)))
        programme = self.content["programmes"][number]
        match part:
            case "respondents":
                self.add_respondent(path, programme.setdefault(part, {}), record)
            case "rotation":
                turns = programme.setdefault(part, [])
                self.cells[*path, len(turns)] = self.place(part, in_row(record.row, "elements"))
                turns.append(record.cells.get("elements", ""))
            case "targets":
                self.add_value(path, programme.setdefault(part, {}), record, "target")
            case "importance":
                self.add_value(path, programme.setdefault(part, {}), record, "importance")
            case "weights":
                self.add_named(path, programme.setdefault(part, {}), record, key="element", column="weight")
            case "numbers":
                self.add_named(path, programme.setdefault(part, {}), record, key="name", column="number")

    def add_respondent(self, path: Path, by_unit: dict[str, Any], record: Record) -> None:
        """Add somebody asked to the unit that the row names."""
        if not (unit := record.cells.get("unit", "")):
            self.refuse("respondents", record, "unit", shown(unit), _("a unit"))
            return
        asked = by_unit.setdefault(unit, [])
        here = (*path, unit, len(asked))
        self.cells.setdefault((*path, unit), self.place("respondents", in_row(record.row, "unit")))
        self.rows[here] = self.place("respondents", in_row(record.row))
        for column in ("person", "elements"):
            self.cells[*here, column] = self.place("respondents", in_row(record.row, column))
        asked.append({column: record.cells.get(column) or None for column in ("person", "elements")})

    def add_value(self, path: Path, values: dict[str, Any], record: Record, column: str) -> None:
        """Add a level or rank: of a unit's element, of an element everywhere, or (a target of neither) the default."""
        unit, element = (record.cells.get(name, "") for name in ("unit", "element"))
        if not element and (unit or column != "target"):
            self.refuse(str(path[-1]), record, "element", shown(element), _("an element"))
            return
        way: tuple[str, ...] = ("units", unit, element) if unit else ("elements", element)
        self.put(path, values, way if element else ("default",), record, column)

    def add_named(self, path: Path, values: dict[str, Any], record: Record, *, key: str, column: str) -> None:
        """Add a value under the name in another column."""
        if not (name := record.cells.get(key, "")):
            self.refuse(str(path[-1]), record, key, shown(name), _("a name"))
            return
        self.put(path, values, (name,), record, column)

    def put(self, path: Path, values: dict[str, Any], way: tuple[str, ...], record: Record, column: str) -> None:
        """Keep a cell's value at the end of a way, unless one is there."""
        part = str(path[-1])
        for end, step in enumerate(way[:-1], start=1):
            values = values.setdefault(step, {})
            self.cells.setdefault((*path, *way[:end]), self.place(part, in_row(record.row, "unit")))
        if (*path, *way) in self.cells:
            found = _("the same as {place}").format(place=self.cells[*path, *way])
            self.refuse(part, record, column, found, _("each once"))
            return
        self.cells[*path, *way] = self.place(part, in_row(record.row, column))
        values[way[-1]] = record.cells.get(column) or None

    def place(self, sheet: str, place: str = "") -> str:
        """Name a place in a sheet, by the sheet's own name."""
        named = _("sheet {name}").format(name=self.names.get(sheet, sheet))
        return f"{named}, {place}" if place else named

    def refuse(self, sheet: str, record: Record, column: str, found: str, expected: str) -> None:
        """Note a fault in a row."""
        self.faults.append(Fault(self.path.name, self.place(sheet, in_row(record.row, column)), found, expected))


def _known_sheet(name: str) -> str | None:
    sheets: Mapping[str, Any] = {**SECTIONS, **PARTS}
    return next((known for known, others in sheets.items() if plain(name) in map(plain, (known, *others))), None)
