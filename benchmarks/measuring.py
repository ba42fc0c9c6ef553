"""One contender in a process of its own: how long its work takes, how much memory, and what came of it."""

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeAlias

Outcome: TypeAlias = Mapping[str, Any]


def measure(work: Callable[[Path], object], outcome: Callable[[Path], Outcome]) -> None:
    """Do the work in the folder that the command names and say what it took and what came of it.

    Imports, the reading of the outcome and the end of the process are not counted.
    """
    folder = Path(sys.argv[1])
    start = time.perf_counter()
    work(folder)
    _say(time.perf_counter() - start, outcome(folder))


def measure_with(
    server: Callable[[Path], AbstractContextManager[int]],
    work: Callable[[Path, int], object],
    outcome: Callable[[Path], Outcome],
) -> None:
    """Do the work with a server on a port; its start and end are not counted either."""
    folder = Path(sys.argv[1])
    with server(folder) as port:
        start = time.perf_counter()
        work(folder, port)
        seconds = time.perf_counter() - start
    _say(seconds, outcome(folder))


def _say(seconds: float, outcome: Outcome) -> None:
    print(json.dumps({"seconds": seconds, "peak_kib": _peak_kib(), "outcome": outcome}))


def _peak_kib() -> int:
    """Return the most memory this process ever held, by Linux's own count; a parent's share is not in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) if found else 0
