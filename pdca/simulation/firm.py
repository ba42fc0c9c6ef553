"""The simulated organisation as the file that is imported: who is there, who leads what, who is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from domain.method.edition import Edition
from pdca.simulation.chance import Chance
from pdca.simulation.names import Names, department, key_of, site

NAME = "Lindhorst Valves"
ZONE = "Europe/Berlin"
TOP = "lindhorst"
PROGRAMME = "iso9004"
DEPARTMENTS_AT_A_SITE = 4
READS_GERMAN = 3
"""Every so many of those who join read German, the others English."""
ANSWER_FOR = {1: ("9",), 2: ("11",), 3: ("10",)}
"""Which groups of the model the nth member of a department answers for; the lead answers for the rest."""
MANAGERS_ANSWER_FOR = {1: ("5", "6", "9"), 2: ("7", "11"), 3: ("8", "10")}
"""The same for the managers of the top unit, whose lead verifies."""


@dataclass
class Firm:
    """An organisation file in the making: its rows by id, as they are today."""

    edition: Edition
    names: Names
    starts_on: date
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    teams: dict[str, list[str]] = field(default_factory=dict)
    joined: int = 0

    def write(self, path: Path) -> Path:
        """Write the file and return its path; who has left is in it once."""
        path.write_text(yaml.safe_dump(self._document(), allow_unicode=True, sort_keys=False), encoding="utf-8")
        self.people = {key: each for key, each in self.people.items() if "left_on" not in each}
        return path

    def join(self, manager: str | None, **more: Any) -> str:
        """Take somebody on and return their id."""
        name = self.names.next()
        key = key_of(name)
        self.joined += 1
        language = "de" if self.joined % READS_GERMAN == 0 else "en"
        known = {"id": key, "name": name, "mail": f"{key}@example.org", "language": language}
        self.people[key] = {**known, "manager": manager, **more}
        return key

    def replace(self, key: str, on: date) -> str:
        """Let somebody leave; a newcomer takes every part they had. Returns the newcomer's id."""
        leaver = self.people[key]
        newcomer = self.join(leaver["manager"], deputy=leaver.get("deputy"), roles=leaver.get("roles", []))
        for each in self.people.values():
            for part in ("manager", "deputy"):
                each[part] = newcomer if each.get(part) == key and each["id"] != newcomer else each.get(part)
        for unit in self.units.values():
            unit["lead"] = newcomer if unit["lead"] == key else unit["lead"]
        for team in self.teams.values():
            team[:] = [newcomer if member == key else member for member in team]
        leaver |= {"left_on": on.isoformat(), "manager": None, "deputy": None, "roles": [], "absences": []}
        return newcomer

    def _document(self) -> dict[str, Any]:
        elements = [element.id for element in self.edition.elements]
        return {
            "organisation": {"name": NAME, "language": "en", "time_zone": ZONE, "holidays": "DE-NI"},
            "units": list(self.units.values()),
            "people": list(self.people.values()),
            "responsibilities": list(self._responsibilities()),
            "programmes": [
                {
                    "id": PROGRAMME,
                    "name": "Self-assessment",
                    "model": self.edition.id,
                    "units": list(self.teams),
                    "respondents": self.teams,
                    "rotation": [elements[::2], elements[1::2]],
                    "starts_on": self.starts_on.isoformat(),
                }
            ],
        }

    def _responsibilities(self) -> Iterator[dict[str, str]]:
        for unit, team in self.teams.items():
            groups = MANAGERS_ANSWER_FOR if unit == TOP else ANSWER_FOR
            for place, member in enumerate(team):
                for group in groups.get(place, ()):
                    yield {"unit": unit, "group": group, "person": member}


def founded(edition: Edition, units: int, chance: Chance, starts_on: date) -> Firm:
    """Return an organisation in which so many units are asked: the top unit, and departments on sites.

    The sites themselves are not asked. A programme that asks all starts on a day.
    """
    dice = chance.of("firm")
    firm = Firm(edition, Names(dice.randrange(1_000)), starts_on)
    director = firm.join(None, roles=["manager"])
    managers = [firm.join(director, deputy=director, roles=["manager"]) for _ in range(3)]
    firm.people[director]["deputy"] = managers[0]
    quality = [firm.join(director, roles=["quality manager"]) for _ in range(2)]
    firm.people[quality[0]]["deputy"] = quality[1]
    firm.join(director, roles=["administrator"])
    firm.units[TOP] = {"id": TOP, "name": NAME, "lead": director}
    firm.teams[TOP] = [director, *managers]
    above = TOP
    for number in range(units - 1):
        if number % DEPARTMENTS_AT_A_SITE == 0:
            above = _open_site(firm, number // DEPARTMENTS_AT_A_SITE, managers)
        _open_department(firm, number, above, dice.choice((3, 4, 4)))
    return firm


def _open_site(firm: Firm, number: int, managers: list[str]) -> str:
    name, zone, region = site(number)
    key = key_of(name)
    lead = managers[number] if number < len(managers) else firm.join(managers[0], deputy=managers[0])
    firm.units[key] = {"id": key, "name": name, "parent": TOP, "lead": lead, "time_zone": zone, "holidays": region}
    return key


def _open_department(firm: Firm, number: int, above: str, size: int) -> None:
    name = department(number)
    key = key_of(name)
    lead = firm.join(firm.units[above]["lead"])
    team = [lead, *(firm.join(lead) for _ in range(size - 1))]
    firm.people[lead]["deputy"] = team[1]
    firm.units[key] = {"id": key, "name": name, "parent": above, "lead": lead}
    firm.teams[key] = team
