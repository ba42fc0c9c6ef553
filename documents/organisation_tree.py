"""The tree in an organisation file: one top unit, no circle, and above each unit one that lasts as long."""

from collections.abc import Iterator, Mapping
from datetime import date

from documents.faults import Fault, shown
from documents.organisation_draft import Draft
from documents.organisation_entries import UnitEntry
from domain.words import _

LONGEST_CIRCLE = 8
"""From how many members on a circle is said with an ellipsis."""


def tree_faults(draft: Draft) -> list[Fault]:
    """Return what is wrong in the tree, of the units that could be read."""
    return [*_circles(draft), *_tops(draft), *_outliving(draft), *_preceding(draft)]


def loops(above: Mapping[str, str | None]) -> dict[str, str]:
    """Return the circle of each one who stands in it, such as "a → b → a", by who stands above whom."""
    found: dict[str, str] = {}
    settled: set[str] = set()
    for start in above:
        line: dict[str, int] = {}
        each: str | None = start
        while each is not None and each not in settled and each not in line:
            line[each] = len(line)
            each = above.get(each)
        if each is not None and each in line:
            circle = list(line)[line[each] :]
            found |= {member: _circle(circle[place:] + circle[:place]) for place, member in enumerate(circle)}
        settled |= line.keys()
    return found


def _circle(members: list[str]) -> str:
    said = members if len(members) <= LONGEST_CIRCLE else [*members[:LONGEST_CIRCLE], "…"]
    return " → ".join([*said, members[0]])


def _circles(draft: Draft) -> Iterator[Fault]:
    circles = loops({unit.id: unit.parent for unit in draft.units.values()})
    for number, unit in draft.units.items():
        if circle := circles.get(unit.id):
            found = _("the circle {circle}").format(circle=circle)
            yield draft.written.fault(("units", number, "parent"), found, _("parents that end at the top unit"))


def _tops(draft: Draft) -> Iterator[Fault]:
    """Yield the tops beside the first; that there is none is said once, unless a circle says it."""
    tops = [(number, unit) for number, unit in draft.units.items() if unit.parent is None]
    for place, (number, unit) in enumerate(tops):
        if other := next((top for _number, top in tops[:place] if _overlap(top, unit)), None):
            found = _("{unit}, a second top unit beside {other}").format(unit=shown(unit.id), other=shown(other.id))
            yield draft.written.fault(("units", number, "parent"), found, _("the unit above it"))
    if not draft.count("units"):
        yield draft.written.fault(("units",), shown(None), _("at least the top unit"))


def _outliving(draft: Draft) -> Iterator[Fault]:
    units = {unit.id: unit for unit in draft.units.values()}
    for number, unit in draft.units.items():
        parent = units.get(unit.parent or "")
        if parent is None or _end(unit) <= _end(parent):
            continue
        found = _("{unit}, which ends on {day}").format(unit=shown(parent.id), day=parent.valid_to)
        yield draft.written.fault(("units", number, "parent"), found, _("a unit that lasts as long as this one"))


def _preceding(draft: Draft) -> Iterator[Fault]:
    """Yield the units that begin before the one above them, unless that one took over from another."""
    units = {unit.id: unit for unit in draft.units.values()}
    took_over = {successor for unit in units.values() for successor in unit.successors}
    for number, unit in draft.units.items():
        parent = units.get(unit.parent or "")
        if parent is None or parent.id in took_over or _start(parent) <= _start(unit):
            continue
        found = _("{unit}, which begins on {day}").format(unit=shown(parent.id), day=parent.valid_from)
        expected = _("a unit that begins no later than this one, or one that another names among its successors")
        yield draft.written.fault(("units", number, "parent"), found, expected)


def _overlap(one: UnitEntry, other: UnitEntry) -> bool:
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def _start(unit: UnitEntry) -> date:
    return unit.valid_from or date.min


def _end(unit: UnitEntry) -> date:
    return unit.valid_to or date.max
