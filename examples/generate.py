"""Make the sample's answers: what twelve units say in two quarters. It writes the same files each time it runs.

Run `.venv/bin/python examples/generate.py`. Who is asked what stands in organisation.yaml, what people think in
opinions.yaml, what they write beside their answers in words.yaml, and what came of actions in `ACTED` below.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import xlsxwriter

from domain.method.edition import Element, State
from domain.method.respondents import ElementScore
from examples.opinions import (
    HERE,
    Said,
    Sheet,
    agreed_states,
    answering,
    asked,
    dice,
    happens,
    language,
    model,
    read,
    scored,
    ticked,
    units,
)

HEADINGS = ("unit", "respondent", "element", "item", "answer", "reason", "comment", "evidence", "because", "round")


class Outcome(StrEnum):
    """What the second quarter says of an element whose action was reported done in the first."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    SEEN_DIFFERENTLY = "seen differently"
    MISTAKE = "mistake"
    WORSE = "worse"


# What came of each action that is reported done in the first quarter, by unit and element. These elements are asked
# again in the second, beside the unit's own list. Improved: what blocked the level is there now, because something
# changed. Seen differently, mistake: it is ticked now, though nothing changed. Unchanged: the same answers again.
# Worse: something the level rested on is gone. A shared action stands here once for each unit it covers.
ACTED: Mapping[tuple[str, str], Outcome] = {
    ("sondermoor", "5.2"): Outcome.IMPROVED,
    ("sondermoor", "10.6"): Outcome.IMPROVED,
    ("a-sales", "8.3"): Outcome.IMPROVED,
    ("a-sales", "11.3"): Outcome.UNCHANGED,
    ("a-development", "8.4.1"): Outcome.IMPROVED,
    ("a-purchasing", "7.3"): Outcome.MISTAKE,
    ("a-purchasing", "9.2"): Outcome.IMPROVED,
    ("a-machining", "10.2"): Outcome.UNCHANGED,
    ("a-assembly", "8.4.1"): Outcome.IMPROVED,
    ("e-logistics", "7.3"): Outcome.SEEN_DIFFERENTLY,
    ("l-assembly", "10.2"): Outcome.IMPROVED,
    ("l-assembly", "11.3"): Outcome.IMPROVED,
    ("l-service", "8.3"): Outcome.WORSE,
    ("l-office", "7.3"): Outcome.IMPROVED,
    ("l-office", "9.2"): Outcome.IMPROVED,
}


def turned_by(outcome: Outcome, element: Element, score: ElementScore) -> dict[str, State]:
    """Return what is another state after an action: what blocked the level is met, or what it rested on is not."""
    if outcome is Outcome.WORSE:
        rested_on = element.levels.get(int(score.result or 0), ())
        return {item.id: State.NO for item in rested_on[:1]}
    return {} if outcome is Outcome.UNCHANGED else dict.fromkeys(score.blocking, State.YES)


def asked_again(unit: str, element: Element) -> Sheet:
    """Return the second quarter's answers to an element that was acted on, each change with its because.

    Everybody starts from what the team saw together the first time, and then looks at what came of the action.
    """
    outcome, first = ACTED[unit, element.id], ticked(unit, element, "first")
    score = scored(element, first, agreed_states(unit, element, "first", first))
    turned = turned_by(outcome, element, score)
    because = outcome if outcome in {Outcome.SEEN_DIFFERENTLY, Outcome.MISTAKE} else "changed"
    people = answering(unit, "second")
    is_doubted = len(people) > 2 and happens(dice("again", unit, element.id), 40)
    return {
        person: {
            item: again(
                state, first.get(person, {}).get(item), because if turned.get(item) is state else "seen differently"
            )
            for item, state in {**score.states, **({} if is_doubted and person == people[-1] else turned)}.items()
        }
        for person in people
    }


def again(state: State, before: Said | None, because: str) -> Said:
    """Return an answer given again, with its because where it is another one than the same person's before."""
    return Said(state, because if before is not None and before.state is not state else "")


def words_beside(unit: str, item: str, said: Said, speaks: str, place: int) -> tuple[str, str, str]:
    """Return the reason, comment and evidence of the `place`th of a unit's people who come to an item.

    No two people of a unit write the same on an item.
    """
    words, chance = read("words.yaml"), dice("words", unit, item, str(place))
    if said.state is State.NOT_APPLICABLE:
        return read("opinions.yaml")["not_here"][f"{unit} {item}"][place % 2], "", ""
    if said.because:
        texts = words["because"][said.because][said.state][speaks]
    elif said.state is State.DONT_KNOW:
        texts = words["unsure"][speaks]
    else:
        texts = words["items"].get(item, {}).get("evidence" if said.state is State.YES else "gap", {}).get(speaks, ())
    talks = happens(chance, 15 if said.state is State.DONT_KNOW else 60)
    own = dice("texts", unit, item).sample(texts, len(texts))[place] if talks and place < len(texts) else ""
    return ("", "", own) if said.state is State.YES and not said.because else ("", own, "")


def blind_rows(quarter: str) -> Iterator[tuple[str, ...]]:
    """Yield a quarter's answers in unit, model and respondent order."""
    for unit in units():
        own = {each.id: ticked(unit, each, quarter) for each in asked(unit, quarter)}
        if quarter == "second":
            own |= {element: asked_again(unit, model().by_id[element]) for of, element in ACTED if of == unit}
        for element in [each.id for each in model().elements if each.id in own]:
            people = [*own[element]]
            for person, answers in own[element].items():
                for item, said in answers.items():
                    order = dice("order", quarter, unit, item).sample(people, len(people))
                    words = words_beside(unit, item, said, language(person), order.index(person))
                    yield (unit, person, element, item, said.state, *words, said.because, "blind")


def agreed_rows(quarter: str) -> Iterator[tuple[str, ...]]:
    """Yield what the teams agreed on the elements of the quarter's list, each with a reason in the lead's language."""
    for unit, people in units().items():
        speaks = language(people[0])
        for element in asked(unit, quarter):
            for item, state in agreed_states(unit, element, quarter, ticked(unit, element, quarter)).items():
                reasons = read("words.yaml")["agreed"][state][speaks]
                reason = dice("reason", quarter, item, unit).choice(reasons)
                hint = model().items[item].evidence[speaks]
                yield (unit, "team", element.id, item, state, reason.format(hint=hint), "", "", "", "agreed")


def write_csv(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    """Write rows under the headings as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADINGS, *rows])


def write_xlsx(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    """Write rows under the headings as a workbook's first sheet."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes on every day
        sheet = book.add_worksheet("answers")
        sheet.freeze_panes(1, 0)
        for number, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, row)


def main(folder: Path = HERE) -> None:
    """Write the four files."""
    write_xlsx(folder / "answers-first.xlsx", blind_rows("first"))
    write_csv(folder / "agreed-first.csv", agreed_rows("first"))
    write_csv(folder / "answers-second.csv", blind_rows("second"))
    write_csv(folder / "agreed-second.csv", agreed_rows("second"))


if __name__ == "__main__":
    main()
