"""The sheets of an organisation workbook and their headings, in English and German."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from documents.headings import Columns

ONE_ROW = "organisation"
"""The sheet that has one row under its headings."""

SECTIONS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "organisation": ("organization", "unternehmen"),
        "units": ("unit", "einheiten", "bereiche"),
        "people": ("person", "personen", "menschen"),
        "responsibilities": ("responsibility", "verantwortung", "verantwortungen", "zuständigkeiten"),
        "programmes": ("programme", "programs", "programm"),
        "indicators": ("indicator", "kennzahlen"),
        "interested_parties": ("interested party", "interessierte parteien"),
    }
)
"""A section's name -> the other words by which its sheet is recognised."""

PARTS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "respondents": ("befragte",),
        "rotation": ("turnus",),
        "targets": ("ziele", "zielwerte"),
        "weights": ("gewichte", "gewichtung"),
        "importance": ("bedeutung", "wichtigkeit"),
        "numbers": ("zahlen", "planungszahlen"),
    }
)
"""A part of the programmes that has a sheet of its own -> the other words by which it is recognised."""

_ID: Columns = {"id": ("kennung", "kürzel")}
_NAME: Columns = {"name": ("bezeichnung", "titel")}
_PLACE: Columns = {
    "time_zone": ("zeitzone",),
    "holidays": ("feiertage", "feiertagsregion"),
    "closing_days": ("schließtage",),
    "no_ask_weeks": ("no-ask weeks", "fragefreie wochen"),
}
_PROGRAMME: Columns = {"programme": ("programm",)}
_UNIT: Columns = {"unit": ("einheit", "bereich")}
_ELEMENT: Columns = {"element": ("thema",)}
_ELEMENTS: Columns = {"elements": ("elemente", "themen")}
_LANGUAGE: Columns = {"language": ("sprache",)}

COLUMNS: Mapping[str, Columns] = MappingProxyType(
    {
        "organisation": {**_NAME, **_LANGUAGE, **_PLACE},
        "units": {
            **_ID,
            **_NAME,
            "parent": ("übergeordnet", "übergeordnete einheit"),
            "lead": ("leitung",),
            **_PLACE,
            "valid_from": ("gültig ab", "gültig von"),
            "valid_to": ("gültig bis",),
            "successors": ("nachfolger",),
            "has_capacity": ("capacity", "kapazität"),
        },
        "people": {
            **_ID,
            **_NAME,
            "mail": ("e-mail", "email", "mailadresse", "e-mail-adresse"),
            **_LANGUAGE,
            "manager": ("vorgesetzte", "vorgesetzter", "führungskraft"),
            "deputy": ("stellvertretung", "vertretung"),
            "absences": ("abwesenheiten",),
            "roles": ("rollen",),
            "left_on": ("ausgeschieden am",),
        },
        "responsibilities": {**_UNIT, **_ELEMENT, "group": ("gruppe",), "person": ("verantwortlich",)},
        "programmes": {
            **_ID,
            **_NAME,
            "model": ("modell",),
            "units": ("einheiten", "bereiche"),
            "months_per_cycle": ("monate je zyklus",),
            "fiscal_start": ("fiscal year start", "beginn des geschäftsjahres"),
            "opening_working_day": ("öffnung am arbeitstag",),
            "answer_days": ("antworttage",),
            "consensus_days": ("konsenstage",),
            "round": ("runde",),
            "reminders": ("erinnerungen",),
            "starts_on": ("beginnt am",),
            "is_active": ("active", "aktiv"),
        },
        "indicators": {**_ID, **_NAME, **_UNIT},
        "interested_parties": {**_ID, **_NAME},
        "respondents": {**_PROGRAMME, **_UNIT, "person": ("befragte", "befragter"), **_ELEMENTS},
        "rotation": {**_PROGRAMME, **_ELEMENTS},
        "targets": {**_PROGRAMME, **_UNIT, **_ELEMENT, "target": ("ziel", "zielwert")},
        "weights": {**_PROGRAMME, **_ELEMENT, "weight": ("gewicht",)},
        "importance": {**_PROGRAMME, **_UNIT, **_ELEMENT, "importance": ("bedeutung", "wichtigkeit")},
        "numbers": {**_PROGRAMME, "name": ("bezeichnung",), "number": ("zahl",)},
    }
)
"""A sheet -> its columns."""
