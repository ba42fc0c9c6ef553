"""Every draft that the sample's answers lead to has a decision, and what came of it fits what people answer then."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from documents.answer_groups import by_unit
from documents.answers import read_answers
from documents.organisation import read_organisation
from domain.method.findings import Finding, FindingKind, find, shared_gaps
from domain.method.planning import Draft, Plan, plan
from domain.method.planning_inputs import LivingAction, PlanningInputs, UnitPlace
from domain.method.respondents import ElementScore, score_unit
from domain.method.workdays import Calendar
from examples import generate, opinions
from examples.generate import ACTED, Outcome

MODEL = opinions.model()
DECISIONS: Mapping[str, Mapping[str, Any]] = opinions.read("decisions.yaml")
FILES = {"first": "answers-first.xlsx", "second": "answers-second.csv"}
SOME_DAY = date(2026, 4, 28)
ORGANISATION = read_organisation(opinions.HERE / "organisation.yaml")


@cache
def scores_of(quarter: str) -> Mapping[str, Sequence[ElementScore]]:
    rows = [
        row for name in (FILES[quarter], f"agreed-{quarter}.csv") for row in read_answers(opinions.HERE / name, MODEL)
    ]
    return {
        each.unit: score_unit(MODEL, each.unit, each.blind, each.agreed, applicable=each.blind).elements
        for each in by_unit(rows)
    }


def inputs_of(quarter: str, living: Sequence[LivingAction]) -> PlanningInputs:
    programme, scores = ORGANISATION.programmes[0], scores_of(quarter)
    units = tuple(
        UnitPlace(
            unit=each.id,
            parent=each.parent,
            lead=each.lead,
            calendar="work",
            asked=tuple(score.element for score in scores.get(each.id, ())),
            targets={key: Fraction(level) for key, level in programme.targets.units.get(each.id, {}).items()},
            importance=programme.importance.units.get(each.id, {}),
        )
        for each in ORGANISATION.units
    )
    targets = {
        each.id: Fraction(programme.targets.elements.get(each.id, programme.targets.default)) for each in MODEL.elements
    }
    return PlanningInputs(
        planned_on=SOME_DAY,
        units=units,
        calendars={"work": Calendar()},
        targets=targets,
        importance=programme.importance.elements,
        living=tuple(living),
    )


def planned(quarter: str, living: Sequence[LivingAction] = ()) -> Plan:
    inputs = inputs_of(quarter, living)
    findings: list[Finding] = []
    for unit in inputs.unit_order:
        findings += find(MODEL, inputs, unit, scores_of(quarter).get(unit, ()), changes={})
    gaps = [each for each in findings if each.kind is FindingKind.GAP]
    return plan(MODEL, inputs, [*findings, *shared_gaps(MODEL, inputs, gaps)])


def key_of(draft: Draft) -> str:
    return f"{draft.unit} {draft.element}"


@cache
def first_drafts() -> tuple[Draft, ...]:
    return planned("first").drafts


def living_after_the_first() -> list[LivingAction]:
    """What lives when the second quarter is planned: all that was not cancelled; what was done is still to prove."""
    done = {f"{unit} {element}" for unit, element in ACTED}
    return [
        LivingAction(
            action=number, unit=each.unit, covers=each.covers, element=each.element, is_done=key_of(each) in done
        )
        for number, each in enumerate(first_drafts())
        if "cancel" not in DECISIONS[key_of(each)]
    ]


def test_every_draft_of_the_demo_has_a_decision_and_no_decision_is_idle() -> None:
    first = [key_of(each) for each in first_drafts()]
    second = [key_of(each) for each in planned("second", living_after_the_first()).drafts]

    assert [*first, *second] == list(DECISIONS)


def test_a_decision_stops_a_draft_or_says_what_will_be_different_and_how_it_is_seen() -> None:
    complete = {
        key: "cancel" in each or bool(each.get("title") and each.get("measure")) for key, each in DECISIONS.items()
    }

    assert [key for key, is_complete in complete.items() if not is_complete] == []


def test_no_measure_says_only_that_an_item_is_met() -> None:
    measures = {key: each["measure"] for key, each in DECISIONS.items() if "measure" in each}

    assert [key for key, measure in measures.items() if any(item in measure for item in MODEL.items)] == []
    assert [key for key, measure in measures.items() if len(measure.split()) < 12] == []


def test_what_was_acted_on_is_what_is_reported_done_before_the_second_quarter() -> None:
    due_later = {"sondermoor 9.3"}
    done = [key_of(each) for each in first_drafts() if "done" in DECISIONS[key_of(each)]]

    assert {f"{unit} {element}" for unit, element in ACTED} == {*done} - due_later


def test_every_action_done_before_the_second_quarter_is_looked_at() -> None:
    looked_at = [key for key, each in DECISIONS.items() if "looks" in each]

    assert set(looked_at) == {f"{unit} {element}" for unit, element in ACTED}


@pytest.mark.parametrize(("unit", "element"), ACTED)
def test_the_level_moves_as_the_outcome_says(unit: str, element: str) -> None:
    before, after = (
        next(each.result for each in scores_of(quarter)[unit] if each.element == element) for quarter in FILES
    )
    assert before is not None
    assert after is not None

    way = (after > before) - (after < before)

    assert way == {Outcome.UNCHANGED: 0, Outcome.WORSE: -1}.get(ACTED[unit, element], 1)


@pytest.mark.parametrize(("unit", "element"), ACTED)
def test_a_verdict_of_not_effective_is_about_an_unchanged_level(unit: str, element: str) -> None:
    verdicts = [verdict for look in DECISIONS[f"{unit} {element}"]["looks"] for verdict in look]

    assert ("not effective" in verdicts) <= (ACTED[unit, element] is Outcome.UNCHANGED)
    assert ("again" in DECISIONS[f"{unit} {element}"]) == ("not effective" in verdicts)


def test_every_kind_of_outcome_and_verdict_happens() -> None:
    looks = [look for each in DECISIONS.values() for look in each.get("looks", ())]

    assert set(ACTED.values()) == set(Outcome)
    assert {verdict for look in looks for verdict in look} == {"effective", "partly", "not effective", "not assessable"}
    assert {key for each in DECISIONS.values() for key in each} >= {"cancel", "not me", "give to", "later", "progress"}


def test_the_generator_answers_again_for_every_unit_that_acted() -> None:
    rows = {(unit, element) for unit, _, element, *_ in generate.blind_rows("second")}

    assert set(ACTED) <= rows
