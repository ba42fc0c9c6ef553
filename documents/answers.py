"""The answers file: one row per answer, checked against the model it answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema

from documents.answer_words import ASSESSORS, BECAUSES, COLUMNS, ROUNDS, STATES, TEAM
from documents.faults import Fault, RefusedInput, in_row, one_of, refuse, shown
from documents.headings import Record, Table, plain, read_with_faults
from documents.shapes import expected
from domain.method.change import Because
from domain.method.edition import Edition, Rule, State
from domain.responses import Assessor, Round
from domain.words import _

Word = TypeVar("Word")

ANSWERS: Mapping[Rule, tuple[State, ...]] = {
    Rule.NO_GAP: (State.YES, State.NO, State.DONT_KNOW, State.NOT_APPLICABLE),
    Rule.HOLISTIC: (State.DONT_KNOW, State.NOT_APPLICABLE),
}
"""The states each rule knows; answers by another rule are refused."""

WITH_ITEMS = frozenset({Rule.NO_GAP})
PLACED_BY = frozenset({"unit", "round", "assessor", "respondent", "element"})
"""The columns that say where a row belongs."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may name, the context in which it is validated; any unit and any person where these are None."""

    edition: Edition
    units: Collection[str] | None = None
    people: Collection[str] | None = None


def _word_of(words: Mapping[str, Word]) -> BeforeValidator:
    def read(value: object) -> Word:
        if (word := words.get(plain(str(value)))) is None:
            raise expected(one_of(dict.fromkeys(map(str, words.values()))))
        return word

    return BeforeValidator(read)


