"""The organisation that a case stands on: a folder with a database and what contenders need beside it, by a seed."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks import mails, workbook
from benchmarks.answers import ease, standing, states
from benchmarks.places import DATABASE
from config import clock
from config.database import engine_of, transaction
from config.processes import this_process
from domain import editions, wheel
from domain.assessments import Assessment, AssessmentStatus
from domain.base import write
from domain.cycles import Cycle
from domain.method.edition import Edition, edition_from
from domain.organisation import Organisation, Unit, UnitParent
from domain.people import Person
from domain.programmes import Programme, ProgrammeUnit, Respondent
from domain.responses import Answer, Response, ResponseStatus
from domain.wheel import Hand
from flows.rounds import Turn, plainly, rounds
from pdca import migrations

MODEL = Path(__file__).parent.parent / "domain" / "maturity" / "iso9004-2018.yaml"
RESPONDENTS = 5
UNITS_PER_SITE = 30
OPENED = datetime(2026, 4, 8, 6, tzinfo=UTC)
CLOSES = datetime(2026, 4, 22, 14, tzinfo=UTC)
AGREE_UNTIL = datetime(2026, 4, 29, 14, tzinfo=UTC)


class Stage(StrEnum):
    """How far the organisation's cycle has come, and what there is of it besides the database.

    Opened by the wheel; opened, with the invitations in the outbox and as files; answered and closed in bulk; answered,
    with the answers in a workbook too.
    """

    OPEN = "open"
    INVITED = "invited"
    ANSWERED = "answered"
    EXPORTED = "exported"


@dataclass(frozen=True)
class Ground:
    """How large the organisation is, and how far its cycle has come."""

    units: int
    stage: Stage = Stage.ANSWERED
    seed: int = 9004


def prepare(folder: Path, ground: Ground) -> None:
    """Write the organisation into a folder. Unit n has the id n; unit 1 is the top, every thirtieth below it a site.

    The respondents of a unit are its own, the first of them leads it.
    """
    file = folder / DATABASE
    engine = engine_of(f"sqlite:///{file}")
    migrations.upgrade(engine)
    edition = edition_from(yaml.safe_load(MODEL.read_text(encoding="utf-8")))
    with transaction(engine) as session:
        _organisation(session, ground)
        _programme(session, ground)
    if ground.stage in {Stage.OPEN, Stage.INVITED}:
        hand = Hand(this_process(), OPENED, clock.now)
        rounds(Turn(engine, hand), [plainly(step) for step in wheel.WHEEL])
    else:
        with transaction(engine) as session:
            _assessments(session, ground, edition)
        for rows in _answers(ground, edition):
            with transaction(engine) as session:
                write(session, Answer, rows)
    if ground.stage is Stage.INVITED:
        mails.compose(engine, folder, OPENED)
    if ground.stage is Stage.EXPORTED:
        workbook.export(folder)
    engine.dispose()


def _organisation(session: Session, ground: Ground) -> None:
    session.add(Organisation(name="Firm", time_zone="Europe/Berlin", holidays="DE-BY"))
    session.flush()
    session.execute(
        insert(Person),
        [
            {"id": each, "key": f"p{each}", "name": f"Person {each}", "mail": f"p{each}@example.org", "language": "en"}
            for each in range(1, ground.units * RESPONDENTS + 1)
        ],
    )
    session.execute(
        insert(Unit),
        [
            {"id": unit, "key": f"u{unit}", "name": f"Unit {unit}", "position": unit, "lead_id": _people(unit)[0]}
            | {"has_capacity": unit % 50 != 0}
            for unit in _units(ground)
        ],
    )
    session.execute(
        insert(UnitParent), [{"unit_id": unit, "parent_id": _parent(unit)} for unit in _units(ground) if unit > 1]
    )


def _programme(session: Session, ground: Ground) -> None:
    kept = editions.keep(session, yaml.safe_load(MODEL.read_text(encoding="utf-8")))
    everything = [[element["id"] for element in kept.document["elements"]]]
    session.add(Programme(key="wheel", name="Programme", edition_id=kept.id, rotation=everything))
    session.flush()
    session.execute(insert(ProgrammeUnit), [{"programme_id": 1, "unit_id": unit} for unit in _units(ground)])
    session.execute(
        insert(Respondent),
        [
            {"programme_id": 1, "unit_id": unit, "person_id": person}
            for unit in _units(ground)
            for person in _people(unit)
        ],
    )


def _assessments(session: Session, ground: Ground, edition: Edition) -> None:
    scope = [element.id for element in edition.elements]
    begins, ends = date(2026, 4, 1), date(2026, 6, 30)
    session.add(Cycle(programme_id=1, edition_id=1, period="2026-Q2", number=0, starts_on=begins, ends_on=ends))
    session.flush()
    moments = {"opens_on": OPENED.date(), "closes_at": CLOSES, "agree_until": AGREE_UNTIL, "closed_at": CLOSES}
    session.execute(
        insert(Assessment),
        [
            {"id": unit, "cycle_id": 1, "unit_id": unit, "scope": scope, "status": AssessmentStatus.CLOSED} | moments
            for unit in _units(ground)
        ],
    )
    session.execute(
        insert(Response),
        [
            {"id": person, "assessment_id": unit, "person_id": person, "scope": scope}
            | {"status": ResponseStatus.SUBMITTED}
            for unit in _units(ground)
            for person in _people(unit)
        ],
    )


def _answers(ground: Ground, edition: Edition) -> Iterator[list[dict[str, Any]]]:
    """Yield the answer rows, a few hundred units at a time."""
    chance = Random(ground.seed)
    easier = ease(edition, chance)
    rows: list[dict[str, Any]] = []
    for unit in _units(ground):
        levels = {element.id: standing(easier[element.id], chance) for element in edition.elements}
        for person in _people(unit):
            rows.extend(
                {
                    "response_id": person,
                    "element": element.id,
                    "revision": 1,
                    "states": states(element, levels[element.id], chance),
                    "because": "{}",
                    "has_evidence": chance.random() < 0.3,
                    "at": CLOSES,
                }
                for element in edition.elements
            )
        if unit % 200 == 0 or unit == ground.units:
            yield rows
            rows = []


def _units(ground: Ground) -> range:
    return range(1, ground.units + 1)


def _people(unit: int) -> range:
    return range((unit - 1) * RESPONDENTS + 1, unit * RESPONDENTS + 1)


def _parent(unit: int) -> int:
    """Return the site above a unit, or the top above a site."""
    site = unit - unit % UNITS_PER_SITE
    return 1 if site in {0, unit} else site


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Ground(int(sys.argv[2]), Stage(sys.argv[3]), int(sys.argv[4])))
