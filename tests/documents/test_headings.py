"""Headings are recognised in English and German, in any order and case."""

from pathlib import Path

import pytest

from documents.faults import Fault, RefusedInput
from documents.headings import Record, Table, plain, read_table

COLUMNS = {"unit": ("einheit",), "reason": ("begründung",), "due on": ()}


def a_csv(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(RefusedInput) as refused:
        read_table(path, COLUMNS)
    return refused.value.faults


def test_headings_are_known_in_two_languages_any_order_and_case(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "BEGRU\N{COMBINING DIAERESIS}NDUNG;Due_On; Einheit \nnone;2027-02-28;u1\nnone\n")

    assert read_table(path, COLUMNS) == Table(
        "a.csv",
        ("reason", "due on", "unit"),
        (
            Record(2, {"reason": "none", "due on": "2027-02-28", "unit": "u1"}),
            Record(3, {"reason": "none", "due on": "", "unit": ""}),
        ),
    )


def test_every_fault_of_the_headings_is_said(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "unit,Einheit,colour,\nu1,u1,red,,\nu2,u2,red,x,y\n")

    assert refusal(path) == (
        Fault("a.csv", "row 1", "the heading 'colour'", "a heading of unit, reason, due on"),
        Fault("a.csv", "row 1", "two headings for unit", "one"),
        Fault("a.csv", "row 3, column 4", "'x'", "a heading above it"),
        Fault("a.csv", "row 3, column 5", "'y'", "a heading above it"),
    )


def test_an_empty_file_has_no_headings(tmp_path: Path) -> None:
    assert refusal(a_csv(tmp_path, "\n")) == (Fault("a.csv", "", "nothing", "a row of headings: unit, reason, due on"),)


@pytest.mark.parametrize("word", ["Don't  know", "don\N{RIGHT SINGLE QUOTATION MARK}t know", " DON'T_KNOW "])
def test_words_are_compared_without_case_and_kind_of_apostrophe(word: str) -> None:
    assert plain(word) == "don't know"


def test_sharp_s_is_the_same_as_two() -> None:
    assert plain("weiß nicht") == plain("Weiss nicht")
