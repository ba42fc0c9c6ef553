"""Taking over an organisation stores what is new and what differs, says it, and deletes nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config.database import reading, transaction
from documents.organisation import read_organisation
from documents.organisation_stored import stored
from documents.takeover import compare, take_over
from domain import editions
from domain.errors import NotAllowed
from domain.events import Event
from domain.organisation import Unit, tree
from domain.people import Person
from domain.programmes import programme, target, weights
from tests.builders import MODEL
from tests.conftest import Database
from tests.documents.any_organisation import a_content
from tests.documents.organisations import ORGANISATION, a_file, a_model_file, written
from tests.documents.rows import everything, undone
from tests.documents.takeovers import LATER, NOW, events, taken_over


def test_a_first_import_is_all_new(database: Database, tmp_path: Path) -> None:
    changes = taken_over(database, a_file(tmp_path), by=7)

    assert changes.sentences == [
        "organisation is new",
        "unit top is new",
        "unit u1 is new",
        "unit u2 is new",
        "person ann is new",
        "person ben is new",
        "person cem is new",
        "responsibility for A in top is new",
        "programme wheel is new",
        "model small 1 is new",
    ]
    with reading(database.engine) as session:
        counts = {name: dict.fromkeys(("changed", "kept", "same"), 0) | {"new": new} for name, new in NEW.items()}
        assert events(session) == [("organisation.imported", 1, {"counts": counts})]
        assert session.scalars(select(Event.by)).all() == [7]


NEW = {"organisation": 1, "units": 3, "people": 3, "responsibilities": 1, "programmes": 1, "models": 1}


def test_what_was_imported_is_what_the_domain_reads(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))

    with reading(database.engine) as session:
        units = tree(session, NOW.date())
        wheel = programme(session, "wheel")
        edition = editions.edition(session, wheel.edition_id)
        assert units.top.key == "top"
        assert [unit.key for unit in units.units] == ["top", "u1", "u2"]
        assert str(units.zone(units.units[2].id)) == "Europe/Berlin"
        assert [target(wheel, edition, unit, "10") for unit in ("top", "u1")] == [2, 1]
        assert {element: str(weight) for element, weight in weights(wheel, edition).items()} == {
            "1": "1",
            "2": "1/3",
            "10": "1",
        }


def test_importing_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    with reading(database.engine) as session:
        before = everything(session)

    again = taken_over(database, a_file(tmp_path), LATER)

    assert again.is_empty
    with reading(database.engine) as session:
        assert everything(session) == before


def test_what_differs_is_said_and_stored(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    changed = a_file(
        tmp_path,
        ("holidays: DE-BY", "holidays: AT-9, closing_days: [2026-12-24]"),
        ("lead: ben", "lead: cem, has_capacity: no"),
        ("mail: ben@example.org", "mail: b.ben@example.org, absences: [2026-07-01/2026-07-10]"),
        ("roles: [manager]", "roles: [auditor, manager]"),
        ("group: A, person: cem", "group: A, person: ben"),
        ("units: [top, u1]", "answer_days: 8"),
        ("u1: [ben, {", "u2: [ann]\n      u1: [{"),
        ('["10"]]', '["10", "2"]]'),
        ('{default: 2, elements: {"2": 3}', '{elements: {"2": 2}'),
        ('"2": 1/3', '"10": 0.5'),
    )

    changes = taken_over(database, changed, LATER)

    assert changes.sentences == [
        "organisation: holidays changes from DE-BY to AT-9",
        "organisation: closing_days changes from nothing to 2026-12-24",
        "unit u1: lead changes from ben to cem",
        "unit u1: has_capacity changes from yes to no",
        "person ann: roles changes from manager to auditor; manager",
        "person ben: mail changes from ben@example.org to b.ben@example.org",
        "person ben: absences changes from nothing to 2026-07-01/2026-07-10",
        "responsibility for A in top: person changes from cem to ben",
        "programme wheel: units changes from top; u1 to top; u1; u2",
        "programme wheel: respondents.u1 changes from ben; cem (2) to cem (2)",
        "programme wheel: rotation[1] changes from 10 to 2; 10",
        "programme wheel: targets.default changes from 2 to 3",
        "programme wheel: targets.elements[2] changes from 3 to 2",
        "programme wheel: weights[2] changes from 1/3 to nothing",
        "programme wheel: answer_days changes from 10 to 8",
        "programme wheel: respondents.u2 changes from nothing to ann",
        "programme wheel: weights[10] changes from nothing to 1/2",
    ]
    with reading(database.engine) as session:
        assert compare(session, read_organisation(changed)).is_empty


def test_what_the_file_lacks_stays_and_is_named(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    fewer = a_file(
        tmp_path,
        ("  - {id: u2, name: Ward 2, parent: top, lead: cem}\n", ""),
        ("  - {id: ben, name: Ben, mail: ben@example.org, manager: ann, deputy: cem}\n", ""),
        ("lead: ben", "lead: cem"),
        ("[ben, {", "[{"),
        ("group: A", 'element: "1"'),
    )

    changes = taken_over(database, fewer, LATER)

    assert {each.section: each.kept for each in changes.sections if each.kept} == {
        "units": ("unit u2 is not in the file and stays",),
        "people": ("person ben is not in the file and stays",),
        "responsibilities": ("responsibility for A in top is not in the file and stays",),
    }
    with reading(database.engine) as session:
        assert session.scalars(select(Unit.key).order_by(Unit.position)).all() == ["top", "u1", "u2"]
        assert session.scalars(select(Person.key).order_by(Person.id)).all() == ["ann", "ben", "cem"]
        assert [unit.key for unit in tree(session, LATER.date()).units] == ["top", "u1", "u2"]


def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    changed = read_organisation(a_file(tmp_path, ("lead: ben", "lead: cem"), ("name: Ward 2", "name: Ward two")))
    with reading(database.engine) as session:
        before = everything(session)

    with reading(database.engine) as session:
        foreseen = compare(session, changed)
        assert everything(session) == before
    with transaction(database.engine) as session:
        assert take_over(session, changed, by=None, now=LATER) == foreseen

    assert foreseen.sentences == [
        "unit u1: lead changes from ben to cem",
        "unit u2: name changes from Ward 2 to Ward two",
    ]


def test_who_left_is_an_event_once(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    left = a_file(tmp_path, ("name: Cem,", "name: Cem, left_on: 2026-05-01,"))

    changes = taken_over(database, left, LATER)
    taken_over(database, left, LATER)

    assert changes.sentences == ["person cem: left_on changes from nothing to 2026-05-01"]
    with reading(database.engine) as session:
        cem = session.scalars(select(Person).where(Person.key == "cem")).one()
        assert [event for event in events(session) if event[0] == "person.left"] == [
            ("person.left", cem.id, {"on": "2026-05-01"})
        ]


def test_a_responsibility_ends_by_a_row_without_a_person(database: Database, tmp_path: Path) -> None:
    one_more = ("person: cem}", 'person: cem}\n  - {unit: u1, element: "2", person: ben}')
    taken_over(database, a_file(tmp_path, one_more))
    ended = a_file(tmp_path, one_more, ("person: ben}", "person: }"))

    changes = taken_over(database, ended, LATER)

    assert changes.sentences == ["responsibility for 2 in u1: person changes from ben to nothing"]
    assert taken_over(database, ended, LATER).is_empty


def test_of_a_new_edition_the_import_says_from_when_on_it_holds(database: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    first = taken_over(database, path)
    a_model_file(tmp_path, {**MODEL, "edition": "2"})

    changes = taken_over(database, path, LATER)

    assert (first.notes, changes.notes) == (
        (),
        ("programme wheel: model small 2 takes effect with the next cycle; what has begun goes on with small 1",),
    )


def test_another_wording_of_the_model_is_a_change_and_other_items_are_refused(
    database: Database, tmp_path: Path
) -> None:
    path = a_file(tmp_path)
    taken_over(database, path)

    a_model_file(tmp_path, {**MODEL, "title": {"en": "A small model"}})
    reworded = taken_over(database, path, LATER)
    a_model_file(tmp_path, {**MODEL, "scale": {"min": 1, "max": 4}})
    with pytest.raises(NotAllowed) as refusal:
        taken_over(database, path, LATER)

    assert reworded.sentences == ["model small 1: its wording changes"]
    assert str(refusal.value) == (
        "model small, edition 1 is in use with other items, levels or weights; give it a new edition"
    )


def test_what_nothing_keeps_yet_is_said(database: Database, tmp_path: Path) -> None:
    more = "indicators: [{id: i1, name: Complaints}]\ninterested_parties: [{id: p1, name: Patients}]\n"

    changes = taken_over(database, a_file(tmp_path, text=ORGANISATION + more))

    assert changes.notes == (
        "indicators: 1 checked; nothing keeps them yet",
        "interested_parties: 1 checked; nothing keeps them yet",
    )


def test_the_number_of_queries_does_not_grow_with_the_people(database: Database, tmp_path: Path) -> None:
    def text_with(people: int) -> str:
        more = "".join(f"  - {{id: p{n}, name: P, roles: [auditor], absences: 2026-07-01}}\n" for n in range(people))
        return ORGANISATION.replace("responsibilities:", f"{more}responsibilities:")

    taken_over(database, a_file(tmp_path))
    sent = []
    for people in (1, 40):
        with database.statements() as statements:
            taken_over(database, a_file(tmp_path, text=text_with(people)), LATER)
        sent.append(len([statement for statement in statements if statement.startswith("SELECT")]))

    assert sent[0] == sent[1]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_any_file_after_any_other_is_stored_as_it_is_and_loses_nothing(
    sqlite_database: Database, tmp_path: Path, data: st.DataObject
) -> None:
    content = a_content(a_model_file(tmp_path))
    first, second = (read_organisation(written(data.draw(content), tmp_path)) for _time in range(2))

    with undone(sqlite_database) as session:
        take_over(session, first, by=None, now=NOW)
        assert compare(session, first).is_empty
        had = [set(session.scalars(select(key))) for key in (Unit.key, Person.key)]
        before = stored(session)
        changes = take_over(session, second, by=None, now=LATER)
        assert compare(session, second).is_empty
        has = [set(session.scalars(select(key))) for key in (Unit.key, Person.key)]
        assert all(known <= known_now for known, known_now in zip(had, has, strict=True))
        # Not whether the files are equal: one may name what is the default in the other.
        assert changes.is_empty == (stored(session) == before)


def test_the_address_of_somebody_who_is_not_in_the_file_is_no_other_persons(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    with reading(database.engine) as session:
        before = everything(session)
    path = a_file(tmp_path, ("ben", "bea"), ("mail: bea@", "mail: Ben@"))

    with pytest.raises(NotAllowed) as refusal:
        taken_over(database, path, LATER)

    assert str(refusal.value).splitlines() == [
        "Ben@example.org is the address of ben, who is not in the file, and of bea in it; list ben too, with another",
    ]
    with reading(database.engine) as session:
        assert everything(session) == before


def test_people_may_swap_their_addresses(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    swapped = (("ann@", "x@"), ("ben@", "ann@"), ("x@", "ben@"))

    changes = taken_over(database, a_file(tmp_path, *swapped), LATER)

    assert changes.sentences == [
        "person ann: mail changes from ann@example.org to ben@example.org",
        "person ben: mail changes from ben@example.org to ann@example.org",
    ]
