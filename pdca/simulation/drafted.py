"""Ten drafted actions with what they rest on, in words: what a quality manager would want to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.actions import Action
from domain.method.edition import Edition
from domain.register import Entry
from domain.words import _, in_language, ngettext
from pdca.simulation.chance import Chance
from pdca.simulation.steps import steps_of

TEN = 10


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it was released; `why` is a sentence per fact, `when` is due and check date."""

    number: int
    unit: str
    topic: str
    title: str
    why: tuple[str, ...]
    measure: str
    owner: str
    verifier: str
    due_on: date
    check_on: date


@dataclass
class Samples:
    """Ten of all released drafts, chosen by chance while they pass by."""

    edition: Edition
    chance: Chance
    _kept: list[tuple[float, Drafted]] = field(default_factory=list)

    def see(self, entry: Entry) -> None:
        """Keep a released draft if it is among the ten."""
        lot = self.chance.of("sample", entry.action.id).random()
        self._kept = sorted([*self._kept, (lot, told(self.edition, entry))], key=lambda each: each[0])[:TEN]

    @property
    def drafts(self) -> list[Drafted]:
        """The drafts, by number."""
        return sorted((each for _lot, each in self._kept), key=lambda each: each.number)


def told(edition: Edition, entry: Entry) -> Drafted:
    """Return a released draft in words."""
    action = entry.action
    element = edition.by_id[entry.covers[0][1].element]
    names = {str(unit.id): unit.name for unit, _row in entry.covers}
    return Drafted(
        number=action.id,
        unit=entry.unit.name,
        topic=f"{element.id} {in_language(element.title)}",
        title=action.title,
        why=tuple(facts_in_words(edition, action, names)),
        measure=action.measure,
        owner="" if entry.owner is None else entry.owner.name,
        verifier="" if entry.verifier is None else entry.verifier.name,
        due_on=action.due_on or date.max,
        check_on=action.check_on or date.max,
    )


def facts_in_words(edition: Edition, action: Action, names: Mapping[str, str]) -> list[str]:
    """Say what a draft rests on: where units stand, and who said no to the statements that it takes on."""
    by_unit: Mapping[str, Mapping[str, Any]] = action.facts["by_unit"]
    said = [_stand(names, by_unit)] if len(by_unit) > 1 else [_stands(names[unit], by_unit[unit]) for unit in by_unit]
    steps = steps_of(edition, action)
    for item in steps:
        no, of = (sum(facts["said_no"].get(item, (0, 0))[place] for facts in by_unit.values()) for place in (0, 1))
        text = in_language(edition.items[item].text)
        said.append(_('{no} of {of} say no: "{text}"').format(no=no, of=of, text=text))
    if more := len(action.facts["items"]) - len(steps):
        said.append(
            ngettext(
                "One more statement waits for the next step.", "{more} more statements wait for the next step.", more
            ).format(more=more)
        )
    return said


def _stands(unit: str, facts: Mapping[str, Any]) -> str:
    if facts["last"] is None:
        words = _("{unit} is at level {level}, judged for the first time; its target is {target}.")
    elif facts["last"] == facts["level"]:
        words = _("{unit} is at level {level}, as last time; its target is {target}.")
    else:
        words = _("{unit} is at level {level}, last time {last}; its target is {target}.")
    return words.format(unit=unit, level=facts["level"], last=facts["last"], target=facts["target"])


def _stand(names: Mapping[str, str], by_unit: Mapping[str, Mapping[str, Any]]) -> str:
    where = ", ".join(f"{names[unit]} {facts['level']}" for unit, facts in by_unit.items())
    target = next(iter(by_unit.values()))["target"]
    return _("{number} units are below target {target}: {where}.").format(
        number=len(by_unit), target=target, where=where
    )
