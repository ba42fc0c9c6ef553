"""Small organisations for tests: say only what matters, the rest is plain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import editions, responses
from domain.method.edition import Edition, edition_from
from domain.organisation import Organisation, Unit, UnitParent
from domain.people import Person, Role, RoleName
from domain.programmes import Programme, ProgrammeUnit, Respondent
from domain.responses import Given, Response, ResponseStatus

OPENING = datetime(2026, 4, 7, 9, tzinfo=UTC)
"""A moment by which every unit without holidays has opened for the second quarter of 2026."""


def a_model(*elements: str, organisation: Sequence[str] = (), levels: int = 3) -> dict[str, Any]:
    """Return a small no-gap model: each element has two items a level, a and b."""
    return {
        "id": "small",
        "edition": "1",
        "title": {"en": "Small model"},
        "source": "made for tests",
        "rule": "no-gap",
        "scale": {"min": 1, "max": levels, "labels": {}},
        "groups": [{"id": "A", "title": {"en": "Group A"}}],
        "elements": [
            {
                "id": element,
                "group": "A",
                "title": {"en": f"Topic {element}"},
                "asked_of": "organisation" if element in organisation else "unit",
                "items": {
                    level: [
                        {
                            "id": f"{element}.{level}{letter}",
                            "text": {"en": f"Statement {element}.{level}{letter} holds."},
                        }
                        for letter in "ab"
                    ]
                    for level in range(1, levels + 1)
                },
            }
            for element in elements
        ],
    }


MODEL = a_model("1", "2", "10", organisation=("1",))


@dataclass(frozen=True)
class Firm:
    """A stored organisation: unit "top" and the units below it, three respondents each, the first of them its lead."""

    programme: Programme
    edition: Edition
    units: Mapping[str, Unit]
    people: Mapping[str, Person]


def a_firm(
    session: Session, *, below: Sequence[str] = ("u1", "u2"), model: Mapping[str, Any] = MODEL, **programme: Any
) -> Firm:
    """Store an organisation with one running programme that asks everything each time, in UTC and without holidays."""
    kept = editions.keep(session, model)
    session.add(Organisation(name="Firm"))
    units: dict[str, Unit] = {}
    people: dict[str, Person] = {}
    for position, key in enumerate(("top", *below)):
        members = [a_person(session, f"{key}.{name}") for name in ("ann", "ben", "cem")]
        people |= {each.key: each for each in members}
        units[key] = Unit(key=key, name=f"Unit {key}", position=position, lead_id=members[0].id)
        session.add(units[key])
    manager = a_person(session, "quality")
    people["quality"] = manager
    session.flush()
    session.add(Role(person_id=manager.id, name=RoleName.QUALITY_MANAGER))
    session.add_all(UnitParent(unit_id=units[key].id, parent_id=units["top"].id) for key in below)
    how = {"rotation": [[element["id"] for element in model["elements"]]], **programme}
    running = Programme(key="wheel", name="Programme", edition_id=kept.id, **how)
    session.add(running)
    session.flush()
    for key, unit in units.items():
        session.add(ProgrammeUnit(programme_id=running.id, unit_id=unit.id))
        for name in ("ann", "ben", "cem"):
            person = people[f"{key}.{name}"]
            session.add(Respondent(programme_id=running.id, unit_id=unit.id, person_id=person.id))
    session.flush()
    return Firm(running, edition_from(model), units, people)


def a_programme_beside(session: Session, firm: Firm, key: str, unit: str, **how: Any) -> Programme:
    """Add a programme that asks two people of a unit by the same model, everything each time."""
    how = {"rotation": [[each.id for each in firm.edition.elements]], **how}
    beside = Programme(key=key, name=key.title(), edition_id=firm.programme.edition_id, **how)
    session.add(beside)
    session.flush()
    asked = firm.units[unit]
    session.add(ProgrammeUnit(programme_id=beside.id, unit_id=asked.id))
    for name in ("ann", "ben"):
        person = firm.people[f"{unit}.{name}"]
        session.add(Respondent(programme_id=beside.id, unit_id=asked.id, person_id=person.id))
    session.flush()
    return beside


def a_person(session: Session, key: str, **more: Any) -> Person:
    """Store somebody with an address."""
    person = Person(key=key, name=key.replace(".", " ").title(), mail=f"{key}@example.org", **more)
    session.add(person)
    session.flush()
    return person


def up_to(edition: Edition, element: str, level: int) -> Given:
    """Return an answer that says yes to every item up to a level and no above it."""
    items = edition.by_id[element].items
    return Given(states={item.id: "yes" if (item.level or 0) <= level else "no" for item in items})


def answer_all(session: Session, edition: Edition, levels: Mapping[str, int], now: datetime) -> int:
    """Have everybody who is asked say the same level per element (default 2), hand it in, and return how many did."""
    invited = session.scalars(select(Response).where(Response.status == ResponseStatus.INVITED)).all()
    for response in invited:
        given = {element: up_to(edition, element, levels.get(element, 2)) for element in response.scope}
        responses.save(session, response, given, now)
        responses.submit(session, response, by=response.person_id, now=now)
    return len(invited)


def at(day: date | str, hour: int = 9) -> datetime:
    """Return a moment of a day in UTC."""
    moment = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(moment.year, moment.month, moment.day, hour, tzinfo=UTC)
