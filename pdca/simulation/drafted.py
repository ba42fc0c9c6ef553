"""Ten drafted actions with what they rest on, in words: what a quality manager would want to read."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from domain import whys
from domain.actions import Action
from domain.grounds import grounds
from domain.method.edition import Edition
from domain.register import Entry
from domain.words import in_language, ngettext
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

    def see(self, session: Session, entry: Entry) -> None:
        """Keep a released draft if it is among the ten."""
        lot = self.chance.of("sample", entry.action.id).random()
        if len(self._kept) < TEN or lot < self._kept[-1][0]:
            drafted = told(session, self.edition, entry)
            self._kept = sorted([*self._kept, (lot, drafted)], key=lambda each: each[0])[:TEN]

    @property
    def drafts(self) -> list[Drafted]:
        """The drafts, by number."""
        return sorted((each for _lot, each in self._kept), key=lambda each: each.number)


def told(session: Session, edition: Edition, entry: Entry) -> Drafted:
    """Return a released draft in words."""
    action = entry.action
    element = edition.by_id[entry.covers[0][1].element]
    why = whys.why(action.why, grounds(session, [action])[action.id], date.isoformat)
    return Drafted(
        number=action.id,
        unit=entry.unit.name,
        topic=f"{element.id} {in_language(element.title)}",
        title=action.title,
        why=(*why, *_waits(edition, action)),
        measure=action.measure,
        owner="" if entry.owner is None else entry.owner.name,
        verifier="" if entry.verifier is None else entry.verifier.name,
        due_on=action.due_on or date.max,
        check_on=action.check_on or date.max,
    )


def _waits(edition: Edition, action: Action) -> list[str]:
    """Say how many of the statements a team leaves for the next step."""
    more = len(action.facts["items"]) - len(steps_of(edition, action))
    words = ngettext(
        "One of these statements waits for the next action.",
        "{more} of these statements wait for the next action.",
        more,
    )
    return [words.format(more=more)] if more else []
