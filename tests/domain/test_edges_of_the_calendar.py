"""The edges of the calendar: nights that change the clock, short months, the 31st, fiscal years, zones far apart."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import deadlines, overview, recomputation
from domain.actions import ActionStatus
from domain.assessments import Assessment
from domain.cycles import Cycle, CycleStatus
from domain.organisation import NoAskWeek, Unit, organisation
from domain.places import places
from tests.builders import a_firm, answer_all, at
from tests.conftest import Database
from tests.domain.acts import an_open_action, turn

AN_HOUR = timedelta(hours=1)


def cycles(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(Cycle).order_by(Cycle.starts_on))
    return [(each.period, each.status.value) for each in rows]


def assessments(session: Session) -> list[tuple[date, str]]:
    rows = session.scalars(select(Assessment).order_by(Assessment.id))
    return [(each.opens_on, each.status.value) for each in rows]


def by_the_hour(session: Session, first: datetime, last: datetime) -> None:
    while first <= last:
        turn(session, first)
        first += AN_HOUR


@pytest.mark.parametrize(
    ("zone", "day", "goes_on"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00+00:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00+00:00"),
        # There is no midnight in this night: the day begins at one o'clock.
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00+00:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00+00:00"),
        # And here there are two.
        ("America/Havana", "2026-11-01", "2026-11-01T04:00+00:00"),
    ],
)
def test_what_rests_until_a_day_goes_on_when_it_begins_also_in_a_night_that_changes_the_clock(
    database: Database, zone: str, day: str, goes_on: str
) -> None:
    moment = datetime.fromisoformat(goes_on)
    with transaction(database.engine) as session:
        firm = a_firm(session)
        organisation(session).time_zone = zone
        firm.programme.is_active = False
        action = an_open_action(session, firm, due_on=date(2027, 5, 14), check_on=date(2027, 7, 9))
        deadlines.hold(session, action, date.fromisoformat(day), "spring cleaning", by=None, now=at("2026-03-02"))

        before = moment - timedelta(minutes=1)
        due = overview.next_due(session, places(session, before), before)
        turn(session, before)
        rests = action.status
        turn(session, moment)

        assert due is not None
        assert (due.at.astimezone(UTC), due.what) == (moment, overview.Step.RESUME)
        assert (rests, action.status) == (ActionStatus.ON_HOLD, ActionStatus.IN_PROGRESS)


@pytest.mark.parametrize(("year", "months"), [(2026, 5), (2028, 3)])
def test_a_monthly_programme_opens_each_month_once_over_every_31st_and_29th(
    database: Database, year: int, months: int
) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), months_per_cycle=1, answer_days=5)
        day = date(year, 1, 1)
        while day < date(year, months + 1, 1):
            turn(session, at(day))
            day += timedelta(days=1)

        assert cycles(session) == [(f"{year}-M{month:02}", "planned") for month in range(1, months + 1)]
        assert [status for _day, status in assessments(session)] == ["scored"] * months


@pytest.mark.parametrize("began_on", ["2026-01-31", "2026-03-31", "2026-08-31"])
def test_a_programme_begun_on_a_31st_has_missed_no_month_after_it(database: Database, began_on: str) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), months_per_cycle=1)
        first = date.fromisoformat(began_on)
        turn(session, at(first))
        turn(session, at(first + timedelta(days=1)))

        assert [period for period, _status in cycles(session)] == [
            f"2026-M{month:02}" for month in (first.month, first.month + 1)
        ]


def test_a_month_with_too_few_working_days_opens_on_its_last_one(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), months_per_cycle=1, opening_working_day=20)
        session.add(NoAskWeek(unit_id=None, starts_on=date(2026, 5, 18), ends_on=date(2026, 5, 22)))
        for day in ("2026-05-01", "2026-05-28", "2026-05-29"):
            turn(session, at(day))

        assert assessments(session) == [(date(2026, 5, 29), "open")]


def test_a_month_without_a_working_day_is_skipped(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=(), months_per_cycle=1)
        session.add(NoAskWeek(unit_id=None, starts_on=date(2026, 7, 27), ends_on=date(2026, 9, 4)))
        for day in ("2026-08-03", "2026-08-31", "2026-09-04", "2026-09-09"):
            turn(session, at(day))

        assert cycles(session) == [("2026-M08", "planned"), ("2026-M09", "open")]
        assert [status for _day, status in assessments(session)] == ["skipped", "open"]


@pytest.mark.parametrize(
    ("zone", "turns_over_at"),
    [("Pacific/Auckland", "2026-03-31T11:00+00:00"), ("America/Los_Angeles", "2026-04-01T07:00+00:00")],
)
def test_a_fiscal_year_begins_on_its_first_day_where_the_organisation_is_at_home(
    database: Database, zone: str, turns_over_at: str
) -> None:
    moment = datetime.fromisoformat(turns_over_at)
    with transaction(database.engine) as session:
        a_firm(session, below=(), fiscal_start=4)
        organisation(session).time_zone = zone
        turn(session, moment - AN_HOUR)
        before = cycles(session)

        turn(session, moment)

        assert before == [("2025-Q4", "open")]
        assert [period for period, _status in cycles(session)] == ["2025-Q4", "2026-Q1"]


def test_units_far_apart_open_and_close_by_their_own_clocks_and_are_planned_together(database: Database) -> None:
    zones = {"u1": "Pacific/Kiritimati", "u2": "America/Los_Angeles", "u3": "Europe/Berlin"}
    with transaction(database.engine) as session:
        firm = a_firm(session, below=tuple(zones), answer_days=3)
        for unit, zone in zones.items():
            firm.units[unit].time_zone = zone
        firm.units["u3"].holidays = "DE-BY"
        by_the_hour(session, at("2026-04-01", 0), at("2026-04-07", 17))
        answer_all(session, firm.edition, {"1": 2, "2": 1}, at("2026-04-07", 17))
        by_the_hour(session, at("2026-04-07", 18), at("2026-04-10", 13))
        before = cycles(session)
        turn(session, at("2026-04-10", 14))

        rows = session.execute(select(Unit.key, Assessment).join(Unit, Unit.id == Assessment.unit_id))
        closed = {
            key: each.closed_at.astimezone(ZoneInfo(zones.get(key, "UTC"))) for key, each in rows if each.closed_at
        }
        assert {key: (at_.day, at_.hour) for key, at_ in closed.items()} == {
            "top": (8, 16),
            "u1": (8, 16),
            "u2": (8, 16),
            "u3": (10, 16),
        }
        assert (before, cycles(session)) == ([("2026-Q2", "open")], [("2026-Q2", "planned")])


def test_a_machine_that_was_off_over_the_closing_and_the_next_opening_ends_the_old_and_begins_the_new(
    database: Database,
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        turn(session, at("2026-04-06"))
        answer_all(session, firm.edition, {"1": 2, "2": 1, "10": 3}, at("2026-04-07"))

        done = turn(session, at("2026-07-06"))
        again = turn(session, at("2026-07-06"))

        assert cycles(session) == [("2026-Q2", "planned"), ("2026-Q3", "open")]
        assert (done["blind rounds closed"], done["assessments scored"], done["drafts"]) == (2, 2, 2)
        assert (done["cycles begun"], done["assessments opened"], again) == (1, 2, {})


def test_a_machine_that_was_off_over_an_opening_and_a_whole_period_misses_it_and_says_so(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=("u1",))
        turn(session, at("2026-01-06"))

        turn(session, at("2026-07-03"))

        found = session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
        assert [(each.period, each.status) for each in found] == [
            ("2026-Q1", CycleStatus.PLANNED),
            ("2026-Q2", CycleStatus.MISSED),
            ("2026-Q3", CycleStatus.OPEN),
        ]
        assert [each for one in found for each in recomputation.recompute(session, one)] == []
