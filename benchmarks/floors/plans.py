"""From gaps to drafts in plain Python: three drafts a unit, a shared gap once where there is room; else "not now"."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from sqlite3 import Connection
from typing import Any

import holidays

from benchmarks.floors.levels import Element

DRAFTS_PER_UNIT, SHARED_FROM, TRY_FIRST = 3, 3, 2
DAYS_UNTIL_CHECK = 40


@dataclass(frozen=True, slots=True)
class Gap:
    """A proven gap with its next step."""

    unit: int
    element: str
    size: int
    is_visible: bool
    items: Sequence[str]
    aims_at: int
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible draft, of one gap or of a shared one."""

    unit: int
    element: Element
    gaps: Sequence[Gap]
    items: Sequence[str]
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Units:
    """The tree: who leads, what stands above, who has capacity."""

    lead: Mapping[int, int]
    parent: Mapping[int, int]
    has_capacity: Mapping[int, bool]

    def line(self, unit: int) -> list[int]:
        """Return the unit and those above it."""
        line = [unit]
        while (above := self.parent.get(line[-1])) is not None:
            line.append(above)
        return line


def plan(connection: Connection, elements: Sequence[Element], gaps: Sequence[Gap], model: str, today: date) -> None:
    """Write the shared gaps, and a draft or a "not now" for every gap."""
    rows = connection.execute("SELECT id, lead_id, has_capacity FROM unit").fetchall()
    parents = dict(connection.execute("SELECT unit_id, parent_id FROM unit_parent"))
    units = Units({each[0]: each[1] for each in rows}, parents, {each[0]: bool(each[2]) for each in rows})
    _write_shared(connection, units, gaps)
    ranking = _ranked(_candidates(units, elements, [each for each in gaps if each.is_visible]), elements)
    shared = [each for each in _within_limits(units, ranking)[0] if each.is_shared]
    drafted, left = _within_limits(units, [*shared, *_ranked(_alone(ranking, shared), elements)])
    not_now = [(each, "not visible here") for each in gaps if not each.is_visible]
    not_now += [(each.gaps[0], why) for each, why in left]
    _write_drafts(connection, units, drafted, model, today)
    connection.executemany(
        "INSERT INTO deferral (cycle_id, unit_id, element, because, facts) VALUES (1, ?, ?, ?, ?)",
        [(gap.unit, gap.element, why, json.dumps({"counted_at": str(gap.unit)})) for gap, why in not_now],
    )


