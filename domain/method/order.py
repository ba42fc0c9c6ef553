"""The order people expect of ids: u2 stands before u10, 9.2 before 10.1."""

import re
from functools import lru_cache

_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=4096)
def natural_key(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Return a sort key that compares runs of digits as numbers and all else as text.

    Text that differs only in leading zeros ("u02", "u2") keeps a fixed order by the name itself.
    """
    parts = (part for part in _DIGITS.split(name) if part)
    key = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
    return key, name
