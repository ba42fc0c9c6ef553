"""Who is asked what when a unit opens: the rotation's turn, what was reported done, those who are here."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, openings, programmes
from domain.actions import Action, ActionStatus, ActionUnit
from domain.assessments import Assessment
from domain.cycles import Cycle
from domain.events import Event
from domain.organisation import Unit
from domain.people import Person
from domain.programmes import Programme, ProgrammeUnit, Respondent, elements_of
from domain.responses import Response
from tests.builders import OPENING, Firm, a_firm, a_model, at
from tests.conftest import Database
from tests.domain.acts import an_open_action, plan

FOUR = a_model("1", "2", "9", "10", organisation=("1",))


def scopes(session: Session, period: str = "2026-Q2") -> dict[str, list[str]]:
    rows = select(Unit.key, Assessment.scope).join(Unit, Unit.id == Assessment.unit_id).join(Cycle)
    found = session.execute(rows.where(Cycle.period == period).order_by(Assessment.id))
    return {row.key: row.scope for row in found}


def asked(session: Session) -> dict[str, list[str]]:
    rows = select(Person.key, Response.scope).join(Person, Person.id == Response.person_id).order_by(Response.id)
    return {row.key: row.scope for row in session.execute(rows)}


def skips(session: Session) -> list[object]:
    return [
        each.payload["because"]
        for each in session.scalars(select(Event).where(Event.name == "assessment.skipped").order_by(Event.id))
    ]


def report_done(session: Session, action: Action) -> None:
    actions.done(
        session,
        action,
        "it hangs there",
        today=OPENING.date(),
        check_on=action.check_on or date.max,
        by=None,
        now=OPENING,
    )


def test_the_top_unit_answers_for_the_organisation_and_the_others_for_themselves(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session)

        plan(session, OPENING)

        assert scopes(session) == {"top": ["1"], "u1": ["2", "10"], "u2": ["2", "10"]}
        assert list(asked(session)) == [
            f"{unit}.{name}" for unit in ("top", "u1", "u2") for name in ("ann", "ben", "cem")
        ]


def test_a_unit_alone_answers_for_all(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=())

        plan(session, OPENING)

        assert scopes(session) == {"top": ["1", "2", "10"]}


@pytest.mark.parametrize(
    ("is_top", "is_alone", "elements"),
    [(True, False, ["1"]), (False, False, ["2", "9", "10"]), (True, True, ["1", "2", "9", "10"])],
)
def test_elements_are_asked_of_the_organisation_or_of_units(
    database: Database, *, is_top: bool, is_alone: bool, elements: list[str]
) -> None:
    with transaction(database.engine) as session:
        edition = a_firm(session, model=FOUR).edition

    assert elements_of(edition, is_top=is_top, is_alone=is_alone) == elements


def test_the_rotation_goes_by_the_cycles_that_were_opened(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=("u1",), model=FOUR, rotation=[["1", "2"], ["9"], ["10"]])

        for day in ("2026-04-07", "2026-07-07", "2027-01-05", "2027-04-06"):  # the fourth quarter of 2026 is missed
            plan(session, at(day))

        turns = ("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2")
        assert [scopes(session, each).get("u1") for each in turns] == [["2"], ["9"], None, ["10"], ["2"]]


def test_a_unit_with_nothing_in_the_rotations_turn_is_skipped(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=("u1",), model=FOUR, rotation=[["9"], ["1"]])

        plan(session, OPENING)

        assert (scopes(session), skips(session)) == ({"top": [], "u1": ["9"]}, ["nobody or nothing to ask"])


def test_what_was_reported_done_is_asked_again_until_it_is_verified(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, model=FOUR, rotation=[["9"]])
        done = an_open_action(session, firm, element="10", covers=("u1", "u2"))
        report_done(session, done)
        an_open_action(session, firm, element="2")

        plan(session, OPENING)
        actions.move(session, done, ActionStatus.EFFECTIVE, by=None, now=OPENING)
        plan(session, at("2026-07-07"))

        assert scopes(session) == {"top": [], "u1": ["9", "10"], "u2": ["9", "10"]}
        assert scopes(session, "2026-Q3") == {"top": [], "u1": ["9"], "u2": ["9"]}


def test_what_was_reported_done_elsewhere_or_of_another_model_stays_out(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, model=FOUR, rotation=[["9"]])
        report_done(session, an_open_action(session, firm, element="10", covers=("u2",)))
        other = an_open_action(session, firm, element="2")
        session.execute(update(ActionUnit).where(ActionUnit.action_id == other.id).values(model="other"))
        report_done(session, other)

        plan(session, OPENING)

        assert scopes(session) == {"top": [], "u1": ["9"], "u2": ["9", "10"]}


def test_respondents_are_asked_about_their_elements_only(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",), model=FOUR)
        mine: dict[str, list[str] | None] = {"ann": ["10"], "ben": ["1"], "cem": None}
        for name, elements in mine.items():
            person_id = firm.people[f"u1.{name}"].id
            session.scalars(select(Respondent).where(Respondent.person_id == person_id)).one().elements = elements
        session.flush()

        plan(session, OPENING)

        assert {key: scope for key, scope in asked(session).items() if key.startswith("u1")} == {
            "u1.ann": ["10"],
            "u1.cem": ["2", "9", "10"],
        }


@pytest.mark.parametrize(("left_on", "is_asked"), [("2026-04-07", False), ("2026-04-08", True), ("2025-12-31", False)])
def test_who_has_left_is_not_asked(database: Database, left_on: str, *, is_asked: bool) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        firm.people["top.ben"].left_on = date.fromisoformat(left_on)
        session.flush()

        plan(session, OPENING)

        assert list(asked(session)) == ["top.ann", *(["top.ben"] if is_asked else []), "top.cem"]


def test_a_unit_in_which_everybody_has_left_is_skipped(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        for name in ("ann", "ben", "cem"):
            firm.people[f"u1.{name}"].left_on = date(2026, 4, 1)
        session.flush()

        done = plan(session, OPENING)

        assert (done, skips(session)) == ({"begun": 1, "opened": 1}, ["nobody or nothing to ask"])


def test_a_unit_that_ended_before_its_opening_is_skipped(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        plan(session, at("2026-04-01"))
        firm.units["u1"].valid_to = date(2026, 4, 2)
        session.flush()

        done = plan(session, OPENING)

        assert (done, skips(session)) == ({"opened": 1}, ["unit ended"])


def test_only_units_of_the_programme_take_part(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        session.delete(session.get_one(ProgrammeUnit, (firm.programme.id, firm.units["u2"].id)))

        plan(session, OPENING)

        assert scopes(session) == {"top": ["1"], "u1": ["2", "10"]}


def a_second_programme(session: Session, firm: Firm) -> Programme:
    second = Programme(
        key="second",
        name="Second",
        edition_id=firm.programme.edition_id,
        opening_working_day=1,
        rotation=firm.programme.rotation,
    )
    session.add(second)
    session.flush()
    session.add(ProgrammeUnit(programme_id=second.id, unit_id=firm.units["u1"].id))
    session.add(Respondent(programme_id=second.id, unit_id=firm.units["u1"].id, person_id=firm.people["u1.ann"].id))
    session.flush()
    return second


def test_two_programmes_turn_side_by_side(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        second = a_second_programme(session, firm)

        done = plan(session, at("2026-04-01"))

        opened = session.scalars(select(Assessment).where(Assessment.closes_at.is_not(None))).one()
        assert done == {"begun": 2, "opened": 1}
        assert (session.get_one(Cycle, opened.cycle_id).programme_id, opened.scope) == (second.id, ["1", "2", "10"])


@pytest.mark.parametrize(
    ("rotation", "turns"),
    [
        ([["10"], []], [{"10"}, set(), {"10"}, set(), {"10"}]),
        ([], [{"2"}, {"1", "9"}, {"10"}, {"2"}, {"1", "9"}]),
    ],
)
def test_a_cycle_has_the_rotations_turn_and_without_one_everything_once_a_year(
    database: Database, rotation: list[list[str]], turns: list[set[str]]
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, model=FOUR, rotation=rotation, months_per_cycle=3)
        asked = {1: ["1"], 2: ["2", "9", "10"]}

        found = [programmes.turn(firm.programme, firm.edition, asked, number) for number in range(5)]

    assert found == turns


def test_a_unit_is_asked_what_the_turn_and_what_was_done_say_in_model_order() -> None:
    found = [openings.scope_of(frozenset(turn), ["2", "9", "10"], frozenset({"9", "1"})) for turn in (["10"], ["1"])]

    assert found == [["9", "10"], ["9"]]
