"""The organisation as it is stored, in the form of its document."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.organisation_entries import (
    CycleMonths,
    Importance,
    OrganisationDocument,
    OrganisationEntry,
    PersonEntry,
    ProgrammeEntry,
    RespondentEntry,
    ResponsibilityEntry,
    Targets,
    UnitEntry,
)
from domain.base import Base
from domain.editions import ModelEdition
from domain.organisation import ClosingDay, NoAskWeek, Organisation, Responsibility, Succession, Unit, UnitParent
from domain.people import Absence, Person, Role
from domain.programmes import Programme, ProgrammeUnit, Respondent

Row = TypeVar("Row", bound=Base)


def stored(session: Session) -> OrganisationDocument | None:
    """Return the whole organisation in a fixed number of queries, None before the first import.

    A programme's model is named by id and edition. Lists whose order says nothing are in order of what they hold.
    """
    organisation = session.get(Organisation, 1)
    if organisation is None:
        return None
    rows = _Rows(session)
    return OrganisationDocument.model_construct(
        organisation=OrganisationEntry.model_construct(
            name=organisation.name,
            language=organisation.language,
            time_zone=organisation.time_zone,
            holidays=organisation.holidays,
            closing_days=rows.closing_days(None),
            no_ask_weeks=rows.no_ask_weeks(None),
        ),
        units=tuple(rows.unit(each) for each in rows.units.values()),
        people=tuple(rows.person(each) for each in rows.people.values()),
        responsibilities=tuple(
            ResponsibilityEntry.model_construct(
                unit=rows.units[each.unit_id].key,
                element=each.element,
                group=each.element_group,
                person=rows.people[each.person_id].key,
            )
            for each in session.scalars(select(Responsibility).order_by(Responsibility.id))
        ),
        programmes=tuple(
            rows.programme(each, edition)
            for each, edition in session.execute(
                select(Programme, ModelEdition)
                .join(ModelEdition, ModelEdition.id == Programme.edition_id)
                .order_by(Programme.id)
            )
        ),
    )


def named(model: str, edition: str) -> str:
    """Return how a programme's model is named when it is compared."""
    return f"{model} {edition}"


class _Rows:
    """The rows that belong to units, people and programmes, read at once."""

    def __init__(self, session: Session) -> None:
        self.units = {each.id: each for each in session.scalars(select(Unit).order_by(Unit.position, Unit.id))}
        self.people = {each.id: each for each in session.scalars(select(Person).order_by(Person.id))}
        self.parents = {
            each.unit_id: each.parent_id
            for each in session.scalars(select(UnitParent).where(UnitParent.ends_on.is_(None)))
        }
        self.successions = _by(session.scalars(select(Succession)), "unit_id")
        self.closed = _by(session.scalars(select(ClosingDay)), "unit_id")
        self.no_ask = _by(session.scalars(select(NoAskWeek)), "unit_id")
        self.roles = _by(session.scalars(select(Role)), "person_id")
        self.absences = _by(session.scalars(select(Absence)), "person_id")
        self.taking_part = _by(session.scalars(select(ProgrammeUnit)), "programme_id")
        self.asked = _by(session.scalars(select(Respondent).order_by(Respondent.id)), "programme_id")

    def unit(self, unit: Unit) -> UnitEntry:
        """Return a unit as its entry."""
        parent = self.parents.get(unit.id)
        return UnitEntry.model_construct(
            id=unit.key,
            name=unit.name,
            parent=None if parent is None else self.units[parent].key,
            lead=self.key(unit.lead_id),
            time_zone=unit.time_zone,
            holidays=unit.holidays,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            successors=tuple(sorted(self.units[each.successor_id].key for each in self.successions[unit.id])),
            has_capacity=unit.has_capacity,
            closing_days=self.closing_days(unit.id),
            no_ask_weeks=self.no_ask_weeks(unit.id),
        )

    def person(self, person: Person) -> PersonEntry:
        """Return a person as their entry."""
        return PersonEntry.model_construct(
            id=person.key,
            name=person.name,
            mail=person.mail,
            language=person.language,
            manager=self.key(person.manager_id),
            deputy=self.key(person.deputy_id),
            absences=tuple(sorted((each.starts_on, each.ends_on) for each in self.absences[person.id])),
            roles=tuple(sorted(each.name for each in self.roles[person.id])),
            left_on=person.left_on,
        )

    def programme(self, programme: Programme, edition: ModelEdition) -> ProgrammeEntry:
        """Return a programme as its entry."""
        asked: dict[str, list[RespondentEntry]] = defaultdict(list)
        for each in self.asked[programme.id]:
            entry = RespondentEntry.model_construct(
                person=self.people[each.person_id].key, elements=tuple(each.elements or ())
            )
            asked[self.units[each.unit_id].key].append(entry)
        return ProgrammeEntry.model_construct(
            id=programme.key,
            name=programme.name,
            model=named(edition.model, edition.edition),
            units=tuple(sorted(self.units[each.unit_id].key for each in self.taking_part[programme.id])),
            respondents={unit: tuple(people) for unit, people in asked.items()},
            rotation=tuple(tuple(turn) for turn in programme.rotation),
            targets=Targets.model_construct(**programme.targets),
            weights={element: Fraction(weight) for element, weight in programme.weights.items()},
            importance=Importance.model_construct(**programme.importance),
            months_per_cycle=cast("CycleMonths", programme.months_per_cycle),
            fiscal_start=programme.fiscal_start,
            opening_working_day=programme.opening_working_day,
            answer_days=programme.answer_days,
            consensus_days=programme.consensus_days,
            round=programme.mode,
            reminders=tuple(programme.reminders),
            numbers=programme.numbers,
            starts_on=programme.starts_on,
            is_active=programme.is_active,
        )

    def key(self, person_id: int | None) -> str | None:
        """Return a person's key."""
        return None if person_id is None else self.people[person_id].key

    def closing_days(self, unit_id: int | None) -> tuple[Any, ...]:
        """Return when a unit, or the organisation, is closed."""
        return tuple(sorted(each.day for each in self.closed[unit_id]))

    def no_ask_weeks(self, unit_id: int | None) -> tuple[Any, ...]:
        """Return when nobody is asked in a unit, or in the organisation."""
        return tuple(sorted((each.starts_on, each.ends_on) for each in self.no_ask[unit_id]))


def _by(rows: Iterable[Row], column: str) -> defaultdict[int | None, list[Row]]:
    found: defaultdict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found
