"""From a cycle's gaps to few drafts; all else is continued or put off with a reason."""

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.method.findings import Finding, FindingKind
from domain.method.planning import Continuation, Draft, NotNow, Plan, plan
from domain.method.planning_inputs import Corroboration, EarlierAction, LivingAction, PlanningInputs, PlanningNumbers
from tests.domain.method.builders import a_gap, a_unit, an_edition, some_inputs, the_top
from tests.domain.method.worlds import MODEL, World, worlds

UNIT = a_unit("u1", lead="lead")
ALONE = some_inputs(the_top(), UNIT)
MANY = tuple(a_unit(f"u{number}", "site", lead="lead") for number in range(1, 11))
SITE = (the_top(), a_unit("site", asked=(), lead="director"), *MANY)


def planned(inputs: PlanningInputs, *gaps: list[Finding], at_target: set[tuple[str, str]] | None = None) -> Plan:
    return plan(an_edition(), inputs, [each for gap in gaps for each in gap], at_target or set())


def drafted(inputs: PlanningInputs, *gaps: list[Finding]) -> list[tuple[str, str]]:
    return [(each.unit, each.element) for each in planned(inputs, *gaps).drafts]


def put_off(found: Plan) -> list[tuple[str, str, str, str]]:
    return [(each.unit, each.element, each.why.value, each.counted_at) for each in found.deferred]


def test_a_gap_becomes_a_draft_one_level_up_with_owner_and_days() -> None:
    inputs = some_inputs(the_top(), UNIT, corroborations=(Corroboration("u1", "2", "complaint", "C-7"),))

    assert planned(inputs, a_gap("u1", "2")) == Plan(
        drafts=(
            Draft(
                unit="u1",
                element="2",
                covers=("u1",),
                try_first=(),
                owner="lead",
                verifier="head",
                due_on=date(2027, 2, 1),
                check_on=date(2027, 3, 29),
                aims_at=Fraction(2),
                has_one_level=True,
                blocking=("2.2a", "2.2b"),
                facts={
                    "by_unit": {
                        "u1": {
                            "level": "1",
                            "last": None,
                            "target": "3",
                            "gap": "2",
                            "weight": "1",
                            "aims_at": "2",
                            "items": ["2.2a", "2.2b"],
                            "said_no": {"2.2a": [2, 3], "2.2b": [2, 3]},
                        }
                    },
                    "corroborations": [["u1", "complaint", "C-7"]],
                },
            ),
        ),
        continuations=(),
        deferred=(),
        no_longer_needed=(),
    )


def test_without_gaps_there_is_nothing_to_do() -> None:
    assert planned(ALONE) == Plan((), (), (), ())


def test_importance_goes_before_corroboration_before_size_before_fewer_items_before_model_order() -> None:
    gaps = [
        a_gap("u1", "10.1", level=2),
        a_gap("u1", "9.2", level=2),
        a_gap("u1", "2", level=2),
    ]
    one = PlanningNumbers(drafts_per_unit=1)
    complaint = (Corroboration("u1", "10.1", "complaint", "C-7"),)

    assert drafted(some_inputs(the_top(), UNIT, numbers=one), *gaps) == [("u1", "2")]
    assert drafted(some_inputs(the_top(), UNIT, numbers=one), *gaps[1:], a_gap("u1", "10.1", level=2, items=1)) == [
        ("u1", "10.1")
    ]
    assert drafted(some_inputs(the_top(), UNIT, numbers=one), *gaps[1:], a_gap("u1", "10.1", level=1)) == [
        ("u1", "10.1")
    ]
    assert drafted(
        some_inputs(the_top(), UNIT, numbers=one, corroborations=complaint), a_gap("u1", "2", weight=9), *gaps[:2]
    ) == [("u1", "10.1")]
    assert drafted(
        some_inputs(the_top(), UNIT, numbers=one, corroborations=complaint, importance={"9.2": 1}), *gaps
    ) == [("u1", "9.2")]


def test_beyond_the_limit_less_each_action_that_lives_a_gap_waits() -> None:
    living = (
        LivingAction(1, "u1", ("u1",), None, source="audit finding"),
        *(LivingAction(2, "u1", ("u1",), each, source="customer feedback") for each in ("9.2", None)),
        LivingAction(3, "u1", ("u1",), None, is_done=True),
    )
    inputs = some_inputs(the_top(), UNIT, living=living)

    found = planned(inputs, a_gap("u1", "2"), a_gap("u1", "10.1"))

    assert ([each.element for each in found.drafts], put_off(found)) == (["2"], [("u1", "10.1", "limit reached", "u1")])


