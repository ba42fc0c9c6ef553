"""The database: `transaction()` is the only way to write, `reading()` the way to look; SQLite or PostgreSQL by URL."""

import atexit
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

PATIENCE_S = 30
"""How long a statement waits for a lock that another process holds."""

BUSY = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes where others stood in the way: not serializable, deadlock, lock not available."""

_one_writer = threading.Lock()
_inside = threading.local()


class NestedTransaction(Exception):
    """A transaction was begun inside another one of the same thread; it would wait for itself."""


class UnknownDatabase(ValueError):
    """The database URL names no kind of database that pdca knows."""


def engine_of(url: str | URL) -> Engine:
    """Return the engine of `sqlite:///path` or `postgresql://user@host/name`; a SQLite file's folder is made.

    It is the same one for a URL in the whole process, so that it keeps its compiled statements; whoever disposed of it
    would leave the connections of other threads open for good, so only the end of the process does. Raises
    UnknownDatabase for any other URL.
    """
    address = known(url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _sqlite(address)
    return _postgresql(address)


@cache
def _postgresql(address: URL) -> Engine:
    patience = f"-c lock_timeout={PATIENCE_S}s"
    return _for_good(
        create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": patience})
    )


def known(url: str | URL) -> URL:
    """Return the URL with the driver that is used for it; raises UnknownDatabase where there is none."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UnknownDatabase("this is no database URL; write sqlite:///path or postgresql://user@host/name") from error
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address
    if address.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return address.set(drivername="postgresql+psycopg")
    shown = address.render_as_string(hide_password=True)
    raise UnknownDatabase(
        f"{shown} is no database that pdca knows; write sqlite:///path or postgresql://user@host/name"
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session whose changes are stored together at the end of the block, or not at all if it raises.

    On SQLite one transaction at a time runs in a process, so that threads queue here and not at the file's lock.
    Raises NestedTransaction inside another one.
    """
    if getattr(_inside, "transaction", False):
        raise NestedTransaction("a transaction is open in this thread; do both in one, or end the first before")
    _inside.transaction = True
    try:
        with _turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _inside.transaction = False


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one moment of the database and can change nothing."""
    if engine.dialect.name == "sqlite":
        looking = engine.execution_options(begin="DEFERRED")
    else:
        looking = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(looking, expire_on_commit=False) as session:
        yield session


def is_busy(error: OperationalError) -> bool:
    """Say whether others stood in the way, so that the same may succeed a little later."""
    if isinstance(error.orig, sqlite3.Error):
        # The kind stands in the lower byte.
        return error.orig.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error.orig, "sqlstate", None) in BUSY


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        yield
        return
    with _one_writer:
        yield


@cache
def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return _for_good(engine)


def _for_good(engine: Engine) -> Engine:
    atexit.register(engine.dispose)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # sqlite3 would begin by itself, late and deferred; _begin does it instead.
    connection.isolation_level = None
    # Without recursive_triggers INSERT OR REPLACE would delete what the guards of append-only tables protect.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("begin", "IMMEDIATE")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if how == 'DEFERRED' else 'OFF'}")
    connection.exec_driver_sql(f"BEGIN {how}")
