"""What an action rests on, on the screen and for programs."""

import pytest
from sqlalchemy import select

from config.database import transaction
from domain.actions import Action
from tests.builders import a_firm
from tests.conftest import Database
from tests.domain.quarters import FIVE, everywhere, quarter
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-05-18T10:00")


@pytest.fixture
def shared(database: Database) -> int:
    """The number of a draft that three units share, one of them a level below the others."""
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE)
        quarter(session, firm, {**everywhere("u1", e10=1), **everywhere("u2", "u3", e10=2)})
        return session.scalars(select(Action.id)).one()


def test_a_shared_action_shows_a_row_for_each_unit_with_its_own_step(pdca: Command, shared: int) -> None:
    ran = pdca("actions", "show", shared, *AS_OF)

    assert ran.lines[:2] == [f"{shared} Topic 10: one step up in 3 units", "Status proposed"]
    assert [line for line in ran.lines if line.startswith("Aims at level")] == []
    start = ran.lines.index("Unit Level Last time Target Aims at level Not yet so")
    assert ran.lines[start + 1 : start + 7] == [
        "Unit u1 1 3 2 10.2a, 3 of 3 said no",
        "10.2b, 3 of 3 said no",
        "Unit u2 2 3 3 10.3a, 3 of 3 said no",
        "10.3b, 3 of 3 said no",
        "Unit u3 2 3 3 10.3a, 3 of 3 said no",
        "10.3b, 3 of 3 said no",
    ]


def test_programs_read_what_an_action_rests_on_in_words(pdca: Command, shared: int) -> None:
    found = pdca("actions", "show", shared, "--json", *AS_OF).json

    assert found["rests_on"][:2] == [
        "3 units were below target 3 in 2026-Q2: Unit u1: level 1; Unit u2, Unit u3: level 2.",
        "To level 2 (Unit u1):",
    ]
