"""An organisation file is read into one value, the same from YAML and from sheets."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.faults import RefusedInput
from documents.organisation import read_organisation
from documents.organisation_entries import (
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
from domain.people import RoleName
from domain.programmes import Mode
from tests.documents.any_organisation import a_content
from tests.documents.organisations import ORGANISATION, a_file, a_model_file, a_workbook, written


def test_a_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    document = read_organisation(a_file(tmp_path))

    assert document == OrganisationDocument.model_construct(
        organisation=OrganisationEntry.model_construct(name="Firm", time_zone="Europe/Berlin", holidays="DE-BY"),
        units=(
            UnitEntry.model_construct(id="top", name="Firm", lead="ann"),
            UnitEntry.model_construct(id="u1", name="Ward 1", parent="top", lead="ben"),
            UnitEntry.model_construct(id="u2", name="Ward 2", parent="top", lead="cem"),
        ),
        people=(
            PersonEntry.model_construct(id="ann", name="Ann", mail="ann@example.org", roles=(RoleName.MANAGER,)),
            PersonEntry.model_construct(id="ben", name="Ben", mail="ben@example.org", manager="ann", deputy="cem"),
            PersonEntry.model_construct(id="cem", name="Cem", manager="ann"),
        ),
        responsibilities=(ResponsibilityEntry.model_construct(unit="top", group="A", person="cem"),),
        programmes=(
            ProgrammeEntry.model_construct(
                id="wheel",
                model=str(tmp_path / "small.json"),
                units=("top", "u1"),
                respondents={
                    "top": (RespondentEntry.model_construct(person="ann"),),
                    "u1": (
                        RespondentEntry.model_construct(person="ben"),
                        RespondentEntry.model_construct(person="cem", elements=("2",)),
                    ),
                },
                rotation=(("1", "2"), ("10",)),
                targets=Targets.model_construct(default=2, elements={"2": 3}, units={"u1": {"10": 1}}),
                weights={"2": Fraction(1, 3)},
                importance=Importance.model_construct(elements={"2": 1}, units={"u1": {"10": 2}}),
                numbers={"drafts_per_unit": 2},
            ),
        ),
    )


def test_what_yaml_would_misread_is_read_as_it_is_written(tmp_path: Path) -> None:
    document = read_organisation(
        a_file(tmp_path, ("language: en", "language: no"), ("{default: 2,", "{default: 2.0,"), ("Ward 1", "7.10"))
    )

    assert document.organisation.language == "no"
    assert document.units[1].name == "7.10"


def test_days_weeks_and_spans_are_read(tmp_path: Path) -> None:
    days = "closing_days: [2026-12-24, 2026-12-31], no_ask_weeks: [2026-W53, 2026-08-03/2026-08-14]"
    document = read_organisation(
        a_file(tmp_path, ("holidays: DE-BY", days), ("id: ben,", "id: ben, absences: 2026-05-04,"))
    )

    assert document.organisation.closing_days == (date(2026, 12, 24), date(2026, 12, 31))
    assert document.organisation.no_ask_weeks == (
        (date(2026, 12, 28), date(2027, 1, 3)),
        (date(2026, 8, 3), date(2026, 8, 14)),
    )
    assert document.people[1].absences == ((date(2026, 5, 4), date(2026, 5, 4)),)


def test_what_stands_twice_in_a_list_stands_there_once(tmp_path: Path) -> None:
    document = read_organisation(
        a_file(
            tmp_path, ("holidays: DE-BY", "closing_days: [2026-12-24, 2026-12-24]"), ("[manager]", "[manager, Leitung]")
        )
    )

    assert document.organisation.closing_days == (date(2026, 12, 24),)
    assert document.people[0].roles == (RoleName.MANAGER,)


def test_german_sheets_and_words_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "organisation.xlsx"
    sheets: dict[str, list[list[Any]]] = {
        "Unternehmen": [
            ["Bezeichnung", "Sprache", "Zeitzone", "Feiertage"],
            ["Klinik", "de", "Europe/Berlin", "DE-BY"],
        ],
        "Bereiche": [["ÜBERGEORDNET", "Kürzel", "Name", "Leitung", "Kapazität"], ["", "k", "Klinik", "ann", "nein"]],
        "Personen": [["Kürzel", "Name", "E-Mail", "Rollen"], ["ann", "Ann", "", "Leitung; Auditorin"], ["ben", "Ben"]],
        "Zuständigkeiten": [["Bereich", "Gruppe", "Person"], ["k", "A", "ben"]],
        "Programme": [
            ["Kürzel", "Modell", "Runde", "Erinnerungen", "Beginnt am"],
            ["rad", str(a_model_file(tmp_path)), "Team", "5; 2", date(2026, 4, 1)],
        ],
        "Befragte": [["Programm", "Bereich", "Befragte", "Themen"], ["rad", "k", "ben", "2; 10"]],
        "Zielwerte": [["Programm", "Element", "Zielwert"], ["rad", "", 2], ["rad", 2, 3]],
        "Gewichte": [["Programm", "Thema", "Gewicht"], ["rad", "2", 0.5]],
    }
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    document = read_organisation(path)

    assert document.units == (UnitEntry.model_construct(id="k", name="Klinik", lead="ann", has_capacity=False),)
    assert document.people[0].roles == (RoleName.MANAGER, RoleName.AUDITOR)
    (programme,) = document.programmes
    assert programme.round is Mode.TEAM
    assert programme.reminders == (5, 2)
    assert programme.starts_on == date(2026, 4, 1)
    assert programme.respondents == {"k": (RespondentEntry.model_construct(person="ben", elements=("2", "10")),)}
    assert programme.targets == Targets.model_construct(default=2, elements={"2": 3})
    assert programme.weights == {"2": Fraction(1, 2)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small model."""
    made = tmp_path_factory.mktemp("organisation")
    a_model_file(made)
    return made


