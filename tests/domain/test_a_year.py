"""A year and a half of quarters, lived at random: whatever comes, the wheel ends nowhere and history adds up."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, drafts, events, recomputation, responses, verifications
from domain.actions import Action, ActionStatus
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.events import Event
from domain.organisation import NoAskWeek, UnitParent
from domain.people import Absence
from domain.responses import Given, Response, ResponseStatus
from domain.verifications import Verdict, Verification
from tests.builders import Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import turn

BEGIN, END = at("2026-01-02", 6), at("2027-06-30", 23)
UNITS = ("u1", "u2", "u3", "u4")


def a_worldwide_firm(session: Session, chance: Random) -> Firm:
    """Three zones and calendars; people leave, a unit ends, one moves below another, everybody is away in August."""
    firm = a_firm(session, below=UNITS, rotation=[["1", "2", "10"], ["2"], ["10"]], numbers={"drafts_per_unit": 2})
    places = [("Europe/Berlin", "DE-BY"), ("America/New_York", "US"), ("Pacific/Auckland", "NZ"), (None, None)]
    for unit, (zone, region) in zip(UNITS, places, strict=True):
        firm.units[unit].time_zone, firm.units[unit].holidays = zone, region
    firm.units["u4"].valid_to = date(2026, chance.randrange(3, 12), chance.randrange(1, 28))
    firm.people["u1.ann"].left_on = date(2026, 7, 20)
    firm.people["u2.ann"].deputy_id = firm.people["u2.ben"].id
    session.add(Absence(person_id=firm.people["u2.ann"].id, starts_on=date(2026, 5, 1), ends_on=date(2026, 12, 1)))
    session.add(NoAskWeek(unit_id=None, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 21)))
    (first,) = session.scalars(select(UnitParent).where(UnitParent.unit_id == firm.units["u3"].id))
    first.ends_on = date(2026, 9, 30)
    session.add(UnitParent(unit_id=firm.units["u3"].id, parent_id=firm.units["u2"].id, starts_on=date(2026, 10, 1)))
    session.flush()
    return firm


def people_answer(session: Session, firm: Firm, chance: Random, now: datetime) -> None:
    rows = (
        select(Response)
        .join(Assessment)
        .where(Assessment.status == AssessmentStatus.OPEN, Response.status == ResponseStatus.INVITED)
    )
    for response in session.scalars(rows.order_by(Response.id)):
        if chance.random() < 0.4:
            continue
        given = {}
        for element in response.scope:
            level = chance.choice([0, 1, 1, 2, 3])
            items = firm.edition.by_id[element].items
            states = {item.id: "yes" if (item.level or 0) <= level else "no" for item in items}
            states |= {item.id: "don't know" for item in items if chance.random() < 0.02}
            because = {item.id: chance.choice(["changed", "seen differently", "mistake"]) for item in items}
            given[element] = Given(states=states, because=because, has_evidence=chance.random() < 0.5)
        responses.save(session, response, given, now)
        responses.submit(session, response, by=response.person_id, now=now)


def people_act(session: Session, firm: Firm, chance: Random, now: datetime) -> None:
    today, quality = now.date(), firm.people["quality"].id
    for action in session.scalars(select(Action).order_by(Action.id)):
        if chance.random() < 0.7:
            continue
        match action.status:
            case ActionStatus.PROPOSED:
                due = max(action.due_on or today, today)
                wanted = drafts.Edit(
                    measure="it is seen", verifier_id=quality, due_on=due, check_on=due + timedelta(days=40)
                )
                drafts.edit(session, action, wanted, today=today, by=None, now=now)
                drafts.release(session, action, today=today, answer_by=today, by=None, now=now)
            case ActionStatus.OPEN | ActionStatus.IN_PROGRESS:
                check = max(action.due_on or today, today) + timedelta(days=20)
                actions.done(session, action, "it hangs there", today=today, check_on=check, by=None, now=now)
            case ActionStatus.DONE if (action.check_on or today) <= today:
                verdict = chance.choice(list(Verdict))
                look = Verification(action_id=action.id, verdict=verdict, by=quality, on=today)
                later = max(action.due_on or today, today) + timedelta(days=30)
                verifications.verify(session, action, look, "seen", again_on=later, due_on=later, now=now)
            case _:
                pass


def live(session: Session, firm: Firm, chance: Random) -> None:
    """Turn the wheel at random hours, sometimes weeks apart; each turn a second time changes nothing."""
    now = BEGIN
    while now < END:
        turn(session, now)
        before = session.scalars(select(Event.id)).all()
        turn(session, now)
        assert session.scalars(select(Event.id)).all() == before
        events.seal(session, now)
        people_answer(session, firm, chance, now)
        people_act(session, firm, chance, now)
        session.flush()
        now += timedelta(hours=chance.choice([20, 50, 90, 130, 200, 500]))
    turn(session, END)
    events.seal(session, END)


@pytest.mark.parametrize("seed", range(2))
def test_a_year_and_a_half_of_quarters_adds_up(database: Database, seed: int) -> None:
    chance = Random(seed)
    with transaction(database.engine) as session:
        firm = a_worldwide_firm(session, chance)

        live(session, firm, chance)

        found = session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
        assert [each.period for each in found] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]
        assert {each.status for each in found[:-1]} <= {CycleStatus.PLANNED, CycleStatus.MISSED}
        over = select(Assessment.status).where(Assessment.cycle_id.in_([each.id for each in found[:-1]]))
        assert set(session.scalars(over)) <= {AssessmentStatus.SCORED, AssessmentStatus.SKIPPED}
        assert [difference for each in found for difference in recomputation.recompute(session, each)] == []
        assert events.broken_seals(session) == []
        assert len(session.scalars(select(Action.id)).all()) > 5
