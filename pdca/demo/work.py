"""What people do about the actions they took on: progress, done, and somebody else looks whether it worked."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from domain.words import _, ngettext
from pdca.demo.sample import Action, Sample, actions, at, monday_after, morning
from pdca.demo.stage import Stage
from pdca.labels import label


class Kind(StrEnum):
    """What somebody does about an action."""

    PROGRESS = "progress"
    DONE = "done"
    LOOK = "look"


class Step(NamedTuple):
    """Somebody does something about an action; `looks` counts how often it was looked at before."""

    at: datetime
    number: int
    kind: Kind
    looks: int = 0


def until(stage: Stage, sample: Sample, day: date) -> None:
    """Let everything happen in its order that the people do about their actions up to a day."""
    running = {each["number"]: each for each in actions(stage, "open", "in-progress", "done")}
    steps = [step for each in running.values() for step in steps_of(stage, sample, each)]
    heapify(steps)
    happened: Counter[str] = Counter()
    while steps and steps[0].at.date() <= day:
        step = heappop(steps)
        stage.go_to(step.at)
        action = running[step.number]
        if step.kind is Kind.LOOK:
            verdict = look(stage, sample, action, step.looks)
            happened[verdict] += 1
            if verdict == "not assessable":
                heappush(steps, _look(stage, stage.read("actions", "show", step.number), step.looks + 1))
        else:
            report(stage, sample, action, step.kind)
            happened[step.kind] += 1
    tell(stage, happened)


def steps_of(stage: Stage, sample: Sample, action: Action) -> Iterator[Step]:
    """Yield what the sample's people do about an action from now on."""
    if action["status"] == "done":
        yield _look(stage, action, 0)
        return
    decided = sample.about(action)
    if "progress" in decided and action["status"] == "open":
        yield Step(morning(stage.now, days=14), action["number"], Kind.PROGRESS)
    if "done" in decided:
        day = monday_after(date.fromisoformat(action["due_on"]) - timedelta(days=3))
        yield Step(max(stage.now, at(day)), action["number"], Kind.DONE)


def report(stage: Stage, sample: Sample, action: Action, kind: Kind) -> None:
    """Let an owner report progress, or that it is done."""
    words = {Kind.PROGRESS: (), Kind.DONE: ("--what",)}[kind]
    stage.do("actions", kind, action["number"], *words, sample.about(action)[kind], "--by", action["owner"])


def look(stage: Stage, sample: Sample, action: Action, looks: int) -> str:
    """Let the verifier say by the action's measure whether it worked, and return the verdict."""
    ((verdict, seen),) = sample.about(action)["looks"][looks].items()
    words = ("--verdict", verdict.replace(" ", "-"), "--seen", seen)
    stage.do("actions", "verify", action["number"], *words, "--by", action["verifier"])
    if verdict != "effective":
        told = _("{verifier} looks at action {number}: {verdict}. {seen}")
        name = sample.names[action["verifier"]]
        stage.say(told.format(verifier=name, number=action["number"], verdict=label(verdict), seen=seen))
    return str(verdict)


def tell(stage: Stage, happened: Counter[str]) -> None:
    """Tell how much of it happened."""
    done, worked = happened[Kind.DONE], happened["effective"]
    if done:
        told = ngettext("one action is reported done so far", "{count} actions are reported done so far", done)
        stage.say(told.format(count=done))
    if worked:
        told = ngettext(
            "one worked; somebody other than its owner looked",
            "{count} worked; somebody other than the owner looked at each",
            worked,
        )
        stage.say(told.format(count=worked))


def _look(stage: Stage, action: Action, looks: int) -> Step:
    """Return the next look at a done action: on its check date, or now where that is over."""
    check = at(date.fromisoformat(action["check_on"]), hour=11)
    return Step(max(stage.now, check), action["number"], Kind.LOOK, looks)
