from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.workdays import (
    Calendar,
    add_working_days,
    is_working_day,
    nth_working_day,
    working_days_between,
)

FRIDAY = date(2026, 12, 18)
MONDAY = date(2026, 12, 21)
CHRISTMAS = Calendar(
    holidays=frozenset({date(2026, 12, 25)}),
    closing_days=frozenset({date(2026, 12, 24)}),
    no_ask=((date(2026, 12, 28), date(2027, 1, 3)),),
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
TIMES = st.tuples(DAYS, st.integers(0, 20)).map(lambda each: (each[0], each[0] + timedelta(days=each[1])))
CALENDARS = st.builds(
    Calendar,
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(DAYS, max_size=20),
    closing_days=st.frozensets(DAYS, max_size=5),
    no_ask=st.lists(TIMES, max_size=2).map(tuple),
)


def test_weekends_holidays_closing_days_and_no_ask_weeks_are_not_worked() -> None:
    december = [date(2026, 12, day) for day in range(19, 32)]

    working = [day.day for day in december if is_working_day(CHRISTMAS, day)]

    assert working == [21, 22, 23]


def test_counting_passes_over_what_is_not_worked() -> None:
    assert add_working_days(CHRISTMAS, FRIDAY, 3) == date(2026, 12, 23)
    assert add_working_days(CHRISTMAS, FRIDAY, 4) == date(2027, 1, 4)
    assert add_working_days(CHRISTMAS, date(2027, 1, 4), -1) == date(2026, 12, 23)


def test_no_working_days_on_is_the_day_itself_or_the_next_that_is_worked() -> None:
    assert add_working_days(CHRISTMAS, FRIDAY, 0) == FRIDAY
    assert add_working_days(CHRISTMAS, date(2026, 12, 19), 0) == MONDAY


def test_the_first_working_day_may_be_the_start_itself() -> None:
    assert nth_working_day(CHRISTMAS, MONDAY, 1) == MONDAY
    assert nth_working_day(CHRISTMAS, date(2026, 12, 24), 1) == date(2027, 1, 4)


def test_a_week_needs_a_working_day() -> None:
    with pytest.raises(ValueError, match="a weekend of seven days leaves no working day"):
        Calendar(weekend=frozenset(range(7)))


@given(CALENDARS, DAYS, st.integers(-30, 30).filter(bool))
def test_counting_back_gives_the_days_that_were_added(calendar: Calendar, day: date, n: int) -> None:
    reached = add_working_days(calendar, day, n)

    assert is_working_day(calendar, reached)
    assert working_days_between(calendar, day, reached) == n
