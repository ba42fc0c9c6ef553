"""The sample is whole, believable, and the same whenever it is made."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from documents.answer_groups import by_unit
from documents.answers import AnswerRow, read_answers
from documents.organisation import read_organisation
from documents.organisation_entries import OrganisationDocument
from domain.method.edition import State
from domain.method.findings import is_shared
from domain.method.respondents import ElementScore, proven_results, score_unit
from domain.method.scoring import Why
from examples import generate, opinions

FOLDER = opinions.HERE
FILES = {"first": "answers-first.xlsx", "second": "answers-second.csv"}
MODEL = opinions.model()


@pytest.fixture(scope="module")
def organisation() -> OrganisationDocument:
    return read_organisation(FOLDER / "organisation.yaml")


@pytest.fixture(scope="module")
def answers(organisation: OrganisationDocument) -> Mapping[str, list[AnswerRow]]:
    people, units = [each.id for each in organisation.people], organisation.programmes[0].units
    return {
        quarter: [
            row
            for name in (file, f"agreed-{quarter}.csv")
            for row in read_answers(FOLDER / name, MODEL, units=units, people=people)
        ]
        for quarter, file in FILES.items()
    }


@pytest.fixture(scope="module")
def scores(answers: Mapping[str, list[AnswerRow]]) -> dict[str, dict[tuple[str, str], ElementScore]]:
    found = {}
    for quarter, rows in answers.items():
        found[quarter] = {
            (each.unit, score.element): score
            for each in by_unit(rows)
            for score in score_unit(MODEL, each.unit, each.blind, each.agreed, applicable=each.blind).elements
        }
    return found


def targets(organisation: OrganisationDocument, unit: str, element: str) -> int:
    wanted = organisation.programmes[0].targets
    return wanted.units.get(unit, {}).get(element, wanted.elements.get(element, wanted.default))


def test_twelve_units_on_three_sites_are_asked(organisation: OrganisationDocument) -> None:
    programme = organisation.programmes[0]
    sites = [each for each in organisation.units if each.id not in programme.units]
    leads = {each.id: each.lead for each in organisation.units}

    assert (len(programme.units), list(programme.respondents)) == (12, list(programme.units))
    assert [(each.id, each.parent) for each in sites] == [
        ("augsburg", "sondermoor"),
        ("erfurt", "sondermoor"),
        ("leeds", "sondermoor"),
    ]
    assert [unit for unit, asked in programme.respondents.items() if asked[0].person != leads[unit]] == []
    assert {len(asked) for asked in programme.respondents.values()} == {3, 4}


def test_the_people_live_at_example_org_and_one_has_no_mail(organisation: OrganisationDocument) -> None:
    roles = Counter(str(role) for each in organisation.people for role in each.roles)

    assert len(organisation.people) == 46
    assert [each.id for each in organisation.people if each.mail is None] == ["anton.lechner"]
    assert {each.mail.split("@")[1] for each in organisation.people if each.mail} == {"example.org"}
    assert {each.language for each in organisation.people} == {"de", "en"}
    assert roles == {"quality manager": 2, "administrator": 1, "auditor": 1, "manager": 5}


def test_no_date_stands_in_the_sample_that_could_grow_old() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}

    assert [name for name, text in texts.items() if re.search(r"\b20[2-9]\d\b", text)] == []


def test_a_respondent_answers_seven_or_eight_topics_of_a_quarters_list(organisation: OrganisationDocument) -> None:
    topics = {
        (unit, quarter): len(opinions.asked(unit, quarter))
        for unit in organisation.programmes[0].units
        for quarter in FILES
    }
    together = {each.id for quarter in FILES for unit in opinions.units() for each in opinions.asked(unit, quarter)}

    assert set(topics.values()) == {7, 8}
    assert together == set(MODEL.by_id)


@pytest.mark.parametrize("quarter", FILES)
def test_the_files_are_those_that_the_generator_makes(quarter: str, tmp_path: Path) -> None:
    generate.main(tmp_path)
    names = (FILES[quarter], f"agreed-{quarter}.csv")

    made = [read_answers(tmp_path / name, MODEL) for name in names]

    assert made == [read_answers(FOLDER / name, MODEL) for name in names]


@pytest.mark.parametrize("quarter", FILES)
def test_only_respondents_of_a_unit_answer_in_it(
    organisation: OrganisationDocument, answers: Mapping[str, list[AnswerRow]], quarter: str
) -> None:
    asked = {unit: {each.person for each in people} for unit, people in organisation.programmes[0].respondents.items()}
    answering: dict[str, set[str]] = defaultdict(set)
    for row in answers[quarter]:
        if row.round == "blind":
            answering[row.unit].add(row.respondent)
    silent = {person for unit, people in asked.items() for person in people - answering[unit]}

    assert [unit for unit, people in answering.items() if not people <= asked[unit]] == []
    assert silent == set(opinions.read("opinions.yaml")["silent"][quarter])


@pytest.mark.parametrize("quarter", FILES)
def test_the_levels_spread_as_levels_do(scores: dict[str, dict[tuple[str, str], ElementScore]], quarter: str) -> None:
    levels = Counter(int(each.result) for each in scores[quarter].values() if each.proven and each.result is not None)
    differ = [key for key, each in scores[quarter].items() if len(set(proven_results(each.respondents))) > 1]
    elements: dict[str, set[Fraction | None]] = defaultdict(set)
    for (_, element), score in scores[quarter].items():
        elements[element].add(score.result)

    assert sorted(levels) == [0, 1, 2, 3, 4, 5]
    assert levels[5] < levels[4] < sum(levels[step] for step in range(4)) / 4
    assert 1 / 4 < len(differ) / len(scores[quarter]) < 2 / 5
    assert [each.id for each in opinions.asked("a-sales", quarter) if len(elements[each.id]) < 3] == []


@pytest.mark.parametrize("quarter", FILES)
def test_each_quarter_holds_what_is_hard_to_settle(
    scores: dict[str, dict[tuple[str, str], ElementScore]], answers: Mapping[str, list[AnswerRow]], quarter: str
) -> None:
    found = scores[quarter].values()
    unsettled = [each for each in found if each.why is Why.UNSETTLED]
    lower_bounds = [each for each in found if each.result is not None and not each.proven]
    unseen = [each for each in found if 2 * each.seen_by[0] < each.seen_by[1]]
    reasons = [row.reason for row in answers[quarter] if row.answer is State.NOT_APPLICABLE]
    agreed = [each for each in found if each.basis == "agreed"]

    assert all([unsettled, lower_bounds, unseen, agreed, reasons])


def test_the_first_quarter_holds_one_gap_that_many_units_share(
    organisation: OrganisationDocument, scores: dict[str, dict[tuple[str, str], ElementScore]]
) -> None:
    below: dict[str, list[str]] = defaultdict(list)
    for (unit, element), score in scores["first"].items():
        if score.proven and score.result is not None and score.result < targets(organisation, unit, element):
            below[element].append(unit)
    asked = Counter(element for _, element in scores["first"])
    shared = {element: len(units) for element, units in below.items() if is_shared(len(units), asked[element], 3)}

    assert shared == {"9.3": 7}


def test_nobody_writes_the_same_as_a_colleague(answers: Mapping[str, list[AnswerRow]]) -> None:
    texts = Counter(
        (row.unit, row.item, text)
        for row in answers["first"]
        if row.answer is not State.NOT_APPLICABLE
        for text in (row.comment, row.evidence)
        if text and row.round == "blind"
    )

    assert len(texts) > 200
    assert [text for text, times in texts.items() if times > 1] == []
