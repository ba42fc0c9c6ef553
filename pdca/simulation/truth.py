"""The hidden truth: what is really so in each unit, which nobody in the simulation knows but its makers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from domain.method.edition import Edition, Element
from pdca.simulation.chance import Chance, happens, one_of
from pdca.simulation.habits import Habits

LEVELS = ((0, 3), (1, 9), (2, 18), (3, 46), (4, 24))
"""How many topics in a hundred begin at which level."""
ALMOST = 45
"""How often an item of the next level is met already; of a level above that, a third of it."""


@dataclass
class Truth:
    """What is met, by unit and element, when it last changed, and what came of all changes in levels."""

    edition: Edition
    chance: Chance
    asked: Mapping[int, Sequence[str]] = field(default_factory=dict)
    not_here: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The items that do not apply in a unit: they are missing nowhere and cannot be lost."""
    met: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    changed_on: dict[tuple[int, str], date] = field(default_factory=dict)
    shown: dict[tuple[int, str], int] = field(default_factory=dict)
    planted: Counter[str] = field(default_factory=Counter)

    def begin(self, asked: Mapping[int, Sequence[str]], not_here: Mapping[int, frozenset[str]]) -> None:
        """Let there be a level for everything that units are asked."""
        self.asked, self.not_here = asked, not_here
        for unit_id, elements in asked.items():
            for element in elements:
                dice = self.chance.of("begin", unit_id, element)
                own = {item.id for item in self.edition.by_id[element].items} & not_here.get(unit_id, frozenset())
                self.met[unit_id, element] = _begun(self.edition.by_id[element], dice) | own

    def is_met(self, unit_id: int, element: str, item: str) -> bool:
        """Say whether an item is really met."""
        return item in self.met[unit_id, element]

    def level(self, unit_id: int, element: str) -> int:
        """Return the true level: the highest with none missing below it."""
        met = self.met[unit_id, element]
        reached = 0
        for level, items in self.edition.by_id[element].levels.items():
            if not all(item.id in met for item in items):
                break
            reached = level
        return reached

    def improve(self, unit_id: int, element: str, items: Iterable[str], on: date) -> None:
        """Let items be met because somebody acted."""
        self._turn(unit_id, element, met=set(items), lost=set(), on=on, by="actions")

    def drift(self, habits: Habits, unit_id: int, on: date) -> None:
        """Let some topics of a unit lose what they had, and a few get better by themselves."""
        for element in self.asked[unit_id]:
            dice = self.chance.of("drift", unit_id, element, on)
            levels = self.edition.by_id[element].levels
            level = self.level(unit_id, element)
            if level and happens(dice, habits.lapses):
                lost = dice.choice(levels[level]).id
                self._turn(unit_id, element, met=set(), lost={lost}, on=on, by="drift")
            elif happens(dice, habits.grows) and level + 1 in levels:
                grown = {item.id for item in levels[level + 1]}
                self._turn(unit_id, element, met=grown, lost=set(), on=on, by="drift")

    def changed_since(self, unit_id: int, item: str, day: date) -> bool:
        """Say whether an item was met or lost from a day on."""
        return (changed := self.changed_on.get((unit_id, item))) is not None and changed >= day

    def show(self, unit_id: int, element: str, level: int) -> int | None:
        """Note the true level at a proven result; returns how far it moved since the last one, None at the first."""
        before = self.shown.get((unit_id, element))
        self.shown[unit_id, element] = level
        return None if before is None else level - before

    def _turn(self, unit_id: int, element: str, *, met: set[str], lost: set[str], on: date, by: str) -> None:
        before, place = self.level(unit_id, element), self.met[unit_id, element]
        lost = lost - self.not_here.get(unit_id, frozenset())
        for item in (met - place) | (lost & place):
            self.changed_on[unit_id, item] = on
        place |= met
        place -= lost
        self.planted[by] += self.level(unit_id, element) - before


def _begun(element: Element, dice: Random) -> set[str]:
    """Return what a topic has met at the beginning: all up to its level, something missing at the next."""
    level = one_of(dice, LEVELS)
    met: set[str] = set()
    for step, items in element.levels.items():
        if step <= level:
            met |= {item.id for item in items}
        elif step <= level + 2:
            missing = dice.choice(items)
            likely = ALMOST if step == level + 1 else ALMOST / 3
            met |= {item.id for item in items if item is not missing and happens(dice, likely)}
    return met
