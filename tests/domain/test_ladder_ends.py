"""How a ladder ends: whatever its owner or the lead does about an action, and what begins anew after it."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, deadlines, ladder, releases
from domain.actions import Action
from domain.errors import NotAllowed
from domain.places import places
from domain.rungs import Because, Rung
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, a_draft, an_open_action
from tests.domain.climbing import ASKED, ON_AGENDA, TOLD, accepted, climb, mornings, rungs, standing


def decided(session: Session, firm: Firm, action: Action, how: str, now: datetime) -> None:
    """Let somebody decide about an action: the ways in which a ladder ends."""
    where, today = places(session, now), now.date()
    ann, cem = firm.people["u1.ann"].id, firm.people["u1.cem"].id
    match how:
        case "new date":
            deadlines.reschedule(session, action, date(2026, 6, 5), CHECK, "help comes", by=ann, is_lead=True, now=now)
        case "other owner":
            releases.reassign(session, action, cem, "has time", where, by=ann, now=now)
        case "hold":
            deadlines.hold(session, action, date(2026, 6, 10), "waits for the server", by=ann, now=now)
        case "done":
            actions.done(session, action, "it hangs", today=today, check_on=CHECK, by=action.owner_id, now=now)
        case "stop":
            actions.cancel(session, action, "not needed", by=ann, now=now)


AFTERWARDS: Mapping[str, list[tuple[str, str]]] = {
    "new date": [("2026-06-11", "owner told"), ("2026-06-15", "lead asked"), ("2026-06-22", "on agenda")],
    "hold": [("2026-06-10", "owner told"), ("2026-06-12", "lead asked"), ("2026-06-19", "on agenda")],
    "done": [],
    "stop": [],
}


@pytest.mark.parametrize("how", ["new date", "hold", "done", "stop"])
@pytest.mark.parametrize(("before", "climbed"), [("2026-05-22", 1), ("2026-05-26", 2), ("2026-06-02", 3)])
def test_a_decision_ends_the_ladder_of_a_late_action(database: Database, how: str, before: str, climbed: int) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
    climb(database, *mornings("2026-05-15", before))
    with transaction(database.engine) as session:
        decided(session, firm, session.get_one(Action, action.id), how, at(before, 10))

    for now in mornings(before, "2026-06-24"):
        with transaction(database.engine) as session:
            deadlines.resume_held(session, places(session, now).units, now)
        climb(database, now)

    first = [(TOLD, "owner told"), (ASKED, "lead asked"), (ON_AGENDA, "on agenda")]
    assert rungs(database) == first[:climbed] + AFTERWARDS[how]


def test_another_owner_begins_anew_and_is_asked_for_an_answer_first(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
    climb(database, at(TOLD, 8), at(ASKED, 8))
    with transaction(database.engine) as session:
        decided(session, firm, session.get_one(Action, action.id), "other owner", at(ASKED, 10))

    climb(database, *mornings("2026-05-26", "2026-07-10"))

    assert rungs(database, "because", "answer_by") == [
        (TOLD, "owner told", "late", "2026-04-14"),
        (ASKED, "lead asked", "late", "2026-04-14"),
        ("2026-06-02", "lead asked", "no answer", "2026-06-01"),
        ("2026-06-09", "on agenda", "no answer", "2026-06-01"),
    ]


@pytest.mark.parametrize("answer", ["accept", "progress", "new date", "hold", "done", "stop"])
@pytest.mark.parametrize("on", ["2026-04-14", "2026-04-16", "2026-04-23"])
def test_an_answer_ends_the_ladder_of_an_unanswered_action(database: Database, answer: str, on: str) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm, due_on=date(2026, 6, 1))
    climb(database, *mornings("2026-04-08", on))
    climbed = rungs(database)
    with transaction(database.engine) as session:
        mine, now = session.get_one(Action, action.id), at(on, 10)
        if answer == "accept":
            actions.accept(session, mine, today=now.date(), by=mine.owner_id, now=now)
        elif answer == "progress":
            actions.progress(session, mine, "begun", by=mine.owner_id, now=now)
        else:
            decided(session, firm, mine, answer, now)

    climb(database, *mornings(on, "2026-05-29"))

    assert rungs(database) == climbed
    assert standing(database, action, at("2026-05-29")).rung is None


def test_what_its_owner_declines_goes_to_the_lead_and_ends_with_another_owner(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        cem = firm.people["u1.cem"].id
        ladder.decline(session, action, "no access", by=action.owner_id, now=at("2026-04-10", 18))
    with transaction(database.engine) as session:
        unheard = a_draft(session, firm, element="2")
        with pytest.raises(NotAllowed, match=f"action {unheard.id} is proposed; only what is open or in progress"):
            ladder.decline(session, unheard, "x", by=None, now=OPENING)

    climb(database, *mornings("2026-04-11", "2026-04-15"))
    asked = standing(database, action, at("2026-04-15"))
    with transaction(database.engine) as session:
        now = at("2026-04-15")
        releases.reassign(
            session, session.get_one(Action, action.id), cem, "has access", places(session, now), by=None, now=now
        )
    climb(database, *mornings("2026-04-16", "2026-04-22"))

    assert (asked.rung, asked.because, asked.decide_by) == (Rung.LEAD_ASKED, Because.DECLINED, date(2026, 4, 17))
    assert rungs(database, "because") == [("2026-04-13", "lead asked", "declined")]


def test_what_is_declined_on_a_working_day_is_asked_of_the_lead_on_that_day(database: Database) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, a_firm(session))
        ladder.decline(session, action, "no access", by=action.owner_id, now=at("2026-04-10", 11))

    climb(database, at("2026-04-10", 12), *mornings("2026-04-11", "2026-04-30"))

    assert rungs(database) == [("2026-04-10", "lead asked"), ("2026-04-17", "on agenda")]


def test_what_was_undecided_for_want_of_an_answer_is_told_nobody_again_once_it_is_late(database: Database) -> None:
    with transaction(database.engine) as session:
        an_open_action(session, a_firm(session))

    climb(database, *mornings("2026-04-08", "2026-06-30"))

    assert [rung for _day, rung in rungs(database)] == ["lead asked", "on agenda"]
