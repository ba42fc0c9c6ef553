"""Assessments: one unit's part in a cycle, from its opening to its closing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, choice
from domain.cycles import Cycle
from domain.errors import NotFound
from domain.words import _

OPENS_AT = time(8)
"""The hour of a unit's day at which it opens."""
CLOSES_AT = time(16)
"""The hour of a unit's day at which a round ends."""


class AssessmentStatus(StrEnum):
    """Planned for a day; open to blind answers; agreeing on contested items; closed; or skipped with a reason."""

    PLANNED = "planned"
    OPEN = "open"
    AGREEING = "agreeing"
    CLOSED = "closed"
    SCORED = "scored"
    SKIPPED = "skipped"


FINISHED = frozenset({AssessmentStatus.SCORED, AssessmentStatus.SKIPPED})
"""Where nothing more happens to an assessment."""


class Assessment(Base):
    """One unit in one cycle. `scope` is what it is asked, in model order; moments are set at the real opening."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id"),)
    TRANSITIONS: ClassVar[Mapping[AssessmentStatus, frozenset[AssessmentStatus]]] = {
        AssessmentStatus.PLANNED: frozenset({AssessmentStatus.OPEN, AssessmentStatus.SKIPPED}),
        AssessmentStatus.OPEN: frozenset(
            {AssessmentStatus.AGREEING, AssessmentStatus.CLOSED, AssessmentStatus.SKIPPED}
        ),
        AssessmentStatus.AGREEING: frozenset({AssessmentStatus.CLOSED}),
        AssessmentStatus.CLOSED: frozenset({AssessmentStatus.SCORED}),
        AssessmentStatus.SCORED: frozenset(),
        AssessmentStatus.SKIPPED: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    opens_on: Mapped[date]
    scope: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    closes_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    agree_until: Mapped[datetime | None] = mapped_column(default=None, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    status: Mapped[AssessmentStatus] = mapped_column(
        choice(AssessmentStatus, "status"), default=AssessmentStatus.PLANNED, index=True
    )
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


def of_cycle(session: Session, cycle_id: int, *statuses: AssessmentStatus) -> list[Assessment]:
    """Return a cycle's assessments, all or those that stand at one of these, in order of id."""
    wanted = select(Assessment).where(Assessment.cycle_id == cycle_id)
    if statuses:
        wanted = wanted.where(Assessment.status.in_(statuses))
    return list(session.scalars(wanted.order_by(Assessment.id)))


def scopes(session: Session, cycle_id: int) -> dict[int, tuple[str, ...]]:
    """Return what the units of a cycle are asked, those skipped left out, by unit id; equal scopes are one object."""
    rows = select(Assessment.unit_id, Assessment.scope).where(
        Assessment.cycle_id == cycle_id, Assessment.status != AssessmentStatus.SKIPPED
    )
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    return {
        unit_id: known.setdefault(tuple(scope), tuple(scope))
        for unit_id, scope in session.execute(rows.order_by(Assessment.id))
    }


def unfinished(session: Session, cycle_ids: Collection[int]) -> set[int]:
    """Return which of these cycles have an assessment that is neither scored nor skipped."""
    left = exists().where(Assessment.cycle_id == Cycle.id, Assessment.status.not_in(FINISHED))
    return set(session.scalars(select(Cycle.id).where(Cycle.id.in_(cycle_ids), left)))


def units_of(session: Session, cycle_id: int) -> list[int]:
    """Return the ids of the units that have an assessment in a cycle."""
    return list(session.scalars(select(Assessment.unit_id).where(Assessment.cycle_id == cycle_id)))


def has_opened(session: Session, cycle_id: int) -> bool:
    """Return whether an assessment of a cycle has opened."""
    opened = select(Assessment.id).where(Assessment.cycle_id == cycle_id, Assessment.closes_at.is_not(None))
    return session.scalars(opened.limit(1)).first() is not None


def by_unit(session: Session, cycle_id: int, status: AssessmentStatus) -> dict[int, int]:
    """Return the ids of a cycle's assessments that stand at a status, by unit id, without reading them whole."""
    rows = select(Assessment.unit_id, Assessment.id).where(Assessment.cycle_id == cycle_id, Assessment.status == status)
    return dict(session.execute(rows.order_by(Assessment.id)).all())


def of_unit(session: Session, cycle_id: int, unit_id: int) -> Assessment:
    """Return a unit's assessment in a cycle; raises NotFound."""
    wanted = select(Assessment).where(Assessment.cycle_id == cycle_id, Assessment.unit_id == unit_id)
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound(_("this unit has no assessment in this cycle"))
    return found


def to_close(session: Session, now: datetime) -> list[Assessment]:
    """Return the open assessments whose answering time is over; who is storing answers to one is waited for."""
    over = select(Assessment).where(Assessment.status == AssessmentStatus.OPEN, Assessment.closes_at <= now)
    return list(session.scalars(over.order_by(Assessment.id).with_for_update(key_share=True)))


def to_settle(session: Session, now: datetime) -> list[Assessment]:
    """Return the assessments whose days for agreeing are over; who is agreeing on one is waited for."""
    over = select(Assessment).where(Assessment.status == AssessmentStatus.AGREEING, Assessment.agree_until <= now)
    return list(session.scalars(over.order_by(Assessment.id).with_for_update(key_share=True)))


def set_columns(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the same columns of many assessments, named by `id`, in one statement.

    What the session already read of them is as it was; moving them all afterwards has it read anew.
    """
    if rows:
        table: Any = Assessment.__table__
        columns: dict[str, Any] = {name: bindparam(f"to_{name}") for name in rows[0] if name != "id"}
        statement = update(table).where(table.c.id == bindparam("to_id")).values(columns)
        session.execute(statement, [{f"to_{name}": value for name, value in row.items()} for row in rows])
