"""Every fault of an organisation file is said with its place, what was found and what is expected."""

from pathlib import Path
from zoneinfo import available_timezones

import holidays
import pytest

from documents.faults import one_of
from tests.documents.organisations import a_file, refused

COUNTRIES = holidays.list_supported_countries(include_aliases=False)
REGIONS = sorted([*COUNTRIES, *(f"{country}-{part}" for country, parts in COUNTRIES.items() for part in parts)])
NOBODY_ELSE = "two people: somebody else in responsibilities for these in {0}, or a second lead there or above"

FAULTS: dict[str, list[tuple[str, str] | str]] = {
    "an unknown lead": [
        ("lead: ben", "lead: bea"),
        "line 4, units[1].lead: found 'bea'; expected an id from people: ann, ben or cem",
    ],
    "an unknown parent": [
        ("parent: top, lead: ben", "parent: tip, lead: ben"),
        "line 4, units[1].parent: found 'tip'; expected an id from units: top, u1 or u2",
    ],
    "a circle of units": [
        ("name: Firm, lead: ann}", "name: Firm, lead: ann, parent: u1}"),
        "line 3, units[0].parent: found the circle top → u1 → top; expected parents that end at the top unit",
        "line 4, units[1].parent: found the circle u1 → top → u1; expected parents that end at the top unit",
    ],
    "two tops": [
        ("name: Ward 2, parent: top", "name: Ward 2"),
        "line 5, units[2].parent: found 'u2', a second top unit beside 'top'; expected the unit above it",
    ],
    "a unit that outlives its parent": [
        ("parent: top, lead: cem}", "parent: u1, lead: cem}"),
        ("lead: ben}", "lead: ben, valid_to: 2027-12-31}"),
        "line 5, units[2].parent: found 'u1', which ends on 2027-12-31; expected a unit that lasts as long as this one",
    ],
    "a unit that ends before it begins": [
        ("lead: cem}", "lead: cem, valid_from: 2026-05-01, valid_to: 2026-04-30}"),
        "line 5, units[2].valid_to: found '2026-04-30'; expected a day from 2026-05-01 on",
    ],
    "successors of a unit that goes on": [
        ("lead: cem}", "lead: cem, successors: [u1]}"),
        "line 5, units[2].successors: found a list of 1; expected nothing, or the unit's last day in valid_to",
    ],
    "an id twice": [
        ("id: u2", "id: u1"),
        "line 4, units[1].id: found 'u1'; expected an id that stands once, not 2 times",
        "line 5, units[2].id: found 'u1'; expected an id that stands once, not 2 times",
    ],
    "an id with a space": [
        ("id: u2", "id: u 2"),
        "line 5, units[2].id: found 'u 2'; expected an id of at most 80 characters without spaces and semicolons",
    ],
    "no name": [("id: u2, name: Ward 2", "id: u2"), "line 5, units[2].name: found nothing; expected a value"],
    "an address without a domain": [
        ("ben@example.org", "ben@example"),
        (
            "line 8, people[1].mail: found 'ben@example'; expected a mail address "
            "(The part after the @-sign is not valid. It should have a period.)"
        ),
    ],
    "an address that not every server delivers to": [
        ("ben@example.org", "bén@example.org"),
        (
            "line 8, people[1].mail: found 'bén@example.org'; expected a mail address "
            "(Internationalized characters before the @-sign are not supported: 'é'.)"
        ),
    ],
    "an address of two people": [
        ("ben@example.org", "Ann@example.org"),
        (
            "line 7, people[0].mail: found 'ann@example.org'; "
            "expected an address that one person has, not 2; leave it empty for who has none"
        ),
        (
            "line 8, people[1].mail: found 'Ann@example.org'; "
            "expected an address that one person has, not 2; leave it empty for who has none"
        ),
    ],
    "a bad time zone": [
        ("Europe/Berlin", "Europe/Berlyn"),
        (
            "line 1, organisation.time_zone: found 'Europe/Berlyn'; "
            f"expected a time zone: {one_of(sorted(available_timezones()), 'Europe/Berlyn')}"
        ),
    ],
    "a bad holiday region": [
        ("DE-BY", "DE-BYE"),
        f"line 1, organisation.holidays: found 'DE-BYE'; expected a holiday region: {one_of(REGIONS, 'DE-BYE')}",
    ],
    "a bad language": [
        ("language: en", "language: englisch"),
        "line 1, organisation.language: found 'englisch'; expected a language such as en, de or de-AT",
    ],
    "one's own manager and deputy": [
        ("manager: ann, deputy: cem", "manager: ben, deputy: ben"),
        "line 8, people[1].manager: found 'ben'; expected somebody else",
        "line 8, people[1].deputy: found 'ben'; expected somebody else",
    ],
    "managers in a circle": [
        ("roles: [manager]", "manager: ben"),
        "line 7, people[0].manager: found the circle ann → ben → ann; expected managers that end with somebody",
        "line 8, people[1].manager: found the circle ben → ann → ben; expected managers that end with somebody",
    ],
    "an unknown role": [
        ("roles: [manager]", "roles: [boss]"),
        "line 7, people[0].roles[0]: found 'boss'; expected administrator, quality manager, manager or auditor",
    ],
    "two absences from one day on": [
        ("name: Cem,", "name: Cem, absences: [2026-01-01/2026-01-05, 2026-01-01],"),
        "line 9, people[2].absences: found a list of 2; expected absences that begin on different days",
    ],
    "an absence that ends before it begins": [
        ("name: Cem,", "name: Cem, absences: [2026-02-05/2026-01-05],"),
        "line 9, people[2].absences[0]: found '2026-02-05/2026-01-05'; expected the earlier day first",
    ],
    "what is no day": [
        ("name: Cem,", "name: Cem, left_on: 31.12.2026,"),
        "line 9, people[2].left_on: found '31.12.2026'; expected a day such as 2027-02-28",
    ],
    "a week that its year lacks": [
        ("holidays: DE-BY", "no_ask_weeks: [2027-W53, christmas]"),
        "line 1, organisation.no_ask_weeks[0]: found '2027-W53'; expected a week of that year",
        (
            "line 1, organisation.no_ask_weeks[1]: found 'christmas'; "
            "expected days such as 2027-02-22/2027-02-28, 2027-02-28 or 2027-W08"
        ),
    ],
    "an unknown key": [
        ("roles: [manager]", "role: manager"),
        (
            "line 7, people[0]: found the key 'role'; "
            "expected id, name, mail, language, manager, deputy, absences, roles or left_on"
        ),
    ],
    "an unknown section": [
        ("responsibilities:", "duties:"),
        (
            "line 10, duties: found the key 'duties'; expected "
            "organisation, units, people, responsibilities, programmes, indicators or interested_parties"
        ),
        (
            "line 13, programmes[0]: found only one person to both own and verify actions on 1 in top; "
            f"expected {NOBODY_ELSE.format('top')}"
        ),
    ],
    "a responsibility for both an element and a group": [
        ("group: A", 'group: A, element: "1"'),
        (
            "line 11, responsibilities[0]: found keys (unit, group, element, person); "
            "expected either an element or a group"
        ),
    ],
    "a responsibility twice": [
        ("group: A, person: cem}", "group: A, person: cem}\n  - {unit: top, group: A, person: ben}"),
        "line 12, responsibilities[1]: found A in top as in line 11, responsibilities[0]; expected it once",
    ],
    "a responsibility for an unknown group and an unknown element": [
        ("group: A, person: cem}", 'group: B, person: cem}\n  - {unit: top, element: "3", person: ben}'),
        "line 11, responsibilities[0].group: found 'B'; expected a group of the model: A",
        "line 12, responsibilities[1].element: found '3'; expected an element of the model: 1, 2 or 10",
    ],
    "an unknown model": [
        ("model: MODEL", "model: iso9005"),
        (
            "line 14, programmes[0].model: found 'iso9005'; "
            "expected the id of a shipped model (iso9004-2018) or a YAML or JSON file"
        ),
    ],
    "an element the model lacks": [
        ('rotation: [["1"', 'rotation: [["11"'),
        ('"2": 1/3', '"3": 1/3'),
        ('elements: ["2"]', 'elements: ["4"]'),
        ('importance: {elements: {"2": 1}', 'importance: {elements: {"5": 1}'),
        "line 19, programmes[0].rotation[0][0]: found '11'; expected an element of the model: 1, 2 or 10",
        "line 18, programmes[0].respondents.u1[1].elements[0]: found '4'; expected an element of the model: 1, 2 or 10",
        "line 21, programmes[0].weights[3]: found '3'; expected an element of the model: 1, 2 or 10",
        "line 22, programmes[0].importance.elements[5]: found '5'; expected an element of the model: 1, 2 or 10",
    ],
    "a negative weight": [
        ('"2": 1/3', '"2": -1'),
        "line 21, programmes[0].weights[2]: found '-1'; expected a weight of 0 or more, such as 2, 0.5 or 1/3",
    ],
    "a target beyond the scale": [
        ('{default: 2, elements: {"2": 3}, units: {u1: {"10": 1}}}', '{default: 4, elements: {"2": 0}}'),
        "line 20, programmes[0].targets.default: found '4'; expected a level from 1 to 3",
        "line 20, programmes[0].targets.elements[2]: found '0'; expected a level from 1 to 3",
    ],
    "somebody asked twice": [
        ("[ben, {", "[ben, cem, {"),
        "line 18, programmes[0].respondents.u1: found a list of 3; expected everybody once, not cem again",
    ],
    "somebody asked in a unit that does not take part": [
        ("top: [ann]", "u2: [ann]"),
        "line 17, programmes[0].respondents.u2: found 'u2'; expected a unit of the programme: top or u1",
    ],
    "numbers out of bounds": [
        (
            "units: [top, u1]",
            "months_per_cycle: 2\n    answer_days: ten\n    reminders: [5, 3, 1]\n    round: confidential",
        ),
        ("drafts_per_unit: 2", "draft: 2"),
        "line 15, programmes[0].months_per_cycle: found '2'; expected 1, 3, 6 or 12",
        "line 16, programmes[0].answer_days: found 'ten'; expected a whole number",
        (
            "line 18, programmes[0].round: found 'confidential'; expected team (confidential is not there yet: what "
            "fewer than five people answered would show in counts)"
        ),
        "line 17, programmes[0].reminders: found a list of 3; expected at most 2",
        (
            "line 26, programmes[0].numbers: found keys (draft); expected names among drafts_per_unit, "
            "shared_from_units, few_items, days_for_few_items, some_items, days_for_some_items, days_for_many_items, "
            "days_until_check, carried_to_review, days_late_until_owner_is_told, days_until_lead_is_asked, "
            "days_for_the_lead, stale_after"
        ),
    ],
    "nobody to own": [
        ("lead: ann}", "}"),
        ("lead: ben}", "}"),
        (
            "line 13, programmes[0]: found no owner for actions on 2, 10 in u1; "
            "expected a lead in u1 or a unit above it, or somebody in responsibilities for these elements"
        ),
        (
            "line 13, programmes[0]: found only one person to both own and verify actions on 1 in top; "
            f"expected {NOBODY_ELSE.format('top')}"
        ),
    ],
    "nobody but the owner to verify": [
        ("person: cem}", "person: ann}"),
        (
            "line 13, programmes[0]: found only one person to both own and verify actions on 1 in top; "
            f"expected {NOBODY_ELSE.format('top')}"
        ),
    ],
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_with_its_place(name: str, tmp_path: Path) -> None:
    changes = [part for part in FAULTS[name] if isinstance(part, tuple)]
    faults = [part for part in FAULTS[name] if isinstance(part, str)]

    assert [str(fault) for fault in refused(a_file(tmp_path, *changes))] == [
        f"organisation.yaml, {fault}" for fault in faults
    ]


def test_all_faults_are_said_at_once_and_each_row_is_looked_at(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        ("Europe/Berlin", "Berlin"),
        ("lead: cem", "lead: kim"),
        ("mail: ben@", "mail: "),
        ("default: 2", "default: 7"),
    )

    assert [fault.place for fault in refused(path)] == [
        "line 1, organisation.time_zone",
        "line 5, units[2].lead",
        "line 8, people[1].mail",
        "line 20, programmes[0].targets.default",
    ]


def test_what_is_no_organisation_file_says_which_sections_it_may_have(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- units\n", encoding="utf-8")

    assert [str(fault) for fault in refused(path)] == [
        (
            "list.yaml, line 1: found a list of 1; expected sections: "
            "organisation, units, people, responsibilities, programmes, indicators, interested_parties"
        )
    ]


def test_an_empty_file_misses_the_organisation_and_its_units(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("organisation:\nunits: []\npeople: nobody\n", encoding="utf-8")

    assert [str(fault) for fault in refused(path)] == [
        "empty.yaml, line 1, organisation: found nothing; expected keys with values",
        "empty.yaml, line 3, people: found 'nobody'; expected a list",
        "empty.yaml, line 2, units: found nothing; expected at least the top unit",
    ]


def test_broken_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("units:", "units: ["))

    assert [str(fault) for fault in refused(path)] == [
        "organisation.yaml, line 3: found did not find expected node content; expected YAML"
    ]
