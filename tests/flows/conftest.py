"""Fixtures for turns in processes of their own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from config.database import engine_of
from tests.conftest import Database
from tests.servers import postgresql, sqlite


@pytest.fixture
def another_database(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Make further up-to-date databases of a kind."""
    made: list[Database] = []
    numbers = count(1)

    def make(kind: str) -> Database:
        is_file = kind == "sqlite"
        url = sqlite.new_database(tmp_path / f"another{next(numbers)}.db") if is_file else postgresql.new_database()
        made.append(Database(url, engine_of(url)))
        return made[-1]

    yield make
    for each in made:
        each.engine.dispose()
        if each.kind == "postgresql":
            postgresql.drop_database(each.url)