@settings(max_examples=50)
@given(st.data())
def test_yaml_and_a_workbook_of_the_same_are_equal(folder: Path, data: st.DataObject) -> None:
    content = data.draw(a_content(folder / "small.json"))

    assert read_organisation(a_workbook(folder, content)) == read_organisation(written(content, folder))


def test_a_fault_in_a_workbook_names_sheet_row_and_column(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path,
        yaml.safe_load(
            ORGANISATION.replace("lead: ben", "lead: bea")
            .replace('u1: {"10": 1}', 'u1: {"10": 9}')
            .replace("MODEL", str(a_model_file(tmp_path)))
        ),
    )

    assert refused(path) == [
        "organisation.xlsx, sheet units, row 3, column lead: found 'bea'; expected an id from people: ann, ben or cem",
        "organisation.xlsx, sheet targets, row 4, column target: found '9'; expected a level from 1 to 3",
    ]


def test_what_a_workbook_has_too_much_of_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "organisation.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {
            "organisation": [["name"], ["Firm"], ["Firm again"]],
            "units": [["id", "colour"], ["top", "red"]],
            "unit": [["id"], ["top"]],
            "notes": [["note"]],
            "targets": [["programme", "unit", "element", "target"], ["wheel", "", "2", "3"]],
            "programmes": [["id", "model"], ["p", "small"]],
            "weights": [["programme", "element", "weight"], ["p", "2", "1"], ["p", "2", "2"], ["p", "", "2"]],
            "respondents": [["programme", "unit", "person"], ["p", "", "ann"]],
            "importance": [["programme", "element", "importance"], ["p", "", "1"]],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    once = (
        "expected each of these at most once: organisation, units, people, responsibilities, programmes, indicators, "
        "interested_parties, respondents, rotation, targets, weights, importance, numbers"
    )
    assert refused(path) == [
        (
            "organisation.xlsx, sheet units, row 1: found the heading 'colour'; expected a heading of id, name, "
            "parent, lead, time_zone, holidays, closing_days, no_ask_weeks, valid_from, valid_to, successors, "
            "has_capacity"
        ),
        f"organisation.xlsx: found the sheet 'unit'; {once}",
        f"organisation.xlsx: found the sheet 'notes'; {once}",
        "organisation.xlsx, sheet organisation, row 3: found a second organisation; expected one row",
        "organisation.xlsx, sheet respondents, row 2, column unit: found nothing; expected a unit",
        (
            "organisation.xlsx, sheet targets, row 2, column programme: found 'wheel'; "
            "expected a programme of the sheet programmes: p"
        ),
        (
            "organisation.xlsx, sheet weights, row 3, column weight: found the same as "
            "sheet weights, row 2, column weight; expected each once"
        ),
        "organisation.xlsx, sheet weights, row 4, column element: found nothing; expected a name",
        "organisation.xlsx, sheet importance, row 2, column element: found nothing; expected an element",
    ]


def refused(path: Path) -> list[str]:
    with pytest.raises(RefusedInput) as refusal:
        read_organisation(path)
    return [str(fault) for fault in refusal.value.faults]
