"""The rows of an answers file as values for the method: by unit and kind of assessor, element and respondent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.answers import AnswerRow
from domain.method.order import natural_key
from domain.method.respondents import Answer
from domain.responses import Assessor, Round


@dataclass(frozen=True, slots=True)
class UnitAnswers:
    """What one kind of assessor says of one unit: blind by element and respondent, agreed by element."""

    unit: str
    assessor: Assessor
    blind: Mapping[str, Mapping[str, Answer]]
    agreed: Mapping[str, Answer]


def by_unit(rows: Iterable[AnswerRow]) -> list[UnitAnswers]:
    """Group rows by unit in natural order, and by assessor: self first, each apart since they are never pooled."""
    assessors = list(Assessor)

    def order(row: AnswerRow) -> tuple[object, int]:
        return natural_key(row.unit), assessors.index(row.assessor)

    grouped = groupby(sorted(rows, key=order), key=lambda row: (row.unit, row.assessor))
    return [_unit_answers(unit, assessor, list(of_unit)) for (unit, assessor), of_unit in grouped]


def _unit_answers(unit: str, assessor: Assessor, rows: Sequence[AnswerRow]) -> UnitAnswers:
    blind: dict[str, dict[str, list[AnswerRow]]] = {}
    agreed: dict[str, list[AnswerRow]] = {}
    for row in rows:
        if row.round is Round.AGREED:
            agreed.setdefault(row.element, []).append(row)
        else:
            blind.setdefault(row.element, {}).setdefault(row.respondent, []).append(row)
    return UnitAnswers(
        unit=unit,
        assessor=assessor,
        blind={element: {name: _answer(given) for name, given in said.items()} for element, said in blind.items()},
        agreed={element: _answer(given) for element, given in agreed.items()},
    )


def _answer(rows: Sequence[AnswerRow]) -> Answer:
    return Answer(
        states={row.subject: row.answer for row in rows if row.answer is not None},
        value=next((row.value for row in rows if row.value is not None), None),
        because={row.subject: row.because for row in rows if row.because is not None},
        has_evidence=any(row.evidence for row in rows),
    )
