"""Checking and planning a cycle: findings over all its units, then drafts, continuations and "not now, because"."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain import assessments, cycles, editions, findings, organisation, results, scores
from domain.actions import Action, Source
from domain.assessments import AssessmentStatus
from domain.base import write
from domain.continuations import Continuation, Deferral
from domain.cycles import Cycle, CycleInputs, CycleStatus
from domain.drafts import Proposal, propose_all
from domain.events import move, record
from domain.inputs import planning_inputs
from domain.method import findings as method
from domain.method import planning
from domain.method.edition import Edition
from domain.method.findings import FindingKind
from domain.method.planning import Deferred, Draft, Plan, plan
from domain.method.planning_inputs import PlanningInputs
from domain.results import Result
from domain.turns import EVERYWHERE, Reach
from domain.words import _, in_language, speaking

TOGETHER = 500
"""How many drafts are written at once."""


def to_check(session: Session, reach: Reach = EVERYWHERE) -> list[Cycle]:
    """Return the open cycles in which every assessment was scored or skipped, oldest first.

    Of cycles that judge the same units by the same model one at a time, so that the next one knows what was drafted.
    """
    open_cycles = [each for each in cycles.with_status(session, CycleStatus.OPEN) if reach.covers(each.programme_id)]
    unfinished = assessments.unfinished(session, [each.id for each in open_cycles])
    finished = [each for each in open_cycles if each.id not in unfinished]
    if not finished:
        return []
    found = []
    taken: set[tuple[str, int]] = set()
    for cycle in [*cycles.with_status(session, CycleStatus.CHECKED), *finished]:
        model = editions.edition(session, cycle.edition_id).id
        judged = {(model, unit_id) for unit_id in assessments.units_of(session, cycle.id)}
        if cycle.status is CycleStatus.OPEN:
            if not taken.isdisjoint(judged):
                continue
            found.append(cycle)
        taken |= judged
    return found


def check(session: Session, cycle: Cycle, now: datetime) -> int:
    """Keep a cycle's inputs and write its findings; returns how many those are. A checked cycle gets no more."""
    if cycle.status is not CycleStatus.OPEN:
        return 0
    edition = editions.edition(session, cycle.edition_id)
    inputs = planning_inputs(session, cycle, organisation.today(session, now))
    cycles.keep_inputs(session, cycle.id, inputs.to_json())
    by_unit = assessments.by_unit(session, cycle.id, AssessmentStatus.SCORED)
    judged = results.stored(session, [by_unit[unit] for unit in map(int, inputs.unit_order) if unit in by_unit])
    written = findings.add(session, cycle.id, find(edition, inputs, judged))
    move(session, cycle, CycleStatus.CHECKED, by=None, now=now, findings=written)
    return written


def find(
    edition: Edition, inputs: PlanningInputs, judged: Iterable[tuple[int, Sequence[Result]]]
) -> Iterator[method.Finding]:
    """Yield what units' results say, unit by unit as they come, then the gaps they share."""
    gaps: list[method.Finding] = []
    for unit_id, found in judged:
        changes = {each.score.element: each.change for each in found if each.change is not None}
        for finding in method.find(edition, inputs, str(unit_id), [each.score for each in found], changes=changes):
            if finding.kind is FindingKind.GAP:
                gaps.append(finding)
            yield finding
    yield from method.shared_gaps(edition, inputs, gaps)


def draft(session: Session, cycle: Cycle, now: datetime) -> dict[str, int]:
    """Draft, continue or put off every gap of a checked cycle, from its kept inputs; returns how many of each."""
    if cycle.status is not CycleStatus.CHECKED:
        return {}
    edition = editions.edition(session, cycle.edition_id)
    inputs = PlanningInputs.from_json(session.get_one(CycleInputs, cycle.id).document)
    found = list(findings.stream(session, cycle.id, *planning.RESTS_ON))
    planned = plan(edition, inputs, found, at_target(session, cycle, inputs, found))
    _propose(session, edition, cycle, planned.drafts, now)
    _carry_on(session, cycle, planned)
    for action_id in planned.no_longer_needed:
        action = session.get_one(Action, action_id)
        if _is_of(session, action, cycle.programme_id):
            record(session, "action.no longer needed", action, by=None, now=now, cycle=cycle.id)
    counts = {"drafts": len(planned.drafts), "continued": len(planned.continuations), "not now": len(planned.deferred)}
    move(
        session, cycle, CycleStatus.PLANNED, by=None, now=now, **{key.replace(" ", "_"): n for key, n in counts.items()}
    )
    return counts


