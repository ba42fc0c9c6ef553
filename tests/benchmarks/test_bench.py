"""The bench itself: its floors are frozen, and floor and product come to the same."""

from pathlib import Path

import pytest

from benchmarks import frozen, ground
from benchmarks.cases import CASES, Goal
from benchmarks.floors import quarter as floor
from benchmarks.ground import Ground
from benchmarks.outcome import worked
from benchmarks.products import idle
from benchmarks.products import quarter as product
from benchmarks.rounds import Measured


def prepared(folder: Path, of: Ground) -> Path:
    folder.mkdir()
    ground.prepare(folder, of)
    return folder


def test_the_floors_are_as_they_were_frozen() -> None:
    assert frozen.changed() == []


def test_a_quarter_comes_to_the_same_on_the_floor_and_in_the_product(tmp_path: Path) -> None:
    small = Ground(9)
    on_the_floor, in_the_product = prepared(tmp_path / "floor", small), prepared(tmp_path / "product", small)

    floor.quarter(on_the_floor)
    product.quarter(in_the_product)

    found = worked(in_the_product)
    assert found == worked(on_the_floor)
    assert (found["scores"], found["drafts"] > 0, found["not now"] > 0) == (9 * 31, True, True)


def test_an_idle_turn_does_nothing_in_as_many_statements_whatever_the_number_of_units(tmp_path: Path) -> None:
    found = []
    for units in (3, 40):
        folder = prepared(tmp_path / str(units), Ground(units, ground.Stage.OPEN))
        idle.turn(folder)
        found.append(idle.outcome(folder))

    assert found[0] == found[1]
    assert found[0]["done"] == {}


def test_an_outcome_that_differs_is_said() -> None:
    case = CASES["mail"](10)
    right, wrong = Measured(1, 1, {"mails": 2, "recipients (digest)": "a"}), Measured(1, 1, {"mails": 1})

    said = case.differences({case.contenders[0].name: right, case.contenders[1].name: wrong})

    assert said == ["pdca: mails is 1, not 2", "pdca: recipients (digest) is None, not a"]


@pytest.mark.parametrize(
    ("goal", "good", "bad"), [(Goal(1.5, "x"), 1.5, 1.6), (Goal(0.6, "x", is_at_most=False), 0.6, 0.5)]
)
def test_a_goal_is_met_or_missed(goal: Goal, good: float, bad: float) -> None:
    assert (goal.is_met(good), goal.is_met(bad)) == (True, False)
