"""Where the wheel stands, for people and for programs."""

import pytest
from sqlalchemy import select

from config.database import transaction
from domain import actions, ladder
from domain.organisation import organisation
from domain.people import Person
from domain.places import places
from domain.programmes import Programme
from domain.turns import Turn
from tests.builders import OPENING, Firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft, an_open_action, answer, turn
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-04-08T10:00")


@pytest.fixture
def opened_firm(database: Database, firm: Firm) -> Firm:
    """A firm whose second quarter of 2026 is open; u1's ben has answered."""
    with transaction(database.engine) as session:
        turn(session, OPENING)
        answer(session, firm, "u1.ben", {"2": 2, "10": 1})
    return firm


@pytest.mark.usefixtures("firm")
def test_before_the_first_turn_it_says_what_to_do(pdca: Command) -> None:
    ran = pdca("status", *AS_OF)

    assert ran.code == 0
    assert ran.lines == [
        "No cycle has begun; `pdca turn` begins what is due.",
        "Next due 2026-04-01 00:00 UTC: a cycle begins; overdue, `pdca turn` does it",
        "Last turn none yet; run `pdca turn`",
    ]


@pytest.mark.usefixtures("opened_firm")
def test_it_shows_each_unit_who_is_missing_and_what_is_due_next(pdca: Command, database: Database) -> None:
    with transaction(database.engine) as session:
        session.add(Turn(as_of=OPENING, holder="x", started_at=OPENING, ended_at=OPENING))

    ran = pdca("status", *AS_OF)

    assert ran.lines == [
        "Programme (wheel) · 2026-Q2, 2026-04-01 to 2026-06-30 · open",
        "Unit Name Status Next Answered Contested",
        "top Unit top open closes 2026-04-21 16:00 0 of 3",
        "u1 Unit u1 open closes 2026-04-21 16:00 1 of 3",
        "u2 Unit u2 open closes 2026-04-21 16:00 0 of 3",
        "Missing in Who",
        "top top.ann, top.ben, top.cem",
        "u1 u1.ann, u1.cem",
        "u2 u2.ann, u2.ben, u2.cem",
        "Next due 2026-04-21 16:00 UTC: a blind round ends",
        "Last turn 2026-04-07 09:00 UTC",
    ]
    assert max(len(line) for line in ran.out.splitlines()) <= 100


def test_a_cycle_that_waits_for_nothing_more_says_what_came_of_it(
    pdca: Command, database: Database, opened_firm: Firm
) -> None:
    with transaction(database.engine) as session:
        session.get_one(Programme, opened_firm.programme.id).name = "wheel"
        turn(session, at("2026-06-30"))

    ran = pdca("status", "2026-Q2", "--as-of", "2026-06-30T10:00")

    assert ran.lines[0] == "wheel · 2026-Q2, 2026-04-01 to 2026-06-30 · scored, actions drafted"


@pytest.mark.usefixtures("opened_firm")
def test_how_it_stood_earlier_or_will_stand_is_not_shown(pdca: Command, database: Database) -> None:
    with transaction(database.engine) as session:
        organisation(session).time_zone = "Europe/Berlin"

    earlier = pdca("status", "--as-of", "2026-04-07T10:59")
    then = pdca("status", "--as-of", "2026-04-07T11:00")
    ahead = pdca("status", "--as-of", "2999-01-01T00:00")

    assert (earlier.code, earlier.out, earlier.err) == (
        2,
        "",
        (
            "--as-of 2026-04-07T10:59+02:00 lies before the last thing that happened (2026-04-07T11:00+02:00); "
            "how it stood earlier is not shown, give a moment from then on\n"
        ),
    )
    assert (then.code, then.err) == (0, "")
    assert ahead.err == "--as-of 2999-01-01T00:00+01:00 lies in the future; give a moment up to now\n"


@pytest.mark.usefixtures("opened_firm")
def test_programs_read_the_same(pdca: Command) -> None:
    ran = pdca("status", "2026-Q2", "--json", *AS_OF)

    said = ran.json
    assert said["next_due"] == {"at": "2026-04-21T16:00:00+00:00", "what": "a blind round ends"}
    assert said["last_turn"] is None
    nobody = ("drafts", "unanswered", "late", "without_owner", "to_verify", "for_review", "decisions", "agenda")
    assert said["waiting"] == {name: [] for name in nobody}
    [cycle] = said["cycles"]
    assert {name: cycle[name] for name in ("programme", "cycle", "status", "starts_on", "ends_on")} == {
        "programme": "wheel",
        "cycle": "2026-Q2",
        "status": "open",
        "starts_on": "2026-04-01",
        "ends_on": "2026-06-30",
    }
    assert cycle["units"][1] == {
        "unit": "u1",
        "name": "Unit u1",
        "status": "open",
        "opens_on": "2026-04-03",
        "closes_at": "2026-04-21T16:00:00+00:00",
        "agree_until": "2026-04-28T16:00:00+00:00",
        "closed_at": None,
        "elements": ["2", "10"],
        "answered": [1, 3],
        "missing": ["u1.ann", "u1.cem"],
        "contested": 0,
    }


