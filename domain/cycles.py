"""Cycles: one turn of a programme each, and the inputs its findings and actions were derived from."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from string import ascii_lowercase
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, choice
from domain.errors import NotFound
from domain.events import record
from domain.method.edition import digest
from domain.method.planning_inputs import PlanningNumbers
from domain.method.quarters import Period
from domain.programmes import Programme
from domain.words import _


class CycleStatus(StrEnum):
    """Where the wheel stands: open until everything closed, checked with findings, planned with draft actions."""

    OPEN = "open"
    CHECKED = "checked"
    PLANNED = "planned"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Cycle(Base):
    """One turn of a programme, such as 2026-Q4, by the model edition that the programme had when it began."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("programme_id", "period"), CheckConstraint("starts_on <= ends_on", name="order"))
    TRANSITIONS: ClassVar[Mapping[CycleStatus, frozenset[CycleStatus]]] = {
        CycleStatus.OPEN: frozenset({CycleStatus.CHECKED, CycleStatus.CANCELLED}),
        CycleStatus.CHECKED: frozenset({CycleStatus.PLANNED}),
        CycleStatus.PLANNED: frozenset(),
        CycleStatus.MISSED: frozenset(),
        CycleStatus.CANCELLED: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("model_edition.id"))
    period: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[CycleStatus] = mapped_column(choice(CycleStatus, "status"), default=CycleStatus.OPEN, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class CycleInputs(Base):
    """Everything but the answers that a cycle's findings and drafts rest on: ids and numbers, written once."""

    __tablename__ = "cycle_inputs"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(Json)


def begin(
    session: Session, programme: Programme, period: Period, *, number: int, status: CycleStatus, now: datetime
) -> Cycle | None:
    """Begin a period's cycle (or note it as missed), once; None where it is there already.

    `number` decides on the turn of the rotation.
    """
    cycles = of_programme(session, programme.id)
    if is_there(cycles, period):
        return None
    cycle = Cycle(
        programme_id=programme.id,
        edition_id=programme.edition_id,
        period=_name(period, {each.period for each in cycles}),
        number=number,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        status=status,
    )
    session.add(cycle)
    record(session, f"cycle.{status}", cycle, by=None, now=now)
    return cycle


def is_there(cycles: Collection[Cycle], period: Period) -> bool:
    """Return whether one of a programme's cycles is a period's: of the same days, or of its id and some of its days.

    After a change of the fiscal year a period may have the id of another one, on whose days it does not lie.
    """

    def is_its(cycle: Cycle) -> bool:
        overlaps = cycle.starts_on <= period.ends_on and period.starts_on <= cycle.ends_on
        has_same_days = (cycle.starts_on, cycle.ends_on) == (period.starts_on, period.ends_on)
        return has_same_days or (cycle.period == period.id and overlaps)

    return any(map(is_its, cycles))


def _name(period: Period, taken: Collection[str]) -> str:
    """Return a period's id, with a letter from b on where another cycle has it: 2026-Q4b."""
    return next(name for letter in ("", *ascii_lowercase[1:]) if (name := f"{period.id}{letter}") not in taken)


def of_programme(session: Session, programme_id: int) -> list[Cycle]:
    """Return a programme's cycles, oldest first."""
    return list(session.scalars(select(Cycle).where(Cycle.programme_id == programme_id).order_by(Cycle.starts_on)))


def begun(session: Session) -> list[Cycle]:
    """Return every cycle but the missed and cancelled ones, in the order they began."""
    nothing = {CycleStatus.MISSED, CycleStatus.CANCELLED}
    return list(session.scalars(select(Cycle).where(Cycle.status.not_in(nothing)).order_by(Cycle.id)))


def with_status(session: Session, *statuses: CycleStatus) -> list[Cycle]:
    """Return the cycles that stand at one of these, oldest first."""
    return list(session.scalars(select(Cycle).where(Cycle.status.in_(statuses)).order_by(Cycle.starts_on, Cycle.id)))


def cycle(session: Session, programme_id: int, period: str) -> Cycle:
    """Return the cycle of a period; raises NotFound."""
    found = session.scalars(select(Cycle).where(Cycle.programme_id == programme_id, Cycle.period == period)).first()
    if found is None:
        raise NotFound(_("no cycle {period} here; `pdca status` lists the cycles").format(period=period))
    return found


def planning_numbers(session: Session) -> dict[int, PlanningNumbers]:
    """Return the planning numbers of each cycle's programme, by cycle id."""
    rows = select(Cycle.id, Programme.numbers).join(Programme, Programme.id == Cycle.programme_id)
    return {cycle_id: PlanningNumbers(**numbers) for cycle_id, numbers in session.execute(rows)}


def keep_inputs(session: Session, cycle_id: int, document: dict[str, Any]) -> CycleInputs:
    """Keep a cycle's inputs, once: what is there already stays."""
    found = session.get(CycleInputs, cycle_id)
    if found is None:
        found = CycleInputs(cycle_id=cycle_id, digest=digest(document), document=document)
        session.add(found)
        session.flush()
    return found
