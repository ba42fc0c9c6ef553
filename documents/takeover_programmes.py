"""Writing the programmes of an organisation's document into their rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.organisation_entries import OrganisationDocument, ProgrammeEntry
from documents.takeover_sets import bring
from domain import editions
from domain.organisation import Unit
from domain.people import Person
from domain.programmes import Programme, ProgrammeUnit, Respondent


def write_programmes(
    session: Session,
    document: OrganisationDocument,
    models: Mapping[str, Mapping[str, Any]],
    *,
    units: Mapping[str, Unit],
    people: Mapping[str, Person],
) -> None:
    """Write each programme of a document with its model, the units that take part and who is asked in them."""
    stored = {each.key: each for each in session.scalars(select(Programme))}
    for entry in document.programmes:
        edition = editions.keep(session, models[entry.id])
        programme = stored.get(entry.id)
        if programme is None:
            programme = Programme(key=entry.id, name=entry.name or entry.id, edition_id=edition.id)
            session.add(programme)
        programme.edition_id = edition.id
        _write_programme(programme, entry)
        session.flush()
        _write_units(session, programme, entry, units)
        _write_respondents(session, programme, entry, units, people)


def _write_programme(programme: Programme, entry: ProgrammeEntry) -> None:
    programme.name = entry.name or entry.id
    programme.mode = entry.round
    programme.months_per_cycle = entry.months_per_cycle
    programme.fiscal_start = entry.fiscal_start
    programme.opening_working_day = entry.opening_working_day
    programme.answer_days = entry.answer_days
    programme.consensus_days = entry.consensus_days
    programme.starts_on = entry.starts_on
    programme.is_active = entry.is_active
    programme.rotation = [list(turn) for turn in entry.rotation]
    programme.targets = entry.targets.model_dump()
    programme.weights = {element: str(weight) for element, weight in entry.weights.items()}
    programme.importance = entry.importance.model_dump()
    programme.reminders = list(entry.reminders)
    programme.numbers = dict(entry.numbers)


def _write_units(session: Session, programme: Programme, entry: ProgrammeEntry, units: Mapping[str, Unit]) -> None:
    taking_part = select(ProgrammeUnit).where(ProgrammeUnit.programme_id == programme.id)
    bring(
        session,
        {each.unit_id: each for each in session.scalars(taking_part)},
        {units[unit].id: ProgrammeUnit(programme_id=programme.id, unit_id=units[unit].id) for unit in entry.units},
    )


def _write_respondents(
    session: Session,
    programme: Programme,
    entry: ProgrammeEntry,
    units: Mapping[str, Unit],
    people: Mapping[str, Person],
) -> None:
    asked = select(Respondent).where(Respondent.programme_id == programme.id)
    wanted = {}
    for unit, respondents in entry.respondents.items():
        for each in respondents:
            row = Respondent(
                programme_id=programme.id,
                unit_id=units[unit].id,
                person_id=people[each.person].id,
                elements=list(each.elements) or None,
            )
            wanted[row.unit_id, row.person_id, each.elements] = row
    bring(
        session,
        {(each.unit_id, each.person_id, tuple(each.elements or ())): each for each in session.scalars(asked)},
        wanted,
    )
