"""When an action is due, checked, and goes on to the lead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.due import Ladder, check_on, due_on, ladder, lead_decides_by, lead_is_asked_on
from domain.method.planning_inputs import PlanningNumbers
from domain.method.workdays import Calendar, is_working_day

MONDAY = date(2027, 1, 4)
NUMBERS = PlanningNumbers()


@pytest.mark.parametrize(("items", "weeks"), [(0, 4), (2, 4), (3, 9), (4, 9), (5, 18)])
def test_more_items_have_more_time(items: int, weeks: int) -> None:
    assert due_on(Calendar(), MONDAY, items, NUMBERS) == MONDAY + timedelta(weeks=weeks)


def test_days_the_unit_does_not_work_do_not_count() -> None:
    closed = Calendar(closing_days=frozenset({MONDAY + timedelta(weeks=4)}), no_ask=((MONDAY, date(2027, 1, 8)),))

    assert due_on(closed, date(2027, 1, 1), 2, NUMBERS) == date(2027, 2, 8)


def test_the_check_is_forty_working_days_after_the_due_date() -> None:
    assert check_on(Calendar(), MONDAY, NUMBERS) == MONDAY + timedelta(weeks=8)


def test_the_owner_is_told_before_the_lead_is_asked() -> None:
    assert ladder(Calendar(), MONDAY, NUMBERS) == Ladder(date(2027, 1, 8), date(2027, 1, 12), date(2027, 1, 18))


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 10),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=30),
)
def test_all_days_are_working_days_one_after_the_other(
    released_on: date, items: int, holidays: frozenset[date]
) -> None:
    calendar = Calendar(holidays=holidays)

    due = due_on(calendar, released_on, items, NUMBERS)
    late = ladder(calendar, due, NUMBERS)
    days = [due, late.owner_is_told_on, late.lead_is_asked_on, late.lead_decides_by, check_on(calendar, due, NUMBERS)]

    assert all(is_working_day(calendar, day) for day in days)
    assert [released_on, *days] == sorted([released_on, *days])


def test_whoever_is_told_or_asked_later_has_as_many_days_from_then() -> None:
    friday = date(2027, 1, 8)

    assert lead_is_asked_on(Calendar(), friday, NUMBERS) == date(2027, 1, 12)
    assert lead_decides_by(Calendar(holidays=frozenset({date(2027, 1, 11)})), friday, NUMBERS) == date(2027, 1, 15)
