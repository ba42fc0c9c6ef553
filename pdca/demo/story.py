"""What happens in the demo: two quarters, told as the people of the sample live them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from domain.method.quarters import Period, period_of
from domain.method.workdays import Calendar, add_working_days
from domain.words import _
from pdca.demo import work
from pdca.demo.drafts import decide
from pdca.demo.sample import EXAMPLES, TEAM, at, monday_after, read_sample
from pdca.demo.stage import Stage

REMINDERS = (3, 1)
"""How many working days before closing the sample's programme reminds those who are missing."""
ANSWERS: Mapping[str, str] = {"first": "answers-first.xlsx", "second": "answers-second.csv"}


def last_two_quarters(today: date) -> tuple[Period, Period]:
    """Return the last two quarters that are over."""
    second = period_of(today, 3).previous
    return second.previous, second


def play(stage: Stage, first: Period, second: Period) -> None:
    """Play both quarters, from the import of the organisation to the verdicts on its actions."""
    sample = read_sample()
    stage.say(_("the administrator brings in the organisation and its programme"))
    stage.do("import", EXAMPLES / "organisation.yaml")
    assess(stage, first, "first")
    decide(stage, sample)
    work.until(stage, sample, first.ends_on)
    assess(stage, second, "second")
    decide(stage, sample)
    work.until(stage, sample, second.ends_on)
    decide(stage, sample)
    stage.go_to(at(second.ends_on))
    stage.turn()


def assess(stage: Stage, quarter: Period, which: str) -> None:
    """Let a quarter open, be answered blind, agreed and closed."""
    stage.go_to(at(monday_after(quarter.starts_on + timedelta(days=9))))
    stage.say(_("{quarter} is open in all units; most respondents answer").format(quarter=quarter.id))
    stage.do("import-answers", quarter.id, EXAMPLES / ANSWERS[which], "--by", TEAM)
    closes = latest(stage, quarter, "closes_at")
    for days_before in REMINDERS:
        stage.go_to(at(add_working_days(Calendar(), closes.date(), -days_before)))
        stage.turn()
    stage.go_to(closes)
    stage.say(_("the blind round is over; the teams settle what is contested"))
    stage.do("import-answers", quarter.id, EXAMPLES / f"agreed-{which}.csv", "--by", TEAM)
    stage.go_to(latest(stage, quarter, "agree_until"))
    stage.say(_("{quarter} is scored; findings are written and actions drafted").format(quarter=quarter.id))


def latest(stage: Stage, quarter: Period, moment: str) -> datetime:
    """Return the last of a moment over the units of a quarter, as `pdca status` gives it."""
    return max(datetime.fromisoformat(unit[moment]) for unit in units(stage, quarter) if unit[moment])


def units(stage: Stage, quarter: Period) -> Iterator[Mapping[str, Any]]:
    """Yield the units of a quarter as `pdca status` gives them."""
    for cycle in stage.read("status", quarter.id)["cycles"]:
        yield from cycle["units"]
