"""Drafts: proposed with what they rest on, edited by hand, released when they lack nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, drafts, releases
from domain.actions import Action, ActionSource, ActionStatus, ActionUnit, Source
from domain.drafts import Edit, Proposal
from domain.errors import InvalidTransition, NotAllowed
from domain.events import Event
from domain.places import places
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, DUE, a_draft, an_open_action

TODAY = OPENING.date()
A_WEEK = timedelta(days=7)


def release(session: Session, action: Action, today: date = TODAY) -> None:
    drafts.release(session, action, today=today, answer_by=today + A_WEEK, by=7, now=OPENING)


def edit(session: Session, action: Action, **wanted: Any) -> list[str]:
    return drafts.edit(session, action, Edit(**wanted), today=TODAY, by=7, now=OPENING)


def covered(session: Session) -> list[tuple[int, int, str, bool]]:
    rows = select(ActionUnit).order_by(ActionUnit.action_id, ActionUnit.unit_id)
    return [(each.action_id, each.unit_id, each.element, each.is_living) for each in session.scalars(rows)]


def sources(session: Session) -> list[tuple[str, str]]:
    return [(each.source.value, each.reference) for each in session.scalars(select(ActionSource))]


def events_of(session: Session, name: str) -> list[tuple[int, int | None, dict[str, Any]]]:
    rows = select(Event).where(Event.name == name).order_by(Event.id)
    return [(each.subject_id, each.by, each.payload) for each in session.scalars(rows)]


def test_a_draft_comes_with_the_units_it_covers_its_sources_and_an_event(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        place = ActionUnit(action_id=0, unit_id=firm.units["u2"].id, source=Source.AUDIT_FINDING)
        action = Action(unit_id=firm.units["u2"].id, title="Lock the store")
        found = {Source.AUDIT_FINDING: ["A-3", "A-4"], Source.CUSTOMER_FEEDBACK: []}

        drafts.propose(session, action, [place], found, now=OPENING)

        session.flush()
        assert covered(session) == [(action.id, firm.units["u2"].id, "", True)]
        assert sources(session) == [("audit finding", "A-3"), ("audit finding", "A-4"), ("customer feedback", "")]
        assert events_of(session, "action.proposed") == [(action.id, None, {})]


def proposal(firm: Firm, unit: str, element: str) -> Proposal:
    unit_id = firm.units[unit].id
    cover = {"unit_id": unit_id, "model": "small", "element": element, "source": Source.SELF_ASSESSMENT}
    return Proposal(
        {"unit_id": unit_id, "title": f"{unit} {element}", "facts": {}},
        [cover | {"is_living": True, "tries_first": False}],
    )


def test_many_drafts_are_proposed_as_one_by_one(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        wanted = [proposal(firm, unit, element) for unit in ("u2", "u1") for element in ("10", "2")]

        drafts.propose_all(session, wanted, Source.SELF_ASSESSMENT, "2026-Q2", now=OPENING)

        made = session.scalars(select(Action).order_by(Action.id)).all()
        assert [(each.title, each.status, each.version) for each in made] == [
            (each.action["title"], ActionStatus.PROPOSED, 1) for each in wanted
        ]
        assert covered(session) == [
            (action.id, each.action["unit_id"], each.covers[0]["element"], True)
            for action, each in zip(made, wanted, strict=True)
        ]
        assert sources(session) == [("self-assessment", "2026-Q2")] * 4
        assert events_of(session, "action.proposed") == [(action.id, None, {}) for action in made]
        release_ready = [drafts.missing_for_release(each) for each in made]
        assert {len(each) for each in release_ready} == {5}


def test_a_released_draft_is_open_and_keeps_its_first_due_date(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session))

        release(session, action)

        session.flush()
        assert (action.status, action.released_on, action.answer_by) == (ActionStatus.OPEN, TODAY, TODAY + A_WEEK)
        assert (action.due_on, action.original_due_on, action.check_on) == (DUE, DUE, CHECK)
        assert events_of(session, "action.open") == [(action.id, 7, {"was": "proposed"})]


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"measure": "  "}, "a measure in words (edit --measure)"),
        ({"owner_id": None}, "an owner (reassign)"),
        ({"verifier_id": None}, "a verifier other than the owner (edit --verifier)"),
        ({"due_on": None}, "a due date (edit --due)"),
        ({"check_on": None}, "a check date (edit --check)"),
        ({"measure": "", "owner_id": None}, "a measure in words (edit --measure), an owner (reassign)"),
    ],
)
def test_a_draft_that_lacks_something_is_not_released(
    database: Database, lacking: dict[str, Any], sentence: str
) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session), **lacking)

        with pytest.raises(NotAllowed) as refusal:
            release(session, action)

        assert str(refusal.value) == f"action {action.id} cannot be released; it lacks {sentence}"
        assert (action.status, action.released_on, action.original_due_on) == (ActionStatus.PROPOSED, None, None)


def test_a_draft_due_on_a_day_past_is_not_released(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            release(session, action, DUE + timedelta(days=1))

        assert str(refusal.value) == "2026-05-15 lies in the past; give a day from 2026-05-16 on"


def test_what_is_released_is_not_released_again(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        actions.move(session, action, ActionStatus.IN_PROGRESS, by=None, now=OPENING)

        with pytest.raises(InvalidTransition) as refusal:
            release(session, action)

        assert str(refusal.value) == (f"action {action.id} is released already, since 2026-04-07")


def test_at_release_the_dates_that_nobody_edited_are_counted_anew(database: Database) -> None:
    with transaction(database.engine) as session:
        facts = {"items": ["10.2a", "10.2b"], "due_on": DUE.isoformat()}
        action = a_draft(session, a_firm(session), facts=facts)
        now = at("2026-06-01")

        releases.release(session, action, places(session, now), by=7, now=now)

        assert (action.released_on, action.answer_by) == (date(2026, 6, 1), date(2026, 6, 8))
        assert (action.due_on, action.original_due_on, action.check_on) == (
            date(2026, 6, 29),
            date(2026, 6, 29),
            date(2026, 8, 24),
        )


def test_an_edited_draft_says_what_changed_without_the_words(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = a_draft(session, firm)
        cem = firm.people["u1.cem"].id

        changed = edit(session, action, title="A list for leavers", measure=action.measure, owner_id=cem)

        session.flush()
        assert (changed, action.title, action.owner_id) == (["owner_id", "title"], "A list for leavers", cem)
        assert events_of(session, "action.edited") == [(action.id, 7, {"changed": ["owner_id", "title"]})]


def test_an_edit_that_changes_nothing_is_not_told(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session))

        assert edit(session, action, title=action.title, due_on=DUE) == []
        assert events_of(session, "action.edited") == []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"title": " "}, "action {id} needs a title (--title)"),
        ({"due_on": TODAY - A_WEEK}, "2026-03-31 lies in the past; give a day from 2026-04-07 on"),
        ({"due_on": CHECK + A_WEEK}, "action {id} cannot be checked on 2026-07-10, before it is due on 2026-07-17"),
        ({"check_on": DUE - A_WEEK}, "action {id} cannot be checked on 2026-05-08, before it is due on 2026-05-15"),
    ],
)
def test_an_edit_that_contradicts_itself_changes_nothing(
    database: Database, wanted: dict[str, Any], sentence: str
) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session))

        with pytest.raises(NotAllowed) as refusal:
            edit(session, action, why="another reason", **wanted)

        assert str(refusal.value) == sentence.format(id=action.id)
        assert (action.why, action.due_on, action.check_on) == ("", DUE, CHECK)
        assert not session.dirty


def test_the_owner_cannot_be_made_the_verifier(database: Database) -> None:
    with transaction(database.engine) as session:
        action = a_draft(session, a_firm(session))

        for wanted in ({"verifier_id": action.owner_id}, {"owner_id": action.verifier_id}):
            with pytest.raises(NotAllowed, match=r"the owner of action [0-9]+ cannot verify it; name somebody else"):
                edit(session, action, **wanted)


@pytest.mark.parametrize("status", [ActionStatus.IN_PROGRESS, ActionStatus.ON_HOLD, ActionStatus.DONE])
def test_who_verifies_and_when_may_change_until_it_is_verified(database: Database, status: ActionStatus) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        actions.move(session, action, status, by=None, now=OPENING)

        assert edit(session, action, verifier_id=firm.people["top.ann"].id) == ["verifier_id"]
        assert edit(session, action, check_on=DUE) == ["check_on"]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (ActionStatus.IN_PROGRESS, {"title": "Another"}),
        (ActionStatus.IN_PROGRESS, {"measure": "Another", "verifier_id": 1}),
        (ActionStatus.CANCELLED, {"verifier_id": 1}),
    ],
)
def test_of_a_released_action_nothing_else_is_edited(
    database: Database, status: ActionStatus, wanted: dict[str, Any]
) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        actions.move(session, action, status, by=None, now=OPENING)

        with pytest.raises(NotAllowed) as refusal:
            edit(session, action, **wanted)

        assert str(refusal.value) == (
            f"action {action.id} is {status}; only a draft is edited, and until an action is verified, "
            "who verifies it and when (--verifier, --check)"
        )
