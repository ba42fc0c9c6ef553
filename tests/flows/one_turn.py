"""A turn in a process of its own, which can be killed after its nth commit: `one_turn.py AS_OF [KILL_AFTER]`.

Prints how many commits the turn made. Settings and Prefect's address come from the environment.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime

from sqlalchemy import Connection, Engine, event

from flows.turning import TurnParameters
from flows.wheel import turn

commits = 0


def count(_connection: Connection) -> None:
    """Count a commit once it is durable; at the chosen one the process dies as by a power cut."""
    global commits  # noqa: PLW0603 - the listener has nowhere else to count
    commits += 1


def die(connection: Connection, kill_after: int) -> None:
    """End this process without any clean-up when enough was committed and the next transaction begins."""
    del connection
    if commits == kill_after:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Turn the wheel once."""
    as_of = datetime.fromisoformat(sys.argv[1])
    kill_after = int(sys.argv[2]) if len(sys.argv) > 2 else -1
    event.listen(Engine, "commit", count)
    event.listen(Engine, "begin", lambda connection: die(connection, kill_after))
    asyncio.run(turn(TurnParameters(as_of=as_of)))
    print(commits)


if __name__ == "__main__":
    main()
