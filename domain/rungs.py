"""Rungs: where an action stands that its owner leaves lying, read from its events in their order.

A new date, another owner, a hold or an answer ends a ladder and stands after its rungs, so that a rung belongs to the
date it was climbed for, and none is climbed twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.actions import Action
from domain.events import Event
from domain.places import Places


class Rung(StrEnum):
    """Who has an action before them by now, besides its owner."""

    OWNER_TOLD = "owner told"
    LEAD_ASKED = "lead asked"
    ON_AGENDA = "on agenda"


class Because(StrEnum):
    """Why an action goes on to somebody else."""

    LATE = "late"
    NO_ANSWER = "no answer"
    DECLINED = "declined"
    OWNER_LEFT = "owner left"
    UNVERIFIED = "unverified"
    VERIFIER_LEFT = "verifier left"


UNSEEN = frozenset({Because.UNVERIFIED, Because.VERIFIER_LEFT})
"""Why a done action goes on: nobody looks whether it worked."""
WITHOUT_OWNER = "action.without owner"
"""The event that an action's owner has left."""
RUNGS: Mapping[str, Rung] = {f"action.{rung}": rung for rung in Rung}
"""The events of the ladder itself."""
HEARD = frozenset(
    {
        "action.open",
        "action.reassigned",
        "action.moved",
        "action.on hold",
        "action.in progress",
        "action.progress",
        "action.accepted",
        "action.declined",
        "action.done",
        "action.edited",
        "action.not assessable",
        WITHOUT_OWNER,
        *RUNGS,
    }
)
"""The events from which it follows where an action stands."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands on its ladder; at its foot there is no rung.

    `asked_on` is when the lead is asked or was; `decision_id` the event by which that happened. `is_silent` while the
    owner has not answered since the action was given, `declined_on` once the owner said "not me". `gone_id` is the
    owner who has left, `alone_since` when that was noted.
    """

    rung: Rung | None = None
    because: Because | None = None
    told_on: date | None = None
    asked_on: date | None = None
    decision_id: int | None = None
    decider_id: int | None = None
    decide_by: date | None = None
    given_at: datetime | None = None
    is_silent: bool = False
    declined_on: date | None = None
    gone_id: int | None = None
    alone_since: date | None = None

    @property
    def awaits_decision(self) -> bool:
        """Whether it lies with somebody else than its owner, in time or not."""
        return self.rung in {Rung.LEAD_ASKED, Rung.ON_AGENDA}


def standings(session: Session, where: Places, found: Sequence[Action], ids: Select[int]) -> dict[int, Standing]:
    """Return where actions stand, by id, in one query; `ids` selects the ids of the same actions."""
    heard = select(Event.id, Event.name, Event.subject_id, Event.by, Event.at, Event.payload).where(
        Event.subject == Action.__tablename__, Event.subject_id.in_(ids), Event.name.in_(HEARD)
    )
    unit_of = {action.id: action.unit_id for action in found}
    known = {action.id: Standing() for action in found}
    rows = session.execute(heard.order_by(Event.subject_id, Event.id))
    for action_id, told in groupby(rows, key=attrgetter("subject_id")):
        for event in told:
            known[action_id] = _after(known[action_id], event, where.day(unit_of[action_id], event.at))
    return known


def _after(before: Standing, event: Any, day: date) -> Standing:
    """Return where an action stands after an event of a day."""
    if event.name in RUNGS:
        return _climbed(before, RUNGS[event.name], event.payload, day, event.id)
    is_noted_only = event.name == WITHOUT_OWNER and before.awaits_decision
    if is_noted_only or (event.name == "action.edited" and before.because not in UNSEEN):
        return before
    match event.name:
        case "action.open" | "action.reassigned":
            return Standing(given_at=event.at, is_silent=True)
        case "action.moved" | "action.on hold" | "action.done" | "action.not assessable" | "action.edited":
            return Standing(given_at=before.given_at)
        case "action.without owner":
            return Standing(given_at=before.given_at, gone_id=event.payload["owner"], alone_since=day)
    return _reported(before, event, day)


def _reported(before: Standing, event: Any, day: date) -> Standing:
    """Return where an action stands after what was said of it; for who has left nobody can say that they own it."""
    goes_on_by_itself = event.name == "action.in progress" and event.by is None
    if goes_on_by_itself or (before.gone_id is not None and event.by != before.gone_id):
        return before
    if event.name == "action.declined":
        return replace(before, is_silent=False, declined_on=day)
    return _answered(before)


def _climbed(before: Standing, rung: Rung, payload: Mapping[str, Any], day: date, event_id: int) -> Standing:
    because = Because(payload["because"])
    match rung:
        case Rung.OWNER_TOLD:
            asked_on = date.fromisoformat(payload["lead_asked_on"])
            return replace(before, rung=rung, because=because, told_on=day, asked_on=asked_on)
        case Rung.LEAD_ASKED:
            return replace(
                before,
                rung=rung,
                because=because,
                asked_on=day,
                decision_id=event_id,
                decider_id=payload["decider"],
                decide_by=date.fromisoformat(payload["decide_by"]),
            )
        case Rung.ON_AGENDA:
            return replace(before, rung=rung, because=because)


def _answered(before: Standing) -> Standing:
    """Return where an action stands once its owner took it or reported on it: that does not make it less late."""
    if before.gone_id is not None or before.because in {Because.NO_ANSWER, Because.DECLINED}:
        return Standing(given_at=before.given_at)
    return replace(before, is_silent=False, declined_on=None)
