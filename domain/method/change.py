"""What lies behind a changed level: something changed, it is seen differently, or it was a mistake."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from domain.method.edition import Edition, Element, State
from domain.method.scoring import score_element

Answered: TypeAlias = Mapping[str, State | Fraction]
"""What one respondent said on one element: item id -> state; element id -> value where the rule takes one."""


class Because(StrEnum):
    """Why an answer differs from the last one."""

    CHANGED = "changed"
    SEEN_DIFFERENTLY = "seen differently"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Change:
    """A level's change in three parts; only `changed` counts as improvement."""

    mistake: Fraction
    changed: Fraction
    seen_differently: Fraction

    @property
    def total(self) -> Fraction:
        """How far the level moved."""
        return self.mistake + self.changed + self.seen_differently


def is_comparable(before: Edition, now: Edition, element: str) -> bool:
    """Return whether levels of an element by two editions of a model say the same: by one rule, scale and items."""
    if before is now:
        return True
    old, new = before.by_id.get(element), now.by_id.get(element)
    if old is None or new is None or (before.rule, before.scale) != (now.rule, now.scale):
        return False
    return old.outline.steps == new.outline.steps


def item_becauses(
    last: Mapping[str, Answered], now: Mapping[str, Answered], because: Mapping[str, Mapping[str, Because]]
) -> dict[str, Because]:
    """Return why each item's answers changed: the reason most of those give whose own answer to it changed.

    All three are by respondent; only who answered both times can have changed an answer. A tie, or a change for which
    nobody gave a reason, is "seen differently". Items to which no answer changed are left out.
    """
    votes: dict[str, Counter[Because]] = {}
    for respondent, before in last.items():
        for item in _changed_items(before, now.get(respondent, {})):
            reason = because.get(respondent, {}).get(item)
            votes.setdefault(item, Counter()).update([reason] if reason else [])
    return {item: _most_frequent(given) for item, given in votes.items()}


def change_in_parts(
    edition: Edition,
    element: Element,
    last: Mapping[str, State],
    now: Mapping[str, State],
    because: Mapping[str, Because],
) -> Change | None:
    """Split the change between two sets of item states by why each item changed; None where a level is null.

    With L0 the last level, L1 that level with the items put right that were mistakes, L2 = L1 plus the items where
    something changed, L3 the level now: mistake = L1 - L0, changed = L2 - L1, seen differently = L3 - L2. An item
    without a reason is seen differently.
    """
    corrected = _with_items(last, now, {item for item, why in because.items() if why is Because.MISTAKE})
    really_changed = _with_items(corrected, now, {item for item, why in because.items() if why is Because.CHANGED})
    levels = [score_element(edition, element, states).result for states in (last, corrected, really_changed, now)]
    match levels:
        case [Fraction() as l0, Fraction() as l1, Fraction() as l2, Fraction() as l3]:
            return Change(mistake=l1 - l0, changed=l2 - l1, seen_differently=l3 - l2)
    return None


def change_of_value(last: Fraction, now: Fraction, because: Because | None) -> Change:
    """Return the change of a value, which has one reason for all of it; without a reason it is seen differently."""
    none = Fraction(0)
    moved = now - last
    return Change(
        mistake=moved if because is Because.MISTAKE else none,
        changed=moved if because is Because.CHANGED else none,
        seen_differently=none if because in {Because.MISTAKE, Because.CHANGED} else moved,
    )


def _changed_items(before: Answered, after: Answered) -> list[str]:
    if not before or not after:
        return []
    return [item for item in {**before, **after} if before.get(item) != after.get(item)]


def _most_frequent(votes: Counter[Because]) -> Because:
    leading = votes.most_common(2)
    is_tie = len(leading) == 2 and leading[0][1] == leading[1][1]
    return Because.SEEN_DIFFERENTLY if is_tie or not leading else leading[0][0]


def _with_items(states: Mapping[str, State], now: Mapping[str, State], items: set[str]) -> dict[str, State]:
    """Return the states with these items as they are now; an item unanswered now is unanswered."""
    kept = {item: state for item, state in states.items() if item not in items}
    return kept | {item: now[item] for item in items if item in now}
