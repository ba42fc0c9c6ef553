"""The answers of assessments as the method takes them: read as a stream of columns, one parse per distinct text."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments import Assessment
from domain.method.change import Because
from domain.method.edition import Edition, State, digest
from domain.method.respondents import Answer
from domain.responses import Answer as StoredAnswer
from domain.responses import Assessor, Response, ResponseStatus, Round

AT_ONCE = 5000
"""How many rows are taken from the database at once."""

STATES = {state.value: state for state in State}


class AnswerRow(NamedTuple):
    """A newest answer as it is read for scoring: columns only, no entity."""

    assessment_id: int
    person_id: int | None
    round: Round
    assessor: Assessor
    element: str
    states: str | None
    value: str | None
    because: str
    has_evidence: bool


@dataclass(frozen=True)
class AnswerSheet:
    """One assessment's newest answers of one kind of assessor: by element and respondent (a person's id as text).

    `asked` counts the people asked per element; `inputs` is the digest of everything here.
    """

    assessment_id: int
    unit_id: int
    scope: Sequence[str]
    answers: Mapping[str, Mapping[str, Answer]]
    agreed: Mapping[str, Answer]
    asked: Mapping[str, int]
    inputs: str


class Texts:
    """Parses each distinct stored text once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str | None, str, bool], Answer] = {}

    def answer(self, row: AnswerRow) -> Answer:
        """Return a stored answer as a value."""
        given = row[5:]
        known = self._known.get(given)
        if known is None:
            known = self._known[given] = parsed(row)
        return known


def parsed(row: AnswerRow) -> Answer:
    """Return the value of a stored answer; a stored word such as n/a stands under the element's own id."""
    return Answer(
        states={} if row.states is None else {item: STATES[state] for item, state in json.loads(row.states).items()},
        value=None if row.value is None else Fraction(row.value),
        because={} if row.because == "{}" else {item: Because(why) for item, why in json.loads(row.because).items()},
        has_evidence=row.has_evidence,
    )


def answer_sheets(
    session: Session, edition: Edition, assessments: Sequence[Assessment], assessor: Assessor = Assessor.SELF
) -> Iterator[AnswerSheet]:
    """Yield each assessment's sheet, one after the other, in the order of their ids."""
    asked = _asked(session, [each.id for each in assessments], assessor)
    by_id = {each.id: each for each in assessments}
    texts = Texts()
    rows = groupby(stream(session, sorted(by_id)), key=attrgetter("assessment_id"))
    found = next(rows, None)
    for assessment_id in sorted(by_id):
        mine: list[AnswerRow] = []
        if found is not None and found[0] == assessment_id:
            mine = list(found[1])
            found = next(rows, None)
        yield _sheet(edition, by_id[assessment_id], mine, asked.get(assessment_id, Counter()), texts, assessor)


def given_before(session: Session, places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], dict[str, Answer]]:
    """Return the newest blind answers by (assessment, element) and respondent, for what results are compared with."""
    wanted = set(places)
    found: dict[tuple[int, str], dict[str, Answer]] = {}
    texts = Texts()
    for row in stream(session, sorted({assessment_id for assessment_id, _element in wanted})):
        place = (row.assessment_id, row.element)
        if place in wanted and row.round is Round.BLIND and row.assessor is Assessor.SELF:
            found.setdefault(place, {})[str(row.person_id)] = texts.answer(row)
    return found


def stream(session: Session, assessment_ids: Sequence[int]) -> Iterator[AnswerRow]:
    """Yield the newest answers of assessments as columns, by assessment, response and element, in a stream."""
    session.flush()
    rows = (
        select(
            StoredAnswer.response_id,
            Response.assessment_id,
            Response.person_id,
            Response.round,
            Response.assessor,
            StoredAnswer.element,
            StoredAnswer.states,
            StoredAnswer.value,
            StoredAnswer.because,
            StoredAnswer.has_evidence,
        )
        .join(Response, Response.id == StoredAnswer.response_id)
        .where(Response.assessment_id.in_(assessment_ids), Response.status != ResponseStatus.DECLINED)
        .order_by(Response.assessment_id, StoredAnswer.response_id, StoredAnswer.element, StoredAnswer.revision)
    )
    found = session.connection().execute(rows, execution_options={"yield_per": AT_ONCE})
    for _place, revisions in groupby(found, key=attrgetter("response_id", "element")):
        *_older, newest = revisions
        yield AnswerRow._make(newest[1:])


def _sheet(
    edition: Edition,
    assessment: Assessment,
    rows: Sequence[AnswerRow],
    asked: Counter[str],
    texts: Texts,
    assessor: Assessor,
) -> AnswerSheet:
    answers: dict[str, dict[str, Answer]] = {}
    agreed: dict[str, Answer] = {}
    inputs = []
    for row in sorted(rows, key=_order):
        if row.element not in edition.by_id:
            continue
        if row.round is Round.AGREED and assessor is Assessor.SELF:
            agreed[row.element] = texts.answer(row)
        elif row.round is Round.BLIND and row.assessor is assessor:
            answers.setdefault(row.element, {})[str(row.person_id)] = texts.answer(row)
        else:
            continue
        inputs.append([row.round, row.person_id or 0, *row[4:]])
    return AnswerSheet(
        assessment_id=assessment.id,
        unit_id=assessment.unit_id,
        scope=assessment.scope,
        answers=answers,
        agreed=agreed,
        asked=asked,
        inputs=digest([inputs, sorted(asked.items())]),
    )


def _order(row: AnswerRow) -> tuple[int, str, str]:
    """Return what gives an assessment's answers one order on every database."""
    return row.person_id or 0, row.round, row.element


def _asked(session: Session, assessment_ids: Sequence[int], assessor: Assessor) -> dict[int, Counter[str]]:
    rows = select(Response.assessment_id, Response.scope).where(
        Response.assessment_id.in_(assessment_ids),
        Response.round == Round.BLIND,
        Response.assessor == assessor,
        Response.status != ResponseStatus.DECLINED,
    )
    found: dict[int, Counter[str]] = {}
    for assessment_id, scope in session.execute(rows):
        found.setdefault(assessment_id, Counter()).update(scope)
    return found
