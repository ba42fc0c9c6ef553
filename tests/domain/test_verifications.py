"""Whether a done action worked: the level with and without its owner's answers stands beside the verdict."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, releases, verifications
from domain.actions import Action, ActionNote, ActionSource, ActionStatus
from domain.errors import NotAllowed
from domain.events import Event
from domain.places import places
from domain.verifications import Verdict, Verification
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, an_open_action, answer, assessment_of, told, turn

CLOSED = at("2026-05-04")
TODAY = OPENING.date()
AGAIN = date(2026, 9, 4)
AT_CHECK = at(CHECK.isoformat())


def test_the_owners_answers_stay_out_of_the_second_level(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, consensus_days=0)
        action = an_open_action(session, firm)
        answered(session, firm, ann=1, ben=3, cem=3)

        assert verifications.levels(session, action) == (Fraction(3), Fraction(1))


def test_over_several_units_the_lower_median_counts(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), consensus_days=0)
        action = an_open_action(session, firm, covers=("u1", "u2", "u3"))
        turn(session, OPENING)
        for unit, level in {"u1": 3, "u2": 1, "u3": 2}.items():
            for name in ("ann", "cem"):
                answer(session, firm, f"{unit}.{name}", {"10": level})
        turn(session, CLOSED)

        assert verifications.levels(session, action) == (Fraction(2), Fraction(2))


@pytest.mark.parametrize("units", [("u1",), ("u1", "u2", "u3")])
def test_the_levels_of_many_units_take_no_more_statements_than_of_one(
    database: Database, units: tuple[str, ...]
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), consensus_days=0)
        number = an_open_action(session, firm, covers=units).id
        turn(session, OPENING)
        for unit in units:
            answer(session, firm, f"{unit}.ann", {"10": 2})
        turn(session, CLOSED)

    with transaction(database.engine) as session, database.statements() as sent:
        found = verifications.levels(session, actions.action(session, number))

    assert (found, len(sent)) == ((Fraction(2), Fraction(2)), 7)


def test_without_a_proven_level_there_is_none(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)

        assert verifications.levels(session, action) == (None, None)


def test_where_only_the_owner_answered_nothing_is_left_without_them(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        turn(session, OPENING)
        answer(session, firm, "u1.ben", {"10": 2})
        turn(session, CLOSED)

        assert verifications.levels(session, action) == (Fraction(2), None)


def answered(session: Session, firm: Firm, **levels: int) -> None:
    """Let u1's members answer element 10 each at their level, and the round close."""
    turn(session, OPENING)
    for name, level in levels.items():
        answer(session, firm, f"u1.{name}", {"10": level})
    turn(session, CLOSED)


def a_done_action(session: Session, firm: Firm, **more: Any) -> Action:
    action = an_open_action(session, firm, **more)
    actions.done(session, action, "it hangs there", today=TODAY, check_on=CHECK, by=action.owner_id, now=OPENING)
    return action


def verify(
    session: Session,
    action: Action,
    verdict: Verdict,
    by: int | None = None,
    seen: str = "nobody used it",
    on: date = CHECK,
) -> Action | None:
    look = Verification(action_id=action.id, verdict=verdict, by=by or action.verifier_id or 0, on=on)
    return verifications.verify(session, action, look, seen, again_on=AGAIN, due_on=date(2026, 8, 7), now=at(on))


@pytest.mark.parametrize("verdict", [Verdict.EFFECTIVE, Verdict.PARTLY])
def test_a_verdict_ends_an_action(database: Database, verdict: Verdict) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = a_done_action(session, firm)

        successor = verify(session, action, verdict, seen="all three used it")

        session.flush()
        (look,) = verifications.of_actions(session, action.id)
        assert (successor, action.status.value) == (None, verdict.value)
        assert (look.verdict, look.by, look.on) == (verdict, firm.people["u1.ann"].id, CHECK)
        assert told(session)[-1] == f"action.{verdict}"
        kept = session.scalars(select(ActionNote).where(ActionNote.kind == "verification")).one()
        assert (kept.text, kept.by) == ("all three used it", firm.people["u1.ann"].id)
        assert actions.living(session) == []


