"""The working of every level: `pdca explain MODEL ANSWERS --json`, from which anybody recomputes it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field

from documents.answer_groups import UnitAnswers, by_unit
from documents.answers import read_answers
from documents.faults import Fault, RefusedInput, one_of, shown
from documents.models import read_edition
from documents.results import EditionDocument, ElementDocument, Exact, Outcome, edition_document
from domain.method import scoring
from domain.method.edition import Edition, Element, State
from domain.method.order import natural_key
from domain.method.respondents import Answer, combine
from domain.responses import Assessor
from domain.words import _


class ItemWorking(Outcome):
    """One item: its words, what each respondent said, what was agreed, and the state that follows from these."""

    item: str
    text: dict[str, str]
    said: dict[str, State]
    agreed: State | None
    state: State | None = Field(description="null where nobody answered")


class LevelWorking(Outcome):
    """One level: complete if all its applicable items are yes, passed over if none applies."""

    level: int
    items: tuple[ItemWorking, ...]
    applicable: int
    answered: int = Field(description="yes or no")
    complete: bool
    passed_over: bool


class ElementWorking(ElementDocument):
    """One element: its levels from the lowest, or the values given, and the result.

    `by_rule` is what the joint states or the joint value give; the result differs only where it is unsettled.
    """

    title: dict[str, str]
    levels: tuple[LevelWorking, ...]
    values: dict[str, Exact] = Field(description="by respondent, where the rule takes a value")
    agreed_value: Exact | None
    by_rule: Exact | None


class UnitWorking(Outcome):
    """The workings of one unit by one kind of assessor."""

    unit: str
    assessor: Assessor
    elements: tuple[ElementWorking, ...]


class WorkingsDocument(Outcome):
    """The workings of an answers file, by unit and assessor."""

    model: EditionDocument
    rule: str
    units: tuple[UnitWorking, ...]


def explain_file(
    model: str | Path, answers: Path, *, unit: str | None = None, element: str | None = None
) -> WorkingsDocument:
    """Explain every level of an answers file, or those of one unit or one element.

    Refused with all faults of either file; so is a unit or element that does not stand in them.
    """
    edition = read_edition(model)
    given = by_unit(read_answers(answers, edition))
    units = list(dict.fromkeys(each.unit for each in given))
    if unit is not None and unit not in units:
        found = _("no unit {unit}").format(unit=shown(unit))
        raise RefusedInput([Fault(answers.name, "", found, one_of(units, unit))])
    if element is not None and element not in edition.by_id:
        found = _("no element {element}").format(element=shown(element))
        raise RefusedInput([Fault(str(model), "", found, one_of(edition.by_id, element))])
    return explain(edition, [each for each in given if unit in {None, each.unit}], element=element)


def explain(edition: Edition, answers: Iterable[UnitAnswers], *, element: str | None = None) -> WorkingsDocument:
    """Explain answers that stand by unit and assessor, for all elements of the model or for one."""
    elements = [each for each in edition.elements if element in {None, each.id}]
    return WorkingsDocument(
        model=edition_document(edition),
        rule=edition.rule,
        units=tuple(
            UnitWorking(
                unit=each.unit,
                assessor=each.assessor,
                elements=tuple(
                    element_working(edition, judged, each.blind.get(judged.id, {}), each.agreed.get(judged.id))
                    for judged in elements
                ),
            )
            for each in answers
        ),
    )


def element_working(
    edition: Edition, element: Element, answers: Mapping[str, Answer], agreed: Answer | None = None
) -> ElementWorking:
    """Explain one element's level from its respondents' answers and from what the team agreed."""
    agreed = agreed or Answer({})
    answers = {name: answers[name] for name in sorted(answers, key=natural_key)}
    score = combine(edition, element, answers, agreed)
    working = scoring.working(edition, element, score.states, None if element.items else score.result)
    found = ElementDocument.model_validate(score, from_attributes=True)
    return ElementWorking(
        **dict(found),
        title=dict(element.title),
        levels=tuple(_level_working(edition, level, answers, agreed) for level in working.levels),
        values={name: answer.value for name, answer in answers.items() if answer.value is not None},
        agreed_value=agreed.value,
        by_rule=working.outcome.result,
    )


def _level_working(
    edition: Edition, level: scoring.LevelWorking, answers: Mapping[str, Answer], agreed: Answer
) -> LevelWorking:
    return LevelWorking(
        level=level.level,
        items=tuple(
            ItemWorking(
                item=item,
                text=dict(edition.items[item].text),
                said={name: answer.states[item] for name, answer in answers.items() if item in answer.states},
                agreed=agreed.states.get(item),
                state=state,
            )
            for item, state in level.items
        ),
        applicable=level.applicable,
        answered=level.answered,
        complete=level.complete,
        passed_over=level.passed_over,
    )
