"""Cycles: the current period begins once, in the programme's own year; missed periods are recorded, never opened."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.people import Person
from tests.builders import a_firm, at
from tests.conftest import Database
from tests.domain.acts import assessment_of, plan, told


def periods(session: Session) -> list[tuple[str, str, int]]:
    rows = select(Cycle).order_by(Cycle.starts_on)
    return [(each.period, each.status.value, each.number) for each in session.scalars(rows)]


def test_a_period_begins_on_its_first_day_with_an_assessment_per_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session)

        first = plan(session, at("2026-03-31", 23))
        next_hour = plan(session, at("2026-04-01", 0))

        assert (first, next_hour) == ({"begun": 1, "opened": 3}, {"begun": 1})
        assert periods(session) == [("2026-Q1", "open", 0), ("2026-Q2", "open", 1)]
        planned = select(Assessment.opens_on).where(Assessment.status == AssessmentStatus.PLANNED)
        assert session.scalars(planned).all() == [date(2026, 4, 3)] * 3


@pytest.mark.parametrize(
    ("of_the_programme", "first_day", "period", "starts_on", "ends_on"),
    [
        ({"months_per_cycle": 1}, "2026-02-01", "2026-M02", date(2026, 2, 1), date(2026, 2, 28)),
        ({"months_per_cycle": 3}, "2026-10-01", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ({"months_per_cycle": 6}, "2026-07-01", "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ({"months_per_cycle": 12}, "2026-01-01", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ({"months_per_cycle": 3, "fiscal_start": 4}, "2027-01-01", "2026-Q4", date(2027, 1, 1), date(2027, 3, 31)),
        ({"months_per_cycle": 12, "fiscal_start": 10}, "2026-10-01", "2026", date(2026, 10, 1), date(2027, 9, 30)),
        ({"months_per_cycle": 6, "fiscal_start": 11}, "2027-05-01", "2026-H2", date(2027, 5, 1), date(2027, 10, 31)),
    ],
)
def test_a_cycle_is_as_long_as_the_programme_says_in_its_fiscal_year(
    database: Database, of_the_programme: dict[str, Any], first_day: str, period: str, starts_on: date, ends_on: date
) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), **of_the_programme)

        plan(session, at(first_day, 0))

        cycle = session.scalars(select(Cycle)).one()
        assert (cycle.period, cycle.starts_on, cycle.ends_on) == (period, starts_on, ends_on)


def test_only_the_current_period_is_opened_and_missed_ones_are_recorded_once(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=())
        plan(session, at("2025-02-10"))

        plan(session, at("2026-02-10"))
        plan(session, at("2026-02-10", 10))

        assert periods(session) == [
            ("2025-Q1", "open", 0),
            ("2025-Q2", "missed", 1),
            ("2025-Q3", "missed", 1),
            ("2025-Q4", "missed", 1),
            ("2026-Q1", "open", 1),
        ]
        assert told(session).count("cycle.missed") == 3
        assert session.scalars(select(Assessment.opens_on).order_by(Assessment.id)).all() == [
            date(2025, 1, 3),
            date(2026, 1, 5),
        ]


def test_before_its_first_cycle_a_programme_has_missed_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), starts_on=date(2026, 5, 16))

        waiting = plan(session, at("2026-05-15"))
        on_a_saturday = plan(session, at("2026-05-16"))
        on_monday = plan(session, at("2026-05-18"))

        assert (waiting, on_a_saturday, on_monday) == ({}, {"begun": 1}, {"opened": 1})
        assert periods(session) == [("2026-Q2", "open", 0)]


def test_a_programme_at_rest_begins_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, is_active=False)

        assert (plan(session, at("2026-04-07")), periods(session)) == ({}, [])


def test_after_a_change_from_quarters_to_months_the_quarters_months_were_not_missed(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        plan(session, at("2026-04-07"))
        firm.programme.months_per_cycle = 1

        plan(session, at("2026-08-04"))

        assert periods(session) == [("2026-Q2", "open", 0), ("2026-M07", "missed", 1), ("2026-M08", "open", 1)]


def test_after_a_change_of_the_fiscal_year_a_quarter_begins_whose_id_was_there(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        plan(session, at("2026-11-03"))
        firm.programme.fiscal_start = 4
        session.flush()
        same_days = plan(session, at("2026-11-04"))

        for day in ("2027-01-05", "2027-01-06", "2027-04-06"):
            plan(session, at(day))

        assert same_days == {}
        assert periods(session) == [("2026-Q4", "open", 0), ("2026-Q4b", "open", 1), ("2027-Q1", "open", 2)]


def test_a_quarter_that_a_change_of_the_fiscal_year_moves_by_a_month_is_not_begun_twice(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        plan(session, at("2026-02-03"))
        firm.programme.fiscal_start = 2
        session.flush()

        plan(session, at("2026-02-10"))
        plan(session, at("2026-05-05"))

        assert periods(session) == [("2026-Q1", "open", 0), ("2026-Q2", "open", 1)]


def test_a_cycle_in_which_nothing_opened_takes_no_turn_of_the_rotation(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=(), rotation=[["1"], ["2"], ["10"]])
        plan(session, at("2026-02-10"))
        everybody = session.scalars(select(Person)).all()
        for person in everybody:
            person.left_on = date(2026, 3, 1)
        skipped = plan(session, at("2026-05-12"))
        for person in everybody:
            person.left_on = None

        plan(session, at("2026-08-11"))

        assert skipped == {"begun": 1}
        assert periods(session) == [("2026-Q1", "open", 0), ("2026-Q2", "open", 1), ("2026-Q3", "open", 1)]
        assert assessment_of(session, firm.units["top"].key).scope == ["2"]


def test_a_turn_of_the_rotation_that_asks_nobody_anything_is_over_with_its_cycle(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), rotation=[["1"], [], ["10"]])

        for day in ("2026-02-10", "2026-05-12", "2026-08-11"):
            plan(session, at(day))

        assert periods(session) == [("2026-Q1", "open", 0), ("2026-Q2", "open", 1), ("2026-Q3", "open", 2)]
