"""All rows of a database, to see whether anything changed; and a way to change it for one example only."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain.base import Base
from tests.conftest import Database


class Undone(Exception):
    """The example is over; the next begins with the database as it was."""


def everything(session: Session) -> dict[str, list[str]]:
    """Return every row of every table."""
    return {
        table.name: sorted(str(row) for row in session.execute(select(table))) for table in Base.metadata.sorted_tables
    }


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """Give a session of whose changes nothing stays."""
    with suppress(Undone), transaction(database.engine) as session:
        yield session
        raise Undone
