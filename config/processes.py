"""Processes: a name for this one that others can tell from a dead one's, and quiet for heavy work."""

import gc
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

LONGEST_HOST = 48
SELDOM = (50_000, 20, 100)
"""After how many new objects Python looks for circles of garbage, where it usually does after 700."""


def this_process() -> str:
    """Name a run in this process; of two runs each has its own name, and others can see whether the process lives."""
    return f"{machine()}:{os.getpid()}:{uuid4().hex[:8]}"


def machine() -> str:
    """Name this machine and, where there is such a thing, its space of process numbers (a container has its own)."""
    host = socket.gethostname()[:LONGEST_HOST]
    space = Path("/proc/self/ns/pid")
    return f"{host}/{space.stat().st_ino}" if space.exists() else host


def is_gone(name: str) -> bool:
    """Say whether a name is that of a process of this machine that no longer runs; killed, it will not come back."""
    where, _colon, number = name.rpartition(":")[0].rpartition(":")
    if where != machine() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@contextmanager
def quiet() -> Iterator[None]:
    """Let Python look for circles of garbage less often while values are made by the hundred thousand.

    They are freed when nobody holds them any more; the search finds none of them and would take nearly half the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
