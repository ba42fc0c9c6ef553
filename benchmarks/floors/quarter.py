"""The floor of a quarter: the same arithmetic in plain Python on rows of the driver, one parse per distinct text.

It imports nothing of the product, keeps everything in memory, writes in one commit, and leaves out what makes the
product certain: claims, events, digests, kept inputs. The method is the product's; only what the prepared organisation
has is covered (no absences, responsibilities, agreed rounds, living actions, last quarter or values).
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.floors.findings import Judged, found_in
from benchmarks.floors.levels import DONT_KNOW, Element, Outcome, State, element_from, joint_of, outcome_of
from benchmarks.floors.plans import Gap, plan
from benchmarks.measuring import measure
from benchmarks.outcome import worked
from benchmarks.places import DATABASE

TODAY = date(2026, 4, 30)
ANSWERS = """
    SELECT assessment.id, assessment.unit_id, response.person_id, answer.element, answer.states, answer.has_evidence
    FROM assessment
    JOIN response ON response.assessment_id = assessment.id
    JOIN answer ON answer.response_id = response.id
    WHERE assessment.status = 'closed' AND response.status <> 'declined'
    ORDER BY assessment.id, response.id, answer.element, answer.revision
"""
ADD_SCORE = """
    INSERT INTO score (assessment_id, unit_id, model, element, result, why, is_proven, basis, naive, coverage_done,
        coverage_of, minimum, maximum, detail, assessor, revision, "on", rule, edition_digest, inputs_digest, at)
    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,'self',1,'2026-04-22','no-gap','','','2026-04-30 10:00:00.000000')
"""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A distinct text: its states in item order, what they come to, whether there is more than don't know."""

    states: Sequence[State]
    outcome: Outcome
    says_something: bool


Given: TypeAlias = Mapping[str, Mapping[int, tuple[Parsed, bool]]]
"""Newest answers, with whether there is evidence, by element and person."""


@dataclass
class Written:
    """What goes into the database at the end."""

    scores: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[tuple[Any, ...]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def quarter(folder: Path) -> None:
    """Score, find and draft in one pass and one commit."""
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("PRAGMA foreign_keys=ON")
    (text,) = connection.execute("SELECT document FROM model_edition").fetchone()
    document = json.loads(text)
    elements = [element_from(each) for each in document["elements"]]
    asked = _asked(connection)
    written = Written()
    for assessment, unit, given in _assessments(connection, elements):
        for element in elements:
            place = (assessment, unit, document["id"])
            _judge(place, element, given[element.id], asked[assessment], written)
    connection.executemany(ADD_SCORE, written.scores)
    connection.executemany(
        "INSERT INTO finding (cycle_id, unit_id, element, kind, facts) VALUES (1, ?, ?, ?, ?)", written.findings
    )
    plan(connection, elements, written.gaps, document["id"], TODAY)
    connection.commit()
    connection.close()


def _asked(connection: sqlite3.Connection) -> dict[int, int]:
    """Return how many people were asked, by assessment; everybody was asked everything."""
    return dict(connection.execute("SELECT assessment_id, count(*) FROM response GROUP BY assessment_id"))


def _assessments(connection: sqlite3.Connection, elements: Sequence[Element]) -> Iterator[tuple[int, int, Given]]:
    """Yield each assessment with its unit and its answers."""
    by_id = {element.id: element for element in elements}
    parsed: dict[tuple[str, str], Parsed] = {}
    before: tuple[int, int] | None = None
    given: dict[str, dict[int, tuple[Parsed, bool]]] = {}
    for assessment, unit, person, element, text, has_evidence in connection.execute(ANSWERS):
        if before != (assessment, unit):
            if before is not None:
                yield *before, given
            before = (assessment, unit)
            given = {each: {} for each in by_id}
        known = parsed.get((element, text))
        if known is None:
            known = parsed[element, text] = _parse(by_id[element], text)
        given[element][person] = (known, bool(has_evidence))
    if before is not None:
        yield *before, given


def _parse(element: Element, text: str) -> Parsed:
    said = json.loads(text)
    states = [said.get(item) for item in element.items]
    return Parsed(states, outcome_of(element, states), any(state != DONT_KNOW for state in said.values()))


def _judge(
    place: tuple[int, int, str],
    element: Element,
    given: Mapping[int, tuple[Parsed, bool]],
    asked: int,
    written: Written,
) -> None:
    """Score an element from its respondents, and say what the score says."""
    answers = {person: parsed for person, (parsed, _evidence) in sorted(given.items()) if any(parsed.states)}
    columns = list(zip(*(each.states for each in answers.values()), strict=True)) or [()] * len(element.items)
    joint, contested, unsure = joint_of(columns, len(answers))
    score = outcome_of(element, joint)
    outcomes = [each.outcome for each in answers.values()]
    own = [each.level for each in outcomes if each.is_proven and each.level is not None]
    if score.is_proven and score.level is not None and own and not min(own) <= score.level <= max(own):
        score, contested = Outcome(None, "unsettled", False, None, (), score.done, score.of), unsure
    judged = Judged(
        unit=place[1],
        element=element,
        level=score.level if score.is_proven else None,
        is_unsettled=score.why == "unsettled",
        joint=joint,
        blocking=score.blocking,
        contested=[element.items[each] for each in contested],
        answers={person: each.states for person, each in answers.items()},
        own=own,
        who_could=[person for person, each in answers.items() if each.says_something],
        asked=asked,
        has_evidence=any(given[person][1] for person in answers),
    )
    written.scores.append((*place, element.id, *_numbers(score, own, len(answers)), _detail(judged, score, outcomes)))
    found = found_in(judged)
    written.findings += [(place[1], element.id, kind, _json(facts)) for kind, facts in found.items()]
    if "gap" in found:
        step, size = found["opportunity for improvement"], int(found["gap"]["gap"])
        is_visible = "not visible here" not in found
        facts = {**found["gap"], **step}
        written.gaps.append(Gap(place[1], element.id, size, is_visible, step["items"], int(step["aims_at"]), facts))


def _numbers(score: Outcome, own: Sequence[int], people: int) -> tuple[Any, ...]:
    basis = "majority" if people > 1 else "single" if people else "none"
    low, high = (str(min(own)), str(max(own))) if own else (None, None)
    level = (_text(score.level), score.why, score.is_proven, basis, _text(score.naive))
    return (*level, score.done, score.of, low, high)


def _detail(judged: Judged, score: Outcome, outcomes: Sequence[Outcome]) -> str:
    items = judged.element.items
    return _json(
        {
            "blocking": [items[place] for place in score.blocking],
            "contested": judged.contested,
            "states": {item: state for item, state in zip(items, judged.joint, strict=True) if state},
            "seen_by": [len(judged.who_could), judged.asked],
            "has_evidence": judged.has_evidence,
            "respondents": [
                [str(person), _text(each.level), each.is_proven, [each.done, each.of]]
                for person, each in zip(judged.answers, outcomes, strict=True)
            ],
        }
    )


def _text(level: int | None) -> str | None:
    return None if level is None else str(level)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    measure(quarter, worked)
