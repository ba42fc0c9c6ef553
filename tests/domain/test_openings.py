"""Opening: each unit on its own working day, at eight of its own morning; late where it must, and only once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import openings
from domain.assessments import Assessment, AssessmentStatus
from domain.events import Event
from domain.organisation import ClosingDay, NoAskWeek, Unit
from domain.turns import Reach
from tests.builders import a_firm, at
from tests.conftest import Database
from tests.domain.acts import assessment_of, plan, told


def statuses(session: Session) -> dict[str, str]:
    rows = select(Unit.key, Assessment.status).join(Assessment, Assessment.unit_id == Unit.id).order_by(Assessment.id)
    return {key: status.value for key, status in session.execute(rows)}


def test_planning_twice_changes_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session)
        plan(session, at("2026-04-07"))
        before = (statuses(session), told(session))

        again = plan(session, at("2026-04-07"))
        later = plan(session, at("2026-04-07", 10))

        assert (again, later) == ({}, {})
        assert (statuses(session), told(session)) == before


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("UTC", "2026-04-03T08:00+00:00"),
        ("Europe/Berlin", "2026-04-03T06:00+00:00"),
        ("America/New_York", "2026-04-03T12:00+00:00"),
        ("Pacific/Auckland", "2026-04-02T19:00+00:00"),
        ("Asia/Kolkata", "2026-04-03T02:30+00:00"),
    ],
)
def test_a_unit_opens_at_eight_of_its_own_morning(database: Database, zone: str, opens: str) -> None:
    moment = datetime.fromisoformat(opens)
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        firm.units["u1"].time_zone = zone
        openings.begin_cycles(session, at("2026-04-01", 0))
        firm.units["top"].valid_to = date(2026, 4, 1)  # only the unit is looked at
        session.flush()

        early = openings.open_assessments(session, moment - timedelta(minutes=1))
        in_time = openings.open_assessments(session, moment)

        assert (early, in_time) == (0, 1)
        assert assessment_of(session, "u1").closes_at == datetime(2026, 4, 17, 16, tzinfo=ZoneInfo(zone)).astimezone(
            UTC
        )


@pytest.mark.parametrize(
    ("region", "opens_on", "closes_on", "agree_on"),
    [
        # Good Friday (3 April) is free in all three, Easter Monday not in Scotland; then 1 May or, in Britain, 4 May.
        ("DE-BY", date(2026, 4, 7), date(2026, 5, 5), date(2026, 5, 12)),
        ("GB-ENG", date(2026, 4, 7), date(2026, 5, 5), date(2026, 5, 12)),
        ("GB-SCT", date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 11)),
        (None, date(2026, 4, 3), date(2026, 4, 30), date(2026, 5, 7)),
    ],
)
def test_working_days_are_those_of_the_units_region(
    database: Database, region: str | None, opens_on: date, closes_on: date, agree_on: date
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=(), answer_days=19)
        firm.units["top"].holidays = region
        plan(session, at("2026-04-01"))
        plan(session, at(opens_on))

        found = assessment_of(session, "top")

        assert (found.opens_on, found.closes_at, found.agree_until) == (opens_on, at(closes_on, 16), at(agree_on, 16))


def test_closing_days_and_no_ask_weeks_hold_back_opening_and_lengthen_answering(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"))
        u1 = firm.units["u1"].id
        session.add(ClosingDay(unit_id=None, day=date(2026, 4, 1)))
        session.add(NoAskWeek(unit_id=u1, starts_on=date(2026, 4, 2), ends_on=date(2026, 4, 8)))
        session.add(NoAskWeek(unit_id=u1, starts_on=date(2026, 4, 20), ends_on=date(2026, 4, 24)))
        for day in ("2026-04-01", "2026-04-06", "2026-04-13"):
            plan(session, at(day))

        found = {key: assessment_of(session, key) for key in ("u1", "u2")}

        assert {key: (each.opens_on, each.closes_at) for key, each in found.items()} == {
            "u1": (date(2026, 4, 13), at("2026-05-04", 16)),
            "u2": (date(2026, 4, 6), at("2026-04-20", 16)),
        }


def test_what_would_open_on_a_day_off_waits_for_the_next_working_day(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        plan(session, at("2026-04-01"))
        session.add(ClosingDay(unit_id=firm.units["top"].id, day=date(2026, 4, 3)))  # declared after it was planned
        session.flush()

        opened = [plan(session, at(day)) for day in ("2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06")]

        assert opened == [{}, {}, {}, {"opened": 1}]


def test_after_days_switched_off_it_opens_late_and_answer_days_count_from_there(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=())
        plan(session, at("2026-04-01"))

        plan(session, at("2026-04-25"))  # a Saturday
        plan(session, at("2026-04-27", 17))

        found = assessment_of(session, "top")
        assert (found.status, found.closes_at, found.agree_until) == (
            AssessmentStatus.OPEN,
            at("2026-05-11", 16),
            at("2026-05-18", 16),
        )


def test_after_a_period_switched_off_nothing_of_it_is_opened(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=())
        plan(session, at("2026-04-01"))

        done = plan(session, at("2026-07-06"))

        assert done == {"begun": 1, "opened": 1, "skipped": 1}
        assert session.scalars(select(Assessment.status).order_by(Assessment.id)).all() == [
            AssessmentStatus.SKIPPED,
            AssessmentStatus.OPEN,
        ]
        skipped = session.scalars(select(Event).where(Event.name == "assessment.skipped")).one()
        assert skipped.payload == {"was": "planned", "because": "period over"}


def test_on_the_last_day_of_a_period_it_still_opens(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session, below=())
        plan(session, at("2026-04-01"))

        assert plan(session, at("2026-06-30")) == {"opened": 1}


@pytest.mark.parametrize(
    ("opened_on", "closes_at"), [("2026-03-20", "2026-04-03T14:00+00:00"), ("2026-10-19", "2026-11-02T15:00+00:00")]
)
def test_a_round_over_a_night_that_changes_the_clock_closes_at_four_by_the_wall(
    database: Database, opened_on: str, closes_at: str
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=())
        firm.units["top"].time_zone = "Europe/Berlin"
        plan(session, at(opened_on))

        assert assessment_of(session, "top").closes_at == datetime.fromisoformat(closes_at)


def test_a_turn_about_one_unit_leaves_the_others_alone(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        plan(session, at("2026-04-01"))

        openings.open_assessments(session, at("2026-04-07"), Reach(firm.programme.id, firm.units["u1"].id))
        openings.skip_unopened(session, at("2026-07-01"), Reach(firm.programme.id, firm.units["u2"].id))

        assert statuses(session) == {"top": "planned", "u1": "open", "u2": "skipped"}


def test_a_turn_about_one_programme_leaves_the_others_alone(database: Database) -> None:
    with transaction(database.engine) as session:
        a_firm(session)

        assert plan(session, at("2026-04-07"), Reach(programme_id=99)) == {}


def test_opening_takes_the_same_statements_for_few_units_and_for_many(database: Database) -> None:
    counts = []
    for below in (["u1"], [f"u{number}" for number in range(40)]):
        with transaction(database.engine) as session:
            a_firm(session, below=below)
            plan(session, at("2026-04-01"))
            with database.statements() as sent:
                plan(session, at("2026-04-07"))
            counts.append(len(sent))
            session.rollback()

    assert counts[0] == counts[1]
