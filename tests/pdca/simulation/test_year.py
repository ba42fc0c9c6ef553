"""Years of simulated organisations: repeatable, honest, and never in a state that must not be."""

import gc
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pdca.simulation.habits import Habits
from pdca.simulation.year import last_quarters
from tests.conftest import Database
from tests.pdca.simulation.plays import Played, a_play, played, wrong

EAGER = Habits(does_it_well=100, does_it_halfway=0, is_late=0, forgets=0, moves_the_date=0, lapses=0, grows=0)
IDLE = Habits(does_it_well=0, does_it_halfway=0, lapses=0, grows=0)


def objects() -> int:
    """Return how many objects Python holds."""
    gc.collect()
    return len(gc.get_objects())


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Four units over two quarters, as people usually are."""
    return played(tmp_path_factory.mktemp("usual"))


def test_the_last_quarters_are_those_that_are_over() -> None:
    assert [each.id for each in last_quarters(3, date(2026, 2, 14))] == ["2025-Q2", "2025-Q3", "2025-Q4"]


def test_the_same_seed_plays_the_same(usual: Played, tmp_path: Path) -> None:
    assert played(tmp_path) == usual


def test_another_seed_plays_otherwise(usual: Played, tmp_path: Path) -> None:
    other = played(tmp_path, seed=2)

    assert [each.period for each in other.quarters] == [each.period for each in usual.quarters]
    assert other.quarters != usual.quarters
    assert other.outcome.drafts != usual.outcome.drafts


def test_after_every_quarter_nothing_is_as_it_must_not_be(database: Database, tmp_path: Path, usual: Played) -> None:
    play = a_play(database.engine, tmp_path, units=4, quarters=2, seed=1)

    found = [(quarter, wrong(database.engine)) for quarter in play.run()]

    assert found == [(quarter, []) for quarter in usual.quarters]


def test_people_answer_act_and_verify(usual: Played) -> None:
    first, second = usual.quarters

    assert (first.opened, first.scored) == (second.opened, second.scored) == (4, 4)
    assert 0 < first.answered[0] < first.answered[1]
    assert 0 < first.agreed <= first.contested
    assert 0 < first.released <= first.drafts
    assert first.verified["effective"] == 0
    assert second.verified["effective"] > 0
    assert len(usual.outcome.drafts) == 10


def test_what_really_got_better_is_measured_as_changed(tmp_path: Path) -> None:
    outcome = played(tmp_path, habits=EAGER).outcome

    assert outcome.planted["drift"] == 0
    assert outcome.judged_again > 0
    assert outcome.measured["changed"] == pytest.approx(outcome.judged_again, abs=2)


def test_where_nothing_got_better_nothing_is_measured_as_changed(tmp_path: Path) -> None:
    outcome = played(tmp_path, habits=IDLE).outcome

    assert outcome.planted == {"actions": 0, "drift": 0}
    assert outcome.judged_again == 0
    assert outcome.measured["changed"] == pytest.approx(0, abs=1)


def test_one_unit_alone_turns_its_wheel_too(tmp_path: Path) -> None:
    (quarter,) = played(tmp_path, units=1, quarters=1).quarters

    assert (quarter.opened, quarter.scored) == (1, 1)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_twelve_units_over_two_years_hold_and_are_measured(sqlite_database: Database, tmp_path: Path) -> None:
    play = a_play(sqlite_database.engine, tmp_path, units=12, quarters=8, seed=1)

    found = [(quarter.period, wrong(sqlite_database.engine)) for quarter in play.run()]

    assert [each for _period, each in found] == [[]] * 8
    outcome = play.outcome
    assert outcome.planted["actions"] > 0
    assert outcome.judged_again > 0
    assert outcome.measured["changed"] == pytest.approx(outcome.judged_again, rel=0.25)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_without_any_improvement_two_years_measure_next_to_none(seed: int, tmp_path: Path) -> None:
    outcome = played(tmp_path, units=12, quarters=8, seed=seed, habits=replace(IDLE, hopes_too_much=0)).outcome

    assert outcome.measured["changed"] == pytest.approx(0, abs=2)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_memory_does_not_grow_with_the_quarters(sqlite_database: Database, tmp_path: Path) -> None:
    play = a_play(sqlite_database.engine, tmp_path, units=4, quarters=8, seed=1)

    held = [objects() for _quarter in play.run()]

    assert held[-1] < 1.02 * held[3]
