"""Writing an organisation's document into its rows: what is there is changed, what is not there yet is added."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.organisation_entries import OrganisationDocument, OrganisationEntry, PersonEntry, UnitEntry
from documents.takeover_programmes import write_programmes
from documents.takeover_sets import bring
from domain.events import record
from domain.organisation import ClosingDay, NoAskWeek, Organisation, Responsibility, Succession, Unit, UnitParent
from domain.people import Absence, Person, Role

ONE_DAY = timedelta(days=1)


def write(
    session: Session,
    document: OrganisationDocument,
    models: Mapping[str, Mapping[str, Any]],
    *,
    by: int | None,
    now: datetime,
) -> Organisation:
    """Write a document that leaves nothing to what another entry says; record who left and which unit moved."""
    organisation = _write_organisation(session, document)
    people = _write_people(session, document, by, now)
    units = _write_units(session, document, people)
    _write_parents(session, document, units, by=by, now=now)
    _write_successions(session, document, units)
    _write_calendars(session, document, units)
    _write_responsibilities(session, document, units, people)
    write_programmes(session, document, models, units=units, people=people)
    session.flush()
    return organisation


def _write_organisation(session: Session, document: OrganisationDocument) -> Organisation:
    entry = document.organisation
    organisation = session.get(Organisation, 1)
    if organisation is None:
        organisation = Organisation(name=entry.name)
        session.add(organisation)
    organisation.name = entry.name
    organisation.language = entry.language
    organisation.time_zone = entry.time_zone
    organisation.holidays = entry.holidays
    return organisation


def _write_people(session: Session, document: OrganisationDocument, by: int | None, now: datetime) -> dict[str, Person]:
    people = {each.key: each for each in session.scalars(select(Person))}
    known = set(people)
    for entry in document.people:
        if entry.id not in people:
            people[entry.id] = Person(key=entry.id, name=entry.name)
            session.add(people[entry.id])
    session.flush()
    for entry in document.people:
        person = people[entry.id]
        if entry.id in known and person.left_on is None and entry.left_on is not None:
            record(session, "person.left", person, by=by, now=now, on=entry.left_on.isoformat())
        _write_person(person, entry, people)
    listed = {people[entry.id].id for entry in document.people}
    bring(
        session,
        {(each.person_id, each.name): each for each in session.scalars(select(Role)) if each.person_id in listed},
        {
            (people[entry.id].id, name): Role(person_id=people[entry.id].id, name=name)
            for entry in document.people
            for name in entry.roles
        },
    )
    bring(
        session,
        {
            (each.person_id, each.starts_on, each.ends_on): each
            for each in session.scalars(select(Absence))
            if each.person_id in listed
        },
        {
            (people[entry.id].id, *span): Absence(person_id=people[entry.id].id, starts_on=span[0], ends_on=span[1])
            for entry in document.people
            for span in entry.absences
        },
    )
    return people


def _write_person(person: Person, entry: PersonEntry, people: Mapping[str, Person]) -> None:
    person.name = entry.name
    person.mail = entry.mail
    person.language = entry.language or person.language
    person.left_on = entry.left_on
    person.manager_id = None if entry.manager is None else people[entry.manager].id
    person.deputy_id = None if entry.deputy is None else people[entry.deputy].id


def _write_units(session: Session, document: OrganisationDocument, people: Mapping[str, Person]) -> dict[str, Unit]:
    """Write the units in the order of the file; those it lacks come after them as they were."""
    stored = session.scalars(select(Unit).order_by(Unit.position, Unit.id)).all()
    units = {each.key: each for each in stored}
    for position, entry in enumerate(document.units):
        if entry.id not in units:
            units[entry.id] = Unit(key=entry.id, name=entry.name, position=position)
            session.add(units[entry.id])
        _write_unit(units[entry.id], entry, people)
        units[entry.id].position = position
    listed = {entry.id for entry in document.units}
    for position, unit in enumerate((each for each in stored if each.key not in listed), start=len(listed)):
        unit.position = position
    session.flush()
    return units


def _write_unit(unit: Unit, entry: UnitEntry, people: Mapping[str, Person]) -> None:
    unit.name = entry.name
    unit.lead_id = None if entry.lead is None else people[entry.lead].id
    unit.time_zone = entry.time_zone
    unit.holidays = entry.holidays
    unit.valid_from = entry.valid_from
    unit.valid_to = entry.valid_to
    unit.has_capacity = entry.has_capacity


def _write_parents(
    session: Session, document: OrganisationDocument, units: Mapping[str, Unit], *, by: int | None, now: datetime
) -> None:
    """Close the row of a unit that moves and open one from today; a unit that had no row was there all the time."""
    today = now.astimezone(ZoneInfo(document.organisation.time_zone)).date()
    rows = session.scalars(select(UnitParent)).all()
    known = {each.unit_id for each in rows} | {each.parent_id for each in rows}
    current = {each.unit_id: each for each in rows if each.ends_on is None}
    for entry in document.units:
        unit = units[entry.id]
        parent_id = None if entry.parent is None else units[entry.parent].id
        row = current.get(unit.id)
        was = None if row is None else row.parent_id
        if was == parent_id:
            continue
        if row is not None:
            _close(session, row, today)
        if parent_id is not None:
            starts_on = today if unit.id in known else None
            session.add(UnitParent(unit_id=unit.id, parent_id=parent_id, starts_on=starts_on))
        if unit.id in known:
            record(session, "unit.moved", unit, by=by, now=now, was=was, to=parent_id, on=today.isoformat())
        session.flush()


def _close(session: Session, row: UnitParent, today: date) -> None:
    """End a unit's place before today; one that began today never was."""
    if row.starts_on is not None and row.starts_on >= today:
        session.delete(row)
        session.flush()
    else:
        row.ends_on = today - ONE_DAY


