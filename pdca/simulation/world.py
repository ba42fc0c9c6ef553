"""The world of a simulation: everything that lasts, the moment in which somebody acts, and what people plan to do."""

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from domain.actions import Action
from domain.method.edition import Edition
from domain.method.respondents import Answer
from domain.method.workdays import add_working_days
from domain.people import Person
from domain.places import Places, places
from domain.scores import Latest
from pdca.simulation.chance import Chance
from pdca.simulation.drafted import Samples
from pdca.simulation.firm import Firm
from pdca.simulation.habits import Habits
from pdca.simulation.truth import Truth
from pdca.simulation.words import Words

BEGIN_WORK, DAY_MINUTES = time(8), 8 * 60 - 5
"""People do things between eight and four."""


@dataclass
class Diary:
    """What people are going to do, and when."""

    _entries: list[tuple[datetime, int, "Deed", tuple[Any, ...]]] = field(default_factory=list)
    _written: int = 0

    def write(self, at: datetime, deed: "Deed", *about: Any) -> None:
        """Plan to do something about a thing."""
        self._written += 1
        heapq.heappush(self._entries, (at, self._written, deed, about))

    @property
    def next_at(self) -> datetime | None:
        """The moment of the next entry."""
        return self._entries[0][0] if self._entries else None

    def take(self) -> tuple["Deed", tuple[Any, ...]]:
        """Take out the next entry."""
        _at, _number, deed, about = heapq.heappop(self._entries)
        return deed, about


@dataclass
class World:
    """What lasts over all quarters; it grows with the units, not with the quarters."""

    engine: Engine
    folder: Path
    edition: Edition
    chance: Chance
    habits: Habits
    words: Words
    firm: Firm
    truth: Truth
    samples: Samples
    mailbox: Path | None = None
    """Where mails are written to; none is written where there is none."""
    offices: frozenset[int] = frozenset()
    diary: Diary = field(default_factory=Diary)
    counts: Counter[str] = field(default_factory=Counter)
    """What happened in this quarter."""
    compared: dict[int, "Compared"] = field(default_factory=dict)
    """What the answers of this quarter's assessments are compared with."""
    mails: Counter[str] = field(default_factory=Counter)
    """How many mails there were up to the last quarter's end, by template."""
    changes: Counter[str] = field(default_factory=Counter)
    """By how many levels results moved so far, by what lay behind it."""
    due: datetime | None = None
    """When the wheel has something to do next, as far as anybody knows."""
    today: Places | None = None

    @cached_property
    def element_of(self) -> dict[str, str]:
        """The element of each item."""
        return {item.id: element.id for element in self.edition.elements for item in element.items}


@dataclass(frozen=True)
class Scene:
    """A moment in which somebody does something: one transaction in the world."""

    world: World
    session: Session
    now: datetime
    places: Places

    def day(self, unit_id: int) -> date:
        """The date it is in a unit."""
        return self.places.day(unit_id, self.now)

    def working_day(self, unit_id: int, days: int, start: date | None = None) -> date:
        """Return the working day of a unit so many of them after a day, or after today."""
        return add_working_days(self.places.calendar(unit_id), start or self.day(unit_id), days)

    def plan(self, unit_id: int, day: date, dice: Random, deed: "Deed", *about: Any) -> datetime:
        """Write a deed into the diary for some minute of a unit's working day, later than now; returns when."""
        minute = timedelta(minutes=dice.randrange(DAY_MINUTES))
        at = max(self.places.moment(unit_id, day, BEGIN_WORK) + minute, self.now + timedelta(minutes=5))
        self.world.diary.write(at, deed, *about)
        return at

    def action(self, number: int) -> Action:
        """Return an action."""
        return self.session.get_one(Action, number)

    def back_on(self, person_id: int | None, unit_id: int) -> date | None:
        """Return when somebody who is away today is back; None for whoever is here."""
        person = None if person_id is None else self.session.get_one(Person, person_id)
        if person is None:
            return None
        today = self.day(unit_id)
        absences = self.world.firm.people.get(person.key, {}).get("absences", ())
        spans = (tuple(map(date.fromisoformat, span.split("/"))) for span in absences)
        return next((last + timedelta(days=1) for first, last in spans if first <= today <= last), None)


Compared: TypeAlias = Mapping[str, tuple[Latest, Mapping[str, Answer]]]
"""Topic -> its last result, and the answers by respondent that it rests on."""
Deed: TypeAlias = Callable[..., None]
"""Something that somebody does in a scene, about some things."""


def places_of(world: World, session: Session, now: datetime) -> Places:
    """Return the places of a moment; those of the same day are worked out once."""
    known = world.today
    if known is None or known.day(None, now) != known.today:
        known = world.today = places(session, now)
    return known
