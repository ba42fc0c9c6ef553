"""What every test may ask for: a database of each kind, a mail server, a Prefect server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Engine, event

from config.database import engine_of
from tests.servers import mail, postgresql, prefect, shared, sqlite

hypothesis.settings.register_profile("pdca", deadline=None)
hypothesis.settings.load_profile("pdca")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the servers share; xdist's workers find it made."""
    if not hasattr(config, "workerinput"):
        shared.open_folder()
    for variable in [name for name in os.environ if name.startswith(("PDCA_", "PREFECT_")) and name != shared.FOLDER]:
        del os.environ[variable]
    # A home beside that of the server, whose folder must not be there before it starts.
    os.environ |= prefect.QUIET | {"PREFECT_HOME": str(shared.folder() / "home")}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers when the last worker is gone."""
    if not hasattr(config, "workerinput"):
        shared.close_folder()


@dataclass(frozen=True)
class Database:
    """A database of a test's own."""

    url: str
    engine: Engine

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the SQL that the block sends to the database."""
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                sent.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        yield sent
        event.remove(self.engine, "before_cursor_execute", note)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An up-to-date database without rows; the test runs once on each kind."""
    made: Database = request.getfixturevalue(f"{request.param}_database")
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'empty.db'}")
        return
    url = postgresql.new_database(template="template0")
    yield from _opened(url)
    postgresql.drop_database(url)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An up-to-date SQLite file without rows."""
    yield from _opened(sqlite.new_database(tmp_path / "pdca.db"))


@pytest.fixture
def postgresql_database() -> Iterator[Database]:
    """An up-to-date PostgreSQL database without rows."""
    url = postgresql.new_database()
    yield from _opened(url)
    postgresql.drop_database(url)


@pytest.fixture
def mail_server() -> Iterator[mail.MailServer]:
    """A mail server that accepts everything until told otherwise."""
    with mail.running() as server:
        yield server


@pytest.fixture(scope="session")
def prefect_server() -> prefect.PrefectServer:
    """The worker's Prefect server; its deployments and runs are shared by all tests of this worker that use it."""
    return prefect.running()


def _opened(url: str) -> Iterator[Database]:
    engine = engine_of(url)
    yield Database(url, engine)
    engine.dispose()
