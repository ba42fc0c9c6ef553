"""An answers file is read whole, or refused with every fault."""

from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from documents.answers import AnswerRow, Known, read_answers
from documents.faults import Fault, RefusedInput
from domain.method.change import Because
from domain.method.edition import Edition, Element, Group, Item, Rule, Scale, State
from domain.responses import Assessor, Round

ITEMS = tuple(Item(f"7.{level}{letter}", level, {}, {}) for level in (1, 2) for letter in "ab")
ELEMENTS = (Element("7", "A", {}, ITEMS), Element("8", "A", {}, (Item("8.1a", 1, {}, {}),)))
NO_GAP = Edition("m", "1", {}, "", Rule.NO_GAP, Scale(1, 2, {}), (Group("A", {}),), ELEMENTS)
HOLISTIC = Edition("h", "1", {}, "", Rule.HOLISTIC, Scale(1, 5, {}), (Group("A", {}),), (Element("8", "A", {}, ()),))
LONG = "unit,respondent,element,item,answer,reason,round\n"


def a_csv(folder: Path, text: str) -> Path:
    path = folder / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def a_row(edition: Edition = NO_GAP, **cells: object) -> AnswerRow:
    given = {"row": 2, "unit": "u1", "respondent": "r1", "element": "7", "item": "7.1a"} | cells
    return AnswerRow.model_validate(given, context=Known(edition))


def refusal(path: Path, edition: Edition = NO_GAP, **known: list[str]) -> tuple[Fault, ...]:
    with pytest.raises(RefusedInput) as refused:
        read_answers(path, edition, **known)
    return refused.value.faults


def test_a_long_row_is_read_with_all_its_columns(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        "unit;respondent;element;item;answer;reason;comment;evidence;because;round;assessor\n"
        "u1;r1;7;7.1a;n/a;no such process;why;a list;changed;agreed;external\n",
    )

    (row,) = read_answers(path, NO_GAP)

    assert row.model_dump() == {
        "row": 2,
        "unit": "u1",
        "round": Round.AGREED,
        "assessor": Assessor.EXTERNAL,
        "respondent": "r1",
        "element": "7",
        "value": None,
        "item": "7.1a",
        "answer": State.NOT_APPLICABLE,
        "reason": "no such process",
        "comment": "why",
        "evidence": "a list",
        "because": Because.CHANGED,
    }


def test_german_headings_and_words_are_understood(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        "Antwort;Aussage;Element;Befragte;Einheit;weil;Runde;Bewerter;Begründung\n"
        "weiß nicht;7.1a;7;r1;u1;anders gesehen;vereinbart;intern;keiner weiß es\n",
    )

    assert read_answers(path, NO_GAP) == [
        a_row(
            answer="don't know",
            because="seen differently",
            round="agreed",
            assessor="internal",
            reason="keiner weiß es",
        )
    ]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *[(word, State.YES) for word in ("yes", "x", "X", "1", "met", "Ja", "YES")],
        *[(word, State.NO) for word in ("no", "0", "not met", "nein")],
        *[
            (word, State.DONT_KNOW)
            for word in ("don't know", "don\N{RIGHT SINGLE QUOTATION MARK}t know", "weiß nicht", "weiss nicht")
        ],
        *[(word, State.NOT_APPLICABLE) for word in ("n/a", "N/A", "entfällt")],
        ("", None),
    ],
)
def test_every_word_for_a_state_is_understood(tmp_path: Path, word: str, state: State | None) -> None:
    path = a_csv(tmp_path, f"{LONG}u1,r1,7,7.1a,{word},because it is so,\n")

    assert [row.answer for row in read_answers(path, NO_GAP)] == [state]


def test_columns_after_answer_may_be_missing(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "unit,respondent,element,item,answer\nu1,r1,7,7.1a,yes\n")

    assert read_answers(path, NO_GAP) == [a_row(answer="yes")]


