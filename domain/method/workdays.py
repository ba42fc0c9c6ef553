"""Working days of a unit: what is due falls on them and is counted in them."""

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
DAYS_PER_WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days a unit does not work or is not asked. Monday is weekday 0; a no-ask time includes both its days."""

    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    holidays: frozenset[date] = frozenset()
    closing_days: frozenset[date] = frozenset()
    no_ask: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a week without a working day, in which counting would not end."""
        if len(self.weekend) == DAYS_PER_WEEK:
            message = "a weekend of seven days leaves no working day"
            raise ValueError(message)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Return whether a unit works on a day and may be asked."""
    return (
        day.weekday() not in calendar.weekend
        and day not in calendar.holidays
        and day not in calendar.closing_days
        and not any(start <= day <= end for start, end in calendar.no_ask)
    )


def add_working_days(calendar: Calendar, day: date, n: int) -> date:
    """Return the nth working day after a day, or before it for a negative n; for 0 the day or the next working day.

    Two working days after a Friday is the Tuesday, after the Saturday too.
    """
    if n == 0:
        return nth_working_day(calendar, day, 1)
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(calendar, day):
            day += step
    return day


def nth_working_day(calendar: Calendar, start: date, n: int) -> date:
    """Return the nth working day from a day on, which itself counts if it is one; n begins with 1."""
    return add_working_days(calendar, start - ONE_DAY, n)


def working_days_between(calendar: Calendar, earlier: date, later: date) -> int:
    """Return how many working days lead from one day to another: those after it, up to and including the other.

    Negative, counting backwards, if `later` comes first; 0 for the same day.
    """
    if later < earlier:
        return -_count(calendar, later, earlier - ONE_DAY)
    return _count(calendar, earlier + ONE_DAY, later)


def _count(calendar: Calendar, first: date, last: date) -> int:
    days = (last - first).days + 1
    return sum(is_working_day(calendar, first + timedelta(days=each)) for each in range(days))
