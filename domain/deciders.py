"""Deciders: who says how an action goes on where its owner does not, the unit's lead or whoever stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.method import owners
from domain.method.planning_inputs import PersonPlace
from domain.organisation import Tree, Unit
from domain.people import Absence, Person


@dataclass(frozen=True)
class Deciders:
    """The leads of all units and their deputies, with the days on which they are away."""

    units: Tree
    people: Mapping[str, PersonPlace]

    def decider(self, unit_id: int, owner_id: int | None, day: date) -> int | None:
        """Return who decides on a day about an action of a unit and an owner; None if nobody is left to ask.

        For a unit that has ended the top unit's lead decides.
        """
        line = self.units.line(unit_id) if unit_id in self.units.by_id else [self.units.top.id]
        leads = (self.units.by_id[each].lead_id for each in line)
        found = owners.decider(
            (str(lead) for lead in leads if lead is not None),
            self.people,
            None if owner_id is None else str(owner_id),
            day,
        )
        return None if found is None else int(found)


def deciders(session: Session, units: Tree) -> Deciders:
    """Return who can decide in these units, in two queries.

    Whoever leaves is away from that day on, whoever has no mail address always: asked, they would not learn of it.
    """
    leads = select(Unit.lead_id).where(Unit.lead_id.is_not(None))
    deputies = select(Person.deputy_id).where(Person.id.in_(leads), Person.deputy_id.is_not(None))
    known = select(Person).where(Person.id.in_(leads) | Person.id.in_(deputies))
    away: dict[int, list[tuple[date, date]]] = {}
    for each in session.scalars(select(Absence).where(Absence.person_id.in_(known.with_only_columns(Person.id)))):
        away.setdefault(each.person_id, []).append((each.starts_on, each.ends_on))
    return Deciders(units, {str(each.id): _place(each, away.get(each.id, [])) for each in session.scalars(known)})


def _place(person: Person, away: list[tuple[date, date]]) -> PersonPlace:
    gone_from = person.left_on if person.mail else date.min
    gone = [] if gone_from is None else [(gone_from, date.max)]
    deputy = None if person.deputy_id is None else str(person.deputy_id)
    return PersonPlace(str(person.id), deputy, (*away, *gone))
