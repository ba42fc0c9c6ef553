"""An action's dates: counted from its release, its end, its verdict."""

from datetime import date
from typing import Any

import pytest

from domain.actions import Action
from domain.method.due import check_on
from domain.method.planning_inputs import PlanningNumbers
from domain.method.workdays import Calendar
from domain.releases import ReleasedDates, check_after_done, dates_after_verdict, released_dates
from domain.verifications import Verdict

MONDAYS_TO_FRIDAYS = Calendar()
NUMBERS = PlanningNumbers()
PLANNED, PLANNED_CHECK = date(2026, 5, 29), date(2026, 7, 24)
"""What planning proposed for two items on Friday 1 May, and its check forty working days later."""
RELEASE = date(2026, 5, 13)
COUNTED, COUNTED_CHECK = date(2026, 6, 10), date(2026, 8, 5)


def an_action(**more: Any) -> Action:
    planned: dict[str, Any] = {"unit_id": 1, "title": "x", "due_on": PLANNED, "check_on": PLANNED_CHECK}
    return Action(**planned | {"facts": {"items": ["a", "b"], "due_on": PLANNED.isoformat()}} | more)


def test_the_planned_check_is_forty_working_days_after_the_due_date() -> None:
    assert check_on(MONDAYS_TO_FRIDAYS, PLANNED, NUMBERS) == PLANNED_CHECK


@pytest.mark.parametrize(
    ("action", "due", "check"),
    [
        (an_action(), COUNTED, COUNTED_CHECK),
        (an_action(due_on=date(2026, 7, 1), check_on=date(2026, 9, 1)), date(2026, 7, 1), date(2026, 9, 1)),
        (an_action(check_on=date(2026, 12, 1)), COUNTED, date(2026, 12, 1)),
        (an_action(check_on=date(2026, 6, 1)), COUNTED, COUNTED_CHECK),
        (an_action(facts={}), PLANNED, PLANNED_CHECK),
        (an_action(due_on=None, check_on=None), None, None),
    ],
    ids=["nobody edited", "both edited", "check edited", "check too early", "not planned", "nothing set"],
)
def test_release_counts_anew_what_nobody_edited(action: Action, due: date | None, check: date | None) -> None:
    dates = released_dates(MONDAYS_TO_FRIDAYS, action, RELEASE, NUMBERS)

    assert dates == ReleasedDates(date(2026, 5, 20), due, check)


def test_more_items_take_longer() -> None:
    three = an_action(facts={"items": ["a", "b", "c"], "due_on": PLANNED.isoformat()})
    five = an_action(facts={"items": list("abcde"), "due_on": PLANNED.isoformat()})

    assert released_dates(MONDAYS_TO_FRIDAYS, three, RELEASE, NUMBERS).due_on == date(2026, 7, 15)
    assert released_dates(MONDAYS_TO_FRIDAYS, five, RELEASE, NUMBERS).due_on == date(2026, 9, 16)


@pytest.mark.parametrize(
    ("day", "check"),
    [
        (date(2026, 5, 4), PLANNED_CHECK),
        (PLANNED, PLANNED_CHECK),
        (date(2026, 6, 1), date(2026, 7, 27)),
        (date(2026, 8, 3), date(2026, 9, 28)),
    ],
    ids=["early", "on the day", "a day late", "after its check"],
)
def test_what_is_done_late_waits_the_whole_time(day: date, check: date) -> None:
    assert check_after_done(MONDAYS_TO_FRIDAYS, an_action(), day, NUMBERS) == check


def test_a_check_set_far_ahead_stays_when_the_action_is_late() -> None:
    far = an_action(check_on=date(2026, 12, 1))

    assert check_after_done(MONDAYS_TO_FRIDAYS, far, date(2026, 6, 1), NUMBERS) == date(2026, 12, 1)


def test_a_successor_is_due_and_checked_from_the_verdict_on() -> None:
    day = date(2026, 7, 24)

    dates = dates_after_verdict(MONDAYS_TO_FRIDAYS, an_action(), Verdict.NOT_EFFECTIVE, day, NUMBERS)

    assert dates == (date(2026, 8, 21), date(2026, 10, 16))


def test_what_cannot_be_assessed_is_looked_at_twenty_working_days_later() -> None:
    day = date(2026, 7, 24)

    _due, again = dates_after_verdict(MONDAYS_TO_FRIDAYS, an_action(), Verdict.NOT_ASSESSABLE, day, NUMBERS)

    assert again == date(2026, 8, 21)
