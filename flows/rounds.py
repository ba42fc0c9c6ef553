"""A turn from its lease to its seal; what a step runs in is the caller's: a Prefect task, or nothing at all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.database import transaction
from config.processes import is_gone, quiet
from domain import events, turns
from domain.wheel import REPEATED, Counts, Hand, Step


class LeaseLost(Exception):
    """Another process turns the wheel; this one stops where it is, and nothing is lost."""


@dataclass
class Turn:
    """A turn under way: its database and the hand that turns; where it is of now, as of when the hand has the wheel."""

    engine: Engine
    hand: Hand
    is_of_now: bool = False
    is_left: bool = False
    """Whether it was left to another process that turns at the same time."""
    at: str = "begin"
    """The name of the step that it is at."""
    done: Counts = field(default_factory=dict)
    """What was done so far, and how often."""

    @contextmanager
    def step(self) -> Iterator[Session]:
        """One transaction that also renews the lease; raises LeaseLost where another took it."""
        with transaction(self.engine) as session:
            if not turns.renew_lease(session, self.hand.holder, self.hand.clock()):
                raise LeaseLost(self.hand.holder)
            yield session

    def add(self, counts: Counts) -> None:
        """Count what was done."""
        for name, count in counts.items():
            self.done[name] = self.done.get(name, 0) + count


@dataclass(frozen=True)
class Run:
    """A step as it is run; a repeated one does a part each time, until it returns None."""

    call: Callable[[Turn], Counts | None]
    is_repeated: bool
    name: str


def plainly(step: Step) -> Run:
    """Run a step as it is, in one transaction."""

    def call(turn: Turn) -> Counts | None:
        with turn.step() as session:
            return step(session, turn.hand)

    return Run(call, step in REPEATED, step.__name__.replace("_", " "))


def rounds(turn: Turn, runs: Sequence[Run]) -> Counts:
    """Do whatever is due until no decision wants another round; returns what was done.

    That is nothing where another turns, or has turned as of a later moment before this one could begin.
    A decision made meanwhile stays wanted, so that whoever holds the lease sees it. The turn's events are sealed.
    """
    if not _take(turn):
        turn.is_left = True
        return {}
    try:
        turn_id = _begin(turn)
        if turn_id is None:
            turn.is_left = True
            return {}
        with quiet():
            _go_round(turn, runs)
            while not _end(turn, turn_id):
                _go_round(turn, runs)
    except BaseException:
        with transaction(turn.engine) as session:
            turns.release_lease(session, turn.hand.holder)
        raise
    return turn.done


def _take(turn: Turn) -> bool:
    with transaction(turn.engine) as session:
        holder = turns.holder(session)
        if holder is not None and is_gone(holder):
            turns.release_lease(session, holder)
        return turns.take_lease(session, turn.hand.holder, turn.hand.clock())


def _begin(turn: Turn) -> int | None:
    """Begin a turn; None, and the wheel is let go of, where another has turned as of a later moment."""
    if turn.is_of_now:
        # Read earlier, it could lie before the moment of a turn that has come in between.
        turn.hand = replace(turn.hand, now=turn.hand.clock())
    hand = turn.hand
    with turn.step() as session:
        latest = turns.latest_moment(session)
        if latest is not None and hand.now < latest:
            turns.release_lease(session, hand.holder)
            return None
        turns.grant(session)
        return turns.begin_turn(session, holder=hand.holder, as_of=hand.now, clock=hand.clock()).id


def _end(turn: Turn, turn_id: int) -> bool:
    """End the turn and let go of the wheel; False, and neither is done, where a decision came meanwhile.

    In one transaction, which holds the lease's row: who wants the wheel for a decision that comes later gets it then.
    """
    hand, turn.at = turn.hand, "end"
    with turn.step() as session:
        if turns.grant(session):
            return False
        events.seal(session, hand.now)
        turns.end_turn(session, turn_id, turn.done, hand.clock())
        turns.release_lease(session, hand.holder)
        return True


def _go_round(turn: Turn, runs: Sequence[Run]) -> None:
    for run in runs:
        turn.at = run.name
        while (counts := run.call(turn)) is not None:
            turn.add(counts)
            if not run.is_repeated:
                break
