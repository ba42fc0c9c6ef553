"""Recomputing a cycle from its answers and its kept inputs: every stored number that differs is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import assessments, continuations, editions, findings, plans, results, scores
from domain.actions import Action, ActionUnit
from domain.answersheets import AnswerSheet
from domain.assessments import AssessmentStatus
from domain.base import canonical
from domain.cycles import Cycle, CycleInputs, CycleStatus
from domain.method.edition import Edition, digest
from domain.method.planning import Plan, plan
from domain.method.planning_inputs import PlanningInputs
from domain.organisation import Unit

Place: TypeAlias = tuple[int | None, str, str]
"""Where a number stands: unit id, element, what it says."""
Numbers: TypeAlias = Mapping[Place, Any]

WHEN = frozenset({"assessment_id", "unit_id", "revision", "on", "at"})
"""The columns of a score that say where and when it was made, not what came out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored number that does not come out again; a text is None where there is nothing of the kind."""

    period: str
    unit: str
    element: str
    number: str
    stored: str | None
    recomputed: str | None


def recompute(session: Session, cycle: Cycle) -> list[Difference]:
    """Return what differs between a cycle's stored scores, findings and drafts and their recomputation.

    A cycle that was not checked or planned yet has only what it has so far.
    """
    edition = editions.edition(session, cycle.edition_id)
    stored, found = _stored_scores(session, cycle), dict[Place, Any]()
    judged: list[tuple[int, list[results.Result]]] = []
    scored = assessments.of_cycle(session, cycle.id, AssessmentStatus.SCORED)
    for sheet, of_unit in results.judged(session, cycle, scored):
        judged.append((sheet.unit_id, of_unit))
        found |= _numbers(edition, sheet, of_unit)
    kept = session.get(CycleInputs, cycle.id)
    if kept is not None:
        stored[None, "", "inputs"] = kept.digest
        found[None, "", "inputs"] = digest(kept.document)
        inputs = PlanningInputs.from_json(kept.document)
        findings_found = list(plans.find(edition, inputs, (each for each in judged if str(each[0]) in inputs.place)))
        stored |= _stored_findings(session, cycle)
        found |= {(int(each.unit), each.element, each.kind.value): each.facts for each in findings_found}
        if cycle.status is CycleStatus.PLANNED:
            planned = plan(edition, inputs, findings_found, plans.at_target(session, cycle, inputs, findings_found))
            stored |= _stored_plan(session, cycle)
            found |= _recomputed_plan(planned)
    return list(_differences(session, cycle, stored, found))


def _stored_scores(session: Session, cycle: Cycle) -> dict[Place, Any]:
    scored = [each.id for each in assessments.of_cycle(session, cycle.id, AssessmentStatus.SCORED)]
    return {
        (each.unit_id, each.element, f"score: {column.name}"): getattr(each, column.name)
        for each in scores.of_assessments(session, scored)
        for column in scores.Score.__table__.columns
        if column.name not in WHEN | {"id"}
    }


def _numbers(edition: Edition, sheet: AnswerSheet, judged: Sequence[results.Result]) -> dict[Place, Any]:
    return {
        (sheet.unit_id, each.score.element, f"score: {name}"): value
        for each in judged
        for name, value in results.numbers(edition, sheet, each).items()
    }


def _stored_findings(session: Session, cycle: Cycle) -> dict[Place, Any]:
    return {(each.unit_id, each.element, each.kind.value): each.facts for each in findings.of_cycle(session, cycle.id)}


def _stored_plan(session: Session, cycle: Cycle) -> dict[Place, Any]:
    drafted = (
        select(Action, ActionUnit)
        .join(ActionUnit, ActionUnit.action_id == Action.id)
        .where(Action.cycle_id == cycle.id, Action.predecessor_id.is_(None))
        .order_by(Action.id, ActionUnit.id)
    )
    found: dict[Place, Any] = {}
    for action, covered in session.execute(drafted):
        place = (action.unit_id, covered.element, "draft")
        draft = found.setdefault(
            place, {"aims_at": action.aims_at, "facts": action.facts, "covers": [], "try_first": []}
        )
        draft["covers"].append(str(covered.unit_id))
        draft["try_first"] += [str(covered.unit_id)] if covered.tries_first else []
    for each in continuations.of_cycle(session, cycle.id):
        found[None, "", f"continuation of action {each.action_id}"] = each.facts
    for put_off in continuations.deferrals(session, cycle.id):
        found[put_off.unit_id, put_off.element, "not now"] = [put_off.because, put_off.facts]
    return found


def _recomputed_plan(planned: Plan) -> dict[Place, Any]:
    found: dict[Place, Any] = {}
    for each in planned.drafts:
        found[int(each.unit), each.element, "draft"] = {
            "aims_at": int(each.aims_at),
            "facts": plans.draft_facts(each),
            "covers": list(each.covers),
            "try_first": [unit for unit in each.covers if unit in each.try_first],
        }
    for continued in planned.continuations:
        found[None, "", f"continuation of action {continued.action}"] = plans.continued_facts(continued)
    for put_off in planned.deferred:
        found[int(put_off.unit), put_off.element, "not now"] = [put_off.why, plans.put_off_facts(put_off)]
    return found


def _differences(session: Session, cycle: Cycle, stored: Numbers, found: Numbers) -> Iterator[Difference]:
    units = {unit.id: unit.key for unit in session.scalars(select(Unit))}
    for place in dict.fromkeys([*stored, *found]):
        was, now = _text(stored, place), _text(found, place)
        if was != now:
            unit_id, element, number = place
            yield Difference(cycle.period, units.get(unit_id or 0, ""), element, number, was, now)


def _text(numbers: Numbers, place: Place) -> str | None:
    """Return a number as canonical text, so that what was read from JSON equals what was computed."""
    if place not in numbers:
        return None
    value = numbers[place]
    return str(value) if isinstance(value, Fraction | str) else canonical(value)
