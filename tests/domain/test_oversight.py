"""Oversight: a unit whose actions would have nobody to own them is told of, once until that changes."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import oversight
from domain.events import Event
from domain.method.owners import MissingOwner
from domain.organisation import Responsibility
from domain.turns import Reach
from tests.builders import OPENING, Firm, a_firm
from tests.conftest import Database

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
