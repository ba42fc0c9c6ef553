"""What came of a contender's work, read from where it left it: by this contenders are held to each other."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.places import ACCEPTED, DATABASE

TABLES = {"scores": "score", "findings": "finding", "drafts": "action", "not now": "deferral"}
LEVELS = "SELECT unit_id, element, result, is_proven FROM score"
# What the product keeps with a score to find with later is left out (the findings themselves are compared), and so are
# the words of drafts.
WORKED = {
    "scores": (
        "SELECT unit_id, element, result, why, is_proven, basis, naive, coverage_done, coverage_of, minimum, maximum,"
        " json_remove(detail, '$.said_no', '$.silent') FROM score"
    ),
    "findings": "SELECT unit_id, element, kind, facts FROM finding",
    "drafts": (
        "SELECT action.unit_id, action_unit.unit_id, element, tries_first, owner_id, verifier_id, due_on, check_on,"
        " aims_at, facts FROM action JOIN action_unit ON action_id = action.id"
    ),
    "not now": "SELECT unit_id, element, because, facts FROM deferral",
}


def worked(folder: Path) -> dict[str, Any]:
    """Return what a quarter came to: counts, a digest of the levels, and one of all that was worked out."""
    found = levels(folder)
    with sqlite3.connect(folder / DATABASE) as connection:
        return found | {f"{name} (digest)": _digest(connection, query) for name, query in WORKED.items()}


def levels(folder: Path) -> dict[str, Any]:
    """Return the counts of a quarter, and a digest of unit, element, level and whether it is proven."""
    with sqlite3.connect(folder / DATABASE) as connection:
        counts: dict[str, Any] = {}
        for name, table in TABLES.items():
            (counts[name],) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our names
        return counts | {"levels (digest)": _digest(connection, LEVELS)}


def accepted(folder: Path) -> dict[str, Any]:
    """Return how many mails the server accepted, and a digest of their recipients."""
    recipients = sorted((folder / ACCEPTED).read_text(encoding="utf-8").splitlines())
    return {"mails": len(recipients), "recipients (digest)": _sha("\n".join(recipients))}


def _digest(connection: sqlite3.Connection, query: str) -> str:
    return _sha("\n".join(sorted(json.dumps(_plain(row), sort_keys=True) for row in connection.execute(query))))


def _plain(row: Iterable[Any]) -> list[Any]:
    """Return a row's values; JSON is read, so that its spaces and the order of its keys do not matter."""
    return [json.loads(value) if isinstance(value, str) and value.startswith("{") else value for value in row]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
