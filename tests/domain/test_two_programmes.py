"""Two programmes of different cadence that judge the same unit by the same model share its actions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import continuations, cycles, recomputation
from domain.actions import Action
from domain.cycles import Cycle
from tests.builders import Firm, a_firm, a_programme_beside, answer_all, at
from tests.conftest import Database
from tests.domain.acts import told, turn

OPENED, CLOSED = at("2026-01-06"), at("2026-01-26", 18)
GAPS = {"1": 2, "2": 1, "10": 2}


def two_programmes(session: Session, **half_yearly: object) -> Firm:
    firm = a_firm(session, below=("u1",), targets={"default": 2})
    a_programme_beside(session, firm, "half", "u1", months_per_cycle=6, **{"targets": {"default": 2}} | half_yearly)
    return firm


def periods(session: Session) -> list[tuple[str, str]]:
    return [(each.period, each.status.value) for each in session.scalars(select(Cycle).order_by(Cycle.id))]


def actions(session: Session) -> list[tuple[str, str]]:
    """Return the period in which each action was drafted, with its topic."""
    rows = select(Cycle.period, Action.title).join(Action, Action.cycle_id == Cycle.id).order_by(Action.id)
    return [(period, title) for period, title in session.execute(rows)]


def test_a_gap_that_both_find_on_an_evening_gets_one_action_in_one_turn(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = two_programmes(session)
        turn(session, OPENED)
        answer_all(session, firm.edition, GAPS, OPENED)

        done = turn(session, CLOSED)
        again = turn(session, CLOSED)

        assert (done["drafts"], done["continued"], again) == (1, 1, {})
        assert sorted(periods(session)) == [("2026-H1", "planned"), ("2026-Q1", "planned")]
        assert len(actions(session)) == 1
        assert [each for one in cycles.begun(session) for each in recomputation.recompute(session, one)] == []


def test_a_gap_that_the_other_finds_later_continues_the_action(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = two_programmes(session, answer_days=40)
        turn(session, OPENED)
        answer_all(session, firm.edition, GAPS, OPENED)
        turn(session, CLOSED)
        before = actions(session)

        turn(session, at("2026-03-20"))

        half = next(each for each in cycles.begun(session) if each.period == "2026-H1")
        assert before == actions(session) == [("2026-Q1", "Topic 2: next step to level 2")]
        assert [each.cycle_id for each in continuations.of_cycle(session, half.id)] == [half.id]


def test_the_one_that_aims_lower_does_not_ask_whether_the_others_action_is_needed(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = two_programmes(session, targets={"default": 1}, answer_days=40)
        turn(session, OPENED)
        answer_all(session, firm.edition, GAPS, OPENED)

        turn(session, CLOSED)
        turn(session, at("2026-03-20"))

        assert actions(session) == [("2026-Q1", "Topic 2: next step to level 2")]
        assert "action.no longer needed" not in told(session)
