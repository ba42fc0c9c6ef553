from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.quarters import Period, period_of

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
LENGTHS = st.sampled_from([1, 3, 6, 12])
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("months", "period", "first", "last"),
    [
        (1, "2026-M11", date(2026, 11, 1), date(2026, 11, 30)),
        (3, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (6, "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        (12, "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_a_month_quarter_half_year_or_year(months: int, period: str, first: date, last: date) -> None:
    found = period_of(date(2026, 11, 24), months)

    assert (found.id, found.starts_on, found.ends_on) == (period, first, last)


def test_a_fiscal_year_is_named_by_the_year_it_begins_in() -> None:
    found = period_of(date(2027, 3, 31), 3, fiscal_start_month=4)

    assert (found.id, found.starts_on, found.ends_on) == ("2026-Q4", date(2027, 1, 1), date(2027, 3, 31))
    assert found.next.id == "2027-Q1"


def test_months_of_one_digit_are_padded() -> None:
    assert period_of(date(2026, 3, 1), 1).id == "2026-M03"


def test_seven_months_are_no_cycle() -> None:
    with pytest.raises(ValueError, match="7 months per cycle: 1, 3, 6 or 12 are possible"):
        period_of(date(2026, 3, 1), 7)


@given(DAYS, LENGTHS, MONTHS)
def test_periods_follow_each_other_without_a_gap(day: date, months: int, fiscal_start_month: int) -> None:
    period = period_of(day, months, fiscal_start_month)

    assert period.starts_on <= day <= period.ends_on
    assert period.next.previous == period
    assert (period.next.starts_on - period.ends_on).days == 1
    assert period_of(period.starts_on, months, fiscal_start_month) == period
    assert period_of(period.ends_on, months, fiscal_start_month) == period


@given(DAYS, LENGTHS, MONTHS)
def test_the_next_period_is_one_cycle_later(day: date, months: int, fiscal_start_month: int) -> None:
    period = period_of(day, months, fiscal_start_month)

    assert (period.cycles_since(day), period.next.cycles_since(day), period.previous.cycles_since(day)) == (0, 1, -1)


def test_a_year_later_is_four_quarters_later() -> None:
    assert Period(2027, 1, 3).cycles_since(date(2026, 2, 10)) == 4
