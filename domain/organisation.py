"""The organisation: its tree of units, their calendars, and who answers for what in them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Row, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base
from domain.errors import NotFound
from domain.method.workdays import Calendar
from domain.words import _


class Organisation(Base):
    """The one organisation of an installation."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    holidays: Mapped[str | None] = mapped_column(String(20), default=None)


class Unit(Base):
    """A site, department or process. An empty time zone or holiday region is its parent's."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="valid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    time_zone: Mapped[str | None] = mapped_column(String(60), default=None)
    holidays: Mapped[str | None] = mapped_column(String(20), default=None)
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    has_capacity: Mapped[bool] = mapped_column(default=True)


class UnitParent(Base):
    """Which unit a unit belonged to, from when to when."""

    __tablename__ = "unit_parent"
    __table_args__ = (
        CheckConstraint("unit_id <> parent_id", name="not_itself"),
        UniqueConstraint("unit_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)


class Succession(Base):
    """A unit that took over from another on a day; merging and splitting give several rows."""

    __tablename__ = "succession"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    on: Mapped[date]


class ClosingDay(Base):
    """A day on which a unit (or, without one, the whole organisation) does not work."""

    __tablename__ = "closing_day"
    __table_args__ = (UniqueConstraint("unit_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]


class NoAskWeek(Base):
    """Days in which a unit (or the whole organisation) is not to be asked anything, both ends included."""

    __tablename__ = "no_ask_week"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Responsibility(Base):
    """Who answers for one element, or for a group of elements, in a unit."""

    __tablename__ = "responsibility"
    __table_args__ = (
        CheckConstraint("(element IS NULL) <> (element_group IS NULL)", name="element_or_group"),
        Index("uq_responsibility_element", "unit_id", "element", unique=True),
        Index("uq_responsibility_group", "unit_id", "element_group", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(40), default=None)
    element_group: Mapped[str | None] = mapped_column(String(40), default=None)


def organisation(session: Session) -> Organisation:
    """Return the organisation; raises NotFound where none was imported yet."""
    found = session.get(Organisation, 1)
    if found is None:
        raise NotFound(_("no organisation here yet; `pdca import FILE` brings one in"))
    return found


def unit(session: Session, key: str) -> Unit:
    """Return the unit with this key; raises NotFound."""
    found = session.scalars(select(Unit).where(Unit.key == key)).first()
    if found is None:
        raise NotFound(_("no unit has the id {key}; `pdca status` lists them").format(key=key))
    return found


def today(session: Session, now: datetime) -> date:
    """Return the date it is for the organisation."""
    return now.astimezone(ZoneInfo(organisation(session).time_zone)).date()


@dataclass(frozen=True)
class Tree:
    """The units of a day in unit order, each with its parent.

    The top unit is the first that is below no other; `orphans` are below one that is not there on the day. A unit that
    is not there itself, because it has ended, has the organisation's zone and calendar.
    """

    organisation: Organisation
    units: tuple[Unit, ...]
    parents: dict[int, int]
    orphans: frozenset[int]
    closing_days: dict[int | None, frozenset[date]]
    no_ask: dict[int | None, tuple[tuple[date, date], ...]]

    @cached_property
    def by_id(self) -> dict[int, Unit]:
        """The units by id."""
        return {each.id: each for each in self.units}

    @cached_property
    def top(self) -> Unit:
        """The unit that answers for the whole organisation."""
        without_parent = [each for each in self.units if each.id not in self.parents]
        return min(without_parent, key=lambda each: each.id in self.orphans)

    def line(self, unit_id: int) -> list[int]:
        """The unit, its parent, its parent's parent, up to the top."""
        line = [unit_id]
        while (parent := self.parents.get(line[-1])) is not None and parent not in line:
            line.append(parent)
        return line

    def zone(self, unit_id: int) -> ZoneInfo:
        """The unit's time zone, its own or the nearest above."""
        own = next((each.time_zone for each in self._there(unit_id) if each.time_zone), None)
        return ZoneInfo(own or self.organisation.time_zone)

    def region(self, unit_id: int) -> str | None:
        """The unit's holiday region such as DE-BY, its own or the nearest above."""
        own = next((each.holidays for each in self._there(unit_id) if each.holidays), None)
        return own or self.organisation.holidays

    def calendar(self, unit_id: int, years: range) -> Calendar:
        """The unit's calendar over some years: weekends, holidays, closing days and no-ask weeks, own and above."""
        line: list[int | None] = [*(each.id for each in self._there(unit_id)), None]
        return Calendar(
            holidays=_holidays(self.region(unit_id), years),
            closing_days=frozenset(day for each in line for day in self.closing_days.get(each, ())),
            no_ask=tuple(span for each in line for span in self.no_ask.get(each, ())),
        )

    def moment(self, unit_id: int, day: date, at: time) -> datetime:
        """The moment of a wall-clock time in the unit's zone."""
        return datetime.combine(day, at, self.zone(unit_id))

    def _there(self, unit_id: int) -> list[Unit]:
        return [self.by_id[each] for each in self.line(unit_id) if each in self.by_id]