def test_no_capacity_weight_zero_and_what_is_not_visible_are_named() -> None:
    invisible = Finding(FindingKind.NOT_VISIBLE_HERE, "u1", "9.2", {})
    inputs = some_inputs(the_top(), UNIT, a_unit("u2", has_capacity=False))

    found = planned(inputs, a_gap("u1", "2", weight=0), a_gap("u1", "9.2"), [invisible], a_gap("u2", "10.1"))

    assert found.drafts == ()
    assert put_off(found) == [
        ("u1", "2", "weight 0", "u1"),
        ("u1", "9.2", "not visible here", "u1"),
        ("u2", "10.1", "no capacity", "u2"),
    ]


def test_a_gap_shared_by_many_is_one_draft_at_their_common_unit_with_two_to_try_it() -> None:
    inputs = some_inputs(*SITE, numbers=PlanningNumbers(drafts_per_unit=1))
    gaps = [
        a_gap("u10", "2", level=0),
        a_gap("u2", "2", level=1),
        a_gap("u3", "2", level=2),
        a_gap("u4", "2", level=1, items=1),
        a_gap("u2", "10.1"),
    ]

    shared, own = planned(inputs, *gaps).drafts

    assert (shared.unit, shared.element, shared.covers, shared.try_first) == (
        "site",
        "2",
        ("u2", "u3", "u4", "u10"),
        ("u10", "u4"),
    )
    assert (shared.owner, shared.verifier) == ("director", "head")
    assert (shared.aims_at, shared.blocking) == (Fraction(1), ("2.1a", "2.1b", "2.2a", "2.2b", "2.3a", "2.3b"))
    assert (shared.has_one_level, shared.due_on) == (False, date(2027, 5, 10))
    assert (own.unit, own.element, own.covers) == ("u2", "10.1", ("u2",))


def test_what_was_done_before_stands_with_what_of_it_is_not_so_again() -> None:
    earlier = (
        EarlierAction(54, "u1", "2", ("2.1a", "2.2b"), "effective", date(2026, 4, 30)),
        EarlierAction(55, "u1", "9.2", ("9.2.2a",), "effective", date(2026, 4, 30)),
    )

    found = planned(some_inputs(the_top(), UNIT, earlier=earlier), a_gap("u1", "2"), a_gap("u1", "10.1"))

    assert [each.facts.get("earlier") for each in found.drafts] == [
        [["u1", 54, "effective", "2026-04-30", ["2.2b"]]],
        None,
    ]


def test_a_shared_gap_for_which_the_common_unit_has_no_room_is_left_to_each_unit_within_its_own_limit() -> None:
    busy = tuple(LivingAction(number, unit, (), None) for number, unit in enumerate(("site", "site", "site", "u4"), 1))
    inputs = some_inputs(*SITE, living=busy, numbers=PlanningNumbers(drafts_per_unit=1))

    found = planned(inputs, *(a_gap(f"u{number}", "2") for number in (1, 2, 3, 4)), a_gap("u3", "9.2", weight=9))

    assert [(each.unit, each.element, each.covers) for each in found.drafts] == [
        ("u1", "2", ("u1",)),
        ("u2", "2", ("u2",)),
        ("u3", "9.2", ("u3",)),
    ]
    assert put_off(found) == [("u3", "2", "limit reached", "u3"), ("u4", "2", "limit reached", "u4")]


def test_a_common_unit_without_capacity_holds_nobody_back() -> None:
    full = a_unit("site", asked=(), lead="director", has_capacity=False)

    found = planned(some_inputs(the_top(), full, *MANY), *(a_gap(f"u{number}", "2") for number in (1, 2, 3, 4)))

    assert [each.covers for each in found.drafts] == [("u1",), ("u2",), ("u3",), ("u4",)]


def test_of_several_shared_gaps_the_first_ones_take_the_room_of_the_common_unit() -> None:
    inputs = some_inputs(*SITE, numbers=PlanningNumbers(drafts_per_unit=1))
    shared = [a_gap(f"u{number}", element) for number in (1, 2, 3, 4) for element in ("10.1", "2")]

    found = planned(inputs, *shared)

    assert [(each.unit, each.element) for each in found.drafts] == [
        ("site", "2"),
        *((f"u{number}", "10.1") for number in (1, 2, 3, 4)),
    ]


