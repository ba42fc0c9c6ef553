"""Results: closed assessments are scored and compared with last time; nothing but answers and the model goes in."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, overload

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from domain import editions, events, organisation, scores
from domain.answersheets import STATES, AnswerSheet, answer_sheets, given_before
from domain.assessments import Assessment, AssessmentStatus
from domain.base import exact
from domain.closings import joint
from domain.cycles import Cycle
from domain.method.change import Change, change_in_parts, change_of_value, is_comparable, item_becauses
from domain.method.edition import Edition, State
from domain.method.respondents import Answer, Basis, ElementScore, RespondentScore
from domain.method.scoring import Why
from domain.scores import Latest

TOGETHER = 50
"""How many assessments' results are read at once."""


@dataclass(frozen=True, slots=True)
class Result:
    """One element's score in an assessment with its change against the unit's last proven result."""

    score: ElementScore
    change: Change | None


def score(session: Session, cycle: Cycle, assessment_ids: Sequence[int], now: datetime) -> int:
    """Score the closed ones among a cycle's assessments and write what they came to; returns how many that were."""
    edition = editions.edition(session, cycle.edition_id)
    wanted = select(Assessment).where(Assessment.id.in_(assessment_ids), Assessment.status == AssessmentStatus.CLOSED)
    closed = session.scalars(wanted.order_by(Assessment.id)).all()
    closed_at = {each.id: each.closed_at or now for each in closed}
    units = organisation.branch(session, [each.unit_id for each in closed], organisation.today(session, now))
    rows: list[dict[str, Any]] = []
    for sheet, results in judged(session, cycle, closed):
        on = closed_at[sheet.assessment_id].astimezone(units.zone(sheet.unit_id)).date()
        rows.extend(_row(edition, sheet, each, on, now) for each in results)
    scores.add(session, rows)
    events.move_all(session, closed, AssessmentStatus.SCORED, by=None, now=now)
    return len(closed)


def judged(
    session: Session, cycle: Cycle, assessments: Sequence[Assessment]
) -> Iterable[tuple[AnswerSheet, list[Result]]]:
    """Yield each assessment's answers with what they come to, one assessment at a time."""
    edition = editions.edition(session, cycle.edition_id)
    units = {each.id: each.unit_id for each in assessments}
    earlier = scores.standing_before(session, edition.id, cycle.programme_id, units)
    standing = _comparable(session, edition, earlier)
    places = [(last.assessment_id, last.element) for last in standing.values()]
    before = given_before(session, places)
    for sheet in answer_sheets(session, edition, assessments):
        results = []
        for element_score in joint(edition, sheet):
            last = standing.get((sheet.assessment_id, element_score.element))
            change = None
            if last is not None:
                answers = before.get((last.assessment_id, last.element), {})
                now_given = sheet.answers.get(element_score.element, {})
                change = changed(edition, element_score, last, answers, now_given)
            results.append(Result(element_score, change))
        yield sheet, results


def _comparable(
    session: Session, edition: Edition, earlier: Mapping[tuple[int, str], Latest]
) -> dict[tuple[int, str], Latest]:
    """Return the earlier results that a new one is compared with: what another edition asks otherwise begins anew."""
    wanted = {last.assessment_id for last in earlier.values()}
    rows = select(Assessment.id, Cycle.edition_id).join(Cycle).where(Assessment.id.in_(wanted))
    by = {id_: editions.edition(session, edition_id) for id_, edition_id in session.execute(rows)} if wanted else {}
    return {
        place: last for place, last in earlier.items() if is_comparable(by[last.assessment_id], edition, last.element)
    }


def stored(session: Session, assessment_ids: Sequence[int]) -> Iterator[tuple[int, list[Result]]]:
    """Yield the stored results of assessments as they were judged, by unit, in the order of these ids."""
    for start in range(0, len(assessment_ids), TOGETHER):
        some = assessment_ids[start : start + TOGETHER]
        found = {
            assessment_id: list(rows)
            for assessment_id, rows in groupby(scores.stream(session, some), key=attrgetter("assessment_id"))
        }
        for each in some:
            if rows := found.get(each):
                yield rows[0].unit_id, [_stored(row) for row in rows]


