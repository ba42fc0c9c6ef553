"""Workbooks that are broken, too large or bombs are refused before anything parses them."""

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from documents.faults import RefusedInput
from documents.sheets import read_rows
from documents.workbooks import unpacked


def a_workbook(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["unit", "answer"])
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(RefusedInput) as refused:
        read_rows(path)
    return str(refused.value)


@pytest.mark.parametrize("content", [b"", b"unit,answer", b"PK\x03\x04 and then nothing", b"\xd0\xcf\x11\xe0old xls"])
def test_a_broken_workbook_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)

    assert refusal(tmp_path / "a.xlsx") == (
        "a.xlsx: found no readable workbook (File is not a zip file); expected a workbook (XLSX)"
    )


def test_a_workbook_cut_short_is_a_fault(tmp_path: Path) -> None:
    path = a_workbook(tmp_path)
    content = bytearray(path.read_bytes())
    content[200:400] = bytes(200)
    path.write_bytes(content)

    assert re.fullmatch(r"a\.xlsx: found no readable workbook \(.+\); expected a workbook \(XLSX\)", refusal(path))


def test_an_archive_that_is_no_workbook_is_a_fault(tmp_path: Path) -> None:
    path = with_part(tmp_path / "a.xlsx", "content.xml", b"<office/>")

    assert refusal(path).startswith("a.xlsx: found ")
    assert refusal(path).endswith("; expected a workbook (XLSX)")


def test_a_part_packed_too_densely_is_refused(tmp_path: Path) -> None:
    path = with_part(a_workbook(tmp_path), "xl/media/zeros.bin", bytes(2_000_000))

    assert re.fullmatch(
        r"a\.xlsx, xl/media/zeros\.bin: found a part packed [0-9]+ to 1; expected at most 200 to 1", refusal(path)
    )


def test_a_workbook_too_large_unpacked_is_refused(tmp_path: Path) -> None:
    path = with_part(a_workbook(tmp_path), "xl/media/zeros.bin", bytes(120_000_000))

    assert refusal(path).startswith("a.xlsx: found 120 MB unpacked; expected at most 100 MB\n")


def test_a_size_that_the_header_lies_about_is_refused(tmp_path: Path) -> None:
    path = with_part(a_workbook(tmp_path), "xl/worksheets/sheet2.xml", bytes(3_000_000))
    size = (3_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))

    assert "expected a workbook (XLSX)" in refusal(path)


def test_a_cell_in_the_far_corner_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write(1_048_575, 16_383, "far")

    assert refusal(path) == ("a.xlsx: found a sheet of 1048576 rows and 16384 columns; expected at most 5000000 cells")


def test_parts_that_are_no_xml_of_a_workbook_are_left_out(tmp_path: Path) -> None:
    path = with_part(a_workbook(tmp_path), "content.xml", b"<office/>")

    with zipfile.ZipFile(unpacked(path)) as plain:
        names = plain.namelist()

    assert "xl/workbook.xml" in names
    assert "content.xml" not in names
