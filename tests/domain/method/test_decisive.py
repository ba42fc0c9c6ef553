"""Contested items come first where a level hangs on them."""

import pytest

from domain.method.decisive import decisive
from domain.method.respondents import Answer, combine
from tests.domain.method.builders import an_answer, an_edition, an_element

ELEMENT = an_element("2")


@pytest.mark.parametrize(
    ("said", "first", "later"),
    [
        # Level 1 stands if most are right, and falls if the one who differs is; what lies two levels up waits.
        (("yy nn nn", "yn nn ny", "yy nn nn"), ("2.1b",), ("2.3b",)),
        # A no that nobody contests bars level 2, so its other item raises nothing.
        (("yy yn nn", "yy nn nn", "yy nn nn"), (), ("2.2a",)),
        # A tie is a no: level 2 is reached as soon as both become yes, and only then level 3 counts.
        (("yy yy yy", "yy yn yn", "yy yy yn", "yy yn yy"), ("2.2b",), ("2.3b",)),
        # A level that does not apply is passed over.
        (("yy -- yn nn", "yy -- yy nn", "yy -- yn nn"), ("2.3b",), ()),
        # Where nobody knows one item, a no to the other would prove the level.
        (("yy y? nn", "yy n? nn", "yy y? nn"), ("2.2a",), ()),
        (("yy nn", "yy nn"), (), ()),
    ],
)
def test_the_items_within_reach_of_the_level_come_first(
    said: tuple[str, ...], first: tuple[str, ...], later: tuple[str, ...]
) -> None:
    score = combine(an_edition(ELEMENT), ELEMENT, answers(*said))

    found = decisive(ELEMENT.outline, score)

    assert (found, tuple(item for item in score.contested if item not in found)) == (first, later)


def test_an_unsettled_result_waits_for_all_that_is_open() -> None:
    score = combine(an_edition(ELEMENT), ELEMENT, answers("yyyn yy", "yyny yy", "ynyy yy"))

    assert decisive(ELEMENT.outline, score) == score.contested == ("2.1b", "2.2a", "2.2b")


def answers(*said: str) -> dict[str, Answer]:
    return {str(number): an_answer(ELEMENT, text.replace(" ", "")) for number, text in enumerate(said)}
