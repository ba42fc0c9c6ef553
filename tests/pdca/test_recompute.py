"""Computing everything again from answers and kept inputs: what comes out differently is named."""

from fractions import Fraction

import pytest
from sqlalchemy import Update, func, select, update

from config.database import reading, transaction
from domain.actions import Action
from domain.base import Base
from domain.continuations import Deferral
from domain.cycles import CycleInputs
from domain.events import Event
from domain.findings import Finding
from domain.method.findings import FindingKind
from domain.scores import Score
from tests.builders import OPENING, a_firm, answer_all, at
from tests.conftest import Database
from tests.domain.acts import turn
from tests.pdca.conftest import Command, change_by_hand

GAPS = {"1": 2, "2": 1, "10": 2}


@pytest.fixture
def planned(database: Database) -> None:
    """A firm whose quarter is scored and planned: a shared gap, gaps with a draft each, one that is not now."""
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), numbers={"drafts_per_unit": 1})
        turn(session, OPENING)
        answer_all(session, firm.edition, GAPS, OPENING)
    with transaction(database.engine) as session:
        turn(session, at("2026-04-22"))


def first(database: Database, table: type[Base]) -> int:
    with reading(database.engine) as session:
        return int(session.scalars(select(func.min(table.__table__.c.id))).one())


@pytest.mark.usefixtures("planned")
def test_what_is_stored_comes_out_again(pdca: Command) -> None:
    ran = pdca("recompute")

    assert (ran.code, ran.out, ran.err) == (0, "2026-Q2: every stored number comes out again.\n", "")


@pytest.mark.usefixtures("planned")
def test_recomputing_changes_nothing(pdca: Command, database: Database) -> None:
    with reading(database.engine) as session:
        before = session.scalars(select(func.count()).select_from(Event)).one()

    pdca("recompute", "2026-Q2")
    pdca("recompute", "2026-Q2")

    with reading(database.engine) as session:
        assert session.scalars(select(func.count()).select_from(Event)).one() == before


@pytest.mark.usefixtures("planned")
def test_a_changed_score_is_named_with_both_numbers(pdca: Command, database: Database) -> None:
    one = Score.id == first(database, Score)
    change_by_hand(database, "score", update(Score).where(one).values(result=Fraction(5)))

    ran = pdca("recompute", "2026-Q2", "--json")

    assert ran.code == 1
    assert ran.json == {
        "cycles": ["2026-Q2"],
        "differences": [
            {
                "period": "2026-Q2",
                "unit": "top",
                "element": "1",
                "number": "score: result",
                "stored": "5",
                "recomputed": "2",
            }
        ],
    }


@pytest.mark.usefixtures("planned")
def test_people_read_differences_as_a_table(pdca: Command, database: Database) -> None:
    one = Score.id == first(database, Score)
    change_by_hand(database, "score", update(Score).where(one).values(coverage_done=0))

    ran = pdca("recompute")

    assert ran.code == 1
    assert ran.lines == ["Cycle Unit Element Number Stored Computed again", "2026-Q2 top 1 score: coverage_done 0 6"]


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize(
    ("number", "table", "change"),
    [
        ("gap", "finding", update(Finding).where(Finding.kind == FindingKind.GAP).values(facts={})),
        ("draft", "action", update(Action).values(aims_at=5)),
        ("not now", "deferral", update(Deferral).values(because="no capacity")),
        ("inputs", "cycle_inputs", update(CycleInputs).values(digest="0")),
    ],
)
def test_every_kind_of_number_is_compared(
    pdca: Command, database: Database, number: str, table: str, change: Update
) -> None:
    change_by_hand(database, table, change)

    ran = pdca("recompute", "--json")

    assert ran.code == 1
    assert {each["number"] for each in ran.json["differences"]} == {number}


@pytest.mark.usefixtures("planned")
def test_what_is_stored_and_never_came_out_is_named(pdca: Command, database: Database) -> None:
    with transaction(database.engine) as session:
        gap = session.scalars(select(Finding).where(Finding.kind == FindingKind.GAP)).first()
        assert gap is not None
        session.add(
            Finding(cycle_id=gap.cycle_id, unit_id=gap.unit_id, element="77", kind=FindingKind.STRENGTH, facts={})
        )

    [difference] = pdca("recompute", "--json").json["differences"]

    assert (difference["element"], difference["stored"], difference["recomputed"]) == ("77", "{}", None)


@pytest.mark.usefixtures("firm")
def test_without_a_cycle_there_is_nothing_to_differ(pdca: Command) -> None:
    ran = pdca("recompute")

    assert (ran.code, ran.out) == (0, "No cycle has begun; there is nothing to compute again.\n")
