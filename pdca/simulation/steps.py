"""The steps of an action: of all statements that are not so yet, the few that a team takes on at once."""

from collections import Counter

from domain.actions import Action
from domain.method.edition import Edition

AT_ONCE = 3


def steps_of(edition: Edition, action: Action) -> list[str]:
    """Return the items that a draft's team takes on: those that most units lack, in model order."""
    lacking = Counter(item for facts in action.facts["by_unit"].values() for item in facts["items"])
    order = {item: place for place, item in enumerate(edition.items)}
    chosen = sorted(lacking, key=lambda item: (-lacking[item], order[item]))[:AT_ONCE]
    return sorted(chosen, key=order.__getitem__)
