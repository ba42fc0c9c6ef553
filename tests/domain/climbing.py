"""What tests of the ladder do again and again: an action somebody took, mornings, the rungs that were climbed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions, ladder
from domain.actions import Action
from domain.events import Event
from domain.places import places
from domain.rungs import RUNGS, Standing
from tests.builders import OPENING, Firm, at
from tests.conftest import Database
from tests.domain.acts import an_open_action

TOLD, ASKED, DECIDED_BY, ON_AGENDA = "2026-05-21", "2026-05-25", "2026-05-29", "2026-06-01"
"""The days of an action that is due on Friday 15 May and accepted: a Thursday, a Monday, a Friday, a Monday."""
UNANSWERED, UNANSWERED_UNTIL, UNDECIDED = "2026-04-15", "2026-04-21", "2026-04-22"
"""The days of an action that was to be answered by Tuesday 14 April: a Wednesday, a Tuesday, a Wednesday."""


def accepted(session: Session, firm: Firm, **more: Any) -> Action:
    """Release an action of u1's ben that is due on 15 May and that its owner took at once."""
    action = an_open_action(session, firm, **more)
    actions.accept(session, action, today=OPENING.date(), by=action.owner_id, now=OPENING)
    return action


def climb(database: Database, *moments: datetime) -> None:
    """Let everything go on at each of these moments, in a transaction each."""
    for now in moments:
        with transaction(database.engine) as session:
            ladder.climb(session, places(session, now), now)


def mornings(first: str, last: str) -> Iterator[datetime]:
    """Give 8:00 of each day from one to another."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield at(day, 8)
        day += timedelta(days=1)


def rungs(database: Database, *names: str) -> list[tuple[Any, ...]]:
    """Return the rungs climbed: day, rung, and these of the payload, oldest first."""
    with reading(database.engine) as session:
        rows = session.scalars(select(Event).where(Event.name.in_(RUNGS)).order_by(Event.id))
        return [
            (each.at.date().isoformat(), str(RUNGS[each.name]), *(each.payload.get(name) for name in names))
            for each in rows
        ]


def standing(database: Database, action: Action, now: datetime) -> Standing:
    with reading(database.engine) as session:
        return ladder.standing_of(session, places(session, now), session.get_one(Action, action.id))
