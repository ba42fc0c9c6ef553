"""Beside the quarter: what a spreadsheet reader writes, pandas over calamine, whole columns at a time.

It reads the workbook, works everything out in arrays, and writes four tables. Levels, findings and drafts are those of
the product; respondents' own levels are kept as lowest and highest only, and no working is written.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import measure
from benchmarks.outcome import levels
from benchmarks.places import DATABASE, WORKBOOK
from benchmarks.workbook import ANSWERS, UNITS, item_columns

KEYS = ["unit", "element"]
TARGET, STRONG_FROM, WIDE_RANGE, SHARED_FROM, DRAFTS_PER_UNIT, ASKED = 3, 3, 2, 3, 3, 5
STEPS = (1, 2, 3, 4, 5)
COLUMNS = ["at", "element", "size", "count", "place", "unit_id"]
PLACES = ["unit_id", "element"]


class Model:
    """Which columns of the answers are items of which level of an element."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.columns = item_columns(document)
        self.order = {each["id"]: place for place, each in enumerate(document["elements"])}
        self._items = {each["id"]: self._flags(each) for each in document["elements"]}

    def _flags(self, element: dict[str, Any]) -> Any:
        ids = {item["id"] for items in element["items"].values() for item in items}
        return np.array([f"{element['id']}.{column}" in ids for column in self.columns])

    def items(self, elements: Any) -> Any:
        """Return for each row which columns are items of its element."""
        return np.stack([self._items[element] for element in elements])

    def step(self, level: int) -> Any:
        """Return which columns are of a level."""
        return np.array([column.startswith(str(level)) for column in self.columns])


def quarter(folder: Path) -> None:
    """Read the workbook and write scores, findings and drafts into the database beside it."""
    with sqlite3.connect(folder / DATABASE) as connection:
        (text,) = connection.execute("SELECT document FROM model_edition").fetchone()
        model = Model(json.loads(text))
        sheets = pd.read_excel(
            folder / WORKBOOK,
            sheet_name=None,
            engine="calamine",
            dtype={"element": str},
            keep_default_na=False,  # among which is n/a, which says something here
            na_values=[""],
        )
        scores = scored(model, sheets[ANSWERS])
        units = sheets[UNITS].set_index("unit")
        gaps = scores[scores.level.notna() & (scores.level < scores.target)]
        drafts, not_now = planned(model, units, gaps)
        tables = {"score": scores, "finding": found(units, scores, gaps), "action": drafts, "deferral": not_now}
        for name, table in tables.items():
            table.to_sql(name, connection, if_exists="replace", index=False)


def scored(model: Model, answers: Any) -> Any:
    """Return a row per unit and element with its joint level and what it rests on."""
    said = answers[model.columns].to_numpy(dtype=object)
    items = model.items(answers.element)
    yes, no, not_applicable = ((said == word) & items for word in ("yes", "no", "n/a"))
    own = level_of(model, items, yes, no, not_applicable)
    proven = own.level.where(own.proven)
    has_said = answers[model.columns].notna().any(axis=1)
    people = answers[KEYS].assign(
        low=proven,
        high=proven,
        evidence=answers.evidence.where(has_said, 0),
        mute=has_said & ~(yes | no | not_applicable).any(axis=1),
    )
    by_element = people.groupby(KEYS, sort=False)
    scores = by_element.agg(
        low=("low", "min"), high=("high", "max"), evidence=("evidence", "max"), mute=("mute", "sum")
    )
    scores = scores.reset_index()
    place = by_element.ngroup().to_numpy()

    def together(flags: Any) -> Any:
        counts = np.zeros((len(scores), len(model.columns)), dtype=np.int32)
        np.add.at(counts, place, flags)
        return counts

    yes, no, not_applicable = together(yes), together(no), together(not_applicable)
    items = model.items(scores.element)
    is_not_applicable = not_applicable > yes + no
    is_yes = ~is_not_applicable & (yes > no)
    is_no = ~is_not_applicable & (yes + no > 0) & ~is_yes
    joint = level_of(model, items, is_yes, is_no, is_not_applicable)
    is_unsettled = joint.proven & ((joint.level < scores.low) | (joint.level > scores.high))
    scores["level"] = joint.level.where(joint.proven & ~is_unsettled)
    scores["result"] = joint.level.where(~is_unsettled).map("{:.0f}".format, na_action="ignore")
    scores["is_proven"] = (joint.proven & ~is_unsettled).astype(int)
    scores["is_unsettled"] = is_unsettled
    scores["blocking"] = joint.blocking
    scores["items"] = (is_no & (model_steps(model)[None, :] == joint.blocking.to_numpy()[:, None])).dot(
        np.array([f"{column} " for column in model.columns], dtype=object)
    )
    scores["target"] = joint.reachable.clip(upper=TARGET)
    scores["above"] = joint.above_is_open
    return scores.rename(columns={"unit": "unit_id"})


def model_steps(model: Model) -> Any:
    """Return the level of each column."""
    return np.array([int(column[0]) for column in model.columns])