def test_units_with_a_living_action_are_left_out_of_a_shared_gap_and_continue() -> None:
    inputs = some_inputs(*SITE, living=(LivingAction(17, "u1", ("u1",), "2", carried=1),))

    found = planned(inputs, *(a_gap(f"u{number}", "2") for number in (1, 2, 3, 4)))

    assert [each.covers for each in found.drafts] == [("u2", "u3", "u4")]
    assert [(each.action, each.units) for each in found.continuations] == [(17, ("u1",))]


def test_a_gap_found_again_continues_its_action_once_for_all_its_units() -> None:
    inputs = some_inputs(*SITE, living=(LivingAction(17, "site", ("u1", "u2", "u3"), "2", carried=1),))

    found = planned(inputs, a_gap("u3", "2"), a_gap("u1", "2", level=2))

    assert found.continuations == (
        Continuation(
            action=17,
            element="2",
            units=("u1", "u3"),
            carried=2,
            asks_review=False,
            facts={
                "by_unit": {
                    "u1": {**a_gap("u1", "2", level=2)[0].facts, **a_gap("u1", "2", level=2)[1].facts},
                    "u3": {**a_gap("u3", "2")[0].facts, **a_gap("u3", "2")[1].facts},
                }
            },
        ),
    )


def test_an_action_carried_three_times_asks_the_review() -> None:
    inputs = some_inputs(the_top(), UNIT, living=(LivingAction(17, "u1", ("u1",), "2", is_done=True, carried=2),))

    assert [(each.carried, each.asks_review) for each in planned(inputs, a_gap("u1", "2")).continuations] == [(3, True)]


def test_an_action_whose_units_are_all_at_target_may_be_no_longer_needed() -> None:
    living = (
        LivingAction(4, "site", ("u1", "u2"), "2"),
        LivingAction(5, "site", ("u1", "u2"), "9.2"),
        LivingAction(6, "u3", ("u3",), "2", is_done=True),
        LivingAction(7, "u4", ("u4",), "2", source="audit finding"),
    )
    reached = {("u1", "2"), ("u2", "2"), ("u1", "9.2"), ("u3", "2"), ("u4", "2")}

    found = planned(some_inputs(*SITE, living=living), at_target=reached)

    assert found.no_longer_needed == (4,)


@given(worlds())
def test_every_gap_is_drafted_continued_or_put_off_exactly_once(world: World) -> None:
    found = plan(MODEL, world.inputs, world.findings)

    gaps = [(each.unit, each.element) for each in world.findings if each.kind is FindingKind.GAP]
    fates = [
        *((unit, each.element) for each in found.drafts for unit in each.covers),
        *((unit, each.element) for each in found.continuations for unit in each.units),
        *((each.unit, each.element) for each in found.deferred),
    ]
    assert Counter(fates) == Counter(gaps)


@given(worlds(), st.integers())
def test_the_order_of_everything_but_the_units_does_not_matter(world: World, seed: int) -> None:
    shuffled = world.shuffled(Random(seed))

    assert plan(MODEL, shuffled.inputs, shuffled.findings) == plan(MODEL, world.inputs, world.findings)


@given(worlds())
def test_no_unit_gets_more_than_its_limit_and_none_without_capacity(world: World) -> None:
    found = plan(MODEL, world.inputs, world.findings)

    living = Counter(each.unit for each in world.inputs.living if not each.is_done)
    for unit, drafts in Counter(each.unit for each in found.drafts).items():
        assert world.inputs.place[unit].has_capacity
        assert drafts + living[unit] <= world.inputs.numbers.drafts_per_unit


@given(worlds())
def test_no_draft_stands_where_an_action_of_the_self_assessment_lives(world: World) -> None:
    found = plan(MODEL, world.inputs, world.findings)

    living = {(unit, each.element) for each in world.inputs.living if each.is_self_assessment for unit in each.covers}
    assert not living & {(unit, each.element) for each in found.drafts for unit in each.covers}


@given(worlds())
def test_what_waits_for_a_limit_waits_for_that_of_its_own_unit(world: World) -> None:
    found = plan(MODEL, world.inputs, world.findings)

    taken = Counter(each.unit for each in world.inputs.living if not each.is_done)
    taken.update(each.unit for each in found.drafts)
    for each in found.deferred:
        if each.why is NotNow.LIMIT_REACHED:
            assert each.counted_at == each.unit
            assert taken[each.unit] >= world.inputs.numbers.drafts_per_unit
