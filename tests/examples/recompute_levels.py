"""Compute the levels of `pdca explain MODEL ANSWERS --json` again, as a pencil follows the rule, with nothing of pdca.

Reads the JSON from stdin and prints "unit element level" for each element: "-" where it has no level, "2?" where it is
at least 2. It reads which item belongs to which level, its joint state, who said what, and what was agreed.
"""

import json
import sys
from typing import Any


def level_of(states_by_level: list[tuple[int, list[str | None]]]) -> tuple[int | None, bool]:
    """Return the highest level reached with none missing below it, and whether that is certain.

    A level is reached where every item that applies is yes; one without such an item is passed over. None where no
    item says yes or no.
    """
    asked = [(level, [each for each in states if each != "n/a"]) for level, states in states_by_level]
    asked = [(level, states) for level, states in asked if states]
    if not any(state in ("yes", "no") for _, states in asked for state in states):
        return None, False
    reached = 0
    for level, states in asked:
        if any(state != "yes" for state in states):
            return reached, "no" in states
        reached = level
    return reached, True


def joint_states(element: dict[str, Any]) -> list[tuple[int, list[str | None]]]:
    """Return the states that all have together, level by level."""
    return [(each["level"], [item["state"] for item in each["items"]]) for each in element["levels"]]


def states_of(person: str, element: dict[str, Any]) -> list[tuple[int, list[str | None]]]:
    """Return what one person said, level by level."""
    return [(each["level"], [item["said"].get(person) for item in each["items"]]) for each in element["levels"]]


def is_open(element: dict[str, Any], people: set[str]) -> bool:
    """Return whether the team agreed on nothing, or not on everything that some doubt or cannot answer."""
    items = [item for each in element["levels"] for item in each["items"]]
    left = [list(item["said"].values()) for item in items if item["agreed"] is None]
    known = [[state for state in said if state in ("yes", "no")] for said in left]
    return len(left) == len(items) or any(len(set(said)) == 2 or 0 < len(said) < len(people) for said in known)


def recomputed(element: dict[str, Any]) -> str:
    """Return an element's level as it is printed; none where it lies outside the people's own and they still talk."""
    level, is_certain = level_of(joint_states(element))
    if level is None:
        return "-"
    people = {name for each in element["levels"] for item in each["items"] for name in item["said"]}
    own = [level for level, is_sure in (level_of(states_of(name, element)) for name in people) if is_sure]
    certain = [each for each in own if each is not None]
    if is_certain and is_open(element, people) and certain and not min(certain) <= level <= max(certain):
        return "-"
    return f"{level}" if is_certain else f"{level}?"


def main() -> None:
    """Print every level of the JSON on stdin."""
    for unit in json.load(sys.stdin)["units"]:
        for element in unit["elements"]:
            sys.stdout.write(f"{unit['unit']} {element['element']} {recomputed(element)}\n")


if __name__ == "__main__":
    main()
