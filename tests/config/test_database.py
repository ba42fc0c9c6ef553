"""Transactions: together or not at all, one writer at a time on SQLite, and no writing while reading."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config.database import NestedTransaction, UnknownDatabase, engine_of, reading, transaction
from tests.conftest import Database


def insert(database: Database, number: int) -> None:
    with transaction(database.engine) as session:
        session.execute(text("INSERT INTO note VALUES (:number)"), {"number": number})


def notes(database: Database) -> list[int]:
    with reading(database.engine) as session:
        return list(session.scalars(text("SELECT number FROM note ORDER BY number")))


def replace_note_and_fail(database: Database) -> None:
    with transaction(database.engine) as session:
        session.execute(text("DELETE FROM note"))
        session.execute(text("INSERT INTO note VALUES (2)"))
        raise ZeroDivisionError


@pytest.fixture
def notebook(empty_database: Database) -> Database:
    with transaction(empty_database.engine) as session:
        session.execute(text("CREATE TABLE note (number INTEGER)"))
    return empty_database


def test_a_transaction_stores_everything_at_its_end(notebook: Database) -> None:
    with transaction(notebook.engine) as session:
        session.execute(text("INSERT INTO note VALUES (1)"))
        seen_by_others = notes(notebook)
        session.execute(text("INSERT INTO note VALUES (2)"))

    assert (seen_by_others, notes(notebook)) == ([], [1, 2])


def test_a_transaction_that_raises_stores_nothing(notebook: Database) -> None:
    insert(notebook, 1)

    with pytest.raises(ZeroDivisionError):
        replace_note_and_fail(notebook)

    assert notes(notebook) == [1]


def test_a_transaction_inside_another_is_refused_and_the_outer_one_goes_on(notebook: Database) -> None:
    with transaction(notebook.engine) as session:
        session.execute(text("INSERT INTO note VALUES (1)"))
        with pytest.raises(NestedTransaction), transaction(notebook.engine):
            pass

    insert(notebook, 2)
    assert notes(notebook) == [1, 2]


def test_reading_can_change_nothing_and_a_later_transaction_can(notebook: Database) -> None:
    with reading(notebook.engine) as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(text("INSERT INTO note VALUES (1)"))

    insert(notebook, 2)
    assert notes(notebook) == [2]


def test_reading_sees_one_moment(notebook: Database) -> None:
    insert(notebook, 1)

    with reading(notebook.engine) as session:
        before = list(session.scalars(text("SELECT number FROM note")))
        insert(notebook, 2)
        after = list(session.scalars(text("SELECT number FROM note")))

    assert (before, after) == ([1], [1])


def test_threads_that_write_at_once_all_get_their_turn(notebook: Database) -> None:
    def add_one() -> None:
        with transaction(notebook.engine) as session:
            number = session.scalars(text("SELECT count(*) FROM note")).one()
            time.sleep(0.01)
            session.execute(text("INSERT INTO note VALUES (:number)"), {"number": number})

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(notes(notebook)) == 8


def test_sqlite_keeps_what_it_was_told_even_at_a_power_cut(sqlite_database: Database) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    with transaction(sqlite_database.engine) as session:
        found = [session.scalars(text(f"PRAGMA {pragma}")).one() for pragma in pragmas]

    assert found == ["wal", 2, 1, 30_000]


@pytest.mark.parametrize("url", ["mysql://anna:secret@db/pdca", "sqlite://", "nonsense"])
def test_a_url_of_another_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UnknownDatabase, match="write sqlite:///path or postgresql://user@host/name") as refusal:
        engine_of(url)

    assert "secret" not in str(refusal.value)
