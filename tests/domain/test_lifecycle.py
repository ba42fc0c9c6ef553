"""An action's life, walked at random: whatever people do in whatever order, what must never be is never so."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain import actions, deadlines, drafts, organisation, verifications
from domain.actions import LIVING, Action, ActionNote, ActionSource, ActionStatus, ActionUnit, Source
from domain.drafts import Edit
from domain.errors import DomainError
from domain.events import Event
from domain.verifications import Verdict, Verification
from tests.builders import OPENING, a_firm
from tests.conftest import Database
from tests.domain.acts import CHECK, a_draft, an_open_action

TODAY = OPENING.date()
LAST = TODAY + timedelta(days=240)
"""A day on which whatever was done has come to its check date."""
PEOPLE = ("top.ann", "u1.ann", "u1.ben", "u1.cem")
days = st.integers(0, 120).map(lambda days: TODAY + timedelta(days=days))
people = st.sampled_from(PEOPLE)
texts = st.sampled_from(["because it is so"] * 4 + [""])


class Lifecycle(RuleBasedStateMachine):
    """Everything that people may try with actions, allowed or not."""

    known = Bundle("known")

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.connection = database.engine.connect()
        self.session = Session(self.connection, expire_on_commit=False)
        self.firm = a_firm(self.session)
        self.first_due: dict[int, date | None] = {}

    def teardown(self) -> None:
        self.session.close()
        self.connection.close()

    def id_of(self, person: str) -> int:
        return self.firm.people[person].id

    def ids_of(self, **who: str | None) -> dict[str, Any]:
        return {column: self.id_of(person) for column, person in who.items() if person is not None}

    def attempt(self, action: Action, decide: Callable[[], Any]) -> Any:
        """Do what somebody decides; where it is refused, nothing may have changed."""
        self.session.flush()
        before = (columns(action), self.session.scalars(select(func.count(Event.id))).one())
        try:
            return decide()
        except DomainError:
            is_clean = not self.session.dirty and not self.session.new
            after = (columns(action), self.session.scalars(select(func.count(Event.id))).one())
        assert is_clean
        assert after == before
        return None

    @rule(
        target=known,
        covers=st.sampled_from([("u1",), ("u2",), ("u1", "u2")]),
        element=st.sampled_from(["2", "10"]),
        source=st.sampled_from([Source.SELF_ASSESSMENT, Source.SELF_ASSESSMENT, Source.IDEA]),
        lacking=st.sampled_from([{}, {}, {}, {"measure": ""}, {"owner_id": None}, {"due_on": None, "check_on": None}]),
    )
    def propose(self, covers: tuple[str, ...], element: str, source: Source, lacking: dict[str, Any]) -> Any:
        taken = {
            (place.unit_id, place.element)
            for _action, place in actions.living(self.session)
            if place.source is Source.SELF_ASSESSMENT
        }
        is_free = taken.isdisjoint((self.firm.units[unit].id, element) for unit in covers)
        try:
            with self.session.begin_nested():
                action = a_draft(self.session, self.firm, covers=covers, element=element, source=source, **lacking)
        except IntegrityError:
            assert source is Source.SELF_ASSESSMENT
            assert not is_free
            return multiple()
        assert is_free or source is not Source.SELF_ASSESSMENT
        return action

    @initialize(target=known)
    def begin(self) -> Action:
        return an_open_action(self.session, self.firm, covers=("u1", "u2"))

    @initialize(target=known)
    def begin_with_one_done(self) -> Action:
        action = an_open_action(self.session, self.firm, covers=("u1", "u2"), element="2")
        actions.done(self.session, action, "it hangs there", today=TODAY, check_on=CHECK, by=None, now=OPENING)
        return action

    @rule(action=known, today=st.sampled_from([TODAY, TODAY, TODAY + timedelta(days=60)]))
    def release(self, action: Action, today: date) -> None:
        self.attempt(
            action,
            lambda: drafts.release(
                self.session, action, today=today, answer_by=today + timedelta(days=7), by=None, now=OPENING
            ),
        )

    @rule(
        action=known,
        owner=st.none() | people,
        verifier=st.none() | people,
        measure=st.none() | st.just("the board shows it"),
        due_on=st.none() | days,
        check_on=st.none() | days,
        title=st.none() | st.sampled_from(["", "Another title"]),
    )
    def edit(self, action: Action, owner: str | None, verifier: str | None, **fields: Any) -> None:
        wanted = Edit(**self.ids_of(owner_id=owner, verifier_id=verifier), **fields)
        self.attempt(action, lambda: drafts.edit(self.session, action, wanted, today=TODAY, by=None, now=OPENING))

    @rule(action=known)
    def accept(self, action: Action) -> None:
        self.attempt(action, lambda: actions.accept(self.session, action, today=TODAY, by=action.owner_id, now=OPENING))

    @rule(action=known, text=texts)
    def progress(self, action: Action, text: str) -> None:
        self.attempt(action, lambda: actions.progress(self.session, action, text, by=action.owner_id, now=OPENING))

    @rule(action=known, until=days, why=texts)
    def hold(self, action: Action, until: date, why: str) -> None:
        self.attempt(action, lambda: deadlines.hold(self.session, action, until, why, by=None, now=OPENING))

    @rule(later=st.integers(0, 120))
    def time_passes(self, later: int) -> None:
        now = OPENING + timedelta(days=later)
        units = organisation.tree(self.session, now.date())
        deadlines.resume_held(self.session, units, now)
        held = self.session.scalars(select(Action.hold_until).where(Action.status == ActionStatus.ON_HOLD))
        assert all(until is not None and until > now.date() for until in held)

    @rule(action=known, due_on=days, why=texts, is_lead=st.booleans())
    def move(self, action: Action, due_on: date, why: str, *, is_lead: bool) -> None:
        check_on = due_on + timedelta(days=56)
        self.attempt(
            action,
            lambda: deadlines.reschedule(
                self.session, action, due_on, check_on, why, by=None, is_lead=is_lead, now=OPENING
            ),
        )

    @rule(action=known, to=people, why=texts)
    def reassign(self, action: Action, to: str, why: str) -> None:
        self.attempt(action, lambda: actions.reassign(self.session, action, self.id_of(to), why, by=None, now=OPENING))

    @rule(action=known, what=texts)
    def done(self, action: Action, what: str) -> None:
        check_on = max(action.check_on or TODAY, action.due_on or TODAY)
        self.attempt(
            action,
            lambda: actions.done(
                self.session, action, what, today=TODAY, check_on=check_on, by=action.owner_id, now=OPENING
            ),
        )

    @rule(action=known, why=texts)
    def cancel(self, action: Action, why: str) -> None:
        self.attempt(action, lambda: actions.cancel(self.session, action, why, by=None, now=OPENING))

    @rule(
        target=known,
        action=known,
        verdict=st.sampled_from(Verdict),
        by=people | st.just("its owner"),
        on=days | st.just(LAST),
        seen=texts,
    )
    def verify(self, action: Action, verdict: Verdict, by: str, on: date, seen: str) -> Any:
        later = max(on, action.due_on or on)
        verifier = (action.owner_id or 0) if by == "its owner" else self.id_of(by)
        look = Verification(action_id=action.id, verdict=verdict, by=verifier, on=on)
        successor = self.attempt(
            action,
            lambda: verifications.verify(
                self.session, action, look, seen, again_on=later + timedelta(days=28), due_on=later, now=OPENING
            ),
        )
        return multiple() if successor is None else successor

    @invariant()
    def no_action_ends_unseen_by_somebody_else(self) -> None:
        self.session.flush()
        ended = {ActionStatus.EFFECTIVE, ActionStatus.PARTLY, ActionStatus.NOT_EFFECTIVE}
        for action in self.session.scalars(select(Action).where(Action.status.in_(ended))):
            last = verifications.of_actions(self.session, action.id)[-1]
            assert last.verdict == action.status.value
            assert last.by != action.owner_id
            assert action.check_on is None or last.on >= action.check_on
            assert statuses_told(self.session, action)[-2:] == ["done", action.status.value]

    @invariant()
    def every_step_was_allowed_and_told(self) -> None:
        for action in self.session.scalars(select(Action)):
            told = [ActionStatus(each) for each in statuses_told(self.session, action)]
            assert (told[0], told[-1]) == (ActionStatus.PROPOSED, action.status)
            assert all(after in Action.TRANSITIONS[before] for before, after in pairwise(told))

    @invariant()
    def one_self_assessment_action_lives_on_a_gap(self) -> None:
        rows = self.session.execute(select(ActionUnit, Action.status).join(Action, Action.id == ActionUnit.action_id))
        living = []
        for place, status in rows:
            assert place.is_living is (status in LIVING)
            if place.is_living and place.source is Source.SELF_ASSESSMENT:
                living.append((place.unit_id, place.model, place.element))
        assert len(living) == len(set(living))

    @invariant()
    def the_first_due_date_stays_and_moves_are_counted(self) -> None:
        moved = select(Event.subject_id, func.count()).where(Event.name == "action.moved").group_by(Event.subject_id)
        counts = {row[0]: row[1] for row in self.session.execute(moved)}
        for action in self.session.scalars(select(Action).where(Action.released_on.is_not(None))):
            assert action.original_due_on == self.first_due.setdefault(action.id, action.original_due_on) is not None
            assert action.moved_count == counts.get(action.id, 0)
            assert action.moved_count or action.due_on == action.original_due_on

    @invariant()
    def what_did_not_work_is_followed_by_one_that_carries_its_history(self) -> None:
        failed = self.session.scalars(select(Action).where(Action.status == ActionStatus.NOT_EFFECTIVE))
        for action in failed:
            (successor,) = self.session.scalars(select(Action).where(Action.predecessor_id == action.id))
            assert successor.aims_at == action.aims_at
            assert successor.facts["predecessor"] == action.id
            assert places(self.session, successor) == places(self.session, action)
            assert sources(self.session, successor) == sources(self.session, action)

    @invariant()
    def nobody_verifies_what_is_their_own(self) -> None:
        pairs = self.session.execute(select(Action.owner_id, Action.verifier_id).where(Action.owner_id.is_not(None)))
        assert all(owner != verifier for owner, verifier in pairs)

    @invariant()
    def nothing_is_stopped_or_moved_without_a_reason(self) -> None:
        wanting = {"action.cancelled", "action.moved", "action.on hold", "action.reassigned"}
        decided = self.session.scalars(select(func.count(Event.id)).where(Event.name.in_(wanting))).one()
        reasons = self.session.scalars(select(func.count(ActionNote.id)).where(ActionNote.kind == "reason")).one()
        assert decided == reasons


def columns(action: Action) -> dict[str, Any]:
    return {column.name: getattr(action, column.name) for column in Action.__table__.columns}


def statuses_told(session: Session, action: Action) -> list[str]:
    rows = select(Event.name).where(Event.subject == "action", Event.subject_id == action.id).order_by(Event.id)
    told = [name.removeprefix("action.") for name in session.scalars(rows)]
    return [name for name in told if name in set(ActionStatus)]


def places(session: Session, action: Action) -> list[tuple[Any, ...]]:
    rows = select(ActionUnit).where(ActionUnit.action_id == action.id).order_by(ActionUnit.unit_id)
    return [(each.unit_id, each.model, each.element, each.source) for each in session.scalars(rows)]


def sources(session: Session, action: Action) -> list[tuple[Any, ...]]:
    rows = select(ActionSource).where(ActionSource.action_id == action.id).order_by(ActionSource.source)
    return [(each.source, each.reference) for each in session.scalars(rows)]


def test_an_action_lives_by_its_rules_whatever_people_try(sqlite_database: Database) -> None:
    class OnThisDatabase(Lifecycle):
        def __init__(self) -> None:
            super().__init__(sqlite_database)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(max_examples=60, stateful_step_count=40, suppress_health_check=[HealthCheck.too_slow]),
    )
