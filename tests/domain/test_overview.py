"""Where the wheel stands: what it does next, which cycles are shown, who is waited for."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions, deadlines, ladder, openings, overview, verifications
from domain.agenda import Item, Reason
from domain.continuations import Continuation
from domain.cycles import Cycle, CycleStatus
from domain.errors import NotAllowed, NotFound
from domain.overview import Due, OpenDecision, Step
from domain.places import places
from domain.programmes import Programme
from domain.rungs import Because
from domain.verifications import Verdict, Verification
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, a_draft, an_open_action, answer, turn

MIDNIGHT = 0


def next_due(session: Session, day: str) -> Due | None:
    return overview.next_due(session, places(session, at(day)), at(day))


def test_the_wheel_begins_opens_closes_settles_and_begins_again(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        met = [next_due(session, "2026-04-01")]
        openings.begin_cycles(session, at("2026-04-01"))
        met.append(next_due(session, "2026-04-01"))
        turn(session, OPENING)
        met.append(next_due(session, "2026-04-07"))
        answer(session, firm, "u1.ann", {"2": 2, "10": 2})
        answer(session, firm, "u1.ben", {"2": 2, "10": 1})
        turn(session, at("2026-04-22"))
        met.append(next_due(session, "2026-04-22"))
        turn(session, at("2026-05-04"))
        met.append(next_due(session, "2026-05-04"))

    assert met == [
        Due(at("2026-04-01", MIDNIGHT), Step.BEGIN),
        Due(at("2026-04-03", 8), Step.OPEN),
        Due(at("2026-04-21", 16), Step.CLOSE),
        Due(at("2026-04-29", 16), Step.SETTLE),
        Due(at("2026-07-01", MIDNIGHT), Step.BEGIN),
    ]


def test_an_action_on_hold_goes_on_at_midnight_of_its_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        turn(session, OPENING)
        turn(session, at("2026-05-04"))
        firm.units["u1"].time_zone = "Europe/Berlin"
        action = an_open_action(session, firm)
        deadlines.hold(session, action, date(2026, 6, 1), "no access", by=None, now=OPENING)

        assert next_due(session, "2026-05-04") == Due(at("2026-05-31", 22), Step.RESUME)


def test_a_programme_that_has_not_started_begins_on_its_day(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, starts_on=date(2026, 9, 1))

        assert next_due(session, "2026-04-08") == Due(at("2026-09-01", MIDNIGHT), Step.BEGIN)


def test_without_a_running_programme_nothing_is_due(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, is_active=False)

        assert next_due(session, "2026-04-08") is None


def test_the_newest_cycle_and_those_not_at_their_end_are_shown(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        for period, status in (
            ("2025-Q3", CycleStatus.PLANNED),
            ("2025-Q4", CycleStatus.OPEN),
            ("2026-Q1", CycleStatus.PLANNED),
            ("2026-Q2", CycleStatus.MISSED),
        ):
            session.add(a_cycle(firm.programme, period, status))
        session.flush()

        assert [each.period for each in overview.current_cycles(session)] == ["2025-Q4", "2026-Q1"]


def test_a_period_of_several_programmes_needs_its_programme(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        other = Programme(key="other", name="Other", edition_id=firm.programme.edition_id)
        session.add(other)
        session.flush()
        session.add_all(a_cycle(each, "2026-Q2", CycleStatus.OPEN) for each in (firm.programme, other))
        session.flush()

        assert overview.cycle_of(session, "2026-Q2", "other").programme_id == other.id
        with pytest.raises(NotAllowed, match=r"2026-Q2 is a cycle of other, wheel; say which \(--programme\)"):
            overview.cycle_of(session, "2026-Q2", None)
        with pytest.raises(NotFound, match="no cycle 2026-Q3 here"):
            overview.cycle_of(session, "2026-Q3", None)


def test_each_action_that_waits_is_in_every_list_it_belongs_to(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        draft = a_draft(session, firm)
        late = an_open_action(session, firm, covers=("u2",))
        for number in range(3):
            cycle = a_cycle(firm.programme, f"202{number}", CycleStatus.PLANNED)
            session.add(cycle)
            session.flush()
            session.add(Continuation(action_id=late.id, cycle_id=cycle.id))
        session.flush()
        now = at("2026-05-18")

        found = overview.waiting(session, places(session, now), now)

        assert found == overview.Waiting(
            drafts=(draft.id,),
            unanswered=(late.id,),
            late=(late.id,),
            without_owner=(),
            to_verify=(),
            decisions=(),
            agenda=(Item(late.id, (Reason.CARRIED,)),),
        )
        assert found.for_review == (late.id,)


def test_who_is_asked_to_decide_is_waited_for_then_it_is_on_the_agenda(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        silent = an_open_action(session, firm)
        declined = an_open_action(session, firm, element="2")
        ladder.decline(session, declined, "no access", by=declined.owner_id, now=at("2026-04-14", 7))
        ann = firm.people["u1.ann"]

        found = []
        for day in ("2026-04-14", "2026-04-15", "2026-04-22"):
            where = places(session, at(day, 8))
            before = overview.waiting(session, where, at(day, 8))
            ladder.climb(session, where, at(day, 8))
            after = overview.waiting(session, where, at(day, 8))
            found.append((before.unanswered, after.decisions, after.agenda))

        by_monday = OpenDecision(declined.id, Because.DECLINED, ann, date(2026, 4, 20))
        by_tuesday = OpenDecision(silent.id, Because.NO_ANSWER, ann, date(2026, 4, 21))
        undecided = (Reason.UNDECIDED,)
        assert found == [
            ((silent.id,), (by_monday,), ()),
            ((silent.id,), (by_tuesday, by_monday), ()),
            ((silent.id,), (), (Item(silent.id, undecided), Item(declined.id, undecided))),
        ]


def test_what_could_not_be_assessed_twice_is_on_the_agenda_until_its_verdict(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        actions.done(session, action, "a list", today=OPENING.date(), check_on=CHECK, by=None, now=OPENING)
        found = []
        for verdict in (Verdict.NOT_ASSESSABLE, Verdict.NOT_ASSESSABLE, Verdict.EFFECTIVE):
            look = Verification(action_id=action.id, verdict=verdict, by=firm.people["u1.ann"].id, on=CHECK)
            verifications.verify(session, action, look, "looked", again_on=CHECK, due_on=CHECK, now=at(CHECK))
            found.append(overview.waiting(session, places(session, at(CHECK)), at(CHECK)).agenda)

        assert found == [(), (Item(action.id, (Reason.NOT_ASSESSABLE,)),), ()]


def test_the_wheel_lets_a_late_action_go_on_when_its_unit_is_at_work(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, is_active=False)
        firm.units["u1"].time_zone = "Europe/Berlin"
        an_open_action(session, firm)

        assert next_due(session, "2026-04-10") == Due(at("2026-04-15", 6), Step.CLIMB)


def test_a_cycle_is_read_in_a_fixed_number_of_statements(database: Database) -> None:
    def statements() -> int:
        with database.statements() as sent, reading(database.engine) as session:
            now = at("2026-04-22")
            overview.overview(session, places(session, now), now, overview.current_cycles(session))
        return len(sent)

    with transaction(database.engine) as session:
        firm = a_firm(session, below=tuple(f"u{number}" for number in range(1, 6)))
        turn(session, OPENING)
    few = statements()
    with transaction(database.engine) as session:
        for unit in ("u1", "u2", "u3"):
            answer(session, firm, f"{unit}.ann", {"10": 2})
            answer(session, firm, f"{unit}.ben", {"10": 1})

    assert statements() == few


def a_cycle(programme: Programme, period: str, status: CycleStatus) -> Cycle:
    starts_on = date(int(period[:4]), 3 * int(period[-1]) - 2 if "Q" in period else 1, 1)
    return Cycle(
        programme_id=programme.id,
        edition_id=programme.edition_id,
        period=period,
        number=0,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=80),
        status=status,
    )
