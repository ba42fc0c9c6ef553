"""What becomes of drafts: the quality team words and releases them, and their owners answer."""

from datetime import date, timedelta

from domain.words import _, ngettext
from pdca.demo.sample import TEAM, Action, Sample, actions, morning
from pdca.demo.stage import Stage

BUNDLED = timedelta(minutes=15)
"""After this time all that was released to an owner together goes out in one mail."""


def decide(stage: Stage, sample: Sample) -> None:
    """Release what is drafted, and let its owners answer; nothing happens where nothing is drafted."""
    stage.go_to(morning(stage.now, days=2))
    if drafts := actions(stage, "proposed"):
        release(stage, sample, drafts)
        stage.go_to(morning(stage.now, days=3))
        answer(stage, sample)


def release(stage: Stage, sample: Sample, drafts: list[Action]) -> None:
    """Give every draft a title and a measure in words and release it, or stop it with a reason."""
    released = []
    for action in drafts:
        number, decided = action["number"], sample.about(action)
        if "cancel" in decided:
            stage.do("actions", "cancel", number, "--because", decided["cancel"], "--by", TEAM)
            stage.say(_("draft {number} is not released: {why}").format(number=number, why=decided["cancel"]))
            continue
        people = [word for who in ("owner", "verifier") if who in decided for word in (f"--{who}", decided[who])]
        words = ("--title", decided["title"], "--measure", decided["measure"], *people)
        stage.do("actions", "edit", number, *words, "--by", TEAM)
        released.append(number)
    stage.do("actions", "release", *released, "--by", TEAM)
    told = ngettext(
        "the quality team words one draft and releases it to its owner",
        "the quality team words {count} drafts and releases them to their owners",
        len(released),
    )
    stage.say(told.format(count=len(released)))
    stage.go_to(stage.now + BUNDLED)
    stage.turn()


def answer(stage: Stage, sample: Sample) -> None:
    """Let the owners take their actions on; who cannot is replaced, who needs longer says so."""
    waiting = [action for action in actions(stage, "open") if not action["accepted_on"]]
    for action in waiting:
        number, owner, decided = action["number"], action["owner"], sample.about(action)
        if "not me" in decided:
            owner = decided["give to"]
            stage.do("actions", "reassign", number, "--to", owner, "--because", decided["not me"], "--by", TEAM)
            told = _("{owner} cannot take action {number}; {other} is asked instead")
            stage.say(told.format(owner=sample.names[action["owner"]], number=number, other=sample.names[owner]))
        stage.do("actions", "accept", number, "--by", owner)
        if "later" in decided:
            due = date.fromisoformat(action["due_on"]) + timedelta(days=14)
            stage.do("actions", "move", number, "--due", due, "--because", decided["later"], "--by", owner)
            told = _("{owner} takes action {number} on, with two weeks more")
            stage.say(told.format(owner=sample.names[owner], number=number))
    told = ngettext("its owner takes it on", "{count} actions are taken on by their owners", len(waiting))
    stage.say(told.format(count=len(waiting)))
    stage.turn()
