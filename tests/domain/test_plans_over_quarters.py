"""Over quarters, units and programmes: no gap is lost and none is acted on twice."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, continuations, findings, recomputation
from domain.actions import LIVING, Action, ActionUnit
from domain.cycles import Cycle, CycleStatus
from domain.method.findings import FindingKind
from domain.programmes import Programme, ProgrammeUnit, Respondent
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import answer, plan, turn
from tests.domain.quarters import FIVE, drafted, ids, put_off, quarter, the_cycle


@pytest.mark.parametrize("seed", range(3))
def test_every_gap_is_drafted_continued_or_put_off_exactly_once(database: Database, seed: int) -> None:
    chance = Random(seed)
    numbers = {"drafts_per_unit": 1, "shared_from_units": 2}
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE[:4], numbers=numbers, weights={"10": chance.choice(["0", "2"])})
        firm.units["u2"].has_capacity = False
        for opening in ("2026-04-07", "2026-07-07", "2026-10-06"):
            levels = {unit: {"2": chance.randrange(4), "10": chance.randrange(4)} for unit in FIVE[:4]}
            before = {action.id for action, _place in actions.living(session)}
            quarter(session, firm, levels, at(opening))
            for action in session.scalars(select(Action).where(Action.id.not_in(before), Action.status.in_(LIVING))):
                if chance.random() < 0.5:
                    actions.cancel(session, action, "not now", by=None, now=at(opening))

            cycle = session.scalars(select(Cycle).order_by(Cycle.starts_on.desc()).limit(1)).one()
            assert accounted(session, cycle) == Counter(gaps(session, cycle))
            assert recomputation.recompute(session, cycle) == []


def gaps(session: Session, cycle: Cycle) -> list[tuple[int, str]]:
    return [(each.unit_id, each.element) for each in findings.of_cycle(session, cycle.id, FindingKind.GAP)]


def accounted(session: Session, cycle: Cycle) -> Counter[tuple[int, str]]:
    """Count the places of a cycle's drafts, continuations and deferrals."""
    drafts_of = select(ActionUnit).join(Action, Action.id == ActionUnit.action_id).where(Action.cycle_id == cycle.id)
    counted = Counter((each.unit_id, each.element) for each in session.scalars(drafts_of))
    for each in continuations.of_cycle(session, cycle.id):
        element = session.scalars(select(ActionUnit.element).where(ActionUnit.action_id == each.action_id)).first()
        counted.update((int(unit), str(element)) for unit in each.facts["units"])
    counted.update((unit_id, element) for unit_id, element, _because in put_off(session, cycle))
    return counted


def a_second_programme(session: Session, firm: Firm) -> Programme:
    second = Programme(
        key="second", name="Second", edition_id=firm.programme.edition_id, rotation=firm.programme.rotation
    )
    session.add(second)
    session.flush()
    for unit in firm.units.values():
        session.add(ProgrammeUnit(programme_id=second.id, unit_id=unit.id))
        session.add(Respondent(programme_id=second.id, unit_id=unit.id, person_id=firm.people["quality"].id))
    session.flush()
    return second


def test_two_programmes_that_find_the_same_gap_share_one_action(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        a_second_programme(session, firm)
        turn(session, OPENING)
        answer(session, firm, "u1.ann", {"10": 1, "2": 3})
        answer(session, firm, "quality", {"10": 1, "2": 3})

        turns = [turn(session, at("2026-04-28", hour)) for hour in (16, 17, 18)]

        done = [sum(each.get(name, 0) for each in turns) for name in ("drafts", "continued", "not now")]
        assert (done, turns[-1]) == ([1, 1, 0], {})
        assert session.scalars(select(Cycle.status)).all() == [CycleStatus.PLANNED] * 2
        assert [recomputation.recompute(session, each) for each in session.scalars(select(Cycle))] == [[], []]


def test_a_quarter_takes_the_same_statements_for_few_units_and_for_many(database: Database) -> None:
    counts = []
    for below in (FIVE[:2], tuple(f"u{number}" for number in range(1, 21))):
        with transaction(database.engine) as session:
            firm = a_firm(session, below=below, numbers={"shared_from_units": 99})
            turn(session, OPENING)
            for unit in below:
                answer(session, firm, f"{unit}.ann", {"10": 1, "2": 1})
            session.expunge_all()
            with database.statements() as sent:
                done = turn(session, at("2026-04-28", 17))
            # SQLite gives the ids of new rows in order only one by one.
            counts.append(len([each for each in sent if not each.startswith("INSERT INTO action (")]))
            assert done["drafts"] == 2 * len(below)
            session.rollback()

    assert counts[0] == counts[1]


def test_a_unit_that_ended_before_the_check_gets_no_findings_and_stops_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"))
        plan(session, OPENING)
        for unit in ("u1", "u2"):
            answer(session, firm, f"{unit}.ann", {"10": 1, "2": 3})
        firm.units["u2"].valid_to = date(2026, 4, 20)
        session.flush()

        turn(session, at("2026-04-21", 16))

        assert the_cycle(session).status is CycleStatus.PLANNED
        assert drafted(session) == [(ids(firm, "u1")[0], ids(firm, "u1"), "10")]


def test_a_quarter_that_ends_after_the_next_one_changes_nothing_in_it(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        turn(session, at("2026-06-29"))
        for who, level in (("u1.ann", 1), ("u1.ben", 2)):
            answer(session, firm, who, {"10": level}, at("2026-06-29"))
        turn(session, at("2026-07-03"))
        answer(session, firm, "u1.ann", {"10": 3}, at("2026-07-03"))
        for day in ("2026-07-13", "2026-07-17", "2026-07-20"):
            turn(session, at(day, 16))

        found = session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
        assert [(each.period, each.status) for each in found] == [
            ("2026-Q2", CycleStatus.PLANNED),
            ("2026-Q3", CycleStatus.PLANNED),
        ]
        assert [recomputation.recompute(session, each) for each in found] == [[], []]
