"""The sample that the demo plays: its files, its people's names, and what they decide about each draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from domain.words import _
from pdca.demo.stage import DemoFailed, Stage

EXAMPLES = Path(__file__).parents[2] / "examples"
ZONE = ZoneInfo("Europe/Berlin")
TEAM = "miriam.falk"
"""The quality manager of the sample who plays in the demo."""
SATURDAY = 5

Action = Mapping[str, Any]
"""An action as `pdca actions list --json` gives it."""
Decided = Mapping[str, Any]
"""What is decided about a draft, as `examples/decisions.yaml` tells it at its top."""


@dataclass(frozen=True)
class Sample:
    """What people decide about each draft, by its unit and element, and what they are called."""

    decisions: Mapping[str, Decided]
    names: Mapping[str, str]

    def about(self, action: Action) -> Decided:
        """Return what is decided about an action; one that follows another has words of its own for it.

        Raises DemoFailed where the sample says nothing about it.
        """
        key = f"{action['unit']} {action['covers'][0]['element']}"
        decided = self.decisions.get(key, {})
        found: Decided = decided.get("again", {}) if action["predecessor"] else decided
        if not found:
            raise DemoFailed(_("examples/decisions.yaml says nothing about {key}").format(key=key))
        return found


def read_sample() -> Sample:
    """Return the sample as its files give it."""
    people = yaml.safe_load((EXAMPLES / "organisation.yaml").read_text(encoding="utf-8"))["people"]
    decisions = yaml.safe_load((EXAMPLES / "decisions.yaml").read_text(encoding="utf-8"))
    return Sample(decisions, {each["id"]: each["name"] for each in people})


def actions(stage: Stage, *statuses: str) -> list[Action]:
    """Return the actions that stand at one of these, by number."""
    wanted = [word for status in statuses for word in ("--status", status)]
    found: list[Action] = stage.read("actions", "list", *wanted)["actions"]
    return found


def at(day: date, hour: int = 10) -> datetime:
    """Return a moment of a day where the quality team works."""
    return datetime.combine(day, time(hour), ZONE)


def morning(now: datetime, *, days: int) -> datetime:
    """Return 9:00 some days later, on a Monday where that is a weekend."""
    return at(monday_after(now.astimezone(ZONE).date() + timedelta(days=days)), hour=9)


def monday_after(day: date) -> date:
    """Return the day itself, or the Monday after it where it lies on a weekend."""
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())
