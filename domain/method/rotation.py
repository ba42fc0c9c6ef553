"""Who is asked what when nobody says otherwise: everything once a year, spread over its cycles (method, section 4)."""

from collections.abc import Iterable

from domain.method.edition import AskedOf, Element


def once_a_year(elements: Iterable[Element], cycles: int) -> tuple[tuple[str, ...], ...]:
    """Return the elements of each cycle of a year, in model order, so that each asks about as many items.

    What is asked of the organisation and what is asked of units is spread apart, for other people answer it. There are
    fewer parts where there is not enough to ask in each cycle, and none where there is nothing to ask.
    """
    parts: list[list[str]] = [[] for _cycle in range(cycles)]
    listed = tuple(elements)
    for asked_of in AskedOf:
        _spread([each for each in listed if each.asked_of is asked_of], parts)
    return tuple(tuple(part) for part in parts if part)


def _spread(elements: list[Element], parts: list[list[str]]) -> None:
    """Add to each part as many neighbours as fit: an element goes where its middle lies among all items."""
    sizes = [len(each.items) or 1 for each in elements]
    before = 0
    for element, size in zip(elements, sizes, strict=True):
        parts[(2 * before + size) * len(parts) // (2 * sum(sizes))].append(element.id)
        before += size
