"""Who owns an action and who verifies it."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.method.owners import (
    MissingOwner,
    MissingVerifier,
    chain,
    decider,
    missing_owners,
    missing_verifiers,
    owner,
    verifier,
)
from domain.method.planning_inputs import PersonPlace, PlanningInputs, Responsibility
from tests.domain.method.builders import a_unit, an_edition, some_inputs, the_top
from tests.domain.method.worlds import ELEMENTS, MODEL, planning_inputs

DUE = date(2027, 3, 1)
AWAY = ((date(2027, 2, 20), date(2027, 3, 1)),)
LOCKS = an_edition().by_id["9.2"]

RESPONSIBLE = (
    Responsibility("a", "for_group", group="B"),
    Responsibility("a", "for_element", element="9.2"),
    Responsibility("a", "for_another", element="2"),
)


def a_site(*people: PersonPlace, **more: Any) -> PlanningInputs:
    """Build unit a with its lead, below a site without one, below the top with the head."""
    units = (the_top(), a_unit("site"), a_unit("a", "site", lead="lead"))
    return some_inputs(*units, **{"people": people, "responsibilities": RESPONSIBLE} | more)


def test_the_nearest_responsibility_comes_first() -> None:
    assert chain(a_site(), "a", LOCKS) == ("for_element", "for_group", "lead", "head")
    assert chain(a_site(responsibilities=()), "a", LOCKS) == ("lead", "head")
    assert chain(a_site(), "site", LOCKS) == ("head",)


def test_who_is_away_on_the_due_date_is_stood_in_for_by_the_deputy() -> None:
    inputs = a_site(PersonPlace("for_element", "deputy", AWAY))

    assert owner(inputs, "a", LOCKS, DUE) == "deputy"
    assert owner(inputs, "a", LOCKS, date(2027, 3, 2)) == "for_element"


def test_if_the_deputy_is_away_too_the_next_in_line_owns() -> None:
    inputs = a_site(PersonPlace("for_element", "deputy", AWAY), PersonPlace("deputy", None, AWAY))

    assert owner(inputs, "a", LOCKS, DUE) == "for_group"


def test_two_who_stand_in_for_each_other_do_not_go_round_in_circles() -> None:
    inputs = a_site(PersonPlace("for_element", "for_group", AWAY), PersonPlace("for_group", "for_element", AWAY))

    assert owner(inputs, "a", LOCKS, DUE) == "lead"


def test_nobody_owns_if_nobody_is_there() -> None:
    inputs = a_site(*(PersonPlace(each, None, AWAY) for each in ("for_element", "for_group", "lead", "head")))

    assert owner(inputs, "a", LOCKS, DUE) is None


def test_the_unit_lead_verifies_or_the_lead_above_if_that_is_the_owner() -> None:
    assert verifier(a_site(), "a", "for_element", DUE) == "lead"
    assert verifier(a_site(), "a", "lead", DUE) == "head"
    assert verifier(a_site(), "site", "head", DUE) is None


LINE = ("lead", "head")
PRESENT = {"lead": PersonPlace("lead", "deputy"), "head": PersonPlace("head", "other")}
LEAD_AWAY = PRESENT | {"lead": PersonPlace("lead", "deputy", AWAY)}
BOTH_AWAY = LEAD_AWAY | {"deputy": PersonPlace("deputy", None, AWAY)}


def test_the_nearest_lead_decides_while_there() -> None:
    assert decider(LINE, PRESENT, "ben", DUE) == "lead"
    assert decider(LINE, LEAD_AWAY, "ben", date(2027, 3, 2)) == "lead"


def test_the_deputy_decides_for_a_lead_who_is_away() -> None:
    assert decider(LINE, LEAD_AWAY, "ben", DUE) == "deputy"


def test_the_lead_above_decides_where_the_deputy_owns_the_action_or_is_away_or_missing() -> None:
    assert decider(LINE, LEAD_AWAY, "deputy", DUE) == "head"
    assert decider(LINE, BOTH_AWAY, "ben", DUE) == "head"


def test_a_deputy_never_decides_about_the_action_of_the_lead_they_stand_in_for() -> None:
    assert decider(LINE, PRESENT, "lead", DUE) == "head"
    assert decider(LINE, LEAD_AWAY, "lead", DUE) == "head"
    assert decider(LINE, {}, "lead", DUE) == "head"
    assert decider(("head",), PRESENT, "head", DUE) is None
    assert decider(("head",), {}, "head", DUE) is None


def test_nobody_decides_where_no_lead_is_in_line() -> None:
    assert decider((), {}, "ben", DUE) is None


def test_a_unit_without_anybody_in_line_is_named_with_its_elements() -> None:
    inputs = some_inputs(
        the_top(lead=None),
        a_unit("a", lead="lead"),
        a_unit("b", asked=("10.1", "2"), lead=None),
        a_unit("c", asked=("2",), lead="other"),
        responsibilities=(Responsibility("b", "ben", element="10.1"), Responsibility("top", "tom", group="B")),
    )

    assert missing_owners(an_edition(), inputs) == (MissingOwner("top", ("2",)), MissingOwner("b", ("2",)))


def test_a_lead_at_the_top_is_enough_for_all() -> None:
    assert missing_owners(an_edition(), some_inputs(the_top(), a_unit("a"), a_unit("b"), a_unit("c"))) == ()


def test_an_owner_who_is_the_only_lead_leaves_nobody_to_verify() -> None:
    inputs = some_inputs(
        the_top(asked=("2", "9.2")),
        a_unit("a", lead="lead"),
        a_unit("b", lead="head"),
        a_unit("c", asked=("2",)),
        responsibilities=(Responsibility("top", "tom", group="B"), Responsibility("c", "cem", element="2")),
    )

    assert missing_verifiers(an_edition(), inputs) == (
        MissingVerifier("top", ("2",)),
        MissingVerifier("b", ("2", "9.2", "10.1")),
    )


def test_where_nobody_owns_the_verifier_is_not_missed_too() -> None:
    inputs = some_inputs(the_top(lead=None), a_unit("a", asked=("2",)), a_unit("b", asked=("2",), lead="lead"))

    assert missing_owners(an_edition(), inputs) == (MissingOwner("a", ("2",)),)
    assert missing_verifiers(an_edition(), inputs) == (MissingVerifier("b", ("2",)),)


@given(planning_inputs(), st.sampled_from(ELEMENTS), st.data())
def test_owner_and_verifier_are_there_and_never_the_same(
    inputs: PlanningInputs, element: str, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(list(inputs.place)))

    owned_by = owner(inputs, unit, MODEL.by_id[element], inputs.planned_on)
    verified_by = verifier(inputs, unit, owned_by, inputs.planned_on)

    for person in {owned_by, verified_by} - {None, "erna"}:
        away = inputs.person[str(person)].absences
        assert not any(start <= inputs.planned_on <= end for start, end in away)
    assert verified_by is None or verified_by != owned_by
