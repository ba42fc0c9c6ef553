"""Answers as people give them, drawn by a seed: a unit stands somewhere, and each respondent sees it a little off."""

from collections.abc import Sequence
from random import Random

from domain.base import canonical
from domain.method.edition import Edition, Element, Item, State

LOWEST, HIGHEST = 0, 5


def ease(edition: Edition, chance: Random) -> dict[str, float]:
    """Return how far above or below the others an element stands everywhere, in levels."""
    return {element.id: chance.gauss(0.3, 0.4) for element in edition.elements}


def standing(ease_of_element: float, chance: Random) -> int:
    """Return the level at which a unit really stands on an element."""
    return _level(chance.gauss(3 + ease_of_element, 0.9))


def states(element: Element, level: int, chance: Random) -> str:
    """Return one respondent's states on an element, as they are stored.

    Four of five see the level as it is; a third take an item or two another way than their level says, some do not
    know or did not answer, few say that an item does not apply, one in fifty knows nothing at all.
    """
    if chance.random() < 0.02:
        return canonical(dict.fromkeys((item.id for item in element.items), State.DONT_KNOW))
    seen = level if chance.random() < 0.8 else _level(chance.gauss(level, 1))
    said = {item.id: State.YES if (item.level or 0) <= seen else State.NO for item in element.items}
    if chance.random() < 0.35:
        for item in _some(element.items, 2, chance):
            said[item.id] = State.NO if said[item.id] is State.YES else State.YES
    if chance.random() < 0.15:
        said |= dict.fromkeys((item.id for item in _some(element.items, 3, chance)), State.DONT_KNOW)
    if chance.random() < 0.03:
        said |= dict.fromkeys((item.id for item in _some(element.items, 1, chance)), State.NOT_APPLICABLE)
    if chance.random() < 0.05:
        for item in element.items[chance.randrange(len(element.items)) :]:
            del said[item.id]
    return canonical(said)


def _level(value: float) -> int:
    return max(LOWEST, min(HIGHEST, round(value)))


def _some(items: Sequence[Item], at_most: int, chance: Random) -> list[Item]:
    return chance.sample(items, chance.randint(1, at_most))
