"""Who stands above whom ends at somebody, or in a circle; who stands above is there as long."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from documents.organisation import read_organisation
from documents.organisation_tree import loops
from tests.documents.organisations import a_file, refused

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


def test_a_unit_that_begins_before_the_one_above_it_is_refused(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        ("parent: top, lead: cem", "parent: u1, lead: cem"),
        ("lead: ben}", "lead: ben, valid_from: 2027-01-01}"),
    )

    assert [str(fault) for fault in refused(path)] == [
        (
            "organisation.yaml, line 5, units[2].parent: found 'u1', which begins on 2027-01-01; "
            "expected a unit that begins no later than this one, or one that another names among its successors"
        )
    ]


def test_a_unit_may_stand_below_one_that_took_over_from_another(tmp_path: Path) -> None:
    succeeded = "{id: u0, name: Ward 0, parent: top, valid_to: 2026-12-31, successors: [u1]}"
    path = a_file(
        tmp_path,
        ("parent: top, lead: cem", "parent: u1, lead: cem"),
        ("lead: ben}", f"lead: ben, valid_from: 2027-01-01}}\n  - {succeeded}"),
    )

    assert [unit.parent for unit in read_organisation(path).units] == [None, "top", "top", "u1"]
