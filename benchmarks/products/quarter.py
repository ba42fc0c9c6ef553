"""The product's quarter: scores chunk by chunk, the cycle's findings, its drafts, as the wheel turns them."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import measure
from benchmarks.outcome import worked
from benchmarks.places import DATABASE
from config import clock
from config.database import engine_of
from config.processes import this_process
from domain import wheel
from domain.wheel import Hand
from flows.rounds import Turn, plainly, rounds

NOW = datetime(2026, 4, 30, 10, tzinfo=UTC)


def quarter(folder: Path) -> None:
    """Check and draft under the wheel's lease, each step in its own transaction, and seal what happened."""
    engine = engine_of(f"sqlite:///{folder / DATABASE}")
    hand = Hand(this_process(), NOW, clock.now)
    rounds(Turn(engine, hand), [plainly(step) for step in (*wheel.CHECK, wheel.draft)])
    engine.dispose()


if __name__ == "__main__":
    measure(quarter, worked)
