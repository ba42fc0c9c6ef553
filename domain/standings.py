"""Where units stand at the end of a cycle: groups and whole over the standing picture, and what changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from domain import assessments, editions, programmes, scores
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.method.change import Change
from domain.method.edition import Edition
from domain.method.planning_inputs import PlanningNumbers
from domain.method.quarters import period_of
from domain.method.scoring import Summary, summarise
from domain.method.standing import Latest, Standing, gap, picture
from domain.organisation import Unit, tree
from domain.programmes import Programme
from domain.scores import Score


@dataclass(frozen=True)
class UnitStanding:
    """A unit's row in a cycle's table.

    `judged` is (elements with a proven level not stale, elements asked over all cycles); `distances` counts them by
    how many levels they are below target; `change` sums the parts over the elements of this cycle that have a last
    result, None at the baseline.
    """

    unit: Unit
    elements: Mapping[str, Standing]
    groups: tuple[Summary, ...]
    whole: Summary
    judged: tuple[int, int]
    distances: Mapping[int, int]
    change: Change | None
    assessment: Assessment | None


def cycle_table(session: Session, cycle: Cycle) -> list[UnitStanding]:
    """Return where each unit of a cycle's programme stands at its end, in unit order, in a fixed number of queries."""
    programme = session.get_one(Programme, cycle.programme_id)
    edition = editions.edition(session, cycle.edition_id)
    units = tree(session, cycle.ends_on)
    asked = programmes.asked_by_unit(session, programme, edition, units)
    standing = _picture(session, programme, edition, cycle, asked)
    own = {each.unit_id: each for each in assessments.of_cycle(session, cycle.id)}
    scored = [each.id for each in own.values() if each.status is AssessmentStatus.SCORED]
    by_unit: dict[int, list[Score]] = {}
    for score in scores.of_assessments(session, scored):
        by_unit.setdefault(score.unit_id, []).append(score)
    weights = programmes.weights(programme, edition)
    rows = []
    for unit in units.units:
        if unit.id not in asked:
            continue
        elements = {each: standing[str(unit.id)][each] for each in asked[unit.id]}
        groups, whole = summarise(edition, elements, weights, asked[unit.id])
        targets = {each: programmes.target(programme, edition, unit.key, each) for each in elements}
        rows.append(
            UnitStanding(
                unit=unit,
                elements=elements,
                groups=groups,
                whole=whole,
                judged=(sum(each.proven for each in elements.values()), len(elements)),
                distances=distances(elements, targets),
                change=summed(by_unit.get(unit.id, ())),
                assessment=own.get(unit.id),
            )
        )
    return rows


def distances(elements: Mapping[str, Standing], targets: Mapping[str, int]) -> dict[int, int]:
    """Count the elements with a proven level by how many whole levels they are below target; 0 is at or above it."""
    counts: dict[int, int] = {}
    for element, standing in elements.items():
        if standing.proven and standing.level is not None:
            below = -(-gap(standing.level, Fraction(targets[element])) // 1)
            counts[below] = counts.get(below, 0) + 1
    return counts


def summed(found: Sequence[Score]) -> Change | None:
    """Return the sum of the changes of a unit's scores, part by part; None where none has a last result."""
    compared = [each for each in found if each.changed is not None]
    if not compared:
        return None
    return Change(
        mistake=sum((each.mistake or Fraction(0) for each in compared), Fraction(0)),
        changed=sum((each.changed or Fraction(0) for each in compared), Fraction(0)),
        seen_differently=sum((each.seen_differently or Fraction(0) for each in compared), Fraction(0)),
    )


def _picture(
    session: Session, programme: Programme, edition: Edition, cycle: Cycle, asked: Mapping[int, Sequence[str]]
) -> dict[str, dict[str, Standing]]:
    """Return the standing picture once this cycle's assessments were scored; results of later cycles are left out."""
    members = {each.id for each in assessments.of_cycle(session, cycle.id)}
    newest = max(members, default=0)
    units = tree(session, cycle.ends_on)
    latest = {
        (str(each.unit_id), each.element): Latest(each.result, each.on)
        for each in scores.standing(session, edition.id, up_to=newest).values()
    }
    return picture(
        {str(unit.id): None if (parent := units.parents.get(unit.id)) is None else str(parent) for unit in units.units},
        {str(unit_id): elements for unit_id, elements in asked.items()},
        latest,
        cycle=period_of(cycle.starts_on, programme.months_per_cycle, programme.fiscal_start),
        stale_after=PlanningNumbers(**programme.numbers).stale_after,
    )