def test_a_workbook_with_the_same_headings_gives_the_same_rows(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Unit", "Respondent", "Element", "Item", "Answer"])
        sheet.write_row(1, 0, ["u1", "r1", 7, "7.1a", 1])

    assert read_answers(path, NO_GAP) == [a_row(answer="yes")]


def test_every_fault_is_said_with_its_row_and_column(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        LONG + "u1,r1,7,7.1a,maybe,,\n"
        "u1,r1,7,7.1a,yes,,\n"
        "u1,r1,9,7.1a,yes,,\n"
        "u1,r1,8,7.1a,teilweise,,\n"
        "u1,,7,,n/a,,\n"
        "u1,team,7,7.1b,yes,,agreed\n"
        "u1,anna,7,7.2a,yes,shown,agreed\n"
        "u1,team,7,7.2a,no,shown,agreed\n"
        "u1,r1,7,7.2b,yes,,secret\n",
    )

    assert refusal(path) == (
        Fault("answers.csv", "row 2, column answer", "'maybe'", "yes, no, don't know or n/a"),
        Fault(
            "answers.csv",
            "row 3",
            "the same as row 2",
            "one row per unit, respondent, element, item, round and assessor",
        ),
        Fault("answers.csv", "row 4, column element", "'9'", "7 or 8"),
        Fault("answers.csv", "row 5, column item", "'7.1a'", "an item of element 8: 8.1a"),
        Fault("answers.csv", "row 5, column answer", "'teilweise'", "yes, no, don't know or n/a"),
        Fault("answers.csv", "row 6, column respondent", "nothing", "a value"),
        Fault("answers.csv", "row 6, column item", "nothing", "an item of element 7: 7.1a, 7.1b, 7.2a or 7.2b"),
        Fault("answers.csv", "row 6, column reason", "nothing", "a reason for n/a"),
        Fault("answers.csv", "row 7, column reason", "nothing", "a reason for what was agreed"),
        Fault(
            "answers.csv",
            "row 9",
            "the same as row 8",
            "one row per unit, respondent, element, item, round and assessor",
        ),
        Fault("answers.csv", "row 10, column round", "'secret'", "blind or agreed"),
    )


def test_unknown_units_and_people_are_faults_where_they_are_known(tmp_path: Path) -> None:
    path = a_csv(tmp_path, LONG + "u1,r1,7,7.1a,yes,,\nu9,r9,7,7.1a,yes,,\nu1,Team,7,7.1a,yes,shown,agreed\n")

    assert len(read_answers(path, NO_GAP)) == 3
    assert refusal(path, units=["u1", "u2"], people=["r1", "r2"]) == (
        Fault("answers.csv", "row 3, column unit", "'u9'", "u1 or u2"),
        Fault("answers.csv", "row 3, column respondent", "'r9'", "r1 or r2"),
    )


def test_faults_of_headings_and_of_rows_are_said_together(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "unit,respondent,element,item,answer,colour\nu1,r1,7,7.1a,maybe,red\n")

    assert [str(fault).split(":")[0] for fault in refusal(path)] == [
        "answers.csv, row 1",
        "answers.csv, row 2, column answer",
    ]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    assert refusal(a_csv(tmp_path, "unit,element\nu1,7\n")) == (
        Fault(
            "answers.csv",
            "",
            "no column respondent, item, answer",
            "at least one answer in unit, respondent, element, item, answer",
        ),
    )


def test_headings_alone_are_no_answers(tmp_path: Path) -> None:
    assert refusal(a_csv(tmp_path, "unit,respondent,element,item,answer\n")) == (
        Fault(
            "answers.csv",
            "",
            "no row under the headings",
            "at least one answer in unit, respondent, element, item, answer",
        ),
    )


def test_a_level_for_an_element_whose_items_give_it_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "unit,respondent,element,value\nu1,r1,7,3\n")

    assert refusal(path) == (
        Fault("answers.csv", "row 2, column value", "'3'", "answers to its items, from which the level follows"),
    )


def test_a_short_row_gives_a_level_where_the_rule_has_no_items(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        "unit,respondent,element,value,reason\nu1,r1,8,3,\nu1,r2,8,n/a,none here\nu1,r3,8,weiß nicht,\nu1,r4,8,,\n",
    )

    assert [(row.value, row.answer) for row in read_answers(path, HOLISTIC)] == [
        (Fraction(3), None),
        (None, State.NOT_APPLICABLE),
        (None, State.DONT_KNOW),
        (None, None),
    ]


def test_faults_of_a_short_row(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "unit,respondent,element,value,item\nu1,r1,8,6,\nu1,r2,8,n/a,\nu1,r3,8,2,8a\nu1,r4,8,2.5,\n")

    assert refusal(path, HOLISTIC) == (
        Fault("answers.csv", "row 2, column value", "'6'", "a level from 1 to 5, don't know or n/a"),
        Fault("answers.csv", "row 3, column reason", "nothing", "a reason for n/a"),
        Fault("answers.csv", "row 4, column item", "'8a'", "nothing, since element 8 has no items"),
        Fault("answers.csv", "row 5, column value", "'2.5'", "a level from 1 to 5, don't know or n/a"),
    )


def test_answers_by_a_rule_that_is_not_built_are_refused(tmp_path: Path) -> None:
    samm = Edition("s", "1", {}, "", Rule.SAMM, Scale(0, 3, {}), (Group("A", {}),), ELEMENTS)

    assert refusal(a_csv(tmp_path, LONG), samm) == (
        Fault("answers.csv", "", "answers by the rule 'samm'", "no-gap or holistic"),
    )
