"""Actions: what their people may say about them, in which status, and what is kept of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions
from domain.actions import Action, ActionNote, ActionStatus
from domain.errors import DomainError, InvalidTransition, NotAllowed, NotFound
from domain.events import Event
from tests.builders import OPENING, Firm, a_firm
from tests.conftest import Database
from tests.domain.acts import CHECK, an_open_action, told

TODAY = OPENING.date()
S = ActionStatus


def events_of(session: Session) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Return what happened since the release."""
    rows = select(Event).where(Event.subject == "action").order_by(Event.id)
    return [(each.name, each.by, each.payload) for each in session.scalars(rows)][2:]


def notes(session: Session) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in session.scalars(select(ActionNote).order_by(ActionNote.id))]


def standing_at(session: Session, firm: Firm, status: ActionStatus) -> Action:
    """Lead an action to a status by the shortest way."""
    action = an_open_action(session, firm)
    ways: dict[ActionStatus, list[ActionStatus]] = {
        S.OPEN: [],
        S.EFFECTIVE: [S.DONE, S.EFFECTIVE],
        S.PARTLY: [S.DONE, S.PARTLY],
        S.NOT_EFFECTIVE: [S.DONE, S.NOT_EFFECTIVE],
    }
    for step in ways.get(status, [status]):
        actions.move(session, action, step, by=None, now=OPENING)
    session.flush()
    return action


