"""Done actions whose verifier has left or does not look: the lead decides who looks, then the review does."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, drafts
from domain.actions import Action
from domain.drafts import Edit
from domain.people import Person
from domain.rungs import Because
from tests.builders import Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK
from tests.domain.climbing import accepted, climb, mornings, rungs, standing

DONE_ON = date(2026, 5, 11)
SILENT, DECIDED_BY, ON_AGENDA = "2026-07-20", "2026-07-24", "2026-07-27"
"""The days of an action to be checked on Friday 10 July: six working days later, four more, the next."""


def done(session: Session, firm: Firm, verifier: str) -> Action:
    action = accepted(session, firm, verifier_id=firm.people[verifier].id)
    actions.done(session, action, "The list hangs there", today=DONE_ON, check_on=CHECK, by=None, now=at(DONE_ON))
    return action


def test_an_action_whose_verifier_is_silent_is_asked_of_the_lead_then_on_the_agenda(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        done(session, firm, "u1.cem")
        lead = firm.people["u1.ann"].id

    climb(database, *mornings("2026-07-09", "2026-07-31"))

    assert rungs(database, "because", "decider", "decide_by") == [
        (SILENT, "lead asked", "unverified", lead, DECIDED_BY),
        (ON_AGENDA, "on agenda", "unverified", None, None),
    ]


def test_the_lead_above_is_asked_about_an_action_that_the_lead_does_not_verify(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        done(session, firm, "u1.ann")
        above = firm.people["top.ann"].id

    climb(database, at(SILENT, 8))

    assert rungs(database, "decider") == [(SILENT, "lead asked", above)]


@pytest.mark.parametrize(("left", "asked"), [("2026-04-20", "2026-05-11"), ("2026-06-01", "2026-06-01")])
def test_an_action_whose_verifier_has_left_is_asked_of_the_lead_once_it_is_done(
    database: Database, left: str, asked: str
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        done(session, firm, "u1.cem")
        session.get_one(Person, firm.people["u1.cem"].id).left_on = date.fromisoformat(left)

    climb(database, *mornings("2026-05-11", "2026-06-02"))

    assert rungs(database, "because")[:1] == [(asked, "lead asked", "verifier left")]


def test_another_verifier_ends_it(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = done(session, firm, "u1.cem")
    climb(database, at(SILENT, 8))
    before = standing(database, action, at(SILENT, 9)).because

    with transaction(database.engine) as session:
        found = session.get_one(Action, action.id)
        wanted = Edit(verifier_id=firm.people["u2.cem"].id, check_on=date(2026, 8, 3))
        drafts.edit(session, found, wanted, today=date(2026, 7, 20), by=firm.people["u1.ann"].id, now=at(SILENT, 10))
    climb(database, *mornings("2026-07-21", "2026-08-07"))

    assert before is Because.UNVERIFIED
    assert standing(database, action, at("2026-08-07", 9)).rung is None
    assert len(rungs(database)) == 1
