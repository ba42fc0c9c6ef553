"""What differs between two documents of an organisation, said in sentences."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from documents.faults import LONGEST_FOUND, in_tree
from documents.organisation_entries import (
    Entry,
    OrganisationDocument,
    PersonEntry,
    ProgrammeEntry,
    ResponsibilityEntry,
    UnitEntry,
)
from documents.written import Path
from domain.method.order import natural_key
from domain.words import _

Fields: TypeAlias = dict[str, str]
"""Field -> its value in words; what is empty has no field."""


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """What an import changes in a section: a sentence per thing that is new, differs, or is not in the file."""

    section: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    same: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import changes, section by section; `notes` say what of the file nothing keeps."""

    sections: tuple[SectionChanges, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is new and nothing differs."""
        return not self.sentences

    @property
    def sentences(self) -> list[str]:
        """Every sentence about what is new or differs."""
        return [sentence for each in self.sections for sentence in (*each.new, *each.changed)]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many things are new, changed, kept and the same, by section."""
        return {
            each.section: {
                "new": len(each.new),
                "changed": len(each.changed),
                "kept": len(each.kept),
                "same": each.same,
            }
            for each in self.sections
        }


def differences(before: OrganisationDocument | None, after: OrganisationDocument) -> tuple[SectionChanges, ...]:
    """Compare what is stored (None: nothing yet) with what a document says, section by section."""
    return (
        _section("organisation", [] if before is None else [before.organisation], [after.organisation]),
        _section("units", () if before is None else before.units, after.units),
        _section("people", () if before is None else before.people, after.people),
        _section("responsibilities", () if before is None else before.responsibilities, after.responsibilities),
        _section("programmes", () if before is None else before.programmes, after.programmes),
    )


def _section(section: str, before: Iterable[Entry], after: Iterable[Entry]) -> SectionChanges:
    old = {_thing(entry): _fields(entry) for entry in before}
    wanted = {_thing(entry): _fields(entry) for entry in after}
    differing = {thing: list(_differing(old[thing], fields)) for thing, fields in wanted.items() if thing in old}
    changed = [
        _("{thing}: {difference}").format(thing=thing, difference=each)
        for thing, found in differing.items()
        for each in found
    ]
    if section == "units" and _order(old, wanted) != _order(wanted, old):
        changed.append(_("the order of the units changes"))
    return SectionChanges(
        section=section,
        new=tuple(
            _("{thing} is new").format(thing=thing) for thing, fields in wanted.items() if fields and thing not in old
        ),
        changed=tuple(changed),
        kept=tuple(
            _("{thing} is not in the file and stays").format(thing=thing) for thing in old if thing not in wanted
        ),
        same=sum(not found for found in differing.values()),
    )


def _thing(entry: Entry) -> str:
    match entry:
        case UnitEntry():
            return _("unit {id}").format(id=entry.id)
        case PersonEntry():
            return _("person {id}").format(id=entry.id)
        case ResponsibilityEntry():
            return _("responsibility for {what} in {unit}").format(what=entry.element or entry.group, unit=entry.unit)
        case ProgrammeEntry():
            return _("programme {id}").format(id=entry.id)
        case _:
            return _("organisation")


def _fields(entry: Entry) -> Fields:
    """Return a thing's fields in words, without what names it."""
    is_about = {"unit", "element", "group"} if isinstance(entry, ResponsibilityEntry) else {"id"}
    return {
        in_tree(path): words
        for path, value in _values(entry.model_dump(exclude=is_about), ())
        if (words := _said(value))
    }


def _values(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Yield the values inside mappings, and the turns of a rotation, with the way to each."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _values(each, (*path, key))
    elif path == ("rotation",) and isinstance(value, tuple):
        yield from (((*path, number), turn) for number, turn in enumerate(value))
    else:
        yield path, value


def _said(value: object) -> str:
    """Say a value; lists in order of their words, since their order says nothing."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case tuple():
            return "; ".join(sorted((_part(each) for each in value), key=natural_key))
        case _:
            return str(value)


def _part(value: object) -> str:
    match value:
        case (first, last):
            return str(first) if first == last else f"{first}/{last}"
        case {"person": person, "elements": elements}:
            return f"{person} ({', '.join(elements)})" if elements else str(person)
        case _:
            return str(value)


def _differing(old: Fields, wanted: Fields) -> Iterator[str]:
    for field in dict.fromkeys([*old, *wanted]):
        if old.get(field) != wanted.get(field):
            yield _("{field} changes from {old} to {new}").format(
                field=field, old=_short(old.get(field)), new=_short(wanted.get(field))
            )


def _short(words: str | None) -> str:
    if words is None:
        return _("nothing")
    return words if len(words) <= LONGEST_FOUND else f"{words[:LONGEST_FOUND]}…"


def _order(things: Iterable[str], others: Container[str]) -> list[str]:
    """Return the things that both have, in the order of the first."""
    return [thing for thing in things if thing in others]