def test_what_did_not_work_is_followed_by_a_draft_that_carries_its_history(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = a_done_action(session, firm, covers=("u1", "u2"), aims_at=2, facts={"items": ["10.2a"]}, why="lost")

        successor = verify(session, action, Verdict.NOT_EFFECTIVE)

        session.flush()
        assert successor is not None
        assert (action.status, successor.status) == (ActionStatus.NOT_EFFECTIVE, ActionStatus.PROPOSED)
        assert (successor.predecessor_id, successor.why, successor.aims_at) == (action.id, "lost", 2)
        assert successor.facts == {"items": ["10.2a"], "due_on": "2026-08-07", "predecessor": action.id}
        assert (successor.due_on, successor.check_on) == (date(2026, 8, 7), date(2026, 9, 4))
        assert (successor.original_due_on, successor.moved_count, successor.accepted_on) == (None, 0, None)
        assert [(living.id, place.unit_id, place.element) for living, place in actions.living(session)] == [
            (successor.id, firm.units["u1"].id, "10"),
            (successor.id, firm.units["u2"].id, "10"),
        ]
        carried = select(ActionSource.source, ActionSource.reference).where(ActionSource.action_id == successor.id)
        assert [tuple(row) for row in session.execute(carried)] == [("self-assessment", "2026-Q2")]


def test_what_did_not_work_is_not_released_again_until_it_says_what_is_done_otherwise(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))
        successor = verify(session, action, Verdict.NOT_EFFECTIVE)
        session.flush()
        assert successor is not None
        where = places(session, AT_CHECK)

        with pytest.raises(NotAllowed, match=f"it says the same as action {action.id}, which did not work"):
            releases.release(session, successor, where, by=None, now=AT_CHECK)
        successor.measure = "Two people apart name the deputy"
        releases.release(session, successor, where, by=None, now=AT_CHECK)

        assert successor.status is ActionStatus.OPEN


def test_what_cannot_be_assessed_stays_done_and_is_looked_at_again(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))

        for day in (CHECK, AGAIN):
            assert verify(session, action, Verdict.NOT_ASSESSABLE, on=day) is None

        session.flush()
        assert (action.status, action.check_on) == (ActionStatus.DONE, AGAIN)
        assert told(session)[-2:] == ["action.not assessable"] * 2
        assert [each.verdict for each in verifications.of_actions(session, action.id)] == [Verdict.NOT_ASSESSABLE] * 2
        assert verify(session, action, Verdict.EFFECTIVE, on=AGAIN) is None
        assert action.status.value == "effective"


@pytest.mark.parametrize("verdict", Verdict)
def test_no_owner_verifies_their_own_action(database: Database, verdict: Verdict) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            verify(session, action, verdict, by=action.owner_id)

        assert str(refusal.value) == f"the owner of action {action.id} cannot verify it; somebody else looks"
        assert verifications.of_actions(session, action.id) == []


def test_only_what_was_reported_done_is_verified(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            verify(session, action, Verdict.EFFECTIVE)

        assert str(refusal.value) == f"action {action.id} is open; it is verified once it was reported done"


@pytest.mark.parametrize("verdict", Verdict)
def test_until_its_check_date_an_action_proves_itself(database: Database, verdict: Verdict) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            verify(session, action, verdict, on=CHECK - timedelta(days=1))

        assert str(refusal.value) == (
            f"action {action.id} proves itself until 2026-07-10 and is verified from that day on; "
            "the quality team can set an earlier check date (edit --check)"
        )
        assert (action.status, verifications.of_actions(session, action.id)) == (ActionStatus.DONE, [])


def test_an_action_is_verified_once(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))
        verify(session, action, Verdict.PARTLY)

        with pytest.raises(NotAllowed) as refusal:
            verify(session, action, Verdict.EFFECTIVE)

        assert str(refusal.value) == f"action {action.id} is verified already: partly"


def test_a_verdict_comes_with_what_was_seen(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_done_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            verify(session, action, Verdict.EFFECTIVE, seen=" ")

        assert str(refusal.value) == f"say what you saw of action {action.id}'s measure"


def test_a_verifier_hears_when_the_element_was_judged_again(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        done = a_done_action(session, firm)
        an_open_action(session, firm, element="2")
        answered(session, firm, ann=3, cem=3)

        heard = select(Event).where(Event.name == "action.re-assessed")
        assert [(each.subject_id, each.payload) for each in session.scalars(heard)] == [
            (done.id, {"assessment": assessment_of(session, "u1").id})
        ]
