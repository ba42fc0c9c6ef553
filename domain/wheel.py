"""The wheel's steps in their order: flows run each as a task, a simulation and the tests run them as they are.

A step does what is due in one transaction and returns how often it did what; run again it does nothing more. One of
`REPEATED` does a part of it, and returns None where nothing is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain import chunks, closings, cycles, deadlines, ladder, openings, oversight, plans, turns
from domain.cycles import CycleStatus
from domain.places import places, places_if_needed
from domain.turns import EVERYWHERE, Reach


@dataclass(frozen=True, slots=True)
class Hand:
    """Who turns the wheel, as of when, and what of it; `clock` tells how late it is for what the hand has claimed."""

    holder: str
    now: datetime
    clock: Callable[[], datetime]
    reach: Reach = EVERYWHERE


Counts: TypeAlias = dict[str, int]
"""What was done -> how often."""
Step: TypeAlias = Callable[[Session, Hand], Counts | None]


def begin_cycles(session: Session, hand: Hand) -> Counts:
    """Begin the cycles whose period has come, and note the missed ones."""
    return {"cycles begun": openings.begin_cycles(session, hand.now, hand.reach)}


def open_assessments(session: Session, hand: Hand) -> Counts:
    """Open the assessments whose day has come."""
    return {"assessments opened": openings.open_assessments(session, hand.now, hand.reach)}


def skip_unopened(session: Session, hand: Hand) -> Counts:
    """Skip what could not open before its period ended."""
    return {"assessments skipped": openings.skip_unopened(session, hand.now, hand.reach)}


def find_nobody(session: Session, hand: Hand) -> Counts:
    """Note units whose actions would have nobody to own them, and actions whose owner has left."""
    return {
        "units without an owner": oversight.note_missing_owners(session, hand.now, hand.reach),
        "actions left alone": oversight.note_left_alone(session, places_if_needed(session, hand.now), hand.now),
    }


def close_blind_rounds(session: Session, hand: Hand) -> Counts:
    """End the blind rounds whose time is over."""
    return {"blind rounds closed": closings.close_blind_rounds(session, hand.now, hand.reach)}


def close_agreed_rounds(session: Session, hand: Hand) -> Counts:
    """Close the assessments whose days for agreeing are over."""
    return {"agreed rounds closed": closings.close_agreed_rounds(session, hand.now, hand.reach)}


def cut(session: Session, hand: Hand) -> Counts:
    """Cut the closed assessments into chunks."""
    chunks.cut(session, hand.reach)
    return {}


def score(session: Session, hand: Hand) -> Counts | None:
    """Score the next free chunk."""
    count = chunks.score_next(session, hand.holder, now=hand.now, clock=hand.clock(), reach=hand.reach)
    return None if count is None else {"assessments scored": count}


def find(session: Session, hand: Hand) -> Counts:
    """Keep the inputs of finished cycles and write their findings."""
    return {"findings": sum(plans.check(session, cycle, hand.now) for cycle in plans.to_check(session, hand.reach))}


def draft(session: Session, hand: Hand) -> Counts:
    """Draft, continue or put off the gaps of every checked cycle."""
    counts: Counts = {}
    for cycle in cycles.with_status(session, CycleStatus.CHECKED):
        if hand.reach.covers(cycle.programme_id):
            for name, count in plans.draft(session, cycle, hand.now).items():
                counts[name] = counts.get(name, 0) + count
    if counts and plans.to_check(session, hand.reach):
        # A cycle of another programme waited for these drafts on its units; the same turn goes round once more.
        turns.want(session)
    return counts


def resume_held(session: Session, hand: Hand) -> Counts:
    """Let actions on hold go on whose day has come."""
    if not deadlines.has_held(session):
        return {"actions resumed": 0}
    return {"actions resumed": deadlines.resume_held(session, places(session, hand.now).units, hand.now)}


def climb(session: Session, hand: Hand) -> Counts:
    """Let what is late, unanswered or declined go on to its owner, the lead, the review's agenda."""
    return ladder.climb(session, places_if_needed(session, hand.now), hand.now)


PLAN: Sequence[Step] = (begin_cycles, open_assessments, skip_unopened, find_nobody)
DO: Sequence[Step] = (close_blind_rounds, close_agreed_rounds)
CHECK: Sequence[Step] = (cut, score, find)
ACT: Sequence[Step] = (draft, resume_held, climb)
WHEEL: Sequence[Step] = (*PLAN, *DO, *CHECK, *ACT)
REPEATED = frozenset({score})
"""The steps that do a part of what is due and are run again until they return None."""
