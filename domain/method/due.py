"""When an action is due, when it is checked, who is told when it is late (method, section 6)."""

from dataclasses import dataclass
from datetime import date

from domain.method.planning_inputs import PlanningNumbers
from domain.method.workdays import Calendar, add_working_days


@dataclass(frozen=True, slots=True)
class Ladder:
    """The days on which a late action goes on to the next person, each a working day of the unit."""

    owner_is_told_on: date
    lead_is_asked_on: date
    lead_decides_by: date


def due_on(calendar: Calendar, released_on: date, items: int, numbers: PlanningNumbers) -> date:
    """Return the due date by the number of items to meet, in working days from the release."""
    if items <= numbers.few_items:
        days = numbers.days_for_few_items
    elif items <= numbers.some_items:
        days = numbers.days_for_some_items
    else:
        days = numbers.days_for_many_items
    return add_working_days(calendar, released_on, days)


def check_on(calendar: Calendar, due: date, numbers: PlanningNumbers) -> date:
    """Return the day on which somebody else looks whether the action worked, in working days from its due date."""
    return add_working_days(calendar, due, numbers.days_until_check)


def ladder(calendar: Calendar, due: date, numbers: PlanningNumbers) -> Ladder:
    """Return when the owner is told that the lead will be asked, when the lead is, and by when the lead decides.

    If nothing is decided by then, it is on the management review's agenda.
    """
    told = add_working_days(calendar, due, numbers.days_late_until_owner_is_told)
    asked = lead_is_asked_on(calendar, told, numbers)
    return Ladder(told, asked, lead_decides_by(calendar, asked, numbers))


def lead_is_asked_on(calendar: Calendar, told: date, numbers: PlanningNumbers) -> date:
    """Return when the lead is asked, in working days from the day on which the owner was really told."""
    return add_working_days(calendar, told, numbers.days_until_lead_is_asked)


def lead_decides_by(calendar: Calendar, asked: date, numbers: PlanningNumbers) -> date:
    """Return by when the lead decides, in working days from the day on which the lead was really asked."""
    return add_working_days(calendar, asked, numbers.days_for_the_lead)
