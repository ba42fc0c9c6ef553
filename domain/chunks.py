"""Scoring in chunks of about fifty assessments, so that several workers share a large cycle and a crash costs one."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain import assessments, cycles, results, turns, verifications
from domain.assessments import AssessmentStatus
from domain.cycles import Cycle, CycleStatus
from domain.turns import Reach

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


def score_next(session: Session, holder: str, *, now: datetime, clock: datetime) -> int | None:
    """Claim, score and finish the next free chunk; returns how many assessments that were, None where none is left."""
    for cycle in cycles.with_status(session, CycleStatus.OPEN):
        chunk = turns.claim_chunk(session, cycle.id, SCORE, holder, clock)
        if chunk is not None:
            count = results.score(session, session.get_one(Cycle, chunk.cycle_id), chunk.assessments, now)
            verifications.note_reassessed(session, chunk.assessments, now)
            chunk.done_at = now
            return count
    return None
