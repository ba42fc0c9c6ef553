"""Grounds: what an action rests on, as it is read, from the facts that were stored when it was drafted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import editions
from domain.actions import Action, ActionNote
from domain.answernotes import AnswerNote, NoteKind
from domain.assessments import Assessment
from domain.cycles import Cycle
from domain.method.edition import Edition
from domain.organisation import Unit
from domain.responses import Response, Round
from domain.verifications import ENDS, Verdict, Verification

Reasons: TypeAlias = Mapping[tuple[int, int], Mapping[str, str]]
"""Why teams agreed on items, by cycle and unit."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The action that a successor follows: its verdict, the day of it, and what its verifier saw.

    The title is empty where the successor has the same.
    """

    number: int
    title: str
    verdict: Verdict
    on: date
    seen: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An action that was on the same before.

    `again` are the units that say no again to one of its items, `onward` those that have come to another step.
    """

    number: int
    verdict: Verdict
    on: date
    again: Sequence[str]
    onward: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a unit stood, and its next step: levels as they were stored, and who said no of how many, by item.

    `last` is None where it was judged for the first time. `agreed` is why the team agreed on no, by item; the reason
    is empty where it was erased.
    """

    unit: str
    level: Fraction
    last: Fraction | None
    target: Fraction
    aims_at: Fraction
    items: Sequence[str]
    said_no: Mapping[str, Sequence[int]]
    agreed: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What an action rests on. `stands` are by unit id, in unit order; empty where it comes from no gap."""

    edition: Edition | None = None
    period: str = ""
    stands: Mapping[str, Stand] = field(default_factory=dict)
    corroborations: Sequence[Sequence[str]] = ()
    """Unit, source, and its number there."""
    earlier: Sequence[Earlier] = ()
    tried: Tried | None = None

    @property
    def is_shared(self) -> bool:
        """Whether several units share it."""
        return len(self.stands) > 1

    @cached_property
    def by_level(self) -> dict[Fraction, list[Stand]]:
        """The units by the level that they aim at, the lowest first."""
        found: dict[Fraction, list[Stand]] = {}
        for each in sorted(self.stands.values(), key=lambda each: each.aims_at):
            found.setdefault(each.aims_at, []).append(each)
        return found


def grounds(session: Session, found: Sequence[Action]) -> dict[int, Grounds]:
    """Return what actions rest on, by number, in a fixed number of queries."""
    meant = select(Cycle).where(Cycle.id.in_({each.cycle_id for each in found if each.cycle_id is not None}))
    cycles = {each.id: each for each in session.scalars(meant)}
    units = _units(session, found)
    reasons, tried = _reasons(session, found), _tried(session, found)
    gathered = {}
    for action in found:
        cycle = cycles.get(action.cycle_id or 0)
        by_unit = action.facts.get("by_unit", {})
        gathered[action.id] = Grounds(
            edition=None if cycle is None else editions.edition(session, cycle.edition_id),
            period="" if cycle is None else cycle.period,
            stands={
                unit_id: _stand(unit.name, by_unit[unit_id], reasons.get((action.cycle_id or 0, unit.id), {}))
                for unit_id, unit in units.items()
                if unit_id in by_unit
            },
            corroborations=[
                (units[unit_id].name, source, number)
                for unit_id, source, number in action.facts.get("corroborations", ())
            ],
            earlier=list(_earlier(action.facts.get("earlier", ()), units)),
            tried=tried.get(action.predecessor_id or 0),
        )
    return gathered


def _units(session: Session, found: Sequence[Action]) -> dict[str, Unit]:
    """Return the units that actions were drafted for, by id as text, in unit order."""
    ids = {int(unit_id) for action in found for unit_id in action.facts.get("by_unit", ())}
    rows = session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.position, Unit.id))
    return {str(unit.id): unit for unit in rows}


def _stand(unit: str, facts: Mapping[str, Any], reasons: Mapping[str, str]) -> Stand:
    last = facts.get("last")
    return Stand(
        unit=unit,
        level=Fraction(facts["level"]),
        last=None if last is None else Fraction(last),
        target=Fraction(facts["target"]),
        aims_at=Fraction(facts["aims_at"]),
        items=facts["items"],
        said_no=facts["said_no"],
        agreed={item: reasons.get(item, "") for item in facts.get("agreed", ())},
    )


def _earlier(facts: Sequence[Sequence[Any]], units: Mapping[str, Unit]) -> Iterator[Earlier]:
    """Yield each action that was on the same before, with the units it was on."""
    by_action: dict[int, list[Sequence[Any]]] = {}
    for each in facts:
        by_action.setdefault(each[1], []).append(each)
    for number, places in sorted(by_action.items()):
        _unit, _number, verdict, on, _again = places[0]
        yield Earlier(
            number=number,
            verdict=Verdict(verdict),
            on=date.fromisoformat(on),
            again=[units[each[0]].name for each in places if each[4]],
            onward=[units[each[0]].name for each in places if not each[4]],
        )


def _reasons(session: Session, found: Sequence[Action]) -> Reasons:
    places = [
        (action.cycle_id, int(unit_id), item)
        for action in found
        for unit_id, facts in action.facts.get("by_unit", {}).items()
        for item in facts.get("agreed", ())
    ]
    rows = (
        select(Assessment.cycle_id, Assessment.unit_id, AnswerNote.item, AnswerNote.text)
        .join(Response, Response.assessment_id == Assessment.id)
        .join(AnswerNote, AnswerNote.response_id == Response.id)
        .where(
            Assessment.cycle_id.in_({cycle_id for cycle_id, _unit, _item in places}),
            Assessment.unit_id.in_({unit_id for _cycle, unit_id, _item in places}),
            Response.round == Round.AGREED,
            AnswerNote.item.in_({item for _cycle, _unit, item in places}),
            AnswerNote.kind == NoteKind.REASON,
        )
    )
    reasons: dict[tuple[int, int], dict[str, str]] = {}
    for cycle_id, unit_id, item, text in session.execute(rows) if places else ():
        reasons.setdefault((cycle_id, unit_id), {})[item] = text
    return reasons


def _tried(session: Session, found: Sequence[Action]) -> dict[int, Tried]:
    """Return what the actions that were followed came to, by number."""
    numbers = {each.predecessor_id: each.title for each in found if each.predecessor_id is not None}
    if not numbers:
        return {}
    notes = select(ActionNote).where(ActionNote.action_id.in_(numbers), ActionNote.kind == "verification")
    seen = {each.action_id: each.text for each in session.scalars(notes.order_by(ActionNote.id))}
    looks = (
        select(Verification, Action.title)
        .join(Action, Action.id == Verification.action_id)
        .where(Verification.action_id.in_(numbers), Verification.verdict.in_(ENDS))
    )
    return {
        look.action_id: Tried(
            number=look.action_id,
            title="" if title == numbers[look.action_id] else title,
            verdict=look.verdict,
            on=look.on,
            seen=seen.get(look.action_id, ""),
        )
        for look, title in session.execute(looks.order_by(Verification.id))
    }
