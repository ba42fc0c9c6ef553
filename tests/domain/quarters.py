"""Whole quarters for tests: everybody in some units says the same levels, and what came of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import continuations
from domain.actions import Action, ActionUnit
from domain.cycles import Cycle
from tests.builders import OPENING, Firm, at
from tests.domain.acts import answer, turn

FIVE = ("u1", "u2", "u3", "u4", "u5")
Levels = Mapping[str, Mapping[str, int]]


def quarter(session: Session, firm: Firm, levels: Levels, opening: datetime = OPENING) -> dict[str, int]:
    """Open, have all members of some units say the same levels, close; returns what the last turn did."""
    turn(session, opening)
    for unit, said in levels.items():
        for name in ("ann", "ben", "cem"):
            answer(session, firm, f"{unit}.{name}", said, opening)
    return turn(session, at(opening.date().replace(day=28), 17))


def everywhere(*units: str, **levels: int) -> Levels:
    return {unit: {element.removeprefix("e"): level for element, level in levels.items()} for unit in units}


def drafted(session: Session) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the drafts in order: where each counts, which units it covers, its element; units by number."""
    rows = session.execute(
        select(Action.id, Action.unit_id, ActionUnit.unit_id, ActionUnit.element)
        .join(ActionUnit, ActionUnit.action_id == Action.id)
        .order_by(Action.id, ActionUnit.unit_id)
    )
    found: dict[int, tuple[str, list[str], str]] = {}
    for action_id, unit_id, covered, element in rows:
        found.setdefault(action_id, (str(unit_id), [], element))[1].append(str(covered))
    return [(unit, tuple(covers), element) for unit, covers, element in found.values()]


def ids(firm: Firm, *units: str) -> tuple[str, ...]:
    return tuple(str(firm.units[unit].id) for unit in units)


def the_cycle(session: Session, period: str = "2026-Q2") -> Cycle:
    return session.scalars(select(Cycle).where(Cycle.period == period)).one()


def put_off(session: Session, cycle: Cycle) -> list[tuple[int, str, str]]:
    return [(each.unit_id, each.element, each.because) for each in continuations.deferrals(session, cycle.id)]