def test_an_action_is_found_by_its_number(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        assert actions.action(session, action.id) is action


def test_an_unknown_number_is_named(database: Database) -> None:
    with reading(database.engine) as session, pytest.raises(NotFound) as refusal:
        actions.action(session, 17)

    assert str(refusal.value) == "no action has the number 17; `pdca actions list` shows them"


def test_accepting_is_told_once(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        for day in (TODAY, date(2026, 4, 9)):
            actions.accept(session, action, today=day, by=action.owner_id, now=OPENING)

        session.flush()
        assert action.accepted_on == TODAY
        assert events_of(session) == [("action.accepted", action.owner_id, {})]


def test_a_new_owner_of_a_running_action_says_yes_too(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = standing_at(session, firm, S.IN_PROGRESS)
        cem = firm.people["u1.cem"].id

        actions.reassign(session, action, cem, "ben is on another project", by=None, now=OPENING)
        before = action.accepted_on
        actions.accept(session, action, today=TODAY, by=cem, now=OPENING)

        assert (before, action.accepted_on, action.status) == (None, TODAY, S.IN_PROGRESS)


def test_the_first_report_puts_an_action_in_progress_and_later_ones_are_told(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        for words in ("list drafted", "", "list tried"):
            actions.progress(session, action, words, by=action.owner_id, now=OPENING)

        session.flush()
        assert action.status is S.IN_PROGRESS
        assert [name for name, _by, _payload in events_of(session)] == [
            "action.in progress",
            "action.progress",
            "action.progress",
        ]
        assert notes(session) == [("progress", "list drafted"), ("progress", "list tried")]


def test_progress_ends_a_rest(database: Database) -> None:
    with transaction(database.engine) as session:
        action = standing_at(session, a_firm(session), S.ON_HOLD)
        action.hold_until = date(2026, 9, 1)

        actions.progress(session, action, "the server came early", by=action.owner_id, now=OPENING)

        session.flush()
        assert action.status is S.IN_PROGRESS
        assert session.scalars(select(Action.hold_until)).one() is None


@pytest.mark.parametrize("status", [S.OPEN, S.IN_PROGRESS, S.ON_HOLD])
def test_done_proves_itself_until_its_check_date(database: Database, status: ActionStatus) -> None:
    with transaction(database.engine) as session:
        action = standing_at(session, a_firm(session), status)
        later = date(2026, 7, 20)

        actions.done(session, action, "it hangs there", today=TODAY, check_on=later, by=action.owner_id, now=OPENING)

        session.flush()
        assert (action.status, action.done_on, action.check_on, action.hold_until) == (S.DONE, TODAY, later, None)
        assert events_of(session)[-1] == (
            "action.done",
            action.owner_id,
            {"was": status.value, "check_on": "2026-07-20"},
        )
        assert notes(session) == [("done", "it hangs there")]


def test_another_owner_is_told_with_the_one_before(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        ben, cem = (firm.people[f"u1.{name}"].id for name in ("ben", "cem"))
        actions.accept(session, action, today=TODAY, by=ben, now=OPENING)

        actions.reassign(session, action, cem, "ben is ill", by=7, now=OPENING)

        session.flush()
        assert (action.owner_id, action.accepted_on) == (cem, None)
        assert events_of(session)[-1] == ("action.reassigned", 7, {"was": ben, "to": cem})
        assert notes(session) == [("reason", "ben is ill")]


def test_who_verifies_cannot_be_the_owner(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            actions.reassign(session, action, action.verifier_id or 0, "why not", by=None, now=OPENING)

        assert str(refusal.value) == (
            f"that person verifies action {action.id}; name another verifier first (edit --verifier)"
        )


def test_a_cancelled_action_keeps_its_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        actions.cancel(session, action, "the site closes", by=7, now=OPENING)

        session.flush()
        assert (events_of(session), notes(session)) == (
            [("action.cancelled", 7, {"was": "open"})],
            [("reason", "the site closes")],
        )


Decision = Callable[[Session, Action], None]
DECISIONS: dict[str, Decision] = {
    "accept": lambda session, action: actions.accept(session, action, today=TODAY, by=None, now=OPENING),
    "progress": lambda session, action: actions.progress(session, action, "so far", by=None, now=OPENING),
    "done": lambda session, action: actions.done(
        session, action, "it hangs there", today=TODAY, check_on=CHECK, by=None, now=OPENING
    ),
    "reassign": lambda session, action: actions.reassign(
        session, action, action.owner_id or 0, "why not", by=None, now=OPENING
    ),
    "cancel": lambda session, action: actions.cancel(session, action, "why not", by=None, now=OPENING),
}


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        (S.OPEN, {"accept", "progress", "done", "reassign", "cancel"}),
        (S.IN_PROGRESS, {"accept", "progress", "done", "reassign", "cancel"}),
        (S.ON_HOLD, {"accept", "progress", "done", "reassign", "cancel"}),
        (S.DONE, set()),
        (S.EFFECTIVE, set()),
        (S.PARTLY, set()),
        (S.NOT_EFFECTIVE, set()),
        (S.CANCELLED, set()),
    ],
)
def test_each_status_allows_its_decisions_and_refuses_the_others(
    database: Database, status: ActionStatus, possible: set[str]
) -> None:
    with transaction(database.engine) as session:
        action = standing_at(session, a_firm(session), status)
        before = told(session)

        allowed = {name for name, decide in DECISIONS.items() if is_allowed(session, action, decide)}

        assert (allowed, told(session)) == (possible, before)


def is_allowed(session: Session, action: Action, decide: Decision) -> bool:
    """Try a decision, and take it back where it was allowed."""
    attempt = session.begin_nested()
    try:
        decide(session, action)
    except DomainError:
        return False
    finally:
        attempt.rollback()
        session.refresh(action)
    return True


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("accept", "action {id} is done; only a released action that is not done awaits its owner's answer"),
        ("progress", "action {id} is done; progress is reported while it runs"),
        ("done", "action {id} is done already"),
        ("reassign", "action {id} is done; its owner no longer changes"),
        ("cancel", "action {id} is done; it can become effective, not effective, partly, not cancelled"),
    ],
)
def test_a_refusal_says_where_the_action_stands(database: Database, name: str, sentence: str) -> None:
    with transaction(database.engine) as session:
        action = standing_at(session, a_firm(session), S.DONE)

        with pytest.raises((NotAllowed, InvalidTransition)) as refusal:
            DECISIONS[name](session, action)

        assert str(refusal.value) == sentence.format(id=action.id)


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (
            lambda session, action: actions.done(
                session, action, " ", today=TODAY, check_on=CHECK, by=None, now=OPENING
            ),
            "say what was done on action {id}, so that its verifier can look",
        ),
        (
            lambda session, action: actions.cancel(session, action, "", by=None, now=OPENING),
            "give the reason why action {id} is cancelled (--because)",
        ),
        (
            lambda session, action: actions.reassign(session, action, 1, "", by=None, now=OPENING),
            "give the reason why action {id} changes hands (--because)",
        ),
    ],
)
def test_words_are_asked_for(database: Database, decide: Decision, sentence: str) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            decide(session, action)

        assert str(refusal.value) == sentence.format(id=action.id)
