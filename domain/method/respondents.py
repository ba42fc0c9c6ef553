"""Several respondents become one picture: item by item, never by talking about numbers (method, section 3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeAlias

from domain.method.agreement import Agreement, agreement, interval, ordinal
from domain.method.change import Because
from domain.method.edition import Edition, Element, Rule, State
from domain.method.order import natural_key
from domain.method.scoring import REMEMBERED, Summary, Why, score_element, score_items, summarise


class Basis(StrEnum):
    """What a result rests on."""

    SINGLE = "single"
    AGREED = "agreed"
    MAJORITY = "majority"
    MEDIAN = "median"
    NONE = "none"


@dataclass(frozen=True)
class Answer:
    """A latest word on one element, one respondent's or the team's: a state per item, or a value.

    Where the rule takes a value, n/a and don't know stand in `states` under the element's own id.
    """

    states: Mapping[str, State]
    value: Fraction | None = None
    because: Mapping[str, Because] = field(default_factory=dict)
    has_evidence: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing was answered, which counts as no answer."""
        return not self.states and self.value is None

    @cached_property
    def says_something(self) -> bool:
        """There is more than don't know."""
        return self.value is not None or any(state is not State.DONT_KNOW for state in self.states.values())


@dataclass(frozen=True, slots=True)
class RespondentScore:
    """What one respondent's own answers give; `says_something` where there is more than don't know."""

    respondent: str
    result: Fraction | None
    proven: bool
    coverage: tuple[int, int]
    says_something: bool


@dataclass(frozen=True, slots=True)
class ElementScore:
    """A unit's result on one element, with what it rests on.

    `minimum` and `maximum` are over the respondents' own proven results. `states` are the joint item states, absent
    where nobody answered. Of the blocking items, `said_no` is (who said no, who said yes or no), `agreed` are those the
    team agreed on. `seen_by` is (who said more than don't know, who was asked or answered).
    """

    element: str
    result: Fraction | None
    why: Why | None
    proven: bool
    basis: Basis
    naive: Fraction | None
    blocking: tuple[str, ...]
    contested: tuple[str, ...]
    coverage: tuple[int, int]
    respondents: Sequence[RespondentScore]
    minimum: Fraction | None
    maximum: Fraction | None
    states: Mapping[str, State]
    said_no: Mapping[str, tuple[int, int]]
    agreed: tuple[str, ...]
    seen_by: tuple[int, int]
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class UnitScore:
    """All results of a unit: elements and groups in model order, the whole, how far the respondents agree."""

    unit: str
    elements: tuple[ElementScore, ...]
    groups: tuple[Summary, ...]
    whole: Summary
    agreement: Agreement


def score_unit(
    edition: Edition,
    unit: str,
    answers: Mapping[str, Mapping[str, Answer]],
    agreed: Mapping[str, Answer],
    *,
    applicable: Collection[str] | None = None,
    weights: Mapping[str, Fraction] | None = None,
    asked: Mapping[str, int] | None = None,
) -> UnitScore:
    """Score every element that is asked of a unit, from its respondents' answers by element.

    `applicable` is all of the model if not given; `weights` and the number of people `asked` are by element. An
    element nobody answered is scored too, as "no answers".
    """
    elements = [each for each in edition.elements if applicable is None or each.id in applicable]
    scores = tuple(
        combine(edition, each, answers.get(each.id, {}), agreed.get(each.id), asked=(asked or {}).get(each.id, 0))
        for each in elements
    )
    groups, whole = summarise(
        edition, {score.element: score for score in scores}, weights or {}, {each.id for each in elements}
    )
    own = {score.element: proven_results(score.respondents) for score in scores}
    metric = ordinal if edition.rule in {Rule.NO_GAP, Rule.HOLISTIC} else interval
    return UnitScore(unit, scores, groups, whole, agreement(own, edition.scale.steps, metric))


def combine(
    edition: Edition, element: Element, answers: Mapping[str, Answer], agreed: Answer | None = None, *, asked: int = 0
) -> ElementScore:
    """Score one element from its respondents' answers and from what the team agreed; `asked` people were asked.

    The result follows from the joint states by the rule, or from the joint value. A proven result outside the range of
    the respondents' own proven results is unsettled until the team has agreed on all that is open. Without any answer
    the result is "no answers" on the basis "none".
    """
    given = {name: answers[name] for name in sorted(answers, key=natural_key) if not answers[name].is_blank}
    said = [tuple(map(answer.states.get, element.outline.items)) for answer in given.values()]
    own = tuple(
        _own_score(edition, element, name, answer, items)
        for (name, answer), items in zip(given.items(), said, strict=True)
    )
    lowest, highest = _range(proven_results(own))
    joint = _joint(element, tuple(given.values()), said, agreed or NOT_AGREED)
    outcome = score_element(edition, element, joint.states, joint.value)
    contested = joint.contested
    if joint.is_open and outcome.proven and _lies_outside(outcome.result, lowest, highest):
        contested = joint.unsure
        outcome = replace(outcome, result=None, why=Why.UNSETTLED, proven=False, naive=None, blocking=())

    return ElementScore(
        element=element.id,
        result=outcome.result,
        why=outcome.why,
        proven=outcome.proven,
        basis=_basis(element, len(given), is_agreed=joint.has_agreed and not contested),
        naive=outcome.naive,
        blocking=outcome.blocking,
        contested=contested,
        coverage=outcome.coverage,
        respondents=own,
        minimum=lowest,
        maximum=highest,
        states=joint.states,
        said_no={item: (joint.said[item].no, joint.said[item].known) for item in outcome.blocking},
        agreed=tuple(item for item in outcome.blocking if agreed is not None and item in agreed.states),
        seen_by=(sum(each.says_something for each in own), max(asked, len(given))),
        has_evidence=joint.has_evidence,
    )


