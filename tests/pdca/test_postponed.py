"""What is not done now can be read, with its reason."""

import pytest

from config.database import transaction
from domain.postponed import postponed
from tests.builders import a_firm
from tests.conftest import Database
from tests.domain.quarters import everywhere, quarter, the_cycle
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-05-18T10:00")


@pytest.fixture
def planned(database: Database) -> None:
    """A planned cycle of two units that each have room for one draft."""
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"), numbers={"drafts_per_unit": 1})
        quarter(session, firm, {**everywhere("u1", e10=1, e2=1), **everywhere("u2", e10=1, e2=2)})


@pytest.mark.usefixtures("planned")
def test_a_cycle_that_is_named_shows_by_topic_who_waits_and_why(pdca: Command) -> None:
    ran = pdca("status", "2026-Q2", *AS_OF)

    assert ran.lines[-3:] == [
        "Not now Units Because Counted at",
        "2 Topic 2 u2 as many actions as it should have at once",
        "10 Topic 10 u1 as many actions as it should have at once",
    ]
    assert [line for line in pdca("status", *AS_OF).lines if line.startswith("Not now")] == []


@pytest.mark.usefixtures("planned")
def test_programs_read_it_too(pdca: Command) -> None:
    (cycle,) = pdca("status", "--json", *AS_OF).json["cycles"]

    assert cycle["not_now"] == [
        {"element": "2", "units": ["u2"], "because": "limit reached", "counted_at": None},
        {"element": "10", "units": ["u1"], "because": "limit reached", "counted_at": None},
    ]


def test_units_that_wait_for_the_same_reason_stand_together(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"), numbers={"drafts_per_unit": 1})
        for unit in ("u2", "u1"):
            firm.units[unit].has_capacity = False
        quarter(session, firm, everywhere("u1", "u2", e10=1, e2=3))

        (found,) = postponed(session, the_cycle(session))

        assert (found.element.id, found.because, found.counted_at) == ("10", "no capacity", None)
        assert [unit.key for unit in found.units] == ["u1", "u2"]
