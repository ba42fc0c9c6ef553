"""Scoring in chunks of about fifty assessments, so that several workers share a large cycle and a crash costs one."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain import assessments, cycles, results, turns, verifications
from domain.assessments import AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.turns import EVERYWHERE, Reach

SCORE = "score"


def cut(session: Session, reach: Reach) -> int:
    """Cut every closed assessment of the open cycles into chunks; returns how many there are to score."""
    count = 0
    for cycle in cycles.with_status(session, CycleStatus.OPEN):
        closed = [
            each.id
            for each in assessments.of_cycle(session, cycle.id, AssessmentStatus.CLOSED)
            if reach.covers(cycle.programme_id, each.unit_id)
        ]
        turns.cut_chunks(session, cycle.id, SCORE, closed)
        count += len(closed)
    return count


def score_next(
    session: Session, holder: str, *, now: datetime, clock: datetime, reach: Reach = EVERYWHERE
) -> int | None:
    """Claim, score and finish the next free chunk; returns how many assessments that were, None where none is left.

    A chunk that holds more than is in reach is left to a turn that reaches all of it.
    """
    for cycle in cycles.with_status(session, CycleStatus.OPEN):
        if not reach.covers(cycle.programme_id):
            continue
        chunk = turns.claim_chunk(session, cycle.id, SCORE, holder, clock, among=_in_reach(session, cycle, reach))
        if chunk is not None:
            count = results.score(session, session.get_one(Cycle, chunk.cycle_id), chunk.assessments, now)
            verifications.note_reassessed(session, chunk.assessments, now)
            chunk.done_at = now
            return count
    return None


def _in_reach(session: Session, cycle: Cycle, reach: Reach) -> list[int] | None:
    """Return the chunks that hold nothing out of reach; None where nothing is."""
    if reach.unit_id is None:
        return None
    near = {
        each.id
        for each in assessments.of_cycle(session, cycle.id, AssessmentStatus.CLOSED)
        if reach.covers(cycle.programme_id, each.unit_id)
    }
    return [each.id for each in turns.chunks_left(session, cycle.id, SCORE) if near.issuperset(each.assessments)]
