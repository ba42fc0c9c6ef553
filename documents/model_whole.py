"""What a part of a model file must know of the whole to be judged, read before anything is checked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.method.edition import Rule

ANY_LEVEL = range(1, 101)
SAMM_LEVELS = range(1, 4)


@dataclass(frozen=True, slots=True)
class Whole:
    """A model's rule, the levels at which items may stand, and how often each id stands."""

    rule: Rule | None
    levels: range
    groups: Counter[str]
    elements: Counter[str]
    items: Counter[str]


def whole(tree: object) -> Whole:
    """Read the whole from a model file's tree; what has an unexpected shape is passed over."""
    model = tree if isinstance(tree, Mapping) else {}
    rule = next((rule for rule in Rule if rule == model.get("rule")), None)
    elements = _mappings(model.get("elements"))
    return Whole(
        rule=rule,
        levels=SAMM_LEVELS if rule is Rule.SAMM else _levels(model.get("scale")),
        groups=_ids(_mappings(model.get("groups"))),
        elements=_ids(elements),
        items=_ids(item for element in elements for item in _items(element.get("items"))),
    )


def _levels(scale: object) -> range:
    ends = [scale.get("min"), scale.get("max")] if isinstance(scale, Mapping) else []
    match ends:
        case [int(least), int(most)] if least < most:
            return range(max(1, least), most + 1)
        case _:
            return ANY_LEVEL


def _items(items: object) -> list[Mapping[Any, Any]]:
    listed = list(items.values()) if isinstance(items, Mapping) else [items]
    return [item for each in listed for item in _mappings(each)]


def _mappings(listed: object) -> list[Mapping[Any, Any]]:
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _ids(parts: Iterable[Mapping[Any, Any]]) -> Counter[str]:
    return Counter(str(part.get("id")) for part in parts)