def _within_limits(units: Units, ranking: Iterable[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Return the candidates that find room at their unit, and those that do not with the reason."""
    drafted, left = [], []
    taken: Counter[int] = Counter()
    for each in ranking:
        if not units.has_capacity[each.unit]:
            left.append((each, "no capacity"))
        elif taken[each.unit] >= DRAFTS_PER_UNIT:
            left.append((each, "limit reached"))
        else:
            taken[each.unit] += 1
            drafted.append(each)
    return drafted, left


def _alone(ranking: Iterable[Candidate], shared: Iterable[Candidate]) -> list[Candidate]:
    """Return a candidate for each gap that is not in a shared draft."""
    taken = {each.element.id for each in shared}
    return [
        Candidate(gap.unit, each.element, [gap], gap.items, is_shared=False)
        for each in ranking
        if not (each.is_shared and each.element.id in taken)
        for gap in each.gaps
    ]


def _write_shared(connection: Connection, units: Units, gaps: Iterable[Gap]) -> None:
    shared = []
    for element, of_element in _by_element(gaps).items():
        if _is_shared(of_element, units):
            facts = {
                "units": [str(gap.unit) for gap in of_element],
                "below_target": [len(of_element), len(units.lead)],
            }
            shared.append((_common(of_element, units), element, json.dumps(facts, separators=(",", ":"))))
    connection.executemany(
        "INSERT INTO finding (cycle_id, unit_id, element, kind, facts) VALUES (1, ?, ?, 'shared gap', ?)", shared
    )


def _by_element(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.element, []).append(gap)
    return found


def _is_shared(gaps: Sequence[Gap], units: Units) -> bool:
    return len(gaps) >= SHARED_FROM and 3 * len(gaps) >= len(units.lead)


def _common(gaps: Sequence[Gap], units: Units) -> int:
    lines = [set(units.line(gap.unit)) for gap in gaps]
    return next(above for above in units.line(gaps[0].unit) if all(above in line for line in lines))


def _candidates(units: Units, elements: Sequence[Element], gaps: Iterable[Gap]) -> list[Candidate]:
    by_element = _by_element(gaps)
    found = []
    for element in elements:
        of_element = by_element.get(element.id, [])
        if _is_shared(of_element, units):
            blocking = {item for gap in of_element for item in gap.items}
            items = [item for item in element.items if item in blocking]
            found.append(Candidate(_common(of_element, units), element, of_element, items, is_shared=True))
        else:
            found += [Candidate(gap.unit, element, [gap], gap.items, is_shared=False) for gap in of_element]
    return found


def _ranked(found: Iterable[Candidate], elements: Sequence[Element]) -> list[Candidate]:
    place = {element.id: index for index, element in enumerate(elements)}
    return sorted(
        found,
        key=lambda each: (
            -max(gap.size for gap in each.gaps),
            len(each.items),
            place[each.element.id],
            each.gaps[0].unit,
        ),
    )


def _write_drafts(connection: Connection, units: Units, drafted: Iterable[Candidate], model: str, today: date) -> None:
    free = holidays.country_holidays("DE", subdiv="BY", years=range(today.year, today.year + 3))
    dates: dict[int, tuple[date, date]] = {}
    actions, covers, sources = [], [], []
    for number, each in enumerate(drafted, 1):
        if len(each.items) not in dates:
            due = _later(today, _days(len(each.items)), free)
            dates[len(each.items)] = due, _later(due, DAYS_UNTIL_CHECK, free)
        due, check = dates[len(each.items)]
        actions.append(_action(number, each, units, due, check))
        first = _try_first(units, each)
        covers += [(number, gap.unit, model, each.element.id, gap.unit in first) for gap in each.gaps]
        sources.append((number,))
    connection.executemany(
        "INSERT INTO action (id, unit_id, title, owner_id, verifier_id, due_on, check_on, aims_at, facts,"
        " cycle_id, why, measure, status, moved_count, version) VALUES (?,?,?,?,?,?,?,?,?,1,'','','proposed',0,1)",
        actions,
    )
    connection.executemany(
        "INSERT INTO action_unit (action_id, unit_id, model, element, tries_first, source, is_living)"
        " VALUES (?,?,?,?,?,'self-assessment',1)",
        covers,
    )
    connection.executemany(
        "INSERT INTO action_source (action_id, source, reference) VALUES (?, 'self-assessment', '2026-Q2')", sources
    )


def _action(number: int, each: Candidate, units: Units, due: date, check: date) -> tuple[Any, ...]:
    aims_at = min(gap.aims_at for gap in each.gaps)
    leads = list(dict.fromkeys(units.lead[above] for above in units.line(each.unit)))
    facts = {"by_unit": {str(gap.unit): gap.facts for gap in each.gaps}, "corroborations": []}
    facts |= {"items": each.items, "due_on": due.isoformat()}
    return (
        number,
        each.unit,
        f"{each.element.title}: {_step(each, aims_at)}",
        leads[0],
        leads[1] if len(leads) > 1 else None,
        due.isoformat(),
        check.isoformat(),
        aims_at,
        json.dumps(facts, separators=(",", ":")),
    )


def _step(each: Candidate, aims_at: int) -> str:
    if all(gap.aims_at == aims_at for gap in each.gaps):
        return f"next step to level {aims_at}"
    return f"one step up in {len(each.gaps)} units"


def _try_first(units: Units, each: Candidate) -> set[int]:
    if not each.is_shared:
        return set()
    order = sorted(each.gaps, key=lambda gap: (not units.has_capacity[gap.unit], -gap.size, len(gap.items)))
    return {gap.unit for gap in order[:TRY_FIRST]}


def _days(items: int) -> int:
    return 20 if items <= 2 else 45 if items <= 4 else 90


def _later(day: date, working_days: int, free: Mapping[date, str]) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5 and day not in free
    return day
