"""What a cycle planned out: the gaps for which no action was drafted, by topic, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import continuations, editions
from domain.cycles import Cycle
from domain.method.edition import Element
from domain.method.planning import NotNow
from domain.organisation import Unit


@dataclass(frozen=True, slots=True)
class Postponed:
    """A topic that got no action in some units, in unit order; `counted_at` is the unit whose limit or time decided.

    It is None where each unit's own did.
    """

    element: Element
    because: NotNow
    units: tuple[Unit, ...]
    counted_at: Unit | None


def postponed(session: Session, cycle: Cycle) -> list[Postponed]:
    """Return what a cycle planned out, in model order, in a fixed number of queries."""
    edition = editions.edition(session, cycle.edition_id)
    units = {unit.id: unit for unit in session.scalars(select(Unit).order_by(Unit.position, Unit.id))}
    order = {unit_id: place for place, unit_id in enumerate(units)}
    found: dict[tuple[str, NotNow, int | None], list[int]] = {}
    for each in continuations.deferrals(session, cycle.id):
        place = each.element, NotNow(each.because), _elsewhere(each.unit_id, each.facts)
        found.setdefault(place, []).append(each.unit_id)
    elements = {element.id: place for place, element in enumerate(edition.elements)}
    return [
        Postponed(
            element=edition.by_id[element],
            because=because,
            units=tuple(
                units[unit_id] for unit_id in sorted(found[element, because, counted_at], key=order.__getitem__)
            ),
            counted_at=None if counted_at is None else units[counted_at],
        )
        for element, because, counted_at in sorted(
            found, key=lambda place: (elements[place[0]], place[1], place[2] or 0)
        )
    ]


def _elsewhere(unit_id: int, facts: Mapping[str, str]) -> int | None:
    counted_at = int(facts["counted_at"])
    return None if counted_at == unit_id else counted_at
