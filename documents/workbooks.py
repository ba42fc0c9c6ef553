"""Workbooks are unpacked within limits before anything parses them."""

import io
import re
import zipfile
import zlib
from pathlib import Path

from documents.faults import Fault, RefusedInput, refuse
from documents.texts import read_bytes
from domain.words import _

LARGEST_BYTES = 100_000_000
HIGHEST_RATIO = 200
RATIO_FROM_BYTES = 1_000_000
MOST_CELLS = 5_000_000

# calamine allocates a sheet's whole rectangle: one cell in XFD1048576 would end the process.
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_PARTS = re.compile(r"\[Content_Types\]\.xml|(_rels|xl)/.*\.(xml|rels)", re.IGNORECASE)


def unpacked(path: Path) -> io.BytesIO:
    """Return an XLSX file's parts in an uncompressed archive; refuse what is broken, too large or bombs.

    What is parsed is what was unpacked here, so that a header which lies about a size deceives nobody; parts that are
    no XML of a workbook are left out.
    """
    parcel = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path))) as packed, zipfile.ZipFile(parcel, "w") as plain:
            refuse(_size_faults(path, packed.infolist()))
            for entry in packed.infolist():
                if _PARTS.fullmatch(entry.filename):
                    content = packed.read(entry)
                    refuse(_area_faults(path, content))
                    plain.writestr(entry.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RefusedInput([Fault(path.name, "", _broken(error), _("a workbook (XLSX)"))]) from error
    parcel.seek(0)
    return parcel


def _size_faults(path: Path, entries: list[zipfile.ZipInfo]) -> list[Fault]:
    total = sum(entry.file_size for entry in entries)
    bombs = [
        entry
        for entry in entries
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)
    ]
    faults = []
    if total > LARGEST_BYTES:
        found = _("{size} MB unpacked").format(size=total // 1_000_000)
        faults.append(Fault(path.name, "", found, _("at most {size} MB").format(size=LARGEST_BYTES // 1_000_000)))
    for entry in bombs:
        found = _("a part packed {ratio} to 1").format(ratio=entry.file_size // max(entry.compress_size, 1))
        expected = _("at most {ratio} to 1").format(ratio=HIGHEST_RATIO)
        faults.append(Fault(path.name, entry.filename, found, expected))
    return faults


def _area_faults(path: Path, content: bytes) -> list[Fault]:
    columns = rows = 0
    for letters, digits in _REFERENCE.findall(content):
        columns = max(columns, _column_number(letters))
        rows = max(rows, int(digits))
    if columns * rows <= MOST_CELLS:
        return []
    found = _("a sheet of {rows} rows and {columns} columns").format(rows=rows, columns=columns)
    return [Fault(path.name, "", found, _("at most {cells} cells").format(cells=MOST_CELLS))]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _broken(error: Exception) -> str:
    return _("no readable workbook ({reason})").format(reason=error)
