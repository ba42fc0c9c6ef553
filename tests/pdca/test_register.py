"""Looking actions up: the list and its filters, one action with its history."""

from datetime import date

import pytest
from sqlalchemy import Engine, event

from config.database import transaction
from domain import actions, ladder
from domain.actions import Source
from domain.places import places
from tests.builders import OPENING, Firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft, an_open_action
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-05-18T10:00")


@pytest.fixture
def three_actions(database: Database, firm: Firm) -> Firm:
    """A draft for both units, an action in u1 that is late, one in u2 of another owner."""
    with transaction(database.engine) as session:
        a_draft(session, firm, covers=("u1", "u2"), element="2", unit_id=firm.units["top"].id)
        an_open_action(session, firm, title="A key [red] register")
        an_open_action(session, firm, covers=("u2",), owner_id=firm.people["u2.cem"].id, due_on=date(2026, 6, 1))
    return firm


@pytest.mark.usefixtures("three_actions")
def test_actions_are_listed_by_number(pdca: Command) -> None:
    ran = pdca("actions", "list", *AS_OF)

    assert ran.code == 0
    assert ran.lines == [
        "No. Action Unit Owner Status Due Check",
        "1 A handover list for leavers top u1.ben proposed 2026-05-15 2026-07-10",
        "2 A key [red] register u1 u1.ben open, late 2026-05-15 2026-07-10",
        "3 A handover list for leavers u2 u2.cem open 2026-06-01 2026-07-10",
    ]
    assert max(len(line) for line in ran.out.splitlines()) <= 100


@pytest.mark.usefixtures("three_actions")
@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (("--owner", "u1.ben@example.org"), [1, 2]),
        (("--status", "open"), [2, 3]),
        (("--status", "open", "--status", "proposed", "--unit", "u2"), [1, 3]),
        (("--unit", "u1", "--late"), [2]),
        (("--late", "--owner", "u2.cem"), []),
    ],
)
def test_filters_hold_together(pdca: Command, filters: tuple[str, ...], numbers: list[int]) -> None:
    ran = pdca("actions", "list", *filters, "--json", *AS_OF)

    assert [each["number"] for each in ran.json["actions"]] == numbers


@pytest.mark.usefixtures("firm")
def test_an_empty_list_is_said(pdca: Command) -> None:
    assert pdca("actions", "list").out == "No action fits.\n"


@pytest.mark.usefixtures("three_actions")
def test_the_list_asks_the_database_a_fixed_number_of_times(pdca: Command, database: Database, firm: Firm) -> None:
    few = _statements(pdca)
    with transaction(database.engine) as session:
        for _each in range(5):
            a_draft(session, firm, covers=("u1", "u2"), source=Source.IDEA)

    assert _statements(pdca) == few


@pytest.mark.usefixtures("three_actions")
def test_an_action_is_shown_with_what_it_rests_on_and_what_was_said(pdca: Command) -> None:
    pdca("actions", "progress", 2, "half [of] it\x1b[31m", "--by", "u1.ben", *AS_OF)
    pdca("actions", "move", 2, "--due", "2026-06-01", "--because", "no access", "--by", "u1.ben", *AS_OF)

    ran = pdca("actions", "show", 2, *AS_OF)

    assert ran.lines == [
        "2 A key [red] register",
        "Status in progress",
        "Measure The last three leavers used it",
        "Unit Unit u1 (u1)",
        "Covers u1 10",
        "Source self-assessment 2026-Q2",
        "Owner U1 Ben (u1.ben)",
        "Verifier U1 Ann (u1.ann)",
        "Released 2026-04-07, by quality",
        "Owner answers by 2026-04-14",
        "Due 2026-06-01, moved once (from 2026-05-15)",
        "Check 2026-07-27",
        "On By About Said",
        "2026-05-18 u1.ben progress half [of] it�[31m",
        "2026-05-18 u1.ben reason no access",
    ]


@pytest.mark.usefixtures("three_actions")
def test_an_action_says_who_took_each_step_for_its_owner(pdca: Command) -> None:
    pdca("actions", "accept", 2, *AS_OF)
    pdca("actions", "done", 2, "--what", "it hangs there", "--by", "u1.ben", *AS_OF)

    said = pdca("actions", "show", 2, *AS_OF).lines

    assert [line for line in said if line.startswith(("Released", "Accepted", "Done"))] == [
        "Released 2026-04-07, by quality",
        "Accepted 2026-05-18, by quality",
        "Done 2026-05-18, by u1.ben",
    ]


@pytest.mark.usefixtures("three_actions")
def test_programs_read_an_action_with_its_history(pdca: Command) -> None:
    pdca("actions", "done", 2, "--what", "it hangs there", "--by", "u1.ben", *AS_OF)
    look = ("--verdict", "not-effective", "--seen", "empty", "--by", "u1.ann")
    pdca("actions", "verify", 2, *look, "--as-of", "2026-07-13T10:00")

    said = pdca("actions", "show", 2, "--json", "--as-of", "2026-07-13T10:00").json

    assert {name: said[name] for name in ("number", "status", "owner", "verifier", "due_on", "done_on", "late")} == {
        "number": 2,
        "status": "not effective",
        "owner": "u1.ben",
        "verifier": "u1.ann",
        "due_on": "2026-05-15",
        "done_on": "2026-05-18",
        "late": False,
    }
    steps = ("released_by", "accepted_by", "done_by")
    assert [said[step] for step in steps] == ["quality", None, "u1.ben"]
    assert said["covers"] == [{"unit": "u1", "model": "small", "element": "10", "tries_first": False}]
    assert [(each["kind"], each["by"], each["text"]) for each in said["notes"]] == [
        ("done", "u1.ben", "it hangs there"),
        ("verification", "u1.ann", "empty"),
    ]
    assert said["verifications"] == [
        {"on": "2026-07-13", "by": "u1.ann", "verdict": "not effective", "level": None, "level_without_owner": None}
    ]
    assert said["successor"] == 4


def test_an_action_says_how_far_up_the_ladder_it_is(pdca: Command, database: Database, firm: Firm) -> None:
    with transaction(database.engine) as session:
        action = an_open_action(session, firm)
        actions.accept(session, action, today=OPENING.date(), by=None, now=OPENING)

    said, for_programs = [], []
    for day in ("2026-05-20", "2026-05-21", "2026-05-25", "2026-06-01"):
        with transaction(database.engine) as session:
            ladder.climb(session, places(session, at(day)), at(day))
        as_of = ("--as-of", f"{day}T10:00")
        said += [line for line in pdca("actions", "show", action.id, *as_of).lines if line.startswith("Goes on")]
        for_programs.append(pdca("actions", "show", action.id, "--json", *as_of).json["ladder"])

    told = {"because": "late", "asked": "u1.ann", "told_on": "2026-05-21", "asked_on": "2026-05-25"}
    assert said == [
        "Goes on late: its owner was told on 2026-05-21; on 2026-05-25 u1.ann is asked to decide",
        "Goes on late: u1.ann decides by 2026-05-29",
        "Goes on late: on the management review's agenda",
    ]
    assert for_programs == [
        None,
        told | {"rung": "owner told", "decide_by": None},
        told | {"rung": "lead asked", "decide_by": "2026-05-29"},
        told | {"rung": "on agenda", "decide_by": "2026-05-29"},
    ]


def _statements(pdca: Command) -> int:
    """Return how many statements a list takes, counted on whatever engine the command opens."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        pdca("actions", "list", *AS_OF)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent)