def at_target(
    session: Session, cycle: Cycle, inputs: PlanningInputs, found: Iterable[method.Finding]
) -> set[tuple[str, str]]:
    """Return the (unit, element) pairs with a proven result and no gap, of the units in which an action lives."""
    lives_in = {int(unit) for action in inputs.living for unit in action.covers}
    if not lives_in:
        return set()
    by_unit = assessments.by_unit(session, cycle.id, AssessmentStatus.SCORED)
    proven = scores.proven(session, [each for unit_id, each in by_unit.items() if unit_id in lives_in])
    gaps = {(each.unit, each.element) for each in found if each.kind is FindingKind.GAP}
    return {(str(unit_id), element) for unit_id, element in proven} - gaps


def _is_of(session: Session, action: Action, programme_id: int) -> bool:
    """Return whether an action was drafted in a programme: another one may aim lower on the same units."""
    return action.cycle_id is None or session.get_one(Cycle, action.cycle_id).programme_id == programme_id


def _propose(session: Session, edition: Edition, cycle: Cycle, drafts: Sequence[Draft], now: datetime) -> None:
    with speaking(organisation.organisation(session).language):
        for start in range(0, len(drafts), TOGETHER):
            some = [_proposal(edition, cycle, each) for each in drafts[start : start + TOGETHER]]
            propose_all(session, some, Source.SELF_ASSESSMENT, cycle.period, now=now)


def _proposal(edition: Edition, cycle: Cycle, each: Draft) -> Proposal:
    action = {
        "unit_id": int(each.unit),
        "cycle_id": cycle.id,
        "title": _title(edition, each),
        "owner_id": None if each.owner is None else int(each.owner),
        "verifier_id": None if each.verifier is None else int(each.verifier),
        "due_on": each.due_on,
        "check_on": each.check_on,
        "aims_at": int(each.aims_at),
        "facts": draft_facts(each),
    }
    covers = [
        {
            "unit_id": int(unit),
            "model": edition.id,
            "element": each.element,
            "source": Source.SELF_ASSESSMENT,
            "is_living": True,
            "tries_first": unit in each.try_first,
        }
        for unit in each.covers
    ]
    return Proposal(action, covers)


def draft_facts(each: Draft) -> dict[str, Any]:
    """Return what a draft rests on, as it is stored with its action."""
    return {**each.facts, "items": list(each.blocking), "due_on": each.due_on.isoformat()}


def continued_facts(each: planning.Continuation) -> dict[str, Any]:
    """Return what a continuation rests on, as it is stored."""
    return {**each.facts, "units": list(each.units)}


def put_off_facts(each: Deferred) -> dict[str, Any]:
    """Return what "not now, because" rests on, as it is stored."""
    return {"counted_at": each.counted_at}


def _title(edition: Edition, each: Draft) -> str:
    """Name a draft by its topic and next step; people give it a better title when they say what will be different.

    Units that share it and stand at different levels have different next steps.
    """
    topic = in_language(edition.by_id[each.element].title)
    if each.has_one_level:
        return _("{topic}: next step to level {level}").format(topic=topic, level=each.aims_at)
    return _("{topic}: one step up in {count} units").format(topic=topic, count=len(each.covers))


def _carry_on(session: Session, cycle: Cycle, planned: Plan) -> None:
    continued = [
        {"action_id": each.action, "cycle_id": cycle.id, "facts": continued_facts(each)}
        for each in planned.continuations
    ]
    write(session, Continuation, continued)
    put_off = [
        {
            "cycle_id": cycle.id,
            "unit_id": int(each.unit),
            "element": each.element,
            "because": each.why,
            "facts": put_off_facts(each),
        }
        for each in planned.deferred
    ]
    write(session, Deferral, put_off)
