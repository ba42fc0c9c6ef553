"""The ladder: owner, lead, agenda, each on its day and once, and who is asked."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config.database import reading, transaction
from domain import cycles, ladder
from domain.actions import Action
from domain.cycles import CycleStatus
from domain.events import Event
from domain.method.quarters import period_of
from domain.organisation import ClosingDay, NoAskWeek, Unit
from domain.people import Absence, Person
from domain.places import places
from domain.rungs import RUNGS
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.domain.acts import an_open_action
from tests.domain.climbing import (
    ASKED,
    DECIDED_BY,
    ON_AGENDA,
    TOLD,
    UNANSWERED,
    UNANSWERED_UNTIL,
    UNDECIDED,
    accepted,
    climb,
    mornings,
    rungs,
)

AN_HOUR = timedelta(hours=1)


def test_a_late_action_is_told_to_its_owner_then_asked_of_the_lead_then_on_the_agenda(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)

    climb(database, *mornings("2026-04-08", "2026-06-30"))

    with reading(database.engine) as session:
        told = session.scalars(select(Event).where(Event.name.in_(RUNGS)).order_by(Event.id)).all()
    ann, ben = (firm.people[key].id for key in ("u1.ann", "u1.ben"))
    same = {"because": "late", "owner": ben, "due_on": "2026-05-15", "answer_by": "2026-04-14"}
    assert [(each.subject_id, each.name, each.by, each.at, each.payload) for each in told] == [
        (action.id, "action.owner told", None, at(TOLD, 8), same | {"lead_asked_on": ASKED}),
        (action.id, "action.lead asked", None, at(ASKED, 8), same | {"decider": ann, "decide_by": DECIDED_BY}),
        (action.id, "action.on agenda", None, at(ON_AGENDA, 8), same),
    ]


def test_what_is_not_answered_is_asked_of_the_lead_and_never_taken_for_a_yes(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)

    climb(database, *mornings("2026-04-08", "2026-06-30"))

    ann = firm.people["u1.ann"].id
    assert rungs(database, "because", "decider", "decide_by") == [
        (UNANSWERED, "lead asked", "no answer", ann, UNANSWERED_UNTIL),
        (UNDECIDED, "on agenda", "no answer", None, None),
    ]
    with reading(database.engine) as session:
        assert session.get_one(Action, action.id).accepted_on is None


def test_hourly_turns_climb_each_rung_once_and_never_before_eight_or_on_a_weekend(database: Database) -> None:
    with transaction(database.engine) as session:
        accepted(session, a_firm(session))
    first = at("2026-05-16", 0)

    climb(database, *(first + number * AN_HOUR for number in range(21 * 24)))

    with reading(database.engine) as session:
        moments = session.execute(select(Event.name, Event.at).where(Event.name.in_(RUNGS)).order_by(Event.id)).all()
    assert [tuple(each) for each in moments] == [
        ("action.owner told", at(TOLD, 8)),
        ("action.lead asked", at(ASKED, 8)),
        ("action.on agenda", at(ON_AGENDA, 8)),
    ]


def test_two_who_climb_at_once_climb_one_rung(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        for element in ("2", "10"):
            accepted(session, firm, element=element)
    together = threading.Barrier(4)

    def turn() -> None:
        together.wait()
        climb(database, at(TOLD, 8))

    threads = [threading.Thread(target=turn) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rungs(database) == [(TOLD, "owner told"), (TOLD, "owner told")]


def test_days_are_working_days_of_the_unit_without_holidays_closing_days_and_no_ask_weeks(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        unit = session.get_one(Unit, firm.units["u1"].id)
        unit.holidays = "DE-BY"  # Whit Monday, 25 May; Corpus Christi, 4 June
        session.add(ClosingDay(unit_id=unit.id, day=date(2026, 5, 18)))
        session.add(NoAskWeek(unit_id=unit.id, starts_on=date(2026, 5, 28), ends_on=date(2026, 6, 2)))
        accepted(session, firm)

    climb(database, *mornings("2026-05-15", "2026-06-30"))

    assert rungs(database, "lead_asked_on", "decide_by") == [
        ("2026-05-22", "owner told", "2026-05-27", None),
        ("2026-05-27", "lead asked", None, "2026-06-09"),
        ("2026-06-10", "on agenda", None, None),
    ]


def test_eight_is_that_of_the_units_zone(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        session.get_one(Unit, firm.units["u1"].id).time_zone = "Asia/Tokyo"
        session.get_one(Unit, firm.units["u2"].id).time_zone = "America/New_York"
        accepted(session, firm)
        accepted(session, firm, covers=("u2",))

    climb(database, *(at("2026-05-20", 0) + number * AN_HOUR for number in range(48)))

    with reading(database.engine) as session:
        moments = session.scalars(select(Event.at).where(Event.name.in_(RUNGS)).order_by(Event.id)).all()
    assert moments == [at("2026-05-20", 23), at("2026-05-21", 12)]


def test_the_programme_sets_the_days(database: Database) -> None:
    numbers = {"days_late_until_owner_is_told": 1, "days_until_lead_is_asked": 1, "days_for_the_lead": 2}
    with transaction(database.engine) as session:
        firm = a_firm(session, numbers=numbers)
        quarter = period_of(OPENING.date(), 3)
        cycle = cycles.begin(session, firm.programme, quarter, number=0, status=CycleStatus.OPEN, now=OPENING)
        assert cycle is not None
        session.flush()
        accepted(session, firm, cycle_id=cycle.id)

    climb(database, *mornings("2026-05-15", "2026-06-30"))

    assert rungs(database) == [("2026-05-18", "owner told"), ("2026-05-19", "lead asked"), ("2026-05-22", "on agenda")]


def test_a_machine_that_was_off_tells_the_owner_first_all_the_same(database: Database) -> None:
    with transaction(database.engine) as session:
        accepted(session, a_firm(session))

    climb(database, at("2026-07-04", 12), *mornings("2026-07-06", "2026-07-31"))

    assert rungs(database, "lead_asked_on", "decide_by") == [
        ("2026-07-06", "owner told", "2026-07-08", None),
        ("2026-07-08", "lead asked", None, "2026-07-14"),
        ("2026-07-15", "on agenda", None, None),
    ]


def test_an_owner_who_may_not_have_heard_of_an_action_is_told_before_the_lead_is_asked(database: Database) -> None:
    with transaction(database.engine) as session:
        an_open_action(session, a_firm(session))

    climb(database, *mornings("2026-04-27", "2026-05-08"))

    assert rungs(database, "because", "lead_asked_on") == [
        ("2026-04-27", "owner told", "no answer", "2026-04-29"),
        ("2026-04-29", "lead asked", "no answer", None),
        ("2026-05-06", "on agenda", "no answer", None),
    ]


@pytest.mark.parametrize(
    ("owner", "away", "deputy", "left", "asked"),
    [
        ("u1.ben", [], None, [], "u1.ann"),
        ("u1.ben", ["u1.ann"], None, [], "top.ann"),
        ("u1.ben", ["u1.ann"], "u1.cem", [], "u1.cem"),
        ("u1.ben", ["u1.ann", "u1.cem"], "u1.cem", [], "top.ann"),
        ("u1.ben", [], "u1.cem", ["u1.ann"], "u1.cem"),
        ("u1.ben", ["u1.ann"], "u1.ben", [], "top.ann"),
        ("u1.ann", [], "u1.cem", [], "top.ann"),
        ("u1.ann", [], None, [], "top.ann"),
    ],
)
def test_who_decides(
    database: Database, owner: str, away: list[str], deputy: str | None, left: list[str], asked: str
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        ids = {key: each.id for key, each in firm.people.items()}
        session.get_one(Person, ids["u1.ann"]).deputy_id = ids[deputy] if deputy else None
        for key in away:
            session.add(Absence(person_id=ids[key], starts_on=date(2026, 5, 25), ends_on=date(2026, 5, 25)))
        for key in left:
            session.get_one(Person, ids[key]).left_on = date(2026, 5, 25)
        accepted(session, firm, owner_id=ids[owner], verifier_id=ids["u2.cem"])

    climb(database, at(TOLD, 8), at(ASKED, 8))

    assert rungs(database, "decider") == [(TOLD, "owner told", None), (ASKED, "lead asked", ids[asked])]


@pytest.mark.parametrize(("deputy", "asked"), [("u1.cem", "u1.cem"), (None, "top.ann")])
def test_whoever_has_no_address_is_passed_over_when_somebody_is_asked(
    database: Database, deputy: str | None, asked: str
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        lead = session.get_one(Person, firm.people["u1.ann"].id)
        lead.mail, lead.deputy_id = None, firm.people[deputy].id if deputy else None
        accepted(session, firm)
        expected = firm.people[asked].id

    climb(database, at(TOLD, 8), at(ASKED, 8))

    assert rungs(database, "decider") == [(TOLD, "owner told", None), (ASKED, "lead asked", expected)]


def test_where_nobody_is_left_to_ask_it_is_on_the_agenda_at_once(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        top = {"owner_id": firm.people["top.ann"].id, "verifier_id": firm.people["top.ben"].id}
        accepted(session, firm, covers=("top",), element="1", **top)

    climb(database, *mornings("2026-05-15", "2026-06-30"))

    assert rungs(database, "decider") == [(TOLD, "owner told", None), (ASKED, "on agenda", None)]


def test_the_next_moment_is_told_before_it_comes(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        accepted(session, firm)

    found = []
    for day in ("2026-04-20", "2026-05-20", "2026-05-23", "2026-05-25", "2026-06-02"):
        with reading(database.engine) as session:
            found.append(ladder.next_at(session, places(session, at(day, 7)), at(day, 7)))
        climb(database, at(day, 8))

    assert found == [at(TOLD, 8), at(TOLD, 8), at("2026-05-25", 8), at("2026-05-25", 8), at("2026-06-02", 8)]


def test_nothing_to_climb_takes_as_few_statements_for_many_actions_as_for_one(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        an_open_action(session, firm)

    def count() -> int:
        now = at("2026-04-13", 8)
        with transaction(database.engine) as session:
            where = places(session, now)
            with database.statements() as sent:
                assert not any(ladder.climb(session, where, now).values())
        return len(sent)

    one = count()
    with transaction(database.engine) as session:
        for unit, element in (("u1", "2"), ("u2", "2"), ("u2", "10")):
            an_open_action(session, firm, covers=(unit,), element=element)

    assert count() == one <= 4
