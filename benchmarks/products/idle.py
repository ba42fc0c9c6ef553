"""The product's turn when nothing is due: every step of the wheel, two days after the round was opened."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.ground import OPENED
from benchmarks.measuring import measure
from benchmarks.places import DATABASE
from config import clock
from config.database import engine_of
from config.processes import this_process
from domain import wheel
from domain.wheel import Hand
from flows.rounds import Turn, plainly, rounds

NOW = OPENED + timedelta(days=2)
STATEMENTS = "statements.json"


def turn(folder: Path) -> None:
    """Turn the wheel once with all its steps and keep what was said to the database."""
    engine = engine_of(f"sqlite:///{folder / DATABASE}")
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    hand = Hand(this_process(), NOW, clock.now)
    rounds(Turn(engine, hand), [plainly(step) for step in wheel.WHEEL])
    engine.dispose()
    (folder / STATEMENTS).write_text(json.dumps(sent), encoding="utf-8")


def outcome(folder: Path) -> dict[str, Any]:
    """Return how many statements were sent, and what the turn says that it did."""
    with sqlite3.connect(folder / DATABASE) as connection:
        (done,) = connection.execute("SELECT done FROM turn ORDER BY id DESC LIMIT 1").fetchone()
    statements = json.loads((folder / STATEMENTS).read_text(encoding="utf-8"))
    return {"statements": len(statements), "done": {name: count for name, count in json.loads(done).items() if count}}


if __name__ == "__main__":
    measure(turn, outcome)
