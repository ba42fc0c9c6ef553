"""Processes: a name for this one that others can tell from a dead one's."""

import os
import socket
from pathlib import Path
from uuid import uuid4

LONGEST_HOST = 48


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
