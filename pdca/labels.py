"""How states and numbers read on the screen, in the reader's language and without decimals."""

import os
import re
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from domain.actions import ActionStatus, Source
from domain.agenda import Reason
from domain.assessments import AssessmentStatus
from domain.cycles import CycleStatus
from domain.method.edition import State
from domain.method.respondents import Basis
from domain.method.scoring import Why
from domain.overview import Step
from domain.rungs import Because
from domain.verifications import Verdict
from domain.words import _
from notifications.outbox import UNSURE

ERROR_NUMBER = re.compile(r"\[Errno (-?\d+)\]([^,(\[]*)")


def label(word: StrEnum | None) -> str:
    """Return a state's name for people; nothing for none."""
    return "" if word is None else _labels()[word]


def level(result: Fraction | None, *, proven: bool, why: Why | str | None) -> str:
    """Return an element's result: 2, at least 2, or why there is none.

    0 is never said: level 1 is not complete, or nobody knows.
    """
    if result is None:
        return label(Why(why)) if why else ""
    if proven:
        return step(result)
    return _("at least {level}").format(level=result) if result else _("not known yet")


def step(result: Fraction) -> str:
    """Return a level that was reached; 0 is below 1."""
    return str(result) if result else _("below 1")


def mean(result: Fraction | None, coverage: tuple[int, int], *, enough: bool) -> str:
    """Return a mean as a whole and a fraction (1 1/3), or that there are not enough answers for one."""
    if result is None or not enough:
        return _("not enough answers ({done} of {of})").format(done=coverage[0], of=coverage[1])
    whole, rest = divmod(result, 1)
    return " ".join(str(part) for part in (whole, rest) if part) or step(result)


def of(counts: tuple[int, int]) -> str:
    """Return a count as people say it: 3 of 4."""
    return _("{done} of {of}").format(done=counts[0], of=counts[1])


def span(least: Fraction | None, most: Fraction | None) -> str:
    """Return a range of levels: 1 to 3, or 2 where all are the same."""
    if least is None or most is None:
        return ""
    if least == most:
        return step(least)
    return _("{least} to {most}").format(least=step(least), most=step(most))


def cycle(status: CycleStatus) -> str:
    """Return where a cycle stands; a planned one waits for nothing more, its actions go on by themselves."""
    return _("scored, actions drafted") if status is CycleStatus.PLANNED else label(status)


def moment(at: datetime | None) -> str:
    """Return a moment as people read and type it, with its zone."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} {at.tzname()}"


def reason(kept: str | None) -> str:
    """Return why a mail did not go out: our own reasons in the reader's language, what a server said as it said it."""
    if kept is not None and kept.startswith(UNSURE):
        return _(UNSURE) + kept.removeprefix(UNSURE)
    return _(kept) if kept else ""


def trouble(kept: str | None) -> str:
    """Return why a mail did not go out in a few words: what the system calls an error, else the reason."""
    said = ERROR_NUMBER.search(kept or "")
    if said is None:
        return reason(kept)
    number, words = int(said[1]), said[2].strip()
    # The resolver's numbers are negative and have words of their own.
    return os.strerror(number) if number > 0 else words


def _labels() -> dict[StrEnum, str]:
    return {**_action_labels(), **_cycle_labels(), **_score_labels()}


def _action_labels() -> dict[StrEnum, str]:
    return {
        ActionStatus.PROPOSED: _("proposed"),
        ActionStatus.OPEN: _("open"),
        ActionStatus.IN_PROGRESS: _("in progress"),
        ActionStatus.ON_HOLD: _("on hold"),
        ActionStatus.DONE: _("done"),
        ActionStatus.EFFECTIVE: _("effective"),
        ActionStatus.PARTLY: _("partly"),
        ActionStatus.NOT_EFFECTIVE: _("not effective"),
        ActionStatus.CANCELLED: _("cancelled"),
        **{source: _(source) for source in Source},
        Source.SELF_ASSESSMENT: _("self-assessment"),
        Verdict.NOT_ASSESSABLE: _("not assessable"),
        Because.LATE: _("late"),
        Because.NO_ANSWER: _("no answer"),
        Because.DECLINED: _("declined"),
        Because.OWNER_LEFT: _("its owner has left"),
        Because.UNVERIFIED: _("nobody looked whether it worked"),
        Because.VERIFIER_LEFT: _("its verifier has left"),
        Reason.UNDECIDED: _("undecided"),
        Reason.CARRIED: _("carried too often"),
        Reason.NOT_ASSESSABLE: _("not assessable twice"),
    }


def _cycle_labels() -> dict[StrEnum, str]:
    return {
        CycleStatus.OPEN: _("open"),
        CycleStatus.CHECKED: _("checked"),
        CycleStatus.PLANNED: _("planned"),
        CycleStatus.MISSED: _("missed"),
        CycleStatus.CANCELLED: _("cancelled"),
        AssessmentStatus.AGREEING: _("agreeing"),
        AssessmentStatus.CLOSED: _("closed"),
        AssessmentStatus.SCORED: _("scored"),
        AssessmentStatus.SKIPPED: _("skipped"),
        Step.BEGIN: _("a cycle begins"),
        Step.OPEN: _("an assessment opens"),
        Step.CLOSE: _("a blind round ends"),
        Step.SETTLE: _("a team's days to agree end"),
        Step.SCORE: _("a closed assessment is scored"),
        Step.RESUME: _("an action on hold goes on"),
        Step.CLIMB: _("a late or unanswered action goes on to somebody else"),
    }


def _score_labels() -> dict[StrEnum, str]:
    return {
        Why.NOT_APPLICABLE: _("not applicable"),
        Why.NO_ANSWERS: _("no answers"),
        Why.UNSETTLED: _("unsettled"),
        Basis.SINGLE: _("one answer"),
        Basis.AGREED: _("agreed"),
        Basis.MAJORITY: _("majority, not discussed"),
        Basis.MEDIAN: _("middle value, not discussed"),
        Basis.NONE: _("nobody answered"),
        State.YES: _("yes"),
        State.NO: _("no"),
        State.PARTLY: _("partly"),
        State.DONT_KNOW: _("don't know"),
        State.NOT_APPLICABLE: _("n/a"),
    }
