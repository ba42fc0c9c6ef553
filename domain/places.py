"""Places: the zones and calendars that days and hours are counted in, and where people are at home."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import organisation
from domain.actions import Action
from domain.method.workdays import Calendar
from domain.organisation import Tree, Unit, tree
from domain.programmes import Respondent


@dataclass(frozen=True)
class Places:
    """Zones and calendars around a day, each worked out once; a unit that has ended counts as the top unit."""

    read: Callable[[], Tree]
    today: date
    _zones: dict[int, ZoneInfo] = field(default_factory=dict)
    _calendars: dict[int, Calendar] = field(default_factory=dict)

    @cached_property
    def units(self) -> Tree:
        """The units of the day."""
        return self.read()

    def zone(self, unit_id: int | None) -> ZoneInfo:
        """Return a unit's time zone; the top unit's for none."""
        here = self._here(unit_id)
        if here not in self._zones:
            self._zones[here] = self.units.zone(here)
        return self._zones[here]

    def calendar(self, unit_id: int | None) -> Calendar:
        """Return a unit's calendar from the year before the day to two years after it."""
        here = self._here(unit_id)
        if here not in self._calendars:
            self._calendars[here] = self.units.calendar(here, range(self.today.year - 1, self.today.year + 3))
        return self._calendars[here]

    def moment(self, unit_id: int | None, day: date, at: time) -> datetime:
        """Return the moment of a wall-clock time in a unit's zone."""
        return datetime.combine(day, at, self.zone(unit_id))

    def day(self, unit_id: int | None, now: datetime) -> date:
        """Return the date it is in a unit at a moment."""
        return now.astimezone(self.zone(unit_id)).date()

    def _here(self, unit_id: int | None) -> int:
        return unit_id if unit_id is not None and unit_id in self._known else self.units.top.id

    @cached_property
    def _known(self) -> frozenset[int]:
        return frozenset(self.units.by_id)


def places(session: Session, now: datetime) -> Places:
    """Return the places of a moment; raises NotFound where no organisation was imported yet."""
    today = organisation.today(session, now)
    units = tree(session, today)
    return Places(lambda: units, today)


def places_if_needed(session: Session, now: datetime) -> Places:
    """Return the places of a moment, whose units are read when the first is asked for: while the session is open."""
    today = organisation.today(session, now)
    return Places(partial(tree, session, today), today)


def homes(session: Session) -> dict[int, int]:
    """Return the unit whose time people live by: one they lead, else one they are asked in, else one they act in."""
    acting = select(Action.owner_id, Action.unit_id).where(Action.owner_id.is_not(None)).order_by(Action.id.desc())
    checking = select(Action.verifier_id, Action.unit_id).where(Action.verifier_id.is_not(None)).order_by(Action.id)
    asked = select(Respondent.person_id, Respondent.unit_id).order_by(Respondent.id.desc())
    leading = select(Unit.lead_id, Unit.id).where(Unit.lead_id.is_not(None)).order_by(Unit.position.desc())
    found: dict[int, int] = {}
    for rows in (checking, acting, asked, leading):
        found |= {person_id: unit_id for person_id, unit_id in session.execute(rows) if person_id}
    return found
