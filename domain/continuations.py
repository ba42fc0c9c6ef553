"""What a cycle did about gaps besides new drafts: continued a living action, or left it out for now with a reason."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json


class Continuation(Base):
    """A gap found again in a cycle while an action on it lives; carried is how many an action has."""

    __tablename__ = "continuation"
    __table_args__ = (UniqueConstraint("action_id", "cycle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)


class Deferral(Base):
    """A gap for which no action was drafted in a cycle: "not now, because"."""

    __tablename__ = "deferral"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "element"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    element: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)


def carried(session: Session) -> dict[int, int]:
    """Return how many cycles each continued action was carried through, by action id."""
    rows = select(Continuation.action_id, func.count()).group_by(Continuation.action_id)
    return dict(session.execute(rows).all())


def of_cycle(session: Session, cycle_id: int) -> list[Continuation]:
    """Return the actions a cycle continued, in order of id."""
    return list(
        session.scalars(select(Continuation).where(Continuation.cycle_id == cycle_id).order_by(Continuation.id))
    )


def deferrals(session: Session, cycle_id: int) -> list[Deferral]:
    """Return a cycle's "not now, because" list as it was planned."""
    return list(session.scalars(select(Deferral).where(Deferral.cycle_id == cycle_id).order_by(Deferral.id)))
