"""What tests of the domain do again and again: propose and release an action, turn all steps of the wheel."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import drafts, openings, responses, turns, wheel
from domain.actions import Action, ActionUnit, Source
from domain.assessments import Assessment
from domain.events import Event
from domain.organisation import Unit
from domain.responses import Response, Round
from domain.turns import EVERYWHERE, Reach
from domain.wheel import Hand
from tests.builders import OPENING, Firm, up_to

DUE = date(2026, 5, 15)
CHECK = date(2026, 7, 10)


def a_draft(
    session: Session, firm: Firm, *, covers: tuple[str, ...] = ("u1",), element: str = "10", **more: Any
) -> Action:
    """Propose an action that lacks nothing: u1's ben owns it, its lead ann verifies it."""
    ready: dict[str, Any] = {
        "unit_id": firm.units[covers[0]].id,
        "title": "A handover list for leavers",
        "measure": "The last three leavers used it",
        "owner_id": firm.people["u1.ben"].id,
        "verifier_id": firm.people["u1.ann"].id,
        "due_on": DUE,
        "check_on": CHECK,
    }
    source = more.pop("source", Source.SELF_ASSESSMENT)
    places = [
        ActionUnit(action_id=0, unit_id=firm.units[unit].id, model=firm.edition.id, element=element, source=source)
        for unit in covers
    ]
    return drafts.propose(session, Action(**ready | more), places, {source: ["2026-Q2"]}, now=OPENING)


def an_open_action(session: Session, firm: Firm, **more: Any) -> Action:
    """Propose an action and release it on the day of the opening."""
    action = a_draft(session, firm, **more)
    drafts.release(
        session, action, today=OPENING.date(), answer_by=date(2026, 4, 14), by=firm.people["quality"].id, now=OPENING
    )
    return action


def plan(session: Session, now: datetime, reach: Reach = EVERYWHERE) -> dict[str, int]:
    """Begin, open and skip what is due; returns what was done, without what was not."""
    done = {
        "begun": openings.begin_cycles(session, now, reach),
        "opened": openings.open_assessments(session, now, reach),
        "skipped": openings.skip_unopened(session, now, reach),
    }
    return {name: count for name, count in done.items() if count}


def turn(session: Session, now: datetime) -> dict[str, int]:
    """Do all that is due at a moment, as the wheel does; returns what was done, without what was not."""
    hand = Hand("tests", now, clock=lambda: now)
    done: Counter[str] = Counter()
    turns.want(session)
    while turns.grant(session):
        for step in wheel.WHEEL:
            while (counts := step(session, hand)) is not None:
                done.update(counts)
                if step not in wheel.REPEATED:
                    break
    return {name: count for name, count in done.items() if count}


def answer(session: Session, firm: Firm, who: str, levels: Mapping[str, int], now: datetime = OPENING) -> Response:
    """Have somebody say yes up to a level of each element and no above it, in their newest questionnaire."""
    response = questionnaire(session, firm, who)
    given = {element: up_to(firm.edition, element, level) for element, level in levels.items()}
    responses.save(session, response, given, now)
    responses.submit(session, response, by=response.person_id, now=now)
    return response


def questionnaire(session: Session, firm: Firm, who: str) -> Response:
    """Return somebody's newest blind response."""
    rows = select(Response).where(Response.person_id == firm.people[who].id, Response.round == Round.BLIND)
    return session.scalars(rows.order_by(Response.id.desc()).limit(1)).one()


def assessment_of(session: Session, unit: str) -> Assessment:
    """Return a unit's newest assessment."""
    rows = select(Assessment).join(Unit, Unit.id == Assessment.unit_id).where(Unit.key == unit)
    return session.scalars(rows.order_by(Assessment.id.desc()).limit(1)).one()


def told(session: Session) -> list[str]:
    """Return the names of all events, oldest first."""
    return list(session.scalars(select(Event.name).order_by(Event.id)))
