"""Programmes: the standing order for a wheel of assessments, and who is asked what in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, choice
from domain.errors import NotFound
from domain.method.edition import AskedOf, Edition
from domain.method.rotation import once_a_year
from domain.organisation import Tree
from domain.words import _


class Mode(StrEnum):
    """Whether a team sees its members' answers after closing, or nobody does."""

    TEAM = "team"
    CONFIDENTIAL = "confidential"


class Programme(Base):
    """A standing order. Maps by element or unit key are JSON: exact numbers as strings, levels as integers.

    `rotation` lists the elements asked per cycle, in turn; empty asks everything once a year. `targets` is
    `{"default": 3, "elements": {"7.2": 4}, "units": {"u1": {"9.3": 4}}}`; `importance` is `{"elements": {...},
    "units": {"u1": {...}}}` (higher is more important); `numbers` overrides planning numbers by name.
    """

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("months_per_cycle IN (1, 3, 6, 12)", name="months_per_cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    edition_id: Mapped[int] = mapped_column(ForeignKey("model_edition.id"))
    mode: Mapped[Mode] = mapped_column(choice(Mode, "mode"), default=Mode.TEAM)
    months_per_cycle: Mapped[int] = mapped_column(default=3)
    fiscal_start: Mapped[int] = mapped_column(default=1)
    opening_working_day: Mapped[int] = mapped_column(default=3)
    answer_days: Mapped[int] = mapped_column(default=10)
    consensus_days: Mapped[int] = mapped_column(default=5)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    is_active: Mapped[bool] = mapped_column(default=True)
    rotation: Mapped[list[list[str]]] = mapped_column(Json, default_factory=list)
    targets: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    weights: Mapped[dict[str, str]] = mapped_column(Json, default_factory=dict)
    importance: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    reminders: Mapped[list[int]] = mapped_column(Json, default_factory=lambda: [3, 1])
    numbers: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)


class ProgrammeUnit(Base):
    """A unit that takes part in a programme."""

    __tablename__ = "programme_unit"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Respondent(Base):
    """Somebody asked in a unit: about all its elements, or about the listed ones."""

    __tablename__ = "respondent"
    __table_args__ = (UniqueConstraint("programme_id", "unit_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    elements: Mapped[list[str] | None] = mapped_column(Json, default=None)


def programme(session: Session, key: str) -> Programme:
    """Return the programme with this key; raises NotFound."""
    found = session.scalars(select(Programme).where(Programme.key == key)).first()
    if found is None:
        raise NotFound(_("no programme has the id {key}; `pdca status` lists them").format(key=key))
    return found


def running(session: Session) -> list[Programme]:
    """Return the programmes whose wheel turns, by key."""
    return list(session.scalars(select(Programme).where(Programme.is_active).order_by(Programme.key)))


def units_of(session: Session, programme_id: int) -> list[int]:
    """Return the ids of the units that take part."""
    rows = select(ProgrammeUnit.unit_id).where(ProgrammeUnit.programme_id == programme_id)
    return list(session.scalars(rows.order_by(ProgrammeUnit.unit_id)))


def respondents_of(session: Session, programme_id: int) -> dict[int, list[Respondent]]:
    """Return who is asked, by unit id."""
    found: dict[int, list[Respondent]] = {}
    rows = select(Respondent).where(Respondent.programme_id == programme_id).order_by(Respondent.id)
    for each in session.scalars(rows):
        found.setdefault(each.unit_id, []).append(each)
    return found


def elements_of(edition: Edition, *, is_top: bool, is_alone: bool) -> list[str]:
    """Return the elements asked of a unit, in model order.

    The top unit answers for the organisation; what is asked of units too only where it is alone in the programme.
    """
    asked = {AskedOf.ORGANISATION} if is_top else {AskedOf.UNIT}
    if is_alone:
        asked = set(AskedOf)
    return [element.id for element in edition.elements if element.asked_of in asked]


def asked_by_unit(session: Session, programme: Programme, edition: Edition, units: Tree) -> dict[int, list[str]]:
    """Return the elements a programme asks of each of its units over all cycles, in unit and model order."""
    taking_part = set(units_of(session, programme.id))
    listed = [unit for unit in units.units if unit.id in taking_part]
    return {unit.id: elements_of(edition, is_top=unit.id == units.top.id, is_alone=len(listed) == 1) for unit in listed}


def turn(programme: Programme, edition: Edition, asked: Mapping[int, Collection[str]], number: int) -> frozenset[str]:
    """Return what is asked of anybody in a programme's nth cycle; `asked` is what its units are asked over all cycles.

    Without a rotation of its own everything is asked once a year.
    """
    of_anybody = frozenset(element for elements in asked.values() for element in elements)
    turns: Sequence[Sequence[str]] = programme.rotation or once_a_year(
        (each for each in edition.elements if each.id in of_anybody), 12 // programme.months_per_cycle
    )
    return of_anybody.intersection(turns[number % len(turns)] if turns else ())


def target(programme: Programme, edition: Edition, unit_key: str, element: str) -> int:
    """Return the level aimed at: the unit's, else the element's, else the default (3), at most the highest asked."""
    targets = programme.targets
    wanted = targets.get("units", {}).get(unit_key, {}).get(element)
    if wanted is None:
        wanted = targets.get("elements", {}).get(element, targets.get("default", 3))
    return min(int(wanted), edition.scale.max)


def weights(programme: Programme, edition: Edition) -> dict[str, Fraction]:
    """Return the weight of each element: the programme's, else the model's."""
    return {each.id: Fraction(programme.weights.get(each.id, each.weight)) for each in edition.elements}


def importance(programme: Programme, unit_key: str, element: str) -> int:
    """Return how important an element is to a unit, else to the programme, else 0."""
    own = programme.importance.get("units", {}).get(unit_key, {}).get(element)
    return int(own if own is not None else programme.importance.get("elements", {}).get(element, 0))
