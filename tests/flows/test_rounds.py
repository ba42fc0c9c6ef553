"""Rounds of the wheel without Prefect: whatever comes in between, no decision is overlooked and no turn fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from config.database import reading
from domain import turns
from domain.turns import Wish
from domain.wheel import Counts, Hand
from flows.rounds import Run, Turn, rounds
from tests.builders import at
from tests.conftest import Database

NOW = at("2026-04-07", 10)


class Diary:
    """What happened in which order: rounds of a turn, and a decision after a chosen one of its transactions."""

    def __init__(self, database: Database, decides_after: int) -> None:
        self.database = database
        self.decides_after = decides_after
        self.transactions = 0
        self.happened: list[str] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        event.listen(self.database.engine, "checkin", self.note)
        yield
        event.remove(self.database.engine, "checkin", self.note)

    def note(self, *_connection: Any) -> None:
        self.transactions += 1
        if self.transactions == self.decides_after:
            with Session(self.database.engine) as session:
                turns.want(session)
                session.commit()
                self.happened.append("a decision")

    def round(self, turn: Turn) -> Counts:
        with turn.step():
            self.happened.append("a round")
        return {"rounds": 1}


def asked_earlier(database: Database, *, is_of_now: bool) -> tuple[Counts, list[datetime]]:
    """Turn as of now or of the moment a turn was asked for, after another turned meanwhile; return what was done."""
    asked_at = NOW - timedelta(seconds=2)
    diary = Diary(database, 0)
    turn = Turn(database.engine, Hand("one", asked_at, lambda: NOW), is_of_now=is_of_now)
    rounds(Turn(database.engine, Hand("two", NOW - timedelta(seconds=1), lambda: NOW)), [])

    done = rounds(turn, [Run(diary.round, is_repeated=False, name="round")])

    with reading(database.engine) as session:
        assert turns.holder(session) is None
        return done, list(session.scalars(select(turns.Turn.as_of).order_by(turns.Turn.id)))


def turned(database: Database, decides_after: int = 0) -> Diary:
    """Turn once, with nothing but a note to do."""
    diary = Diary(database, decides_after)
    with diary.kept():
        rounds(
            Turn(database.engine, Hand("one", NOW, lambda: NOW)), [Run(diary.round, is_repeated=False, name="round")]
        )
    return diary


def test_after_a_decision_within_a_turn_there_is_a_round(database: Database) -> None:
    undisturbed = turned(database)

    for transaction in range(1, undisturbed.transactions):
        diary = turned(database, transaction)

        assert diary.happened[diary.happened.index("a decision") + 1 :][:1] == ["a round"], transaction
        with reading(database.engine) as session:
            assert (turns.holder(session), session.scalars(select(Wish.id)).all()) == (None, []), transaction


def test_a_turn_of_now_is_as_of_when_it_has_the_wheel(database: Database) -> None:
    assert asked_earlier(database, is_of_now=True) == ({"rounds": 1}, [NOW - timedelta(seconds=1), NOW])


def test_a_turn_as_of_earlier_than_one_that_came_first_does_nothing(database: Database) -> None:
    assert asked_earlier(database, is_of_now=False) == ({}, [NOW - timedelta(seconds=1)])
