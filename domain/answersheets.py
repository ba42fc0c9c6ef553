"""The answers of assessments as the method takes them: read as a stream of columns, one parse per distinct text."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments import Assessment
from domain.method.change import Because
from domain.method.edition import Edition, State, digest
from domain.method.respondents import Answer
from domain.responses import Answer as StoredAnswer
from domain.responses import Assessor, Response, ResponseStatus, Round

Given: TypeAlias = tuple[str | None, str | None, str, bool]
"""The columns of a stored answer: states, value, because, whether there is evidence."""

AT_ONCE = 5000
"""How many rows are taken from the database at once."""

STATES = {state.value: state for state in State}


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
        self._known: dict[Given, Answer] = {}

    def answer(self, given: Given) -> Answer:
        """Return a stored answer as a value."""
        known = self._known.get(given)
        if known is None:
            known = self._known[given] = parsed(given)
        return known


def parsed(given: Given) -> Answer:
    """Return the value of a stored answer; a stored word such as n/a stands under the element's own id."""
    states, value, because, has_evidence = given
    return Answer(
        states={} if states is None else {item: STATES[state] for item, state in json.loads(states).items()},
        value=None if value is None else Fraction(value),
        because={} if because == "{}" else {item: Because(why) for item, why in json.loads(because).items()},
        has_evidence=has_evidence,
    )


def answer_sheets(
    session: Session, edition: Edition, assessments: Sequence[Assessment], assessor: Assessor = Assessor.SELF
) -> Iterator[AnswerSheet]:
    """Yield each assessment's sheet, one after the other, in the order of their ids."""
    by_id = {each.id: each for each in assessments}
    parts = _parts(session, by_id, assessor)
    texts = Texts()
    found = stream(session, sorted(by_id))
    next_id, rows = next(found, (None, {}))
    for assessment_id in sorted(by_id):
        mine: Newest = {}
        if assessment_id == next_id:
            mine = rows
            next_id, rows = next(found, (None, {}))
        yield _sheet(edition, by_id[assessment_id], mine, parts.get(assessment_id, _Parts()), texts)


def given_before(session: Session, places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], dict[str, Answer]]:
    """Return the newest blind answers by (assessment, element) and respondent, for what results are compared with."""
    wanted = set(places)
    assessment_ids = sorted({assessment_id for assessment_id, _element in wanted})
    parts = _parts(session, assessment_ids, Assessor.SELF)
    found: dict[tuple[int, str], dict[str, Answer]] = {}
    texts = Texts()
    for assessment_id, rows in stream(session, assessment_ids):
        blind = parts[assessment_id].blind if assessment_id in parts else {}
        for (response_id, element), given in rows.items():
            if response_id in blind and (assessment_id, element) in wanted:
                answers = found.setdefault((assessment_id, element), {})
                answers[str(blind[response_id])] = texts.answer(given)
    return found


Newest: TypeAlias = dict[tuple[int, str], Given]
"""An assessment's newest answers by response and element."""


def stream(session: Session, assessment_ids: Sequence[int]) -> Iterator[tuple[int, Newest]]:
    """Yield the assessments that have answers, in order of id, each with its newest answers, in a stream."""
    session.flush()
    rows = (
        select(
            Response.assessment_id,
            StoredAnswer.response_id,
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
    for assessment_id, together in groupby(found, key=lambda row: row[0]):
        yield (
            assessment_id,
            {
                (response_id, element): (states, value, because, has_evidence)
                for _id, response_id, element, states, value, because, has_evidence in together
            },
        )


@dataclass
class _Parts:
    """Who has a part in an assessment: the person of each blind response, the agreed ones, how many were asked what."""

    blind: dict[int, int] = field(default_factory=dict)
    agreed: dict[int, int] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)


def _parts(session: Session, assessment_ids: Iterable[int], assessor: Assessor) -> dict[int, _Parts]:
    rows = select(
        Response.assessment_id, Response.id, Response.person_id, Response.round, Response.assessor, Response.scope
    ).where(Response.assessment_id.in_(list(assessment_ids)), Response.status != ResponseStatus.DECLINED)
    found: dict[int, _Parts] = {}
    for assessment_id, response_id, person_id, round_, judge, scope in session.execute(rows.order_by(Response.id)):
        parts = found.setdefault(assessment_id, _Parts())
        if round_ is Round.AGREED and assessor is Assessor.SELF:
            parts.agreed[response_id] = person_id or 0
        elif round_ is Round.BLIND and judge is assessor:
            parts.blind[response_id] = person_id or 0
            parts.asked.update(scope)
    return found


def _sheet(edition: Edition, assessment: Assessment, newest: Newest, parts: _Parts, texts: Texts) -> AnswerSheet:
    answers: dict[str, dict[str, Answer]] = {}
    agreed: dict[str, Answer] = {}
    inputs: list[list[Any]] = []
    people = {**parts.blind, **parts.agreed}
    for response_id, element in sorted(newest, key=lambda place: (people.get(place[0], 0), place)):
        if element not in edition.by_id or response_id not in people:
            continue
        given = newest[response_id, element]
        person = people[response_id]
        if response_id in parts.agreed:
            agreed[element] = texts.answer(given)
            inputs.append([Round.AGREED, person, element, *given])
        else:
            answers.setdefault(element, {})[str(person)] = texts.answer(given)
            inputs.append([Round.BLIND, person, element, *given])
    return AnswerSheet(
        assessment_id=assessment.id,
        unit_id=assessment.unit_id,
        scope=assessment.scope,
        answers=answers,
        agreed=agreed,
        asked=parts.asked,
        inputs=digest([inputs, sorted(parts.asked.items())]),
    )
