"""Four quarters walked at random: whatever people do, whenever the wheel turns, nothing slips and nothing doubles."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import continuations, cycles, findings, ladder, overview, recomputation
from domain.actions import LIVING, WORKING, Action, ActionNote, ActionStatus, ActionUnit, Source
from domain.errors import DomainError
from domain.method.change import Because
from domain.method.edition import State
from domain.method.findings import FindingKind
from tests.builders import MODEL, a_firm, a_programme_beside, at
from tests.conftest import Database
from tests.domain import years
from tests.domain.years import DEEDS, Deed, World, nth

BEGIN, END = at("2026-01-02", 6), at("2027-01-04", 23)
MOST, HALF = 0.7, 0.5
JUDGED = {ActionStatus.EFFECTIVE, ActionStatus.PARTLY, ActionStatus.NOT_EFFECTIVE}
numbers = st.integers(0, 30)
levels = st.fixed_dictionaries({element: st.integers(0, 3) for element in ("1", "2", "10")})
becauses = st.sampled_from([each.value for each in Because])


class Years(RuleBasedStateMachine):
    """A firm with a quarterly programme, and two for the half-year that each ask one of its units by the same model."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__()
        self.connection = database.engine.connect()
        session = Session(self.connection, expire_on_commit=False)
        model_file = folder / "small.json"
        model_file.write_text(json.dumps(MODEL))
        self.world = World(session, a_firm(session, below=("u1", "u2", "u3")), BEGIN, model_file)
        for unit in ("u1", "u2"):
            a_programme_beside(session, self.world.firm, f"half-{unit}", unit, months_per_cycle=6)
        years.imported(self.world, years.as_it_is)  # as a file says it
        self.turned_since_people_left = True
        self.computed: object = None

    def teardown(self) -> None:
        try:
            dice = Random(self.world.now.isoformat())
            while self.world.now < END:
                self.people_work(dice.randrange(1_000_000), 14)
                self.check_all()
        finally:
            self.world.session.close()
            self.connection.close()

    def pass_time(self, how_long: timedelta) -> None:
        """Let time go by, then turn; turned again at the same moment nothing more changes."""
        self.world.now = min(self.world.now + how_long, END)
        self.world.turn()
        self.turned_since_people_left = True
        before = self.world.rows()
        self.world.turn()
        after = self.world.rows()
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}

    @initialize(levels=levels)
    def the_first_round(self, levels: dict[str, int]) -> None:
        for days in (0, 6):
            self.pass_time(timedelta(days=days, hours=3))
        self.people_answer(levels, "changed", 0, 0)
        for days in (14, 8):
            self.pass_time(timedelta(days=days, hours=9))
        self.drafts_are_released(0)

    @rule(seed=st.integers(0, 1_000_000), days=st.integers(1, 14))
    def people_work(self, seed: int, days: int) -> None:
        """Let most people answer, teams agree, and something be done about half of the actions; then time goes by."""
        dice = Random(seed)
        for response in years.questionnaires(self.world):
            if dice.random() < MOST:
                said = {element: dice.randrange(4) for element in response.scope}
                years.answer(self.world, response, said, dice.choice(list(Because)).value, dice.choice((0, 0, 0, 4)))
        years.agree(self.world, dice.choice((State.YES, State.NO)))
        for action in self.living():
            if dice.random() < HALF:
                deed = Deed(self.world, action, dice.randrange(30), dice.randrange(30))
                self.attempt(dice.choice(years.SUITED[action.status]), deed)
        self.pass_time(timedelta(days=days, hours=dice.randrange(24)))

    @rule(hours=st.integers(1, 40))
    def hours_pass(self, hours: int) -> None:
        self.pass_time(timedelta(hours=hours))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.pass_time(timedelta(days=days))

    @rule(weeks=st.integers(1, 5), hour=st.integers(0, 23))
    def weeks_pass(self, weeks: int, hour: int) -> None:
        self.pass_time(timedelta(weeks=weeks, hours=hour))

    @rule(later=st.integers(0, 2))
    def what_is_due_next_comes(self, later: int) -> None:
        due = overview.next_due(self.world.session, self.world.places, self.world.now)
        if due is not None:
            self.pass_time(max(due.at - self.world.now, timedelta(0)) + timedelta(hours=later))

    @rule(levels=levels, because=becauses, unsure=st.sampled_from([0, 0, 0, 3]), leave_out=numbers)
    def people_answer(self, levels: dict[str, int], because: str, unsure: int, leave_out: int) -> None:
        for response in years.questionnaires(self.world):
            if leave_out == 0 or response.id % (leave_out + 1):
                years.answer(self.world, response, levels, because, unsure)

    @rule(which=numbers, levels=levels, because=becauses)
    def one_answers(self, which: int, levels: dict[str, int], because: str) -> None:
        if (response := nth(years.questionnaires(self.world), which)) is not None:
            years.answer(self.world, response, levels, because, 0)

    @rule(which=numbers)
    def one_declines(self, which: int) -> None:
        if (response := nth(years.questionnaires(self.world), which)) is not None:
            years.decline_to_answer(self.world, response)

    @rule(state=st.sampled_from([State.YES, State.NO]))
    def teams_agree(self, state: State) -> None:
        years.agree(self.world, state)

    @rule(deed=st.sampled_from(DEEDS), which=numbers, who=numbers, days=numbers)
    def somebody_acts(self, deed: Any, which: int, who: int, days: int) -> None:
        if (action := nth(self.living(), which)) is not None:
            self.attempt(deed, Deed(self.world, action, who, days))

    @rule(who=numbers)
    def drafts_are_released(self, who: int) -> None:
        for action in [each for each in self.living() if each.status is ActionStatus.PROPOSED]:
            for deed in (years.edit, years.edit_date, years.release):
                self.attempt(deed, Deed(self.world, action, who, 10))

    def living(self) -> Sequence[Action]:
        return self.world.session.scalars(select(Action).where(Action.status.in_(LIVING)).order_by(Action.id)).all()

    def attempt(self, deed: Any, about: Deed) -> None:
        try:
            deed(about)
        except DomainError:
            assert not self.world.session.dirty
            assert not self.world.session.new
        self.world.session.flush()

    @rule(who=numbers, successor=st.none() | numbers)
    def somebody_leaves(self, who: int, successor: int | None) -> None:
        here = [each for each in self.world.here() if each.key != "quality"]
        if len(here) > 5:
            leaver = nth(here, who)
            others = [each.key for each in here if each is not leaver]
            leads = None if successor is None else nth(others, successor)
            years.imported(self.world, years.leaving(leaver.key, self.world.places.today, leads))
            self.turned_since_people_left = False

    @rule(who=numbers, deputy=numbers, starts=st.integers(-5, 40), length=st.integers(0, 60))
    def somebody_is_absent(self, who: int, deputy: int, starts: int, length: int) -> None:
        here = self.world.here()
        first = self.world.places.today + timedelta(days=starts)
        last = first + timedelta(days=length)
        years.imported(self.world, years.absent(nth(here, who).key, first, last, nth(here, deputy).key))

    @rule()
    def the_same_is_imported_again(self) -> None:
        assert not years.imported(self.world, years.as_it_is)

    @invariant()
    def check_all(self) -> None:
        self.nothing_lives_twice()
        self.no_gap_is_forgotten()
        self.no_action_is_left_alone()
        self.every_number_comes_out_again()

    def nothing_lives_twice(self) -> None:
        rows = select(Action, ActionUnit).join(ActionUnit, ActionUnit.action_id == Action.id)
        places = Counter(
            (row.unit_id, row.model, row.element)
            for action, row in self.world.session.execute(rows)
            if action.status in LIVING and row.source is Source.SELF_ASSESSMENT
        )
        assert [place for place, count in places.items() if count > 1] == []

    def no_gap_is_forgotten(self) -> None:
        """Each gap of a newest planned cycle lives, is put off, was stopped for a reason, or has its verdict."""
        session = self.world.session
        reasoned = set(session.scalars(select(ActionNote.action_id).where(ActionNote.kind == "reason")))
        for cycle in years.newest_planned(self.world):
            put_off = {
                (each.unit_id, each.element) for each in continuations.deferrals(session, cycle.id) if each.because
            }
            taken_on = {each.action_id for each in continuations.of_cycle(session, cycle.id)}
            rows = select(Action, ActionUnit).join(ActionUnit, ActionUnit.action_id == Action.id)
            cared_for = {
                (row.unit_id, row.element)
                for action, row in session.execute(rows)
                if action.status in LIVING
                or ((action.cycle_id == cycle.id or action.id in taken_on) and action.status in JUDGED)
                or (action.status is ActionStatus.CANCELLED and action.id in reasoned)
            }
            gaps = {(each.unit_id, each.element) for each in findings.of_cycle(session, cycle.id, FindingKind.GAP)}
            assert gaps - put_off - cared_for == set()

    def no_action_is_left_alone(self) -> None:
        """After a turn, an action whose owner has left is shown, and is put to somebody who decides, or rests."""
        if not self.turned_since_people_left:
            return
        session, where, now = self.world.session, self.world.places, self.world.now
        here = {person.id for person in self.world.here()}
        working = session.scalars(select(Action).where(Action.status.in_(WORKING)).order_by(Action.id)).all()
        alone = {action.id for action in working if action.owner_id not in here}
        waiting = overview.waiting(session, where, now)
        assert set(waiting.without_owner) == alone
        asked = {each.action_id for each in waiting.decisions} | set(waiting.for_review)
        ahead = {each.action.id for each in ladder.climbers(session, where) if each.next is not None}
        rests = {action.id for action in working if action.status is ActionStatus.ON_HOLD}
        assert alone <= asked | ahead | rests

    def every_number_comes_out_again(self) -> None:
        """The same rows come out as they did; only where one has changed it is computed again."""
        session, rests_on = self.world.session, self.world.computed()
        if rests_on == self.computed:
            return
        self.computed = rests_on
        assert [each for cycle in cycles.begun(session) for each in recomputation.recompute(session, cycle)] == []


def walk(database: Database, folder: Path, examples: int, steps: int, phases: Sequence[Phase] = tuple(Phase)) -> None:
    class OnThisDatabase(Years):
        def __init__(self) -> None:
            super().__init__(database, folder)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=phases,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_year_holds_whatever_people_do(sqlite_database: Database, tmp_path: Path) -> None:
    # No shrinking, which would take longer than a test may; the long test shrinks.
    walk(sqlite_database, tmp_path, examples=2, steps=40, phases=[Phase.generate])


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_many_years_hold_whatever_people_do(sqlite_database: Database, tmp_path: Path) -> None:
    walk(sqlite_database, tmp_path, examples=40, steps=60)
