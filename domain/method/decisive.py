"""Which contested items decide an element's level: the team talks about them first."""

from collections.abc import Collection, Mapping

from domain.method.edition import Outline, State
from domain.method.respondents import ElementScore
from domain.method.scoring import Why


def decisive(outline: Outline, score: ElementScore) -> tuple[str, ...]:
    """Return the contested items that the level hangs on as all see it now, in model order.

    All of them where the result is unsettled: it waits for every one.
    """
    if score.why is Why.UNSETTLED or not outline.steps:
        return score.contested
    within = _within_reach(outline, score.states, frozenset(score.contested))
    return tuple(item for item in score.contested if item in within)


def _within_reach(outline: Outline, states: Mapping[str, State], contested: Collection[str]) -> set[str]:
    """Return the items of the levels reached, and of the next one unless something settled bars it."""
    within: set[str] = set()
    for _level, items in outline.steps:
        if any(states.get(item) is State.NO and item not in contested for item in items):
            break
        within.update(items)
        if any(states.get(item) not in {State.YES, State.NOT_APPLICABLE} for item in items):
            break
    return within
