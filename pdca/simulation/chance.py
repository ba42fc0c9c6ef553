"""Chance by seed: the same matter falls out the same each time, whatever else happened before."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")
CERTAIN = 100


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of one simulation."""

    seed: int

    def of(self, *about: object) -> Random:
        """Return dice for a matter; asked again about it they fall the same."""
        return Random(" ".join(map(str, (self.seed, *about))))  # noqa: S311 - a game, no secret


def happens(dice: Random, in_a_hundred: float) -> bool:
    """Throw: true so many times in a hundred."""
    return dice.random() * CERTAIN < in_a_hundred


def one_of(dice: Random, odds: Sequence[tuple[Thing, float]]) -> Thing:
    """Throw for one of several things, each with its weight."""
    things, weights = zip(*odds, strict=True)
    chosen: Thing = dice.choices(things, weights)[0]
    return chosen
