"""A fault says file, place, what was found and what is expected."""

import pytest

from documents.faults import Fault, RefusedInput, in_row, in_tree, one_of, refuse, shown
from domain.words import speaking


def test_a_fault_is_one_line() -> None:
    fault = Fault("answers.csv", in_row(12, "answer"), shown("maybe"), one_of(["yes", "no", "don't know", "n/a"]))

    assert str(fault) == "answers.csv, row 12, column answer: found 'maybe'; expected yes, no, don't know or n/a"


def test_a_fault_of_the_whole_file_has_no_place() -> None:
    assert str(Fault("answers.csv", "", shown(""), "a row of headings")) == (
        "answers.csv: found nothing; expected a row of headings"
    )


def test_a_refusal_carries_every_fault() -> None:
    faults = (Fault("a.csv", in_row(2), "x", "y"), Fault("a.csv", in_row(3), "x", "y"))

    with pytest.raises(RefusedInput, match="row 3") as refused:
        refuse(faults)

    assert refused.value.faults == faults
    assert str(refused.value) == "a.csv, row 2: found x; expected y\na.csv, row 3: found x; expected y"


def test_without_a_fault_nothing_is_refused() -> None:
    refuse([])


def test_a_place_in_a_tree_reads_as_in_code() -> None:
    assert in_tree(["elements", 3, "items", "2", 0, "text"]) == "elements[3].items[2][0].text"
    assert in_tree(["maps", 0, "elements", "7.2"]) == 'maps[0].elements["7.2"]'
    assert in_tree([]) == ""


def test_what_was_found_stays_on_one_line_and_short() -> None:
    assert shown("a\nb" + "c" * 100) == "'a b" + "c" * 57 + "…'"


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ([], "nothing"),
        (["self"], "self"),
        (["blind", "agreed"], "blind or agreed"),
        ([f"{number}.1" for number in range(20)], "one of 20 known, such as 17.1, 7.1, 1.1"),
    ],
)
def test_a_choice_is_listed_while_it_is_short(known: list[str], text: str) -> None:
    assert one_of(known, "17.1x") == text


def test_a_language_without_translations_speaks_english() -> None:
    with speaking("xx"):
        assert in_row(3) == "row 3"
