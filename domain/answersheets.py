"""The answers of assessments as the method takes them: read as a stream of columns, one parse per distinct text."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias, cast

from sqlalchemy import String, exists, select, type_coerce
from sqlalchemy.orm import Session, aliased

from domain.assessments import Assessment
from domain.method.change import Because
from domain.method.edition import Edition, State, digest
from domain.method.respondents import Answer
from domain.method.scoring import REMEMBERED
from domain.responses import Answer as StoredAnswer
from domain.responses import Assessor, Response, ResponseStatus, Round

AT_ONCE = 5000
"""How many rows are taken from the database at once."""

STATES = {state.value: state for state in State}


class AnswerRow(NamedTuple):
    """A newest answer as it is read for scoring: columns only, no entity; whose it is, then what was said."""

    assessment_id: int
    person_id: int | None
    round: str
    assessor: str
    element: str
    states: str | None
    value: str | None
    because: str
    has_evidence: bool


Said: TypeAlias = tuple[str | None, str | None, str, bool]
"""What an answer row says: states, value, because, whether there is evidence."""


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
        self._known: dict[Said, Answer] = {}

    def answer(self, said: Said) -> Answer:
        """Return what a row says as a value; a stored word such as n/a stands under the element's own id."""
        known = self._known.get(said)
        if known is None:
            states, value, because, has_evidence = said
            known = self._known[said] = Answer(
                states={} if states is None else _states(states),
                value=None if value is None else Fraction(value),
                because={} if because == "{}" else {item: Because(why) for item, why in json.loads(because).items()},
                has_evidence=has_evidence,
            )
        return known


@lru_cache(maxsize=REMEMBERED)
def _states(text: str) -> Mapping[str, State]:
    return {item: STATES[state] for item, state in json.loads(text).items()}


def answer_sheets(
    session: Session, edition: Edition, assessments: Sequence[Assessment], assessor: Assessor = Assessor.SELF
) -> Iterator[AnswerSheet]:
    """Yield each assessment's sheet, one after the other, in the order of their ids."""
    asked = _asked(session, [each.id for each in assessments], assessor)
    by_id = {each.id: each for each in assessments}
    texts = Texts()
    rows = groupby(stream(session, sorted(by_id)), key=itemgetter(0))
    found = next(rows, None)
    for assessment_id in sorted(by_id):
        mine: Iterable[AnswerRow] = ()
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
        if place in wanted and row.round == Round.BLIND and row.assessor == Assessor.SELF:
            found.setdefault(place, {})[str(row.person_id)] = texts.answer(row[5:])
    return found


def stream(session: Session, assessment_ids: Sequence[int]) -> Iterator[AnswerRow]:
    """Yield the newest answers of assessments as columns, by assessment, response and element, in a stream."""
    session.flush()
    newer = aliased(StoredAnswer)
    rows = (
        select(
            Response.assessment_id,
            Response.person_id,
            type_coerce(Response.round, String).label("round"),
            type_coerce(Response.assessor, String).label("assessor"),
            StoredAnswer.element,
            StoredAnswer.states,
            StoredAnswer.value,
            StoredAnswer.because,
            StoredAnswer.has_evidence,
        )
        .join(Response, Response.id == StoredAnswer.response_id)
        .where(
            Response.assessment_id.in_(assessment_ids),
            Response.status != ResponseStatus.DECLINED,
            ~exists().where(
                newer.response_id == StoredAnswer.response_id,
                newer.element == StoredAnswer.element,
                newer.revision > StoredAnswer.revision,
            ),
        )
        .order_by(Response.assessment_id, StoredAnswer.response_id, StoredAnswer.element)
    )
    found = session.connection().execute(rows, execution_options={"yield_per": AT_ONCE})
    # The database's rows are tuples with these names; to make others of them would take longer than to read them.
    return cast("Iterator[AnswerRow]", iter(found))


def _sheet(
    edition: Edition,
    assessment: Assessment,
    rows: Iterable[AnswerRow],
    asked: Counter[str],
    texts: Texts,
    assessor: Assessor,
) -> AnswerSheet:
    answers: dict[str, dict[str, Answer]] = {}
    agreed: dict[str, Answer] = {}
    inputs = []
    for person_id, round_, given in _parts(edition, rows, assessor):
        inputs.append((person_id, round_, given))
        for element, said in given.items():
            if round_ == Round.AGREED:
                agreed[element] = texts.answer(said)
            else:
                answers.setdefault(element, {})[str(person_id)] = texts.answer(said)
    return AnswerSheet(
        assessment_id=assessment.id,
        unit_id=assessment.unit_id,
        scope=assessment.scope,
        answers=answers,
        agreed=agreed,
        asked=asked,
        inputs=digest([inputs, asked]),
    )


Part: TypeAlias = tuple[int, str, dict[str, Said]]
"""Whose part of an assessment it is, in which round, and what was said by element."""


def _parts(edition: Edition, rows: Iterable[AnswerRow], assessor: Assessor) -> list[Part]:
    """Return the parts that count for a kind of assessor, by person; what the team agreed is the unit's own word."""
    counted = {(Round.BLIND, assessor)} | ({(Round.AGREED, Assessor.SELF)} if assessor is Assessor.SELF else set())
    parts = [
        (person_id or 0, round_, {row.element: row[5:] for row in together if row.element in edition.by_id})
        for (person_id, round_, judge), together in groupby(rows, key=itemgetter(1, 2, 3))
        if (round_, judge) in counted
    ]
    return sorted(parts, key=itemgetter(0, 1))


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
