"""What the people of the sample tick and agree on: opinions.yaml becomes answers, the same each time."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeAlias

import yaml

from domain.method.edition import AskedOf, Edition, Element, State, edition_from
from domain.method.respondents import Answer, ElementScore, combine
from domain.method.scoring import score_element

HERE = Path(__file__).parent
MODEL = "../domain/maturity/iso9004-2018.yaml"


class Said(NamedTuple):
    """One person's answer to one item."""

    state: State
    because: str = ""


Sheet: TypeAlias = dict[str, dict[str, Said]]
"""What a unit says on one element: person -> item -> answer."""


@cache
def read(name: str) -> Any:
    """Return a YAML file of the sample."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@cache
def model() -> Edition:
    """Return the shipped model of ISO 9004:2018."""
    return edition_from(read(MODEL))


def is_among(what: str, quarter: str, unit: str, element: Element) -> bool:
    """Return whether a unit stands in one of the lists of opinions for an element."""
    return f"{unit} {element.id}" in read("opinions.yaml")[what][quarter]


def asked(unit: str, quarter: str) -> list[Element]:
    """Return the elements of the quarter's list that are asked of a unit, in model order."""
    rotation = read("organisation.yaml")["programmes"][0]["rotation"][quarter == "second"]
    kind = AskedOf.ORGANISATION if unit == next(iter(units())) else AskedOf.UNIT
    return [each for each in model().elements if each.id in rotation and each.asked_of is kind]


def units() -> Mapping[str, Sequence[str]]:
    """Return the respondents of each unit, the lead first, in unit order."""
    respondents: Mapping[str, Sequence[str]] = read("organisation.yaml")["programmes"][0]["respondents"]
    return respondents


def answering(unit: str, quarter: str) -> list[str]:
    """Return the respondents of a unit who answer in a quarter."""
    return [each for each in units()[unit] if each not in read("opinions.yaml")["silent"][quarter]]


@cache
def language(person: str) -> str:
    """Return the language somebody writes in."""
    return next(str(each["language"]) for each in read("organisation.yaml")["people"] if each["id"] == person)


def level_of(unit: str, element: Element, quarter: str) -> int:
    """Return the level a unit has reached, as it is written in opinions.yaml."""
    levels = read("opinions.yaml")["levels"][unit][quarter]
    return int(levels[asked(unit, quarter).index(element)])


def dice(*about: str) -> Random:
    """Return the same chance each time for the same matter, whatever else is made."""
    return Random(" ".join(about))


def happens(chance: Random, in_a_hundred: int) -> bool:
    """Return true so many times in a hundred."""
    return chance.randrange(100) < in_a_hundred


def truth(unit: str, element: Element, quarter: str) -> dict[str, State]:
    """Return the item states of a unit's level: all up to it, something missing at the next, nothing above."""
    level, chance = level_of(unit, element, quarter), dice("truth", quarter, unit, element.id)
    states = {}
    for step, items in element.levels.items():
        missing = chance.sample(items, chance.randint(1, 2))
        for item in items:
            is_met = step <= level or (step == level + 1 and item not in missing)
            states[item.id] = State.YES if is_met else State.NO
    if is_among("unproven", quarter, unit, element):
        return {item: state if state is State.YES else State.DONT_KNOW for item, state in states.items()}
    return states


def leaning(element: Element, states: Mapping[str, State], level: int, steps: int) -> dict[str, State]:
    """Return the states as somebody sees them who is so many levels kinder or stricter."""
    kind = {item.id for item in element.items if level < (item.level or 0) <= level + steps}
    strict = {element.levels[step][0].id for step in range(max(level + steps, 0) + 1, level + 1)}
    return {**states, **dict.fromkeys(kind, State.YES), **dict.fromkeys(strict, State.NO)}


def disputed(element: Element, level: int, place: int) -> dict[str, State]:
    """Return the view of the person at a place in the unit, who misses something that nobody else does."""
    missed = [item for step in (level + 1, level + 2) for item in element.levels[step][:2]][place]
    return {
        item.id: State.NO if item is missed or (item.level or 0) > level + 2 else State.YES for item in element.items
    }


def views(unit: str, element: Element, quarter: str, people: int) -> list[dict[str, State]]:
    """Return what each of a unit's people thinks of one element; in about a third of cases one thinks otherwise."""
    level = level_of(unit, element, quarter)
    if is_among("disputed", quarter, unit, element):
        return [disputed(element, level, place) for place in range(people)]
    seen, chance = truth(unit, element, quarter), dice("mind", quarter, unit, element.id)
    found = [seen] * people
    if happens(chance, 42) and not is_among("unproven", quarter, unit, element):
        steps = chance.choice([1, 1, 1, 2, -1, -1, -2] if level else [1, 1, 2])
        found[chance.randrange(people)] = leaning(element, seen, level, steps)
    if is_among("seen_by_the_lead", quarter, unit, element):
        found[1:] = [dict.fromkeys(seen, State.DONT_KNOW)] * (people - 1)
    return found


def ticked(unit: str, element: Element, quarter: str) -> Sheet:
    """Return a unit's answers to an element; some people stop two levels above the one they see reached.

    Items that do not apply are n/a; now and then somebody happens not to know, but not where the matter is disputed.
    """
    people, chance = answering(unit, quarter), dice("ticked", quarter, unit, element.id)
    is_disputed = is_among("disputed", quarter, unit, element)
    sheet: Sheet = {}
    for person, states in zip(people, views(unit, element, quarter, len(people)), strict=True):
        reached = score_element(model(), element, states).result or 0
        stops = happens(chance, 50) and not is_disputed
        sheet[person] = {}
        for item in [each for each in element.items if not stops or (each.level or 0) <= reached + 2]:
            does_not_know = happens(chance, 3) and not is_disputed
            is_here = f"{unit} {item.id}" not in read("opinions.yaml")["not_here"]
            state = State.DONT_KNOW if does_not_know else states[item.id]
            sheet[person][item.id] = Said(state if is_here else State.NOT_APPLICABLE)
    return sheet


def scored(element: Element, sheet: Sheet, agreed: Mapping[str, State]) -> ElementScore:
    """Score one element of one unit."""
    answers = {person: Answer({item: said.state for item, said in each.items()}) for person, each in sheet.items()}
    return combine(model(), element, answers, Answer(agreed))


def agreed_states(unit: str, element: Element, quarter: str, sheet: Sheet) -> dict[str, State]:
    """Return what the team settled of an element's contested items: nothing where it did not come to it."""
    contested = scored(element, sheet, {}).contested
    if is_among("disputed", quarter, unit, element):
        missed = element.levels[level_of(unit, element, quarter) + 1][0].id
        is_settled = is_among("settled", quarter, unit, element)
        return {item: State.NO if item == missed else State.YES for item in contested if is_settled}
    if not happens(dice("agreed", quarter, unit, element.id), 50):
        return {}
    seen = truth(unit, element, quarter)
    return {item: seen[item] for item in contested}