class AnswerRow(BaseModel):
    """One row of an answers file, left unanswered if it has neither answer nor value.

    Where the rule takes a value, n/a and don't know may stand in its place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: SkipJsonSchema[int]
    unit: str
    round: Annotated[Round, _word_of(ROUNDS)] = Round.BLIND
    assessor: Annotated[Assessor, _word_of(ASSESSORS)] = Assessor.SELF
    respondent: str
    element: str
    value: Annotated[Fraction | None, Field(description="where the rule has no items")] = None
    item: Annotated[str, Field(description="where the rule has items", validate_default=True)] = ""
    answer: Annotated[State | None, Field(description="which of these, the rule decides")] = None
    reason: Annotated[str, Field(description="required for n/a and in the round agreed", validate_default=True)] = ""
    comment: str = ""
    evidence: str = ""
    because: Annotated[Because | None, _word_of(BECAUSES)] = None

    @property
    def subject(self) -> str:
        """What was answered: the item, or the element where the rule takes a value."""
        return self.item or self.element

    @field_validator("unit")
    @classmethod
    def _is_a_known_unit(cls, unit: str, info: ValidationInfo) -> str:
        return _one_of_known(unit, _known(info).units)

    @field_validator("respondent")
    @classmethod
    def _is_a_known_person(cls, respondent: str, info: ValidationInfo) -> str:
        if info.data.get("round") is Round.AGREED and plain(respondent) in TEAM:
            return respondent
        return _one_of_known(respondent, _known(info).people)

    @field_validator("element")
    @classmethod
    def _is_an_element(cls, element: str, info: ValidationInfo) -> str:
        return _one_of_known(element, _known(info).edition.by_id)

    @field_validator("value", mode="before")
    @classmethod
    def _is_a_level_that_no_items_give(cls, value: str, info: ValidationInfo) -> Fraction:
        edition = _known(info).edition
        if edition.rule in WITH_ITEMS:
            raise expected(_("answers to its items, from which the level follows"))
        if not value.isdecimal() or not edition.scale.min <= int(value) <= edition.scale.max:
            steps = _("a level from {least} to {most}, don't know or n/a")
            raise expected(steps.format(least=edition.scale.min, most=edition.scale.max))
        return Fraction(value)

    @field_validator("item")
    @classmethod
    def _is_an_item_of_the_element(cls, item: str, info: ValidationInfo) -> str:
        element = _known(info).edition.by_id.get(info.data.get("element", ""))
        if element is None or "value" not in info.data:
            return item
        items = [each.id for each in element.items]
        if items and item not in items:
            raise expected(_("an item of element {element}: {items}").format(element=element.id, items=one_of(items)))
        if item and not items:
            raise expected(_("nothing, since element {element} has no items").format(element=element.id))
        return item

    @field_validator("answer", mode="before")
    @classmethod
    def _is_known_to_the_rule(cls, answer: str, info: ValidationInfo) -> State:
        states = ANSWERS[_known(info).edition.rule]
        state = STATES.get(plain(answer))
        if state is None or state not in states:
            raise expected(one_of(states))
        return state

    @field_validator("reason")
    @classmethod
    def _is_given_where_needed(cls, reason: str, info: ValidationInfo) -> str:
        if not reason and info.data.get("answer") is State.NOT_APPLICABLE:
            raise expected(_("a reason for n/a"))
        if not reason and info.data.get("round") is Round.AGREED:
            raise expected(_("a reason for what was agreed"))
        return reason


def read_answers(
    path: Path, edition: Edition, *, units: Collection[str] | None = None, people: Collection[str] | None = None
) -> list[AnswerRow]:
    """Read the answers to a model in the order of their rows; a file with any fault is refused whole.

    Units and people are checked where they are given; "team" may always stand for who recorded what was agreed.
    """
    rows, faults = read_answers_with_faults(path, edition, units=units, people=people)
    refuse(faults)
    return rows


def read_answers_with_faults(
    path: Path, edition: Edition, *, units: Collection[str] | None = None, people: Collection[str] | None = None
) -> tuple[list[AnswerRow], list[Fault]]:
    """Read the answers to a model and every fault of them; a file without answers in it is refused.

    Of a row with a fault nothing is told but where it belongs, and that only where the fault is elsewhere.
    """
    if edition.rule not in ANSWERS:
        found = _("answers by the rule {rule}").format(rule=shown(edition.rule))
        raise RefusedInput([Fault(path.name, "", found, one_of(ANSWERS))])
    table, faults = read_with_faults(path, COLUMNS)
    if not table.columns:
        wanted = _("a CSV or XLSX file with the headings {columns}")
        refuse([Fault(table.file, "", _("no answers"), wanted.format(columns=", ".join(_needed(edition))))])
    if missing := _missing(table, edition):
        refuse([*faults, *missing])
    rows: list[AnswerRow] = []
    known = Known(edition, units, people)
    repeated = _repeated(table)
    for record in table.records:
        faults += repeated.get(record.row, [])
        try:
            rows.append(AnswerRow.model_validate(_filled(record, edition), context=known))
        except ValidationError as error:
            new = _faults(table.file, record, error)
            faults += [fault for _column, fault in new]
            if PLACED_BY.isdisjoint(column for column, _fault in new):
                rows.append(_placed(record))
    return rows, faults


def _known(info: ValidationInfo) -> Known:
    return cast("Known", info.context)


def _one_of_known(name: str, known: Iterable[str] | None) -> str:
    if known is not None and name not in known:
        raise expected(one_of(known, name))
    return name


def _missing(table: Table, edition: Edition) -> list[Fault]:
    needed = _needed(edition, has_values="value" in table.columns)
    missing = [name for name in needed if name not in table.columns]
    if table.records and not missing:
        return []
    found = _("no column {names}").format(names=", ".join(missing)) if missing else _("no row under the headings")
    return [Fault(table.file, "", found, _("at least one answer in {columns}").format(columns=", ".join(needed)))]


def _needed(edition: Edition, *, has_values: bool = False) -> list[str]:
    """Return the columns without which no row holds an answer; values where items are due are told row by row."""
    return [
        "unit",
        "respondent",
        "element",
        *(["value"] if has_values or edition.rule not in WITH_ITEMS else ["item", "answer"]),
    ]


def _placed(record: Record) -> AnswerRow:
    """Return a row that only says where it belongs."""
    cells = record.cells
    return AnswerRow.model_construct(
        row=record.row,
        unit=cells["unit"],
        respondent=cells["respondent"],
        element=cells["element"],
        round=ROUNDS.get(plain(cells.get("round", "")), Round.BLIND),
        assessor=ASSESSORS.get(plain(cells.get("assessor", "")), Assessor.SELF),
    )


def _filled(record: Record, edition: Edition) -> dict[str, str | int]:
    cells = {name: cell for name, cell in record.cells.items() if cell}
    if edition.rule not in WITH_ITEMS and STATES.get(plain(cells.get("value", ""))) in ANSWERS[edition.rule]:
        cells["answer"] = cells.pop("value")
    return {"row": record.row, **cells}


def _repeated(table: Table) -> dict[int, list[Fault]]:
    first: dict[tuple[object, ...], int] = {}
    faults = {}
    for record in table.records:
        number = first.setdefault(_key(record.cells), record.row)
        if number != record.row:
            found = _("the same as row {row}").format(row=number)
            once = _("one row per unit, respondent, element, item, round and assessor")
            faults[record.row] = [Fault(table.file, in_row(record.row), found, once)]
    return faults


def _key(cells: Mapping[str, str]) -> tuple[object, ...]:
    played = ROUNDS.get(plain(cells.get("round", "")), Round.BLIND)
    return (
        played,
        ASSESSORS.get(plain(cells.get("assessor", "")), Assessor.SELF),
        None if played is Round.AGREED else cells.get("respondent"),
        *(cells.get(name, "") for name in ("unit", "element", "item")),
    )


def _faults(file: str, record: Record, error: ValidationError) -> list[tuple[str, Fault]]:
    """Return the faults of a row, each with its column."""
    found = []
    for each in error.errors(include_url=False):
        column = str(each["loc"][0])
        wanted = each.get("ctx", {}).get("expected", _("a value"))
        found.append((column, Fault(file, in_row(record.row, column), shown(record.cells.get(column)), wanted)))
    return found
