"""Whether actions worked: what verifiers decided."""

from hypothesis import given
from hypothesis import strategies as st

from domain.method.effect import Verdict, VerdictCounts, count_verdicts


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
