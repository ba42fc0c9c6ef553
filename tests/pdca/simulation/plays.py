"""Small plays for tests, each on a database of its own, and what must hold after each of their quarters."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.database import engine_of, reading
from domain import continuations, cycles, events, findings, people, programmes, recomputation
from domain.actions import WORKING, Action, ActionNote, ActionStatus, ActionUnit, Source
from domain.cycles import Cycle
from domain.method.findings import FindingKind
from pdca.simulation.firm import PROGRAMME
from pdca.simulation.habits import Habits
from pdca.simulation.quarter import Outcome, Quarter
from pdca.simulation.year import Play, last_quarters, staged
from tests.servers import sqlite

TODAY = date(2026, 11, 24)
PROVING = {ActionStatus.EFFECTIVE, ActionStatus.PARTLY, ActionStatus.NOT_EFFECTIVE}


@dataclass(frozen=True)
class Played:
    """What came out of a play."""

    quarters: tuple[Quarter, ...]
    outcome: Outcome


def a_play(engine: Engine, folder: Path, *, units: int, quarters: int, seed: int, habits: Habits | None = None) -> Play:
    """Return a play that is ready to run."""
    played = last_quarters(quarters, TODAY)
    return staged(engine, folder, units=units, quarters=played, seed=seed, habits=habits)


def played(folder: Path, *, units: int = 4, quarters: int = 2, seed: int = 1, habits: Habits | None = None) -> Played:
    """Return what comes out of a play on a new SQLite file in a folder."""
    engine = engine_of(sqlite.new_database(folder / f"{seed}.db"))
    try:
        play = a_play(engine, folder, units=units, quarters=quarters, seed=seed, habits=habits)
        return Played(tuple(play.run()), play.outcome)
    finally:
        engine.dispose()


def wrong(engine: Engine) -> list[str]:
    """Return what should not be as it is."""
    with reading(engine) as session:
        programme = programmes.programme(session, PROGRAMME)
        newest = cycles.of_programme(session, programme.id)[-1]
        return [
            *_living_twice(session),
            *_without_owner(session, newest),
            *_forgotten_gaps(session, newest),
            *(f"{each} comes out otherwise" for each in recomputation.recompute(session, newest)),
            *(f"seal {each} is broken" for each in events.broken_seals(session)),
        ]


def _living_twice(session: Session) -> Iterator[str]:
    rows = select(ActionUnit).where(ActionUnit.is_living, ActionUnit.source == Source.SELF_ASSESSMENT)
    places = Counter((each.unit_id, each.model, each.element) for each in session.scalars(rows))
    yield from (f"{place} has {count} living actions" for place, count in places.items() if count > 1)


def _without_owner(session: Session, cycle: Cycle) -> Iterator[str]:
    here = {each.id for each in people.active(session, cycle.ends_on)}
    for action in session.scalars(select(Action).where(Action.status.in_(WORKING))):
        if action.owner_id not in here or action.verifier_id not in here:
            yield f"action {action.id} is left to somebody who has gone"


def _forgotten_gaps(session: Session, cycle: Cycle) -> Iterator[str]:
    """Yield each gap that neither lives in an action, nor is put off, nor was ended with a reason or a verdict."""
    put_off = {(each.unit_id, each.element) for each in continuations.deferrals(session, cycle.id)}
    continued = {each.action_id for each in continuations.of_cycle(session, cycle.id)}
    reasoned = set(session.scalars(select(ActionNote.action_id).where(ActionNote.kind == "reason")))
    rows = select(Action, ActionUnit).join(ActionUnit, ActionUnit.action_id == Action.id)
    cared_for = {
        (row.unit_id, row.element)
        for action, row in session.execute(rows).all()
        if row.is_living
        or (
            (action.cycle_id == cycle.id or action.id in continued)
            and (action.status in PROVING or action.id in reasoned)
        )
    }
    for gap in findings.of_cycle(session, cycle.id, FindingKind.GAP):
        if (gap.unit_id, gap.element) not in put_off | cared_for:
            yield f"the gap of unit {gap.unit_id} in {gap.element} is forgotten"