def level_of(model: Model, items: Any, yes: Any, no: Any, not_applicable: Any) -> Any:
    """Return the levels of many sets of states at once."""
    rows = len(items)
    reached, blocking, reachable = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    is_open, blocks = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    incomplete = np.zeros((rows, len(STEPS)), dtype=bool)
    for index, level in enumerate(STEPS):
        here = items & model.step(level)
        applicable = (here & ~not_applicable).sum(axis=1)
        met = (here & yes).sum(axis=1)
        is_complete = (applicable > 0) & (met == applicable)
        incomplete[:, index] = (applicable > 0) & ~is_complete
        reached = np.where(is_open & is_complete, level, reached)
        stops = is_open & incomplete[:, index]
        blocking = np.where(stops, level, blocking)
        blocks |= stops & (here & no).any(axis=1)
        is_open &= ~stops
        reachable = np.where(applicable > 0, level, reachable)
    has_result = ((yes | no) & items).any(axis=1)
    above = (incomplete & (np.array(STEPS)[None, :] > reached[:, None])).any(axis=1)
    return pd.DataFrame(
        {
            "level": np.where(has_result, reached, np.nan),
            "proven": has_result & (is_open | blocks),
            "blocking": blocking,
            "reachable": reachable,
            "above_is_open": above,
        }
    )


def found(units: Any, scores: Any, gaps: Any) -> Any:
    """Return a row per finding."""
    is_proven, at_target = scores.level.notna(), scores.level >= scores.target
    is_strong = is_proven & (scores.level >= STRONG_FROM)
    kinds = {
        "strength": is_strong & at_target,
        "gap": is_proven & ~at_target,
        "opportunity for improvement": is_proven & ~at_target,
        "opportunity for innovation": is_proven & at_target & scores.above,
        "disagreement": scores.is_unsettled | (scores.high - scores.low >= WIDE_RANGE),
        "not visible here": (scores.mute > 0) & (2 * scores.mute >= ASKED),
        "thin evidence": is_strong & (scores.evidence == 0),
    }
    columns = ["unit_id", "element", "level", "target"]
    each = [scores.loc[is_kind, columns].assign(kind=kind) for kind, is_kind in kinds.items()]
    shared = gaps.groupby("element").unit_id.agg(["count", "first"])
    is_shared = (shared["count"] >= SHARED_FROM) & (3 * shared["count"] >= len(units))
    rows = shared[is_shared].reset_index().rename(columns={"first": "unit_id"})
    return pd.concat([*each, rows[["unit_id", "element"]].assign(kind="shared gap")], ignore_index=True)


def planned(model: Model, units: Any, gaps: Any) -> tuple[Any, Any]:
    """Return a row per draft with its owner, and one per gap that gets none now."""
    is_hidden = (gaps.mute > 0) & (2 * gaps.mute >= ASKED)
    visible = gaps[~is_hidden].assign(size=gaps.target - gaps.level, place=gaps.element.map(model.order))
    counts = visible.groupby("element").unit_id.transform("count")
    is_shared = (counts >= SHARED_FROM) & (3 * counts >= len(units))
    alone = visible.assign(at=visible.unit_id, count=visible["items"].str.count(" "))[COLUMNS]
    together = _together(units, visible[is_shared])
    first = _with_room(units, _ranked(pd.concat([alone[~is_shared], together])))
    shared = first[first.element.isin(together.element)]
    alone = _ranked(alone[~alone.element.isin(shared.element)])
    drafts = _with_room(units, pd.concat([shared, alone], ignore_index=True))
    drafted = pd.MultiIndex.from_frame(drafts[PLACES])
    left = alone[~pd.MultiIndex.from_frame(alone[PLACES]).isin(drafted)]
    return drafts.assign(owner=drafts["at"].map(units.lead)), pd.concat([gaps.loc[is_hidden, PLACES], left[PLACES]])


def _together(units: Any, visible: Any) -> Any:
    """Return a row per shared gap, at the common unit of those that have it."""
    shared = visible.groupby("element", as_index=False)
    rows = shared.agg(place=("place", "first"), size=("size", "max"), unit_id=("unit_id", "first"))
    rows["count"] = shared["items"].agg(lambda each: len(set("".join(each).split())))["items"]
    rows["at"] = [_common(units, list(those)) for _element, those in visible.groupby("element").unit_id]
    return rows[COLUMNS]


def _ranked(candidates: Any) -> Any:
    return candidates.sort_values(
        ["size", "count", "place", "unit_id"], ascending=[False, True, True, True], ignore_index=True
    )


def _with_room(units: Any, ranked: Any) -> Any:
    """Return those of each unit, the first ones first, for which it has room."""
    can = ranked[ranked["at"].map(units.has_capacity).astype(bool)]
    return can[can.groupby("at").cumcount() < DRAFTS_PER_UNIT]


def _common(units: Any, those: list[int]) -> int:
    """Return the lowest unit that all of these are or stand below."""
    lines = [_line(units, unit) for unit in those]
    return next(above for above in lines[0] if all(above in line for line in lines))


def _line(units: Any, unit: int) -> list[int]:
    line = [unit]
    while (above := units.parent[line[-1]]) == above:
        line.append(int(above))
    return line


if __name__ == "__main__":
    measure(quarter, levels)
