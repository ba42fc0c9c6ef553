"""The answers of assessments as the method takes them: read as a stream of columns, one parse per distinct text."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessments import Assessment
from domain.method.change import Because
from domain.method.edition import Edition, State, digest
from domain.method.order import natural_key
from domain.method.respondents import Answer
from domain.responses import Answer as StoredAnswer
from domain.responses import Assessor, Response, ResponseStatus, Round


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A latest answer as it is read for scoring: columns only, no entity."""

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
        self._known: dict[tuple[str, str | None, str | None, str, bool], Answer] = {}

    def answer(self, row: AnswerRow) -> Answer:
        """Return a stored answer as a value."""
        key = (row.element, row.states, row.value, row.because, row.has_evidence)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = parsed(row)
        return known


def parsed(row: AnswerRow) -> Answer:
    """Return the value of a stored answer; a stored word such as n/a stands under the element's own id."""
    states = {} if row.states is None else {item: State(state) for item, state in json.loads(row.states).items()}
    return Answer(
        states=states,
        value=None if row.value is None else Fraction(row.value),
        because={item: Because(why) for item, why in json.loads(row.because).items()},
        has_evidence=row.has_evidence,
    )


def answer_sheets(
    session: Session, edition: Edition, assessments: Sequence[Assessment], assessor: Assessor = Assessor.SELF
) -> Iterator[AnswerSheet]:
    """Yield each assessment's sheet, one after the other, in the order of their ids."""
    asked = _asked(session, [each.id for each in assessments], assessor)
    by_id = {each.id: each for each in assessments}
    texts = Texts()
    rows = groupby(stream(session, sorted(by_id)), key=lambda row: row.assessment_id)
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
    newest = (
        select(StoredAnswer.response_id, StoredAnswer.element, func.max(StoredAnswer.revision).label("revision"))
        .join(Response, Response.id == StoredAnswer.response_id)
        .where(Response.assessment_id.in_(assessment_ids), Response.status != ResponseStatus.DECLINED)
        .group_by(StoredAnswer.response_id, StoredAnswer.element)
        .subquery()
    )
    rows = (
        select(
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
        .join(
            newest,
            (StoredAnswer.response_id == newest.c.response_id)
            & (StoredAnswer.element == newest.c.element)
            & (StoredAnswer.revision == newest.c.revision),
        )
        .order_by(Response.assessment_id, Response.id, StoredAnswer.element)
    )
    for row in session.execute(rows.execution_options(yield_per=5000)):
        yield AnswerRow(*row)


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
    for row in rows:
        if row.element not in edition.by_id:
            continue
        if row.round is Round.AGREED and assessor is Assessor.SELF:
            agreed[row.element] = texts.answer(row)
        elif row.round is Round.BLIND and row.assessor is assessor:
            answers.setdefault(row.element, {})[str(row.person_id)] = texts.answer(row)
        else:
            continue
        inputs.append(
            [row.round, row.person_id or 0, row.element, row.states, row.value, row.because, row.has_evidence]
        )
    return AnswerSheet(
        assessment_id=assessment.id,
        unit_id=assessment.unit_id,
        scope=assessment.scope,
        answers={element: _ordered(given) for element, given in answers.items()},
        agreed=agreed,
        asked=asked,
        inputs=digest([sorted(inputs, key=str), sorted(asked.items())]),
    )


def _ordered(given: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: given[name] for name in sorted(given, key=natural_key)}


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
