"""A quarter of the sample comes to the same on either database, in whatever order its answers come."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from config.database import transaction
from examples import generate
from pdca.cli import run
from pdca.demo.sample import EXAMPLES, TEAM
from tests.conftest import Database
from tests.domain.acts import turn
from tests.flows.ground import picture

COMES_TO = ("score", "finding", "action", "action_unit", "deferral")
OPEN, BLIND_ROUND_OVER, AGREED_ROUND_OVER = (
    datetime(2026, month, day, 16, tzinfo=UTC) for month, day in ((4, 10), (4, 24), (5, 4))
)


def write(path: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([generate.HEADINGS, *rows])
    return path


def a_quarter(database: Database, folder: Path, order: Random | None) -> dict[str, list[str]]:
    """Play the sample's first quarter up to its drafts, the rows of its answers mixed where an order is given."""
    folder.mkdir()

    def do(*words: object, now: datetime) -> None:
        assert run([str(word) for word in (*words, "--as-of", now.isoformat())]) == 0

    def pass_to(now: datetime) -> None:
        with transaction(database.engine) as session:
            turn(session, now)

    do("import", EXAMPLES / "organisation.yaml", now=datetime(2026, 4, 1, 6, tzinfo=UTC))
    for rows, now in ((generate.blind_rows, OPEN), (generate.agreed_rows, BLIND_ROUND_OVER)):
        pass_to(now)
        said = list(rows("first"))
        if order is not None:
            order.shuffle(said)
        do("import-answers", "2026-Q2", write(folder / f"{now:%m-%d}.csv", said), "--by", TEAM, now=now)
    pass_to(AGREED_ROUND_OVER)
    return {name: rows for name, rows in picture(database.engine).items() if name in COMES_TO}


def test_the_sample_comes_to_the_same_in_any_order_of_rows_on_either_database(
    sqlite_database: Database, postgresql_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for database, order in ((sqlite_database, None), (postgresql_database, Random(9004))):
        monkeypatch.setenv("PDCA_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("PDCA_DATABASE_URL", database.url)
        found[database.kind] = a_quarter(database, tmp_path / database.kind, order)

    assert found["postgresql"] == found["sqlite"]
    assert all(found["sqlite"][name] for name in COMES_TO)