def _write_successions(session: Session, document: OrganisationDocument, units: Mapping[str, Unit]) -> None:
    listed = {units[entry.id].id for entry in document.units}
    stored = session.scalars(select(Succession)).all()
    wanted = {}
    for entry in document.units:
        if entry.valid_to is None:
            continue
        for successor in entry.successors:
            row = Succession(unit_id=units[entry.id].id, successor_id=units[successor].id, on=entry.valid_to + ONE_DAY)
            wanted[row.unit_id, row.successor_id, row.on] = row
    bring(
        session,
        {(each.unit_id, each.successor_id, each.on): each for each in stored if each.unit_id in listed},
        wanted,
    )


def _write_calendars(session: Session, document: OrganisationDocument, units: Mapping[str, Unit]) -> None:
    entries: dict[int | None, OrganisationEntry | UnitEntry] = {None: document.organisation}
    entries |= {units[entry.id].id: entry for entry in document.units}
    bring(
        session,
        {(each.unit_id, each.day): each for each in session.scalars(select(ClosingDay)) if each.unit_id in entries},
        {
            (unit_id, day): ClosingDay(unit_id=unit_id, day=day)
            for unit_id, entry in entries.items()
            for day in entry.closing_days
        },
    )
    bring(
        session,
        {
            (each.unit_id, each.starts_on, each.ends_on): each
            for each in session.scalars(select(NoAskWeek))
            if each.unit_id in entries
        },
        {
            (unit_id, *span): NoAskWeek(unit_id=unit_id, starts_on=span[0], ends_on=span[1])
            for unit_id, entry in entries.items()
            for span in entry.no_ask_weeks
        },
    )


def _write_responsibilities(
    session: Session, document: OrganisationDocument, units: Mapping[str, Unit], people: Mapping[str, Person]
) -> None:
    """Write who answers for what; a row of the file without a person ends it, a row that is missing ends nothing."""
    stored = {
        (each.unit_id, each.element, each.element_group): each for each in session.scalars(select(Responsibility))
    }
    for entry in document.responsibilities:
        key = (units[entry.unit].id, entry.element, entry.group)
        row = stored.get(key)
        if entry.person is None:
            if row is not None:
                session.delete(row)
            continue
        person_id = people[entry.person].id
        if row is not None:
            row.person_id = person_id
        else:
            unit_id, element, group = key
            session.add(Responsibility(unit_id=unit_id, person_id=person_id, element=element, element_group=group))
