"""What a programme of an organisation file must be to its model and its units."""

from collections.abc import Iterable, Iterator

from documents.faults import Fault, one_of, shown
from documents.organisation_draft import Draft
from documents.organisation_entries import ProgrammeEntry
from documents.written import Path
from domain.method.edition import Edition
from domain.method.standing import reachable
from domain.words import _


def programme_faults(draft: Draft, number: int, edition: Edition) -> Iterator[Fault]:
    """Yield elements the model lacks, targets beyond its scale, and units asked that do not take part."""
    programme = draft.programmes[number]
    for way, element in _elements(programme):
        if element not in edition.by_id:
            expected = element_of(edition.by_id, element)
            yield draft.written.fault(("programmes", number, *way), shown(element), expected)
    for way, aimed_at, level in _levels(programme):
        most = _highest(edition, aimed_at)
        if not edition.scale.min <= level <= most:
            expected = _("a level from {least} to {most}").format(least=edition.scale.min, most=most)
            yield draft.written.fault(("programmes", number, *way), shown(level), expected)
    for way, unit in _units(programme):
        if programme.units and unit not in programme.units:
            expected = _("a unit of the programme: {known}").format(known=one_of(programme.units, unit))
            yield draft.written.fault(("programmes", number, *way), shown(unit), expected)


def element_of(known: Iterable[str], element: str) -> str:
    """Say that an element of a model is expected."""
    return _("an element of the model: {known}").format(known=one_of(known, element))


def _elements(programme: ProgrammeEntry) -> Iterator[tuple[Path, str]]:
    """Yield every element that a programme names, with the way to it."""
    for turn, elements in enumerate(programme.rotation):
        yield from ((("rotation", turn, place), element) for place, element in enumerate(elements))
    for unit, asked in programme.respondents.items():
        for place, each in enumerate(asked):
            way = ("respondents", unit, place, "elements")
            yield from (((*way, index), element) for index, element in enumerate(each.elements))
    yield from ((("weights", element), element) for element in programme.weights)
    yield from ((way, element) for way, element, _level in _levels(programme) if element is not None)
    yield from ((("importance", "elements", element), element) for element in programme.importance.elements)
    for unit, ranks in programme.importance.units.items():
        yield from ((("importance", "units", unit, element), element) for element in ranks)


def _levels(programme: ProgrammeEntry) -> Iterator[tuple[Path, str | None, int]]:
    """Yield every level aimed at, with the way to it and its element; no element for the default."""
    targets = programme.targets
    yield ("targets", "default"), None, targets.default
    yield from ((("targets", "elements", element), element, level) for element, level in targets.elements.items())
    for unit, levels in targets.units.items():
        yield from ((("targets", "units", unit, element), element, level) for element, level in levels.items())


def _highest(edition: Edition, element: str | None) -> int:
    """Return the highest level that an element has items for; of an unknown one, the end of the scale."""
    known = edition.by_id.get(element or "")
    return edition.scale.max if known is None else int(reachable(edition, known, {}))


def _units(programme: ProgrammeEntry) -> Iterator[tuple[Path, str]]:
    """Yield every unit in which a programme asks somebody or wants something else than elsewhere."""
    yield from ((("respondents", unit), unit) for unit in programme.respondents)
    yield from ((("targets", "units", unit), unit) for unit in programme.targets.units)
    yield from ((("importance", "units", unit), unit) for unit in programme.importance.units)
