"""The only clock: everything else is told what time it is."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds that never run backwards, to measure how long something takes."""
    return time.monotonic()
