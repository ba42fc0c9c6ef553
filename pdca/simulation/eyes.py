"""Eyes: how one person sees a unit, mostly as it is, a little kinder or stricter, and not all of it."""

from dataclasses import dataclass
from random import Random

from domain.method.edition import Element, State
from pdca.simulation.chance import happens
from pdca.simulation.world import World

LOOKS_AHEAD = 2
"""How many levels above the one they see reached people go on answering."""
HAS_EVIDENCE = 60
TEMPERS = ("kind", "strict", "fair", "fair")


@dataclass(frozen=True)
class Eyes:
    """One person in one round of a unit; `hoped` are items they take for met because they worked on them."""

    world: World
    person_id: int
    unit_id: int
    is_office: bool
    round: int
    hoped: frozenset[str]

    def states(self, element: Element) -> dict[str, State]:
        """Return what the person says of a topic, item by item; above what they see reached, nothing."""
        habits, chance = self.world.habits, self.world.chance
        lasting = chance.of("eyes", self.person_id, element.id)
        today = chance.of("eyes today", self.person_id, element.id, self.round)
        if happens(lasting, habits.knows_nothing_of_a_topic):
            return {item.id: State.DONT_KNOW for item in element.items}
        temper = chance.of("temper", self.person_id).choice(TEMPERS)
        said = {item.id: self._state(element, item.id, temper, lasting, today) for item in element.items}
        return {item.id: said[item.id] for item in element.items if (item.level or 0) <= self._end(element, said)}

    def has_evidence(self, element: Element, states: dict[str, State]) -> bool:
        """Say whether the person names where it can be seen."""
        dice = self.world.chance.of("evidence", self.person_id, element.id)
        return State.YES in states.values() and happens(dice, HAS_EVIDENCE)

    def _state(self, element: Element, item: str, temper: str, lasting: Random, today: Random) -> State:
        habits = self.world.habits
        is_met = self.world.truth.is_met(self.unit_id, element.id, item)
        errs = habits.errs * (2 if temper == ("strict" if is_met else "kind") else 1)
        is_mistaken = happens(lasting, errs) != happens(today, habits.changes_mind)
        is_unsure = happens(lasting, habits.does_not_know)
        if self.is_office and item in self.world.words.texts["not_here"]:
            return State.NOT_APPLICABLE
        if item in self.hoped:
            return State.YES
        if is_unsure:
            return State.DONT_KNOW
        return State.YES if is_met != is_mistaken else State.NO

    def _end(self, element: Element, said: dict[str, State]) -> int:
        """Return the level at which the person stops."""
        reached = 0
        for level, items in element.levels.items():
            if any(said[item.id] is State.NO for item in items):
                break
            reached = level
        return reached + LOOKS_AHEAD
