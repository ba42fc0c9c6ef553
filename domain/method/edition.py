"""A maturity model as values: what is judged, by which rule, on which scale."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

Texts: TypeAlias = Mapping[str, str]
"""One text in several languages: language tag -> words."""


class Rule(StrEnum):
    """How an element's answers become its result (method, section 2)."""

    NO_GAP = "no-gap"
    HOLISTIC = "holistic"
    NPLF = "nplf"
    PERCENT_POINTS = "percent-points"
    SAMM = "samm"
    PERCENT_MET = "percent-met"
    MEAN = "mean"


class State(StrEnum):
    """An answer to one item; an item without a state is unanswered."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    DONT_KNOW = "don't know"
    NOT_APPLICABLE = "n/a"

    __hash__ = str.__hash__
    """A state equals its word, so it is hashed like it; millions of times when a large cycle is scored."""


class AskedOf(StrEnum):
    """Who judges an element: the organisation's top unit once, or each unit."""

    ORGANISATION = "organisation"
    UNIT = "unit"


class Phase(StrEnum):
    """The part of the PDCA wheel an element belongs to."""

    PLAN = "plan"
    DO = "do"
    CHECK = "check"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Item:
    """One checkable statement; `level` is None where the rule has no levels."""

    id: str
    level: int | None
    text: Texts
    evidence: Texts
    stream: str | None = None


@dataclass(frozen=True)
class Element:
    """The thing judged; `items` stand in model order."""

    id: str
    group: str
    title: Texts
    items: tuple[Item, ...]
    weight: Fraction = Fraction(1)
    asked_of: AskedOf = AskedOf.UNIT
    phase: Phase | None = None
    points: Fraction | None = None

    @cached_property
    def levels(self) -> dict[int, tuple[Item, ...]]:
        """The items by level, lowest level first; empty where the rule has no levels."""
        found: dict[int, list[Item]] = {}
        for item in self.items:
            if item.level is not None:
                found.setdefault(item.level, []).append(item)
        return {level: tuple(found[level]) for level in sorted(found)}

    @cached_property
    def outline(self) -> "Outline":
        """The ids of the items, all and by level."""
        steps = tuple((level, tuple(item.id for item in items)) for level, items in self.levels.items())
        return Outline(tuple(item.id for item in self.items), steps)


@dataclass(frozen=True, eq=False)
class Outline:
    """All that an element's level depends on besides answers: its items in model order, and by level, lowest first.

    One is equal to itself only, so that what was judged by it is quickly found again.
    """

    items: tuple[str, ...]
    steps: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that belong together, such as a clause of the standard."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Scale:
    """The steps of a result, both ends included."""

    min: int
    max: int
    labels: Mapping[int, Texts]

    @property
    def steps(self) -> int:
        """The number of levels, as r_wg counts them."""
        return self.max - self.min + 1


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where a level is strong, a range wide, another unit worth learning from."""

    strong_from: int = 3
    wide_range: int = 2
    learn_distance: int = 2


@dataclass(frozen=True, slots=True)
class ElementMap:
    """Which elements of another edition this edition's elements came from."""

    model: str
    edition: str
    elements: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Edition:
    """A model edition; the order of `groups` and `elements` is the model order."""

    id: str
    edition: str
    title: Texts
    source: str
    rule: Rule
    scale: Scale
    groups: tuple[Group, ...]
    elements: tuple[Element, ...]
    thresholds: Thresholds = Thresholds()
    maps: tuple[ElementMap, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Element]:
        """The elements by their id, in model order."""
        return {element.id: element for element in self.elements}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item of every element by its id, in model order."""
        return {item.id: item for element in self.elements for item in element.items}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything a score depends on, and no text.

        Ids, levels, streams, rule, scale, weights, points and thresholds in canonical JSON. It is stored with every
        score, so that a recomputation knows whether it reads the same model.
        """
        scoring = {
            "id": self.id,
            "edition": self.edition,
            "rule": self.rule,
            "scale": [self.scale.min, self.scale.max],
            "thresholds": [self.thresholds.strong_from, self.thresholds.wide_range, self.thresholds.learn_distance],
            "elements": [
                {
                    "id": element.id,
                    "group": element.group,
                    "asked_of": element.asked_of,
                    "weight": str(element.weight),
                    "points": None if element.points is None else str(element.points),
                    "items": [[item.id, item.level, item.stream] for item in element.items],
                }
                for element in self.elements
            ],
        }
        return digest(scoring)


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def edition_from(document: Mapping[str, Any]) -> Edition:
    """Build an edition from a checked model document (its file's content, by `formats`)."""
    scale = document["scale"]
    return Edition(
        id=document["id"],
        edition=document["edition"],
        title=document["title"],
        source=document.get("source", ""),
        rule=Rule(document["rule"]),
        scale=Scale(scale["min"], scale["max"], {int(step): words for step, words in scale.get("labels", {}).items()}),
        groups=tuple(Group(group["id"], group["title"]) for group in document["groups"]),
        elements=tuple(_element_from(element) for element in document["elements"]),
        thresholds=Thresholds(**document.get("thresholds", {})),
        maps=tuple(
            ElementMap(each["model"], each["edition"], {key: tuple(ids) for key, ids in each["elements"].items()})
            for each in document.get("maps", ())
        ),
    )


def _element_from(document: Mapping[str, Any]) -> Element:
    items = document.get("items") or ()
    by_level = items.items() if isinstance(items, Mapping) else [(None, items)]
    points = document.get("points")
    return Element(
        id=document["id"],
        group=document["group"],
        title=document["title"],
        weight=Fraction(str(document.get("weight", 1))),
        asked_of=AskedOf(document.get("asked_of", AskedOf.UNIT)),
        phase=Phase(document["phase"]) if document.get("phase") else None,
        points=None if points is None else Fraction(str(points)),
        items=tuple(
            Item(
                id=item["id"],
                level=None if level is None else int(level),
                text=item["text"],
                evidence=item.get("evidence", {}),
                stream=item.get("stream"),
            )
            for level, listed in by_level
            for item in listed
        ),
    )
