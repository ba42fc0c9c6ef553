"""Rows come out of CSV and XLSX as the same text."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from documents.faults import Fault, RefusedInput
from documents.sheets import Row, read_rows, sheet_names

cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8).map(str.strip)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), max_size=5)


def a_csv(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def a_workbook(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("text", ["unit,answer\nu1,yes\n", "unit;answer\r\nu1;yes\r\n", 'unit,"answer"\nu1, yes \n'])
def test_comma_and_semicolon_are_told_apart_by_the_headings(tmp_path: Path, text: str) -> None:
    assert read_rows(a_csv(tmp_path, text)) == [Row(1, ("unit", "answer")), Row(2, ("u1", "yes"))]


def test_blank_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = read_rows(a_csv(tmp_path, "unit,answer\n\n , \nu1,yes\n"))

    assert rows == [Row(1, ("unit", "answer")), Row(4, ("u1", "yes"))]


def test_a_cell_of_two_lines_is_one_row(tmp_path: Path) -> None:
    rows = read_rows(a_csv(tmp_path, 'unit,comment\nu1,"first\nsecond"\nu2,\n'))

    assert rows == [Row(1, ("unit", "comment")), Row(2, ("u1", "first\nsecond")), Row(3, ("u2", ""))]


def test_a_quotation_without_end_is_a_fault_of_its_row(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        read_rows(a_csv(tmp_path, 'unit,comment\nu1,"first\nu2,\n'))

    assert refused.value.faults == (Fault("a.csv", "row 2", "unexpected end of data", "a row of CSV"),)


@given(tables, st.sampled_from(",;"))
def test_what_csv_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], by: str
) -> None:
    written = io.StringIO(newline="")
    headings = ["unit", "element"]
    csv.writer(written, delimiter=by).writerows([headings, *table])
    path = a_csv(tmp_path_factory.mktemp("csv"), written.getvalue())

    rows = read_rows(path)

    assert [row.cells for row in rows] == [tuple(row) for row in [headings, *table] if any(row)]


def test_cells_of_a_workbook_become_text(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"S": [["a", 7.2, 10, 10.0, True, date(2026, 2, 7), None, " x "]]})

    assert read_rows(path) == [Row(1, ("a", "7.2", "10", "10", "True", "2026-02-07", "", "x"))]


def test_rows_of_a_workbook_have_the_numbers_people_see(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"S": [[], [None, "unit"], [], [None, "u1"]]})

    assert read_rows(path) == [Row(2, ("", "unit")), Row(4, ("", "u1"))]


def test_a_workbook_is_read_by_its_first_sheet_or_a_named_one(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"First": [["1"]], "Second": [["2"]]})

    assert (read_rows(path), read_rows(path, "Second")) == ([Row(1, ("1",))], [Row(1, ("2",))])
    assert sheet_names(path) == ["First", "Second"]


def test_a_sheet_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"First": [], "Second": []})

    with pytest.raises(RefusedInput) as refused:
        read_rows(path, "Third")

    assert refused.value.faults == (Fault("a.xlsx", "", "no sheet 'Third'", "First or Second"),)


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    assert read_rows(a_workbook(tmp_path, {"First": []})) == []
    assert read_rows(a_csv(tmp_path, "")) == []
