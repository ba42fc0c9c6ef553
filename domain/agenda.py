"""The management review's agenda: what nobody decided, what was carried too often, what could not be assessed twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain import continuations
from domain.actions import Action, ActionStatus
from domain.cycles import planning_numbers
from domain.method.planning_inputs import PlanningNumbers
from domain.rungs import Rung, Standing
from domain.verifications import Verdict, Verification

LOOKS_IN_VAIN = 2
"""How often an action may be not assessable before the review decides about it."""


class Reason(StrEnum):
    """Why the review decides about an action."""

    UNDECIDED = "undecided"
    CARRIED = "carried too often"
    NOT_ASSESSABLE = "not assessable twice"


@dataclass(frozen=True, slots=True)
class Item:
    """An action on the agenda, with every reason for it."""

    action_id: int
    reasons: tuple[Reason, ...]


def agenda(session: Session, living: Sequence[Action], standing: Mapping[int, Standing]) -> list[Item]:
    """Return what the review decides about among living actions, as they are ordered; `standing` is their ladder's."""
    carried, vain = continuations.carried(session), _looks_in_vain(session)
    numbers, usual = planning_numbers(session), PlanningNumbers()
    found = []
    for action in living:
        often = numbers.get(action.cycle_id or 0, usual).carried_to_review
        is_so = {
            Reason.UNDECIDED: action.id in standing and standing[action.id].rung is Rung.ON_AGENDA,
            Reason.CARRIED: carried.get(action.id, 0) >= often,
            Reason.NOT_ASSESSABLE: vain.get(action.id, 0) >= LOOKS_IN_VAIN,
        }
        if any(is_so.values()):
            found.append(Item(action.id, tuple(reason for reason, holds in is_so.items() if holds)))
    return found


def _looks_in_vain(session: Session) -> dict[int, int]:
    """Return how often each action that still waits for its verdict could not be assessed."""
    rows = (
        select(Verification.action_id, func.count())
        .join(Action, Action.id == Verification.action_id)
        .where(Action.status == ActionStatus.DONE, Verification.verdict == Verdict.NOT_ASSESSABLE)
        .group_by(Verification.action_id)
    )
    return dict(session.execute(rows).all())
