"""What the tables have in common."""

from sqlalchemy import select

from config.database import reading, transaction
from domain.base import write
from domain.events import Event
from domain.scores import Score
from tests.builders import OPENING
from tests.conftest import Database


def test_rows_written_at_once_are_read_as_they_were_and_get_numbers_of_their_own(database: Database) -> None:
    events = [
        {
            "name": f"thing {each}",
            "subject": "thing",
            "subject_id": each,
            "by": by,
            "at": OPENING,
            "payload": {"n": each},
        }
        for each, by in ((1, None), (2, 7))
    ]

    with transaction(database.engine) as session, database.statements() as sent:
        write(session, Event, events)
        write(session, Score, [])

    with reading(database.engine) as session:
        found = session.scalars(select(Event).order_by(Event.id)).all()
        read = [
            {"name": each.name, "subject": each.subject, "subject_id": each.subject_id, "by": each.by}
            | {"at": each.at, "payload": each.payload}
            for each in found
        ]
    assert read == events
    assert len({each.id for each in found}) == len(events)
    assert len(sent) == 1


def test_what_is_written_at_once_may_read_its_own_transaction_before_it(database: Database) -> None:
    first = {"name": "first", "subject": "thing", "subject_id": 1, "at": OPENING, "payload": {}}

    with transaction(database.engine) as session:
        session.add(Event(name="pending", subject="thing", subject_id=1, at=OPENING, payload={}))
        write(session, Event, [first])

    with reading(database.engine) as session:
        assert list(session.scalars(select(Event.name).order_by(Event.id))) == ["pending", "first"]