def tree(session: Session, today: date) -> Tree:
    """Return the units valid today in unit order, with parents and calendars, in a fixed number of queries."""
    units = session.scalars(_valid(today).order_by(Unit.position, Unit.id)).all()
    return _tree(session, units, session.execute(_parents(today)))


def parents(session: Session, today: date) -> dict[int, int | None]:
    """Return the ids of the units valid today with their parents', None at the top: the tree without its leaves."""
    valid = dict.fromkeys(session.scalars(_valid(today).with_only_columns(Unit.id)))
    above = {unit: parent for unit, parent in session.execute(_parents(today)) if unit in valid and parent in valid}
    return {unit: above.get(unit) for unit in valid}


def branch(session: Session, unit_ids: Collection[int], today: date) -> Tree:
    """Return these units and what stands above them, valid today, in as many queries as the tree is deep."""
    known, climbing = set(unit_ids), set(unit_ids)
    rows: list[Row[int, int]] = []
    while climbing:
        found = session.execute(_parents(today).where(UnitParent.unit_id.in_(climbing))).all()
        climbing = {parent_id for _unit_id, parent_id in found} - known
        known |= climbing
        rows += found
    units = session.scalars(_valid(today).where(Unit.id.in_(known)).order_by(Unit.position, Unit.id)).all()
    return _tree(session, units, rows)


def _valid(today: date) -> Select[Unit]:
    begun = (Unit.valid_from.is_(None)) | (Unit.valid_from <= today)
    not_over = (Unit.valid_to.is_(None)) | (Unit.valid_to >= today)
    return select(Unit).where(begun, not_over)


def _parents(today: date) -> Select[int, int]:
    began = (UnitParent.starts_on.is_(None)) | (UnitParent.starts_on <= today)
    lasts = (UnitParent.ends_on.is_(None)) | (UnitParent.ends_on >= today)
    # Where rows overlap, the one that starts last comes last and counts; NULLs sort differently in each database.
    newest_last = (UnitParent.starts_on.is_not(None), UnitParent.starts_on, UnitParent.id)
    return select(UnitParent.unit_id, UnitParent.parent_id).where(began, lasts).order_by(*newest_last)


def _tree(session: Session, units: Sequence[Unit], parents: Iterable[Row[int, int]]) -> Tree:
    valid = {each.id for each in units}
    above = {unit: parent for unit, parent in parents if unit in valid}
    closing: dict[int | None, set[date]] = {}
    for closed in session.scalars(select(ClosingDay)):
        closing.setdefault(closed.unit_id, set()).add(closed.day)
    no_ask: dict[int | None, list[tuple[date, date]]] = {}
    for week in session.scalars(select(NoAskWeek).order_by(NoAskWeek.starts_on, NoAskWeek.id)):
        no_ask.setdefault(week.unit_id, []).append((week.starts_on, week.ends_on))
    return Tree(
        organisation=organisation(session),
        units=tuple(units),
        parents={unit: parent for unit, parent in above.items() if parent in valid},
        orphans=frozenset(unit for unit, parent in above.items() if parent not in valid),
        closing_days={key: frozenset(days) for key, days in closing.items()},
        no_ask={key: tuple(spans) for key, spans in no_ask.items()},
    )


@cache
def _holidays(region: str | None, years: range) -> frozenset[date]:
    if not region:
        return frozenset()
    # Only a calendar needs the rules of all countries, and they take a while to load.
    import holidays  # noqa: PLC0415

    country, _dash, subdivision = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=years))
