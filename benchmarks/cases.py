"""The cases: what is measured on which ground, against which floor, and what is wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.ground import Ground, Stage
from benchmarks.rounds import Contender, Measured

ELEMENTS, RESPONDENTS = 31, 5
PEOPLE_INVITED = 300


@dataclass(frozen=True)
class Goal:
    """What a number should be at most, or at least."""

    number: float
    unit: str
    is_at_most: bool = True

    def is_met(self, number: float) -> bool:
        """Say whether a number is good enough."""
        return number <= self.number if self.is_at_most else number >= self.number

    def __str__(self) -> str:
        """Say the goal as the table shows it."""
        return f"{'≤' if self.is_at_most else '≥'} {self.number:g} {self.unit}"


@dataclass(frozen=True)
class Case:
    """Contenders that are compared with the first of them, round by round; the goal is for the second.

    `same` are the parts of their outcomes that must be equal: for the second, and for those beside.
    """

    name: str
    contenders: Sequence[Contender]
    compare: Callable[[Measured, Measured], float]
    goal: Goal
    same: Sequence[str]
    same_beside: Sequence[str] = ()

    def differences(self, found: Mapping[str, Measured]) -> list[str]:
        """Say which contenders' outcomes differ from the first one's, and in what."""
        first, second, *beside = self.contenders
        held_to = {second.name: self.same} | {each.name: self.same_beside for each in beside}
        wanted = found[first.name].outcome
        return [
            f"{who}: {part} is {got}, not {wanted[part]}"
            for who, parts in held_to.items()
            for part in parts
            if (got := found[who].outcome.get(part)) != wanted[part]
        ]


def times_as_long(first: Measured, other: Measured) -> float:
    """Return how many times as long as the first the other took."""
    return other.seconds / first.seconds


def part_of_the_speed(first: Measured, other: Measured) -> float:
    """Return which part of the first one's speed the other reaches."""
    return first.seconds / other.seconds


def more_memory(first: Measured, other: Measured) -> float:
    """Return how many MiB more than the first the other needed at its peak."""
    return other.peak_mib - first.peak_mib


def quarter(units: int) -> Case:
    """Answers to scores, findings and drafts."""
    counts = ["scores", "findings", "drafts", "not now"]
    ground = Ground(units, Stage.EXPORTED)
    return Case(
        f"quarter: {_rows(units)} answer rows to scores, findings, drafts",
        (
            Contender("plain Python on driver rows", "benchmarks.floors.quarter", ground),
            Contender("pdca", "benchmarks.products.quarter", ground),
            Contender("pandas + calamine", "benchmarks.beside.pandas_quarter", ground),
            Contender("ORM, row by row", "benchmarks.beside.orm_quarter", ground),
        ),
        times_as_long,
        Goal(1.5, "x"),
        same=[*counts, "levels (digest)", *(f"{each} (digest)" for each in counts)],
        same_beside=[*counts, "levels (digest)"],
    )


def memory(units: int) -> Case:
    """The same with ten times as many units in one cycle."""
    few, many = Ground(units), Ground(10 * units)
    return Case(
        f"memory: {_rows(units)} to {_rows(10 * units)} answer rows in one cycle",
        (
            Contender(f"pdca, {_rows(units)} rows", "benchmarks.products.quarter", few),
            Contender(f"pdca, {_rows(10 * units)} rows", "benchmarks.products.quarter", many),
        ),
        more_memory,
        Goal(16, "MiB more"),
        same=[],
    )


def idle(units: int) -> Case:
    """A turn with nothing to do."""
    return Case(
        f"idle turn: 10 to {10 * units:,} units, nothing due",
        (
            Contender("pdca, 10 units", "benchmarks.products.idle", Ground(10, Stage.OPEN)),
            Contender(f"pdca, {10 * units:,} units", "benchmarks.products.idle", Ground(10 * units, Stage.OPEN)),
        ),
        times_as_long,
        Goal(1.5, "x"),
        same=["statements", "done"],
    )


def mail(units: int) -> Case:
    """The outbox to "250 OK" at a server each of whose answers takes 5 ms."""
    ground = Ground(min(units, PEOPLE_INVITED // RESPONDENTS), Stage.INVITED)
    return Case(
        f"mail: {ground.units * RESPONDENTS} mails from the outbox to 250 OK, each answer after 5 ms",
        (
            Contender("bare aiosmtplib loop", "benchmarks.floors.mail", ground),
            Contender("pdca", "benchmarks.products.mail", ground),
        ),
        part_of_the_speed,
        Goal(0.6, "x the speed", is_at_most=False),
        same=["mails", "recipients (digest)"],
    )


CASES: Mapping[str, Callable[[int], Case]] = {"quarter": quarter, "memory": memory, "idle": idle, "mail": mail}
"""The cases by the word that asks for one, each for a quarter of so many units."""


def _rows(units: int) -> str:
    return f"{units * ELEMENTS * RESPONDENTS:,}"
