"""Beside the quarter: an ORM loop as one writes it first, an entity for every row that is read and written.

It uses the product's method, and it is no straw man: a query per assessment for its answers with their responses, the
arithmetic of an assessment once, one transaction per assessment.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks.measuring import measure
from benchmarks.outcome import levels
from benchmarks.places import DATABASE
from config.database import engine_of, reading, transaction
from domain import editions
from domain.actions import Action, ActionUnit, Source
from domain.assessments import Assessment, AssessmentStatus
from domain.base import canonical
from domain.continuations import Deferral
from domain.cycles import Cycle
from domain.findings import Finding
from domain.inputs import planning_inputs
from domain.method import findings as method
from domain.method.edition import Edition, State
from domain.method.planning import Plan, plan
from domain.method.planning_inputs import PlanningInputs
from domain.method.respondents import Answer as Given
from domain.method.respondents import ElementScore, combine
from domain.responses import Answer, Response, ResponseStatus
from domain.results import detail
from domain.scores import Score

NOW = datetime(2026, 4, 30, 10, tzinfo=UTC)


def quarter(folder: Path) -> None:
    """Score and find assessment by assessment, then draft."""
    engine = engine_of(f"sqlite:///{folder / DATABASE}")
    with reading(engine) as session:
        cycle = session.get_one(Cycle, 1)
        edition = editions.edition(session, cycle.edition_id)
        inputs = planning_inputs(session, cycle, NOW.date())
        closed = session.scalars(select(Assessment).where(Assessment.status == AssessmentStatus.CLOSED)).all()
    found: list[method.Finding] = []
    for assessment in closed:
        with transaction(engine) as session:
            found += _judge(session, edition, inputs, assessment)
    found += method.shared_gaps(edition, inputs, found)
    _write(engine, edition, found, plan(edition, inputs, found))
    engine.dispose()


def _judge(
    session: Session, edition: Edition, inputs: PlanningInputs, assessment: Assessment
) -> tuple[method.Finding, ...]:
    given: dict[str, dict[str, Given]] = {}
    rows = (
        select(Response, Answer)
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.assessment_id == assessment.id, Response.status != ResponseStatus.DECLINED)
        .order_by(Response.id, Answer.element, Answer.revision)
    )
    people = set()
    for response, answer in session.execute(rows):
        people.add(response.person_id)
        states = {item: State(state) for item, state in json.loads(answer.states or "{}").items()}
        given.setdefault(answer.element, {})[str(response.person_id)] = Given(states, has_evidence=answer.has_evidence)
    scores = [
        combine(edition, edition.by_id[element], given.get(element, {}), asked=len(people))
        for element in assessment.scope
    ]
    session.add_all(_score(edition, assessment, each) for each in scores)
    return method.find(edition, inputs, str(assessment.unit_id), scores, changes={})


def _score(edition: Edition, assessment: Assessment, each: ElementScore) -> Score:
    return Score(
        assessment_id=assessment.id,
        unit_id=assessment.unit_id,
        model=edition.id,
        element=each.element,
        on=NOW.date(),
        rule=edition.rule,
        edition_digest=edition.digest,
        inputs_digest="",
        result=each.result,
        why=each.why,
        is_proven=each.proven,
        basis=each.basis,
        naive=each.naive,
        coverage_done=each.coverage[0],
        coverage_of=each.coverage[1],
        minimum=each.minimum,
        maximum=each.maximum,
        detail=detail(each),
        at=NOW,
    )


def _write(engine: Engine, edition: Edition, found: list[method.Finding], planned: Plan) -> None:
    with transaction(engine) as session:
        for each in found:
            session.add(
                Finding(
                    cycle_id=1, unit_id=int(each.unit), element=each.element, kind=each.kind, facts=dict(each.facts)
                )
            )
        for put_off in planned.deferred:
            where = {"counted_at": put_off.counted_at}
            session.add(
                Deferral(
                    cycle_id=1, unit_id=int(put_off.unit), element=put_off.element, because=put_off.why, facts=where
                )
            )
        for draft in planned.drafts:
            action = Action(
                unit_id=int(draft.unit),
                cycle_id=1,
                title=canonical(dict(edition.by_id[draft.element].title)),
                owner_id=None if draft.owner is None else int(draft.owner),
                verifier_id=None if draft.verifier is None else int(draft.verifier),
                due_on=draft.due_on,
                check_on=draft.check_on,
                aims_at=int(draft.aims_at),
                facts=dict(draft.facts),
            )
            session.add(action)
            session.flush()
            session.add_all(
                ActionUnit(
                    action_id=action.id,
                    unit_id=int(unit),
                    model=edition.id,
                    element=draft.element,
                    source=Source.SELF_ASSESSMENT,
                )
                for unit in draft.covers
            )


if __name__ == "__main__":
    measure(quarter, levels)
