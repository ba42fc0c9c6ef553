"""Seals: a chain of digests over all events, which a change of history breaks."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import select, text

from config.database import reading, transaction
from domain import events
from domain.events import Seal, SealedEvent
from tests.builders import OPENING, a_firm
from tests.conftest import Database

LATER = OPENING + timedelta(hours=1)


def test_a_seal_covers_every_event_once(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        events.record(session, "first", firm.programme, by=None, now=OPENING)
        events.record(session, "second", firm.programme, by=1, now=OPENING, number=3)
        first = events.seal(session, OPENING)
        nothing = events.seal(session, LATER)
        events.record(session, "third", firm.programme, by=None, now=LATER)
        second = events.seal(session, LATER)

    assert first is not None
    assert second is not None
    assert nothing is None
    assert [(each.previous_id, each.count) for each in (first, second)] == [(None, 2), (first.id, 1)]
    with reading(database.engine) as session:
        held = session.execute(select(SealedEvent.event_id, SealedEvent.seal_id).order_by(SealedEvent.event_id)).all()
        assert [seal_id for _event, seal_id in held] == [first.id, first.id, second.id]
        assert events.broken_seals(session) == []


def test_a_seal_holds_whatever_zone_the_moment_was_told_in(database: Database) -> None:
    in_auckland = OPENING.astimezone(timezone(timedelta(hours=12)))
    with transaction(database.engine) as session:
        firm = a_firm(session)
        told = events.record(session, "told", firm.programme, by=None, now=in_auckland, pair=(1, 2))
        events.seal(session, in_auckland)

    assert (told.at, told.payload) == (in_auckland, {"pair": (1, 2)})
    with reading(database.engine) as session:
        assert events.broken_seals(session) == []


def sealed_history(database: Database) -> list[int]:
    with transaction(database.engine) as session:
        programme = a_firm(session).programme
        for hour in range(3):
            events.record(session, "told", programme, by=None, now=OPENING + timedelta(hours=hour), hour=hour)
            events.seal(session, OPENING + timedelta(hours=hour))
    with reading(database.engine) as session:
        return list(session.scalars(select(Seal.id).order_by(Seal.id)))


def tamper(database: Database, table: str, statement: str) -> None:
    with transaction(database.engine) as session:
        if database.kind == "sqlite":
            for what in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{what}"))
        else:
            session.execute(text(f"DROP TRIGGER {table}_no_change ON {table}"))
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET name = 'forged' WHERE id = (SELECT id FROM event ORDER BY id LIMIT 1 OFFSET 1)",
        "UPDATE event SET payload = '{}' WHERE id = (SELECT id FROM event ORDER BY id LIMIT 1 OFFSET 1)",
        "UPDATE event SET by = 1 WHERE id = (SELECT id FROM event ORDER BY id LIMIT 1 OFFSET 1)",
    ],
)
def test_a_changed_event_breaks_its_seal_and_no_other(database: Database, statement: str) -> None:
    seals = sealed_history(database)

    tamper(database, "event", statement)

    with reading(database.engine) as session:
        assert events.broken_seals(session) == [seals[1]]


def test_an_event_taken_out_of_its_seal_breaks_it(database: Database) -> None:
    seals = sealed_history(database)

    tamper(database, "sealed_events", f"DELETE FROM sealed_events WHERE seal_id = {seals[0]}")

    with reading(database.engine) as session:
        assert events.broken_seals(session) == [seals[0]]


def test_a_forged_seal_breaks_itself_and_the_one_after_it(database: Database) -> None:
    seals = sealed_history(database)

    tamper(database, "seal", f"UPDATE seal SET digest = 'forged' WHERE id = {seals[1]}")

    with reading(database.engine) as session:
        assert events.broken_seals(session) == seals[1:]


def test_seals_are_checked_in_a_fixed_number_of_statements(database: Database) -> None:
    sealed_history(database)

    with reading(database.engine) as session, database.statements() as sent:
        events.broken_seals(session)

    assert len(sent) == 2
