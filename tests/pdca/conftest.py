"""The command as tests run it: in this process, on a database of their own, as of moments in the past."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Executable, text

from config.database import reading, transaction
from domain.actions import Action
from pdca.cli import run
from tests.builders import Firm, a_firm
from tests.conftest import Database
from tests.domain.acts import a_draft, an_open_action

Stored: TypeAlias = Callable[..., tuple[Any, ...]]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """What it printed for people, without what only makes it look nice."""
        return [" ".join(line.split()) for line in self.out.splitlines() if line.strip(" ─")]


class Command:
    """`pdca` with its settings."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Read what is printed from here."""
        self._capsys = capsys

    def __call__(self, *words: object) -> Ran:
        """Run one command."""
        code = run([str(word) for word in words])
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)


@pytest.fixture
def bare_pdca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command with a data folder of its own and no database made."""
    monkeypatch.setenv("PDCA_DATA", str(tmp_path / "data"))
    return Command(capsys)


@pytest.fixture
def pdca(database: Database, bare_pdca: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command on a database of each kind, up to date and without rows."""
    monkeypatch.setenv("PDCA_DATABASE_URL", database.url)
    return bare_pdca


@pytest.fixture
def firm(database: Database) -> Firm:
    """A stored firm: "quality" is its only quality manager, ann leads each unit."""
    with transaction(database.engine) as session:
        return a_firm(session)


@pytest.fixture
def draft(database: Database, firm: Firm) -> int:
    """The number of a draft that lacks nothing."""
    with transaction(database.engine) as session:
        return a_draft(session, firm).id


@pytest.fixture
def opened(database: Database, firm: Firm) -> int:
    """The number of an action released on 7 April 2026, which ben owns and ann verifies."""
    with transaction(database.engine) as session:
        return an_open_action(session, firm).id


@pytest.fixture
def stored(database: Database) -> Stored:
    """Read columns of an action by its number."""

    def read(number: int, *names: str) -> tuple[Any, ...]:
        with reading(database.engine) as session:
            action = session.get_one(Action, number)
            return tuple(getattr(action, name) for name in names)

    return read


def change_by_hand(database: Database, table: str, change: Executable) -> None:
    """Change history as somebody with the database's password could, past the triggers that guard it."""
    with transaction(database.engine) as session:
        if database.kind == "sqlite":
            of_table = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
            for trigger in session.scalars(of_table, {"table": table}).all():
                session.execute(text(f'DROP TRIGGER "{trigger}"'))
        else:
            session.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL'))
        session.execute(change)
