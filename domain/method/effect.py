"""Whether actions worked: what verifiers decided, and what a level says beside it (method, section 7)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.method.edition import Edition, Element
from domain.method.respondents import Answer, ElementScore, combine


class Verdict(StrEnum):
    """What a verifier decides about an action that was done."""

    EFFECTIVE = "effective"
    PARTLY = "partly"
    NOT_EFFECTIVE = "not effective"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many of the actions done worked: "of 13 done: 3 worked, 1 partly, 1 not, 8 too early to say".

    `too_early` are those without a verdict yet and those that could not be assessed so far, which are asked again.
    """

    worked: int
    partly: int
    not_effective: int
    too_early: int

    @property
    def done(self) -> int:
        """The number of actions done."""
        return self.worked + self.partly + self.not_effective + self.too_early


class Says(StrEnum):
    """What a level says about an action on its element; it is not the verdict."""

    REACHED = "reached"
    HIGHER = "higher"
    SAME = "same"
    LOWER = "lower"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class LevelEvidence:
    """The level before an action, the level expected from it, and the level now with and without the owner's answers.

    What the level says follows from the one without the owner.
    """

    before: Fraction
    expected: Fraction
    now: Fraction | None
    without_owner: Fraction | None
    says: Says


def count_verdicts(latest: Iterable[Verdict | None]) -> VerdictCounts:
    """Count the latest verdict on each action done, None where there is none yet; all 0 without actions."""
    counts = Counter(latest)
    return VerdictCounts(
        worked=counts[Verdict.EFFECTIVE],
        partly=counts[Verdict.PARTLY],
        not_effective=counts[Verdict.NOT_EFFECTIVE],
        too_early=counts[Verdict.NOT_ASSESSABLE] + counts[None],
    )


def level_evidence(
    edition: Edition,
    element: Element,
    answers: Mapping[str, Answer],
    agreed: Answer | None,
    *,
    owner: str | None,
    before: Fraction,
    expected: Fraction,
) -> LevelEvidence:
    """Return what an element's level says about an action: nothing where it is not proven without the owner.

    `answers` are this cycle's by respondent. What the team agreed stays, whoever recorded it.
    """
    others = {respondent: answer for respondent, answer in answers.items() if respondent != owner}
    now = _proven(combine(edition, element, answers, agreed))
    without_owner = _proven(combine(edition, element, others, agreed))
    return LevelEvidence(before, expected, now, without_owner, _says(before, expected, without_owner))


def _proven(score: ElementScore) -> Fraction | None:
    return score.result if score.proven else None


def _says(before: Fraction, expected: Fraction, now: Fraction | None) -> Says:
    if now is None:
        return Says.NOTHING
    if now >= expected:
        return Says.REACHED
    if now > before:
        return Says.HIGHER
    return Says.SAME if now == before else Says.LOWER
