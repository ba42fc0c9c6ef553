"""Units that move, end or stand in another order keep their history."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading
from documents.organisation import read_organisation
from documents.takeover import compare
from domain.errors import NotAllowed
from domain.organisation import Unit, UnitParent, tree
from tests.conftest import Database
from tests.documents.organisations import ORGANISATION, a_file
from tests.documents.takeovers import LATER, events, taken_over


def parents(session: Session) -> list[tuple[str, str, date | None, date | None]]:
    keys = {unit.id: unit.key for unit in session.scalars(select(Unit))}
    rows = session.scalars(select(UnitParent).order_by(UnitParent.id))
    return [(keys[row.unit_id], keys[row.parent_id], row.starts_on, row.ends_on) for row in rows]


def test_a_unit_that_moves_keeps_where_it_was(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))

    changes = taken_over(database, a_file(tmp_path, ("name: Ward 2, parent: top", "name: Ward 2, parent: u1")), LATER)

    assert changes.sentences == ["unit u2: parent changes from top to u1"]
    with reading(database.engine) as session:
        assert parents(session) == [
            ("u1", "top", None, None),
            ("u2", "top", None, date(2026, 5, 3)),
            ("u2", "u1", date(2026, 5, 4), None),
        ]
        u2 = session.scalars(select(Unit).where(Unit.key == "u2")).one()
        assert [len(tree(session, day).line(u2.id)) for day in (date(2026, 5, 3), date(2026, 5, 4))] == [2, 3]
        ids = {unit.key: unit.id for unit in session.scalars(select(Unit))}
        assert events(session)[1] == (
            "unit.moved",
            ids["u2"],
            {"was": ids["top"], "to": ids["u1"], "on": "2026-05-04"},
        )


def test_a_unit_that_moves_twice_in_a_day_was_never_in_between(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    taken_over(database, a_file(tmp_path, ("name: Ward 2, parent: top", "name: Ward 2, parent: u1")), LATER)

    taken_over(database, a_file(tmp_path), LATER)

    with reading(database.engine) as session:
        assert parents(session) == [
            ("u1", "top", None, None),
            ("u2", "top", None, date(2026, 5, 3)),
            ("u2", "top", date(2026, 5, 4), None),
        ]


def test_a_new_top_unit_goes_above_the_old_one(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    text = ORGANISATION.replace("units:\n", "units:\n  - {id: group, name: Group, lead: cem}\n", 1)
    text = text.replace("{id: top, name: Firm,", "{id: top, name: Firm, parent: group,")

    changes = taken_over(database, a_file(tmp_path, text=text), LATER)

    assert changes.sentences == ["unit group is new", "unit top: parent changes from nothing to group"]
    with reading(database.engine) as session:
        assert parents(session)[-1] == ("top", "group", date(2026, 5, 4), None)
        assert tree(session, LATER.date()).top.key == "group"


def test_a_file_that_lacks_the_top_unit_is_refused(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    other = a_file(
        tmp_path,
        ("id: top", "id: other"),
        ("parent: top", "parent: other"),
        ("unit: top", "unit: other"),
        ("[top, u1]", "[other, u1]"),
        ("top: [ann]", "other: [ann]"),
    )

    with pytest.raises(NotAllowed) as refusal, reading(database.engine) as session:
        compare(session, read_organisation(other))

    assert str(refusal.value) == (
        "unit top is the top unit and not in the file; list it, below another unit or with its last day"
    )


def test_a_file_that_ends_the_unit_above_one_it_lacks_is_refused(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path, ("name: Ward 2, parent: top", "name: Ward 2, parent: u1")))
    ended = a_file(
        tmp_path,
        ("  - {id: u2, name: Ward 2, parent: top, lead: cem}\n", ""),
        ("lead: ben}", "lead: ben, valid_to: 2026-12-31}"),
    )

    with pytest.raises(NotAllowed) as refusal:
        taken_over(database, ended, LATER)

    assert str(refusal.value) == (
        "unit u2 is not in the file, but u1 above it ends; list it, below another unit or with its last day"
    )


def test_a_unit_that_ends_names_its_successors(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    ended = a_file(tmp_path, ("lead: ben}", "lead: ben, valid_to: 2026-06-30, successors: [u2]}"))

    changes = taken_over(database, ended, LATER)

    assert changes.sentences == [
        "unit u1: valid_to changes from nothing to 2026-06-30",
        "unit u1: successors changes from nothing to u2",
    ]
    with reading(database.engine) as session:
        assert [unit.key for unit in tree(session, date(2026, 7, 1)).units] == ["top", "u2"]


def test_another_order_of_the_units_is_a_change(database: Database, tmp_path: Path) -> None:
    taken_over(database, a_file(tmp_path))
    u1, u2 = ORGANISATION.splitlines(keepends=True)[3:5]

    changes = taken_over(database, a_file(tmp_path, (u1 + u2, u2 + u1)), LATER)

    assert changes.sentences == ["the order of the units changes"]
    with reading(database.engine) as session:
        assert [unit.key for unit in tree(session, LATER.date()).units] == ["top", "u2", "u1"]
