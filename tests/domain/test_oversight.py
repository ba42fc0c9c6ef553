"""Oversight: whose actions would have nobody to own them, or whose owner left, is told of, once until that changes."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, deadlines, ladder, oversight, overview, releases
from domain.actions import ActionStatus
from domain.errors import NotAllowed
from domain.events import Event
from domain.method.owners import MissingOwner
from domain.organisation import Responsibility
from domain.places import places
from domain.rungs import WITHOUT_OWNER, Because
from domain.turns import Reach
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft, an_open_action, told, turn

TODAY = OPENING.date()


def noted(session: Session) -> list[object]:
    rows = select(Event).where(Event.name == oversight.NOBODY).order_by(Event.id)
    return [each.payload["places"] for each in session.scalars(rows)]


def a_firm_without_leads(session: Session) -> Firm:
    firm = a_firm(session)
    for unit in firm.units.values():
        unit.lead_id = None
    session.flush()
    return firm


def test_where_somebody_leads_nobody_is_missing(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        firm.units["u1"].lead_id = None
        session.flush()

        assert oversight.without_owner(session, firm.programme, TODAY) == ()
        assert (oversight.note_missing_owners(session, OPENING), noted(session)) == (0, [])


def test_units_with_nobody_in_line_are_told_with_their_elements(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm_without_leads(session)
        top, u1, u2 = (str(firm.units[key].id) for key in ("top", "u1", "u2"))
        session.add(Responsibility(unit_id=firm.units["u1"].id, person_id=firm.people["u1.ben"].id, element="2"))
        session.flush()

        assert oversight.without_owner(session, firm.programme, TODAY) == (
            MissingOwner(top, ("1",)),
            MissingOwner(u1, ("10",)),
            MissingOwner(u2, ("2", "10")),
        )


def test_it_is_noted_once_per_change(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm_without_leads(session)
        top, u1, u2 = (firm.units[key] for key in ("top", "u1", "u2"))
        counts = [oversight.note_missing_owners(session, OPENING) for _turn in range(2)]
        u1.lead_id = firm.people["u1.ann"].id
        session.flush()
        counts += [oversight.note_missing_owners(session, OPENING) for _turn in range(2)]
        top.lead_id = firm.people["top.ann"].id
        session.flush()
        counts += [oversight.note_missing_owners(session, OPENING) for _turn in range(2)]

        both = {str(top.id): ["1"], str(u2.id): ["2", "10"]}
        assert counts == [3, 3, 2, 2, 0, 0]
        assert noted(session) == [both | {str(u1.id): ["2", "10"]}, both, {}]


def test_a_lead_who_leaves_is_missed_from_that_day_on(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        firm.people["top.ann"].left_on = date(2026, 5, 1)
        session.flush()

        found = [oversight.without_owner(session, firm.programme, date(2026, month, 1)) for month in (4, 5)]

        assert found == [(), (MissingOwner(str(firm.units["top"].id), ("1", "2", "10")),)]


def test_each_programme_is_looked_at_for_itself_and_one_at_rest_not_at_all(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm_without_leads(session)

        elsewhere = oversight.note_missing_owners(session, OPENING, Reach(programme_id=99))
        firm.programme.is_active = False
        session.flush()
        at_rest = oversight.note_missing_owners(session, OPENING)

        assert (elsewhere, at_rest, noted(session)) == (0, 0, [])


def leave(session: Session, firm: Firm, who: str, on: str) -> None:
    firm.people[who].left_on = date.fromisoformat(on)
    session.flush()


def test_an_action_whose_owner_has_left_is_put_to_its_lead_at_once_and_once(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        actions.accept(session, action, today=TODAY, by=action.owner_id, now=OPENING)
        leave(session, firm, "u1.ben", "2026-04-22")

        for moment in (at("2026-04-21"), at("2026-04-22", 7), at("2026-04-22", 8), at("2026-04-23")):
            turn(session, moment)

        waiting = overview.waiting(session, places(session, at("2026-04-23")), at("2026-04-23"))
        assert [name for name in told(session) if name in {WITHOUT_OWNER, "action.lead asked"}] == [
            WITHOUT_OWNER,
            "action.lead asked",
        ]
        assert waiting.without_owner == (action.id,)
        assert [(each.action_id, each.because, each.asked.key, each.by) for each in waiting.decisions] == [
            (action.id, Because.OWNER_LEFT, "u1.ann", date(2026, 4, 28))
        ]


def test_with_another_owner_all_is_well_until_that_one_leaves(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        leave(session, firm, "u1.ben", "2026-04-08")
        turn(session, at("2026-04-08"))
        where = places(session, at("2026-04-09"))
        cem = firm.people["u1.cem"].id
        releases.reassign(session, action, cem, "she is here", where, by=None, now=at("2026-04-09"))
        turn(session, at("2026-04-09", 10))
        between = overview.waiting(session, where, at("2026-04-09", 10))
        leave(session, firm, "u1.cem", "2026-04-10")

        turn(session, at("2026-04-10"))

        assert (between.without_owner, between.decisions) == ((), ())
        assert told(session).count(WITHOUT_OWNER) == 2


@pytest.mark.parametrize("who", ["u1.ben", "quality"])
def test_what_somebody_reports_for_who_has_left_gives_no_owner_but_who_is_back_owns_it(
    database: Database, who: str
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        leave(session, firm, "u1.ben", "2026-04-08")
        turn(session, at("2026-04-08"))
        firm.people["u1.ben"].left_on = None

        actions.progress(session, action, "half of it stands", by=firm.people[who].id, now=at("2026-04-09"))

        standing = ladder.standing_of(session, places(session, at("2026-04-09")), action)
        assert standing.awaits_decision == (who == "quality")


def test_what_rests_is_told_of_and_put_to_its_lead_when_it_goes_on(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        deadlines.hold(session, action, date(2026, 4, 20), "a wall is built", by=None, now=OPENING)
        leave(session, firm, "u1.ben", "2026-04-08")

        turn(session, at("2026-04-08"))
        rests = told(session)[-1:]
        turn(session, at("2026-04-20"))

        assert rests == [WITHOUT_OWNER]
        assert (action.status, told(session)[-1]) == (ActionStatus.IN_PROGRESS, "action.lead asked")


@pytest.mark.parametrize("who", ["u1.ben", "u1.ann"])
def test_a_draft_is_not_released_to_who_has_left_nor_for_them_to_verify(database: Database, who: str) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        draft = a_draft(session, firm)
        leave(session, firm, who, "2026-04-07")

        with pytest.raises(NotAllowed, match=f"action {draft.id} cannot be released; {who} left on 2026-04-07"):
            releases.release(session, draft, places(session, OPENING), by=None, now=OPENING)

        assert draft.status is ActionStatus.PROPOSED
