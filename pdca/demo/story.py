"""What happens in the demo: two quarters, told as the people of the sample live them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from domain.method.quarters import Period, period_of
from domain.words import _, ngettext
from pdca.demo.stage import DemoFailed, Stage

EXAMPLES = Path(__file__).parents[2] / "examples"
ZONE = ZoneInfo("Europe/Berlin")
TEAM = "miriam.falk"
"""The quality manager of the sample who plays in the demo."""
ANSWERS: Mapping[str, str] = {"first": "answers-first.xlsx", "second": "answers-second.csv"}

Action = Mapping[str, Any]
"""An action as `pdca actions list --json` gives it."""


@dataclass(frozen=True)
class Decisions:
    """What the sample's people decide about each draft, by its unit and element; kept in `examples/decisions.yaml`."""

    by_draft: Mapping[str, Mapping[str, Any]]

    def about(self, action: Action) -> Mapping[str, Any]:
        """Return what is decided about an action; raises DemoFailed where the sample says nothing about it."""
        key = f"{action['unit']} {action['covers'][0]['element']}"
        if key not in self.by_draft:
            raise DemoFailed(_("examples/decisions.yaml says nothing about {key}").format(key=key))
        return self.by_draft[key]


def last_two_quarters(today: date) -> tuple[Period, Period]:
    """Return the last two quarters that are over."""
    second = period_of(today, 3).previous
    return second.previous, second


def play(stage: Stage, first: Period, second: Period) -> None:
    """Play both quarters, from the import of the organisation to the verdicts on its actions."""
    decisions = Decisions(yaml.safe_load((EXAMPLES / "decisions.yaml").read_text(encoding="utf-8")))
    stage.say(_("the administrator brings in the organisation and its programme"))
    stage.do("import", EXAMPLES / "organisation.yaml")
    assess(stage, first, "first")
    release(stage, decisions)
    answer_as_owners(stage, decisions)
    act(stage, decisions, until=second.starts_on)
    assess(stage, second, "second")
    release(stage, decisions)
    answer_as_owners(stage, decisions)
    verify(stage, decisions, until=second.ends_on)


def assess(stage: Stage, quarter: Period, which: str) -> None:
    """Let a quarter open, be answered blind, agreed and closed."""
    stage.go_to(at(quarter.starts_on + timedelta(days=9)))
    stage.say(_("{quarter} is open in all units; most respondents answer").format(quarter=quarter.id))
    stage.do("import-answers", quarter.id, EXAMPLES / ANSWERS[which], "--by", TEAM)
    stage.go_to(latest(stage, quarter, "closes_at"))
    stage.say(_("the blind round is over; the teams settle what is contested"))
    stage.do("import-answers", quarter.id, EXAMPLES / f"agreed-{which}.csv", "--by", TEAM)
    stage.go_to(latest(stage, quarter, "agree_until"))
    stage.say(_("{quarter} is scored; findings are written and actions drafted").format(quarter=quarter.id))


def release(stage: Stage, decisions: Decisions) -> None:
    """Give every draft a title and a measure in words and release it, or stop it with a reason."""
    stage.go_to(morning(stage.now, days=2))
    released = []
    for action in actions(stage, "proposed"):
        decided = decisions.about(action)
        if "cancel" in decided:
            stage.do("actions", "cancel", action["number"], "--because", decided["cancel"], "--by", TEAM)
            continue
        people = [word for who in ("owner", "verifier") if who in decided for word in (f"--{who}", decided[who])]
        edit = ("--title", decided["title"], "--measure", decided["measure"], *people)
        stage.do("actions", "edit", action["number"], *edit, "--by", TEAM)
        released.append(action["number"])
    if released:
        stage.do("actions", "release", *released, "--by", TEAM)
    stage.say(
        ngettext(
            "one action is released to its owner", "{count} actions are released to their owners", len(released)
        ).format(count=len(released))
    )
    stage.turn()


def answer_as_owners(stage: Stage, decisions: Decisions) -> None:
    """Let the owners take their actions on; who cannot is replaced, who needs longer says so."""
    stage.go_to(morning(stage.now, days=1))
    for action in actions(stage, "open"):
        if action["accepted_on"]:
            continue
        number, owner = action["number"], action["owner"]
        decided = decisions.about(action)
        if "not me" in decided:
            owner = decided["give to"]
            stage.do("actions", "reassign", number, "--to", owner, "--because", decided["not me"], "--by", TEAM)
        stage.do("actions", "accept", number, "--by", owner)
        if "later" in decided:
            due = date.fromisoformat(action["due_on"]) + timedelta(days=14)
            stage.do("actions", "move", number, "--due", due, "--because", decided["later"], "--by", owner)
    stage.say(_("the owners answer: they take it, ask for another date, or name somebody else"))
    stage.turn()


def act(stage: Stage, decisions: Decisions, *, until: date) -> None:
    """Let the owners work: progress on the way, done before the next quarter opens, some only later."""
    stage.go_to(morning(stage.now, days=14))
    for action in actions(stage, "open"):
        if "progress" in decisions.about(action):
            stage.do(
                "actions", "progress", action["number"], decisions.about(action)["progress"], "--by", action["owner"]
            )
    ready = [each for each in actions(stage, "open", "in progress") if "done" in decisions.about(each)]
    for action in sorted(ready, key=lambda each: (each["due_on"], each["number"])):
        day = min(date.fromisoformat(action["due_on"]), until) - timedelta(days=3)
        stage.go_to(max(stage.now, at(day)))
        stage.do(
            "actions", "done", action["number"], "--what", decisions.about(action)["done"], "--by", action["owner"]
        )
    stage.say(
        ngettext("one action is reported done", "{count} actions are reported done", len(ready)).format(
            count=len(ready)
        )
    )


def verify(stage: Stage, decisions: Decisions, *, until: date) -> None:
    """Let somebody other than the owner look at each done action on its check date."""
    for action in sorted(actions(stage, "done"), key=lambda each: (each["check_on"], each["number"])):
        check = at(date.fromisoformat(action["check_on"]), hour=11)
        if check.date() > until:
            continue
        stage.go_to(max(stage.now, check))
        decided = decisions.about(action)
        words = ("--verdict", decided["verdict"], "--seen", decided["seen"])
        stage.do("actions", "verify", action["number"], *words, "--by", action["verifier"])
    stage.say(_("the verifiers look at what was done, by each action's own measure"))
    stage.go_to(at(until))
    stage.turn()


def actions(stage: Stage, *statuses: str) -> list[Action]:
    """Return the actions that stand at one of these, by number."""
    wanted = [word for status in statuses for word in ("--status", status)]
    found: list[Action] = stage.read("actions", "list", *wanted)["actions"]
    return found


def latest(stage: Stage, quarter: Period, moment: str) -> datetime:
    """Return the last of a moment over the units of a quarter, as `pdca status` gives it."""
    return max(datetime.fromisoformat(unit[moment]) for unit in units(stage, quarter) if unit[moment])


def units(stage: Stage, quarter: Period) -> Iterator[Mapping[str, Any]]:
    """Yield the units of a quarter as `pdca status` gives them."""
    for cycle in stage.read("status", quarter.id)["cycles"]:
        yield from cycle["units"]


def at(day: date, hour: int = 10) -> datetime:
    """Return a moment of a day where the quality team works."""
    return datetime.combine(day, time(hour), ZONE)


def morning(now: datetime, *, days: int) -> datetime:
    """Return 9:00 some days later, on a Monday where that is a weekend."""
    day = now.astimezone(ZONE).date() + timedelta(days=days)
    return at(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0), hour=9)  # noqa: PLR2004
