"""Findings: what a cycle's scores say about units and elements, each with the facts it rests on."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, choice, write
from domain.method import findings as method
from domain.method.findings import FindingKind

AT_ONCE = 1000
"""How many findings are written at once."""


class Finding(Base):
    """One finding; a shared gap stands at the nearest common unit above those it covers."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "element", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    element: Mapped[str] = mapped_column(String(40))
    kind: Mapped[FindingKind] = mapped_column(choice(FindingKind, "kind"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)


def add(session: Session, cycle_id: int, found: Iterable[method.Finding]) -> int:
    """Write a cycle's findings as they come, once; returns how many (0 where they are there already)."""
    if session.scalars(select(Finding.id).where(Finding.cycle_id == cycle_id).limit(1)).first():
        return 0
    count = 0
    left = iter(found)
    while some := list(islice(left, AT_ONCE)):
        rows = [
            {
                "cycle_id": cycle_id,
                "unit_id": int(each.unit),
                "element": each.element,
                "kind": each.kind,
                "facts": each.facts,
            }
            for each in some
        ]
        write(session, Finding, rows)
        count += len(some)
    return count


def of_cycle(session: Session, cycle_id: int, *kinds: FindingKind) -> list[Finding]:
    """Return a cycle's findings, all or of these kinds, as they were found."""
    wanted = select(Finding).where(Finding.cycle_id == cycle_id)
    if kinds:
        wanted = wanted.where(Finding.kind.in_(kinds))
    return list(session.scalars(wanted.order_by(Finding.id)))


def stream(session: Session, cycle_id: int, *kinds: FindingKind) -> Iterator[method.Finding]:
    """Yield a cycle's findings of these kinds as the method takes them, as they were found, in a stream."""
    session.flush()
    wanted = select(Finding.kind, Finding.unit_id, Finding.element, Finding.facts)
    wanted = wanted.where(Finding.cycle_id == cycle_id, Finding.kind.in_(kinds)).order_by(Finding.id)
    for kind, unit_id, element, facts in session.connection().execute(wanted, execution_options={"yield_per": AT_ONCE}):
        yield method.Finding(kind, str(unit_id), element, facts)
