"""Taking over organisation files in tests."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from documents.organisation import read_organisation
from documents.takeover import take_over
from documents.takeover_changes import Changes
from domain.events import Event
from tests.conftest import Database

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 9, tzinfo=UTC)


def taken_over(database: Database, path: Path, now: datetime = NOW, by: int | None = None) -> Changes:
    with transaction(database.engine) as session:
        return take_over(session, read_organisation(path), by=by, now=now)


def events(session: Session) -> list[tuple[str, int, dict[str, object]]]:
    return [(each.name, each.subject_id, each.payload) for each in session.scalars(select(Event).order_by(Event.id))]