def changed(
    edition: Edition,
    now: ElementScore,
    last: Latest,
    answers_before: Mapping[str, Answer],
    answers_now: Mapping[str, Answer],
) -> Change | None:
    """Return a proven result's change in its three parts against the last one; None where it is not proven."""
    if not now.proven or now.result is None:
        return None
    element = edition.by_id[now.element]
    because = item_becauses(
        {name: _said(element.id, each) for name, each in answers_before.items()},
        {name: _said(element.id, each) for name, each in answers_now.items()},
        {name: each.because for name, each in answers_now.items()},
    )
    if not element.items:
        return change_of_value(last.result, now.result, because.get(element.id))
    states = {item: State(state) for item, state in last.states.items()}
    return change_in_parts(edition, element, states, now.states, because)


def _said(element: str, answer: Answer) -> Mapping[str, State | Fraction]:
    """Return an answer by item, or by the element itself where the rule takes a value."""
    return answer.states if answer.value is None else {element: answer.value}


def _row(edition: Edition, sheet: AnswerSheet, result: Result, on: date, now: datetime) -> dict[str, Any]:
    where = {"assessment_id": sheet.assessment_id, "unit_id": sheet.unit_id}
    return {**where, "revision": 1, "on": on, "at": now, **numbers(edition, sheet, result)}


def numbers(edition: Edition, sheet: AnswerSheet, result: Result) -> dict[str, Any]:
    """Return what a result came to by the columns of `Score`, without where it stands and when it was written."""
    each, change = result.score, result.change
    return {
        "model": edition.id,
        "element": each.element,
        "assessor": "self",
        "rule": edition.rule,
        "edition_digest": edition.digest,
        "inputs_digest": sheet.inputs,
        "result": each.result,
        "why": each.why,
        "is_proven": each.proven,
        "basis": each.basis,
        "naive": each.naive,
        "coverage_done": each.coverage[0],
        "coverage_of": each.coverage[1],
        "minimum": each.minimum,
        "maximum": each.maximum,
        "changed": None if change is None else change.changed,
        "seen_differently": None if change is None else change.seen_differently,
        "mistake": None if change is None else change.mistake,
        "detail": detail(each),
    }


def detail(score: ElementScore) -> dict[str, Any]:
    """Return what a score rests on, as it is stored beside it; `silent` are who said no more than don't know.

    `agreed` is absent where the team agreed on no blocking item.
    """
    return ({"agreed": list(score.agreed)} if score.agreed else {}) | {
        "blocking": list(score.blocking),
        "contested": list(score.contested),
        "states": dict(score.states),
        "said_no": {item: list(counts) for item, counts in score.said_no.items()},
        "seen_by": list(score.seen_by),
        "has_evidence": score.has_evidence,
        "respondents": [
            [each.respondent, _text(each.result), each.proven, list(each.coverage)] for each in score.respondents
        ],
        "silent": [each.respondent for each in score.respondents if not each.says_something],
    }


def _stored(row: Row[Any]) -> Result:
    """Return a stored result as it was judged: the other way round of `numbers` and `detail`."""
    rests_on = row.detail
    score = ElementScore(
        element=row.element,
        result=row.result,
        why=None if row.why is None else Why(row.why),
        proven=row.is_proven,
        basis=Basis(row.basis),
        naive=row.naive,
        blocking=tuple(rests_on["blocking"]),
        contested=tuple(rests_on["contested"]),
        coverage=(row.coverage_done, row.coverage_of),
        respondents=_StoredRespondents(rests_on["respondents"], rests_on["silent"]),
        minimum=row.minimum,
        maximum=row.maximum,
        states={item: STATES[state] for item, state in rests_on["states"].items()},
        said_no=rests_on["said_no"],
        agreed=tuple(rests_on.get("agreed", ())),
        seen_by=tuple(rests_on["seen_by"]),
        has_evidence=rests_on["has_evidence"],
    )
    change = None if row.changed is None else Change(row.mistake, row.changed, row.seen_differently)
    return Result(score, change)


class _StoredRespondents(Sequence[RespondentScore]):
    """The respondents' own scores as they were stored; most findings need none of them, so none is made before."""

    def __init__(self, rows: Sequence[Any], silent: Collection[str]) -> None:
        self._rows = rows
        self._silent = silent

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> RespondentScore: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[RespondentScore]: ...
    def __getitem__(self, place: int | slice) -> RespondentScore | Sequence[RespondentScore]:
        if isinstance(place, slice):
            return _StoredRespondents(self._rows[place], self._silent)
        name, result, proven, (done, of) = self._rows[place]
        return RespondentScore(name, _level(result), proven, (done, of), says_something=name not in self._silent)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _level(text: str | None) -> Fraction | None:
    return None if text is None else exact(text)
