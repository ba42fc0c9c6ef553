"""Rows become values for the method, apart by unit and kind of assessor."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from documents.answer_groups import UnitAnswers, by_unit
from documents.answers import AnswerRow, Known
from domain.method.change import Because
from domain.method.edition import Edition, Element, Group, Item, Rule, Scale, State
from domain.method.respondents import Answer
from domain.responses import Assessor

ITEMS = (Item("7a", 1, {}, {}), Item("7b", 2, {}, {}))
NO_GAP = Edition("m", "1", {}, "", Rule.NO_GAP, Scale(1, 2, {}), (Group("A", {}),), (Element("7", "A", {}, ITEMS),))
HOLISTIC = Edition("h", "1", {}, "", Rule.HOLISTIC, Scale(1, 5, {}), (Group("A", {}),), (Element("7", "A", {}, ()),))


def a_row(edition: Edition = NO_GAP, **cells: object) -> AnswerRow:
    item = {"item": "7a"} if edition is NO_GAP else {}
    given = {"row": 2, "unit": "u1", "respondent": "r1", "element": "7", "reason": "so"} | item | cells
    return AnswerRow.model_validate(given, context=Known(edition))


ROWS = [
    a_row(unit="u10", answer="yes"),
    a_row(unit="u2", answer="yes", assessor="external"),
    a_row(unit="u2", answer="yes", evidence="a list", because="changed"),
    a_row(unit="u2", item="7b", answer="don't know"),
    a_row(unit="u2", respondent="r2"),
    a_row(unit="u2", respondent="team", round="agreed", answer="no"),
]


def test_rows_are_grouped_by_unit_assessor_round_element_and_respondent() -> None:
    assert by_unit(ROWS) == [
        UnitAnswers(
            "u2",
            Assessor.SELF,
            blind={
                "7": {
                    "r1": Answer(
                        {"7a": State.YES, "7b": State.DONT_KNOW}, because={"7a": Because.CHANGED}, has_evidence=True
                    ),
                    "r2": Answer({}),
                }
            },
            agreed={"7": Answer({"7a": State.NO})},
        ),
        UnitAnswers("u2", Assessor.EXTERNAL, blind={"7": {"r1": Answer({"7a": State.YES})}}, agreed={}),
        UnitAnswers("u10", Assessor.SELF, blind={"7": {"r1": Answer({"7a": State.YES})}}, agreed={}),
    ]


@given(st.permutations(ROWS))
def test_the_order_of_rows_never_matters(rows: list[AnswerRow]) -> None:
    assert by_unit(rows) == by_unit(ROWS)


def test_values_and_states_of_a_whole_element_stand_apart() -> None:
    rows = [a_row(HOLISTIC, value="3"), a_row(HOLISTIC, respondent="r2", answer="n/a")]

    assert by_unit(rows)[0].blind == {"7": {"r1": Answer({}, Fraction(3)), "r2": Answer({"7": State.NOT_APPLICABLE})}}
