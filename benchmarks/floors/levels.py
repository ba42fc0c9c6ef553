"""The rule of levels in plain Python: what one set of states gives, and what several respondents say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

YES, NO, DONT_KNOW, NOT_APPLICABLE = "yes", "no", "don't know", "n/a"

State: TypeAlias = "str | None"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the model: its items in order, and where each level begins and ends among them."""

    id: str
    title: str
    items: Sequence[str]
    levels: Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one set of states gives; `blocking` are places in the element's items."""

    level: int | None
    why: str | None
    is_proven: bool
    naive: int | None
    blocking: Sequence[int]
    done: int
    of: int


def element_from(document: dict[str, Any]) -> Element:
    """Read an element of the model's document."""
    items: list[dict[str, Any]] = []
    levels = []
    for level in sorted(document["items"], key=int):
        listed = document["items"][level]
        levels.append((int(level), len(items), len(items) + len(listed)))
        items += listed
    return Element(
        id=document["id"],
        title=document["title"]["en"],
        items=[item["id"] for item in items],
        levels=levels,
    )


def outcome_of(element: Element, states: Sequence[State]) -> Outcome:
    """Return the highest complete level with no incomplete level below it, and what it rests on."""
    reached = naive = done = of = answered_at_all = applicable_at_all = 0
    blocking: Sequence[int] = ()
    is_open = True
    for level, start, end in element.levels:
        here = states[start:end]
        applicable = end - start - here.count(NOT_APPLICABLE)
        if not applicable:
            continue
        yes = here.count(YES)
        answered = yes + here.count(NO)
        applicable_at_all += applicable
        answered_at_all += answered
        if is_open:
            done += answered
            of += applicable
        if yes == applicable:
            naive = level
            reached = level if is_open else reached
        elif is_open:
            is_open = False
            blocking = [place for place in range(start, end) if states[place] == NO]
    if not answered_at_all:
        return Outcome(None, "no answers" if applicable_at_all else "not applicable", False, None, (), done, of)
    return Outcome(reached, None, is_open or bool(blocking), naive, blocking, done, of)


def joint_of(columns: Sequence[Sequence[State]], people: int) -> tuple[list[State], list[int], list[int]]:
    """Return the joint state of each item, and the places of the contested and of the unsure ones."""
    joint: list[State] = []
    contested = []
    unsure = []
    for place, said in enumerate(columns):
        yes, no, not_applicable = said.count(YES), said.count(NO), said.count(NOT_APPLICABLE)
        known = yes + no
        if not_applicable > known:
            joint.append(NOT_APPLICABLE)
        elif known:
            joint.append(YES if yes > no else NO)
        else:
            joint.append(DONT_KNOW if any(said) else None)
        if yes and no:
            contested.append(place)
        if (yes and no) or 0 < known < people:
            unsure.append(place)
    return joint, contested, unsure