def proven_results(respondents: Sequence[RespondentScore]) -> tuple[Fraction, ...]:
    """Return the respondents' own results without lower bounds, in their order."""
    return tuple(each.result for each in respondents if each.proven and each.result is not None)


def joint_state(said: Sequence[State]) -> State | None:
    """Return what several answers to one item say together; None if there are none.

    n/a if more say n/a than yes and no together; else the majority of those who said yes or no, a tie is no; else
    don't know.
    """
    yes, no = said.count(State.YES), said.count(State.NO)
    if said.count(State.NOT_APPLICABLE) > yes + no:
        return State.NOT_APPLICABLE
    if yes or no:
        return State.YES if yes > no else State.NO
    return State.DONT_KNOW if said else None


def joint_value(values: Sequence[Fraction], said: Sequence[State]) -> Fraction | None:
    """Return the lower median of several values; None without values, or if more say n/a than give one."""
    if said.count(State.NOT_APPLICABLE) > len(values):
        return None
    return sorted(values)[(len(values) - 1) // 2] if values else None


NOT_AGREED = Answer({})
"""What a team that agreed on nothing says."""

Items: TypeAlias = tuple[State | None, ...]
"""What somebody said on each item of an element, in model order; None is unanswered."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What all said on one item: their joint state, how many said no, how many yes or no.

    Contested with both yes and no, unsure then too, and where some could answer yes or no but not all.
    """

    state: State | None
    no: int
    known: int
    is_contested: bool
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class _Joint:
    """What all say together on an element; `contested` and `unsure` items in model order, without those agreed."""

    states: Mapping[str, State]
    value: Fraction | None
    said: Mapping[str, _Said]
    contested: tuple[str, ...]
    unsure: tuple[str, ...]
    has_agreed: bool
    has_evidence: bool

    @property
    def is_open(self) -> bool:
        """The team has not agreed on anything, or not on all that is unsure."""
        return not self.has_agreed or bool(self.unsure)


def _joint(element: Element, answers: Sequence[Answer], said: Sequence[Items], agreed: Answer) -> _Joint:
    subjects = element.outline.items or (element.id,)
    if not element.items:
        said = [(answer.states.get(element.id),) for answer in answers]
    by_item = zip(*said, strict=True) if said else [()] * len(subjects)
    together = dict(zip(subjects, map(_together, by_item), strict=True))
    joint = {subject: agreed.states.get(subject, each.state) for subject, each in together.items()}
    left = [(subject, each) for subject, each in together.items() if subject not in agreed.states]
    value = _value(element, answers, agreed)
    return _Joint(
        states={subject: state for subject, state in joint.items() if state} if value is None else {},
        value=value,
        said=together,
        contested=tuple(subject for subject, each in left if each.is_contested),
        unsure=tuple(subject for subject, each in left if each.is_unsure),
        has_agreed=not agreed.is_blank,
        has_evidence=agreed.has_evidence or any(answer.has_evidence for answer in answers),
    )


@lru_cache(maxsize=REMEMBERED)
def _together(said: Items) -> _Said:
    yes, no = said.count(State.YES), said.count(State.NO)
    is_contested = yes > 0 and no > 0
    return _Said(
        state=joint_state([state for state in said if state]),
        no=no,
        known=yes + no,
        is_contested=is_contested,
        is_unsure=is_contested or 0 < yes + no < len(said),
    )


def _value(element: Element, answers: Sequence[Answer], agreed: Answer) -> Fraction | None:
    if agreed.value is not None or element.id in agreed.states:
        return agreed.value
    values = [answer.value for answer in answers if answer.value is not None]
    return joint_value(values, [answer.states[element.id] for answer in answers if element.id in answer.states])


def _own_score(edition: Edition, element: Element, respondent: str, answer: Answer, items: Items) -> RespondentScore:
    plain = edition.rule is Rule.NO_GAP
    own = score_items(element.outline, items) if plain else score_element(edition, element, answer.states, answer.value)
    return RespondentScore(respondent, own.result, own.proven, own.coverage, answer.says_something)


def _range(results: Sequence[Fraction]) -> tuple[Fraction | None, Fraction | None]:
    """Return the lowest and the highest result. Most are the same objects, and to compare fractions is dear."""
    different = {id(each): each for each in results}.values()
    return min(different, default=None), max(different, default=None)


def _lies_outside(result: Fraction | None, lowest: Fraction | None, highest: Fraction | None) -> bool:
    return result is not None and lowest is not None and highest is not None and not lowest <= result <= highest


def _basis(element: Element, respondents: int, *, is_agreed: bool) -> Basis:
    if is_agreed:
        return Basis.AGREED
    if respondents > 1:
        return Basis.MAJORITY if element.items else Basis.MEDIAN
    return Basis.SINGLE if respondents else Basis.NONE
