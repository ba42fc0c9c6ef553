"""Chunks: scoring is shared out by fifty assessments; nothing is scored twice, and a crash costs one chunk."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import chunks, turns
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.scores import Score
from domain.turns import EVERYWHERE, LEASE, Chunk, Reach
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database

NOW = at("2026-04-21", 16)


def closed_assessments(session: Session, count: int) -> list[int]:
    """Store closed assessments, one per unit, in one cycle."""
    firm = a_firm(session, below=[f"u{number}" for number in range(1, count)])
    cycle = Cycle(
        programme_id=firm.programme.id,
        edition_id=firm.programme.edition_id,
        period="2026-Q2",
        number=0,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
    )
    session.add(cycle)
    session.flush()
    made = [
        Assessment(
            cycle_id=cycle.id,
            unit_id=unit.id,
            opens_on=OPENING.date(),
            scope=["10"],
            closed_at=NOW,
            status=AssessmentStatus.CLOSED,
        )
        for unit in firm.units.values()
    ]
    session.add_all(made)
    session.flush()
    return [each.id for each in made]


def cut_up(session: Session) -> list[list[int]]:
    return [each.assessments for each in session.scalars(select(Chunk).order_by(Chunk.number))]


def left(session: Session) -> int:
    return len(session.scalars(select(Assessment.id).where(Assessment.status == AssessmentStatus.CLOSED)).all())


@pytest.fixture
def large(database: Database) -> Database:
    """A database with 120 closed assessments, cut into chunks."""
    with transaction(database.engine) as session:
        closed_assessments(session, 120)
        chunks.cut(session, EVERYWHERE)
    return database


def test_what_was_closed_is_cut_by_fifty_once(database: Database) -> None:
    with transaction(database.engine) as session:
        ids = closed_assessments(session, 120)

        counts = [chunks.cut(session, EVERYWHERE) for _time in range(2)]

        assert (counts, cut_up(session)) == ([120, 120], [ids[:50], ids[50:100], ids[100:]])


def test_what_closes_later_comes_into_chunks_of_its_own(database: Database) -> None:
    with transaction(database.engine) as session:
        ids = closed_assessments(session, 5)
        programme_id = session.scalars(select(Cycle.programme_id)).one()
        third = session.get_one(Assessment, ids[2]).unit_id
        chunks.cut(session, Reach(programme_id, third))

        chunks.cut(session, EVERYWHERE)

        assert cut_up(session) == [[ids[2]], [ids[0], ids[1], ids[3], ids[4]]]


def test_one_worker_scores_all_chunks(large: Database) -> None:
    counts = []
    while True:
        with transaction(large.engine) as session:
            counts.append(chunks.score_next(session, "one", now=NOW, clock=NOW))
        if counts[-1] is None:
            break

    with transaction(large.engine) as session:
        assert (counts, left(session), len(session.scalars(select(Score.id)).all())) == ([50, 50, 20, None], 0, 120)


def test_a_chunk_whose_transaction_failed_is_scored_by_the_next(large: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        score_and_fail(large)

    with transaction(large.engine) as session:
        assert (chunks.score_next(session, "two", now=NOW, clock=NOW), left(session)) == (50, 70)


def score_and_fail(database: Database) -> None:
    with transaction(database.engine) as session:
        chunks.score_next(session, "one", now=NOW, clock=NOW)
        raise ZeroDivisionError


def test_two_workers_at_once_score_different_chunks(postgresql_database: Database) -> None:
    engine = postgresql_database.engine
    with transaction(engine) as session:
        closed_assessments(session, 120)
        chunks.cut(session, EVERYWHERE)

    with Session(engine) as one, Session(engine) as other:
        counts = [chunks.score_next(session, name, now=NOW, clock=NOW) for session, name in ((one, "1"), (other, "2"))]
        one.commit()
        counts.append(chunks.score_next(one, "1", now=NOW, clock=NOW))
        nothing_left = chunks.score_next(one, "1", now=NOW, clock=NOW)
        one.commit()
        other.commit()

    with transaction(engine) as session:
        done = session.scalars(select(Chunk).order_by(Chunk.number)).all()
        assert (counts, nothing_left, left(session)) == ([50, 50, 20], None, 0)
        assert [each.holder for each in done] == ["1", "2", "1"]


def claim(session: Session, holder: str, clock: datetime) -> int | None:
    cycle_id = session.scalars(select(Cycle.id)).one()
    chunk = turns.claim_chunk(session, cycle_id, chunks.SCORE, holder, clock)
    return None if chunk is None else chunk.number


def test_a_chunk_is_held_by_one_until_that_one_falls_silent(large: Database) -> None:
    with transaction(large.engine) as session:
        held = [claim(session, name, NOW) for name in ("one", "two", "three", "four", "one")]
        at_its_end = claim(session, "four", NOW + LEASE)
        after_it = claim(session, "four", NOW + LEASE + timedelta(seconds=1))

        assert (held, at_its_end, after_it) == ([0, 1, 2, None, 0], None, 0)


def test_a_finished_chunk_is_never_claimed_again(large: Database) -> None:
    with transaction(large.engine) as session:
        chunk = session.scalars(select(Chunk).where(Chunk.number == 0)).one()
        chunk.done_at = NOW
        session.flush()

        claimed = turns.claim_chunk(session, chunk.cycle_id, chunks.SCORE, "one", NOW)

        assert claimed is not None
        assert claimed.number == 1


def test_a_turn_about_another_programme_cuts_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        closed_assessments(session, 3)

        assert (chunks.cut(session, Reach(programme_id=99)), cut_up(session)) == (0, [])


def test_a_turn_about_another_programme_or_unit_scores_nothing_of_this_one(large: Database) -> None:
    with transaction(large.engine) as session:
        unit_id = session.scalars(select(Assessment.unit_id).order_by(Assessment.id)).first()

        counts = [
            chunks.score_next(session, "one", now=NOW, clock=NOW, reach=reach)
            for reach in (Reach(programme_id=99), Reach(unit_id=99), Reach(unit_id=unit_id))
        ]

        assert (counts, left(session)) == ([None, None, None], 120)


def test_a_turn_about_one_unit_scores_that_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        third = session.get_one(Assessment, closed_assessments(session, 5)[2])
        reach = Reach(unit_id=third.unit_id)
        chunks.cut(session, reach)
        chunks.cut(session, EVERYWHERE)

        counts = [chunks.score_next(session, "one", now=NOW, clock=NOW, reach=reach) for _time in range(2)]

        assert (counts, third.status, left(session)) == ([1, None], AssessmentStatus.SCORED, 4)
