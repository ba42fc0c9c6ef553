"""Whether actions worked: what verifiers decided, and what a level says beside it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.method.effect import LevelEvidence, Says, Verdict, VerdictCounts, count_verdicts, level_evidence
from domain.method.respondents import Answer
from tests.domain.method.builders import an_answer, an_edition, an_element

LOCKS = an_element("2")
MODEL = an_edition(LOCKS)


def evidence(answers: dict[str, Answer], *, owner: str | None = "jonas", agreed: Answer | None = None) -> LevelEvidence:
    """Return what the level says of an action from level 1 to level 3."""
    return level_evidence(MODEL, LOCKS, answers, agreed, owner=owner, before=Fraction(1), expected=Fraction(3))


def test_of_thirteen_done_three_worked() -> None:
    latest = [
        *[Verdict.EFFECTIVE] * 3,
        Verdict.PARTLY,
        Verdict.NOT_EFFECTIVE,
        *[Verdict.NOT_ASSESSABLE] * 2,
        *[None] * 6,
    ]

    counts = count_verdicts(latest)

    assert counts == VerdictCounts(worked=3, partly=1, not_effective=1, too_early=8)
    assert counts.done == 13


def test_nothing_done_is_all_zero() -> None:
    assert count_verdicts([]) == VerdictCounts(0, 0, 0, 0)


@given(st.lists(st.none() | st.sampled_from(Verdict)))
def test_every_action_done_is_counted_once(latest: list[Verdict | None]) -> None:
    assert count_verdicts(latest).done == len(latest)


def test_the_owner_s_answers_stay_out_and_both_versions_are_shown() -> None:
    answers = {
        "jonas": an_answer(LOCKS, "yyyyyynnnn"),
        "anna": an_answer(LOCKS, "yyyyyynnnn"),
        "ben": an_answer(LOCKS, "yynnnnnnnn"),
    }

    assert evidence(answers) == LevelEvidence(
        before=Fraction(1), expected=Fraction(3), now=Fraction(3), without_owner=Fraction(1), says=Says.SAME
    )


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ("yyyyyyyynn", Says.REACHED),
        ("yyyyyynnnn", Says.REACHED),
        ("yyyynnnnnn", Says.HIGHER),
        ("yynnnnnnnn", Says.SAME),
        ("nnnnnnnnnn", Says.LOWER),
        ("yyyyyy??nn", Says.NOTHING),
    ],
)
def test_what_the_others_level_says(others: str, says: Says) -> None:
    assert evidence({"jonas": an_answer(LOCKS, "yyyyyyyyyy"), "anna": an_answer(LOCKS, others)}).says is says


def test_if_only_the_owner_answered_the_level_says_nothing() -> None:
    assert evidence({"jonas": an_answer(LOCKS, "yyyyyyyyyy")}) == LevelEvidence(
        before=Fraction(1), expected=Fraction(3), now=Fraction(5), without_owner=None, says=Says.NOTHING
    )


def test_what_the_team_agreed_stays() -> None:
    agreed = an_answer(LOCKS, "yyyyyynnnn")

    assert evidence({"jonas": an_answer(LOCKS, "yyyyyyyyyy")}, agreed=agreed).says is Says.REACHED


@given(st.text(alphabet="yn?-", min_size=10, max_size=10), st.text(alphabet="yn?-", min_size=10, max_size=10))
def test_whatever_the_owner_answers_the_level_without_the_owner_says_the_same(one: str, other: str) -> None:
    others = {"anna": an_answer(LOCKS, "yyyyynnnnn"), "ben": an_answer(LOCKS, "yyyynnnnnn")}

    said = {evidence({**others, "jonas": an_answer(LOCKS, answers)}).says for answers in (one, other)}

    assert said == {Says.HIGHER}
