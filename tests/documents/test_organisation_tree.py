"""Who stands above whom ends at somebody, or in a circle."""

from hypothesis import given
from hypothesis import strategies as st

from documents.organisation_tree import loops

IDS = "abcdefg"


def test_each_member_of_a_circle_sees_it_from_their_place_and_nobody_else_does() -> None:
    assert loops({"a": "b", "b": "c", "c": "b", "d": "d", "e": None}) == {
        "b": "b → c → b",
        "c": "c → b → c",
        "d": "d → d",
    }


def test_a_long_circle_is_cut() -> None:
    above = {str(number): str((number + 1) % 20) for number in range(20)}

    assert loops(above)["3"] == "3 → 4 → 5 → 6 → 7 → 8 → 9 → 10 → … → 3"


@given(st.dictionaries(st.sampled_from(IDS), st.none() | st.sampled_from(IDS)))
def test_in_a_circle_are_those_who_come_back_to_themselves(above: dict[str, str | None]) -> None:
    def comes_back(start: str) -> bool:
        upper = above.get(start)
        for _step in IDS:
            if upper is None or upper == start:
                break
            upper = above.get(upper)
        return upper == start

    assert set(loops(above)) == {each for each in above if comes_back(each)}
