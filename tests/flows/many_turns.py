"""Plain turns below Prefect, each with its mails in a fork of this warm process: reads `URL AS_OF [KILL_AFTER]` lines.

Answers each line with how the fork ended and how many commits it had made; what it says in full stands in its log.
A KILL_AFTER of 7 kills at once when the seventh commit is durable, 7+ when the next transaction wants to begin.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, event

from config import clock
from config.database import engine_of
from config.processes import this_process
from config.settings import load
from domain.wheel import WHEEL, Hand
from flows.rounds import Turn, plainly, rounds
from notifications import courier

STEPS = tuple(plainly(step) for step in WHEEL)


class Commits:
    """Counts the commits of an engine, and kills this process at a chosen one as a power cut would."""

    def __init__(self, engine: Engine, kill_after: str) -> None:
        self.count = 0
        self.wants = int(kill_after.rstrip("+") or -1)
        event.listen(engine, "commit", self.note)
        # A commit is announced before it is done; it is durable when its connection goes back to the pool.
        event.listen(engine, "begin" if kill_after.endswith("+") else "checkin", self.die)

    def note(self, *_what: Any) -> None:
        self.count += 1

    def die(self, *_what: Any) -> None:
        if self.count == self.wants:
            os.kill(os.getpid(), signal.SIGKILL)


def turn(url: str, as_of: datetime, kill_after: str) -> int:
    """Turn the wheel once, send what follows from it, and return how many commits that took."""
    engine = engine_of(url)
    commits = Commits(engine, kill_after)
    rounds(Turn(engine, Hand(this_process(), as_of, clock.now)), STEPS)
    asyncio.run(courier.deliver(engine, load(), as_of))
    return commits.count


def forked(work: Callable[[], int]) -> str:
    """Do some work in a fork and say how it ended, with what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(work()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    _pid, status = os.waitpid(child, 0)
    return f"{os.waitstatus_to_exitcode(status)} {said}"


def main() -> None:
    """Warm up on a database of one's own, then fork for each line."""
    warm_up, *others = sys.argv[1:]
    for as_of in others:
        turn(warm_up, datetime.fromisoformat(as_of), "")
    engine_of(warm_up).dispose()
    assert "prefect" not in sys.modules
    print("ready", flush=True)
    for line in sys.stdin:
        url, as_of, *kill_after = line.split()
        moment, place = datetime.fromisoformat(as_of), "".join(kill_after)
        print(forked(partial(turn, url, moment, place)), flush=True)


if __name__ == "__main__":
    main()