def test_contested_items_are_counted_while_the_team_agrees(
    pdca: Command, database: Database, opened_firm: Firm
) -> None:
    with transaction(database.engine) as session:
        answer(session, opened_firm, "u1.ann", {"2": 2, "10": 2})
        turn(session, at("2026-04-22"))

    ran = pdca("status", "--as-of", "2026-04-22T10:00")

    assert "u1 Unit u1 agreeing agrees until 2026-04-29 16:00 2 of 3 2" in ran.lines
    assert "Missing in Who" not in ran.lines


def test_what_waits_for_somebody_is_listed_by_number(pdca: Command, database: Database, firm: Firm) -> None:
    with transaction(database.engine) as session:
        a_draft(session, firm)
        late = an_open_action(session, firm, covers=("u2",))
        late.accepted_on = OPENING.date()
        an_open_action(session, firm, covers=("u2",), element="2", due_on=at("2026-07-01").date())

    ran = pdca("status", "--as-of", "2026-05-18T10:00")

    assert ran.lines[1:4] == ["Drafts to release 1", "Owner's answer awaited 3", "Late 2"]


def test_who_decides_by_when_is_listed_and_what_the_review_decides(
    pdca: Command, database: Database, firm: Firm
) -> None:
    with transaction(database.engine) as session:
        undecided = an_open_action(session, firm).id
        late = an_open_action(session, firm, element="2", due_on=at("2026-04-08").date())
        actions.accept(session, late, today=OPENING.date(), by=None, now=OPENING)
    lines = []
    for day in ("2026-04-14", "2026-04-15", "2026-04-16", "2026-04-22"):
        with transaction(database.engine) as session:
            ladder.climb(session, places(session, at(day)), at(day))
        lines.append(pdca("status", "--as-of", f"{day}T10:00").lines)

    said = pdca("status", "--json", "--as-of", "2026-04-22T10:00").json["waiting"]

    assert lines[2][1:4] == [
        "Decision on Because Asked By",
        f"{undecided} no answer u1.ann 2026-04-21",
        f"{late.id} late u1.ann 2026-04-22",
    ]
    assert lines[3][1:5] == [
        "Decision on Because Asked By",
        f"{late.id} late u1.ann 2026-04-22",
        "On the review's agenda Because",
        f"{undecided} undecided",
    ]
    assert said["decisions"] == [{"action": late.id, "because": "late", "asked": "u1.ann", "decide_by": "2026-04-22"}]
    assert said["agenda"] == [{"action": undecided, "because": ["undecided"]}]
    assert said["for_review"] == [undecided]


@pytest.mark.usefixtures("opened_firm")
def test_an_unknown_cycle_is_refused(pdca: Command) -> None:
    ran = pdca("status", "2026-Q9")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "no cycle 2026-Q9 here; `pdca status` lists the cycles\n"


def test_people_are_listed_with_their_roles(pdca: Command, database: Database, firm: Firm) -> None:
    with transaction(database.engine) as session:
        gone = session.scalars(select(Person).where(Person.key == "u2.cem")).one()
        gone.left_on = OPENING.date()

    ran = pdca("status", "--people", *AS_OF)

    assert len(ran.lines) == 1 + len(firm.people) - 1
    assert ran.lines[:3] == [
        "Id Name Mail Roles Leads",
        "quality Quality quality@example.org quality manager",
        "top.ann Top Ann top.ann@example.org top",
    ]
    assert pdca("status", "--people", "--json", *AS_OF).json["people"][0] == {
        "id": "quality",
        "name": "Quality",
        "mail": "quality@example.org",
        "roles": ["quality manager"],
        "leads": None,
    }


def test_without_an_organisation_it_says_how_to_bring_one_in(pdca: Command) -> None:
    ran = pdca("status")

    assert (ran.code, ran.err) == (2, "no organisation here yet; `pdca import FILE` brings one in\n")
