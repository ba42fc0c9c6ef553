"""The shape of a model file: what a maturity model is made of before it becomes an edition."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, TypeAlias, cast

from pydantic import AfterValidator, Discriminator, Field, PlainSerializer, Tag, ValidationInfo, field_validator

from documents.faults import one_of
from documents.model_whole import Whole
from documents.shapes import Id, Shape, Texts, expected
from domain.method.edition import AskedOf, Phase, Rule
from domain.words import _

STREAMS = ("A", "B")
BY_LEVEL, FLAT, NONE = "by level", "flat", "none"
KIND_OF_ITEMS = {
    Rule.NO_GAP: BY_LEVEL,
    Rule.SAMM: BY_LEVEL,
    Rule.PERCENT_MET: FLAT,
    Rule.MEAN: FLAT,
    Rule.HOLISTIC: NONE,
    Rule.NPLF: NONE,
    Rule.PERCENT_POINTS: NONE,
}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _kind(items: object) -> str:
    if items is None:
        return NONE
    return BY_LEVEL if isinstance(items, Mapping) else FLAT


def _whole(info: ValidationInfo) -> Whole:
    return cast("Whole", info.context)


def _once(name: str, names: Counter[str]) -> str:
    if names[name] > 1:
        raise expected(_("an id that stands once, not {number} times").format(number=names[name]))
    return name


def _is_a_level(level: int, info: ValidationInfo) -> int:
    levels = _whole(info).levels
    if level not in levels:
        raise expected(_("a level from {least} to {most}").format(least=levels.start, most=levels.stop - 1))
    return level


def _is_an_element(name: str, info: ValidationInfo) -> str:
    if name not in _whole(info).elements:
        raise expected(one_of(_whole(info).elements, name))
    return name


class ItemDocument(Shape):
    """One checkable statement."""

    id: Id
    text: Texts
    evidence: dict[str, str] = Field(default_factory=dict, description="language tag -> what would show it")
    stream: Annotated[str | None, Field(description="A or B, by the rule samm only", validate_default=True)] = None

    @field_validator("id")
    @classmethod
    def _stands_once(cls, name: str, info: ValidationInfo) -> str:
        return _once(name, _whole(info).items)

    @field_validator("stream")
    @classmethod
    def _fits_the_rule(cls, stream: str | None, info: ValidationInfo) -> str | None:
        rule = _whole(info).rule
        if rule is Rule.SAMM and stream not in STREAMS:
            raise expected(one_of(STREAMS))
        if rule is not Rule.SAMM and stream is not None:
            raise expected(_("no stream, except by the rule samm"))
        return stream


Number: TypeAlias = Annotated[Decimal, Field(ge=0), PlainSerializer(_number)]
Level: TypeAlias = Annotated[int, AfterValidator(_is_a_level)]
ByLevel: TypeAlias = Annotated[
    dict[Level, Annotated[list[ItemDocument], Field(min_length=1)]],
    AfterValidator(lambda items: dict(sorted(items.items()))),
]
Items: TypeAlias = Annotated[
    Annotated[ByLevel, Tag(BY_LEVEL)] | Annotated[list[ItemDocument], Tag(FLAT)], Discriminator(_kind)
]


class ElementDocument(Shape):
    """The thing judged."""

    id: Id
    group: Id
    phase: Phase | None = None
    asked_of: AskedOf = AskedOf.UNIT
    title: Texts
    weight: Number = Decimal(1)
    points: Annotated[Number | None, Field(description="by percent-points only", validate_default=True)] = None
    items: Annotated[Items | None, Field(description="none where the rule takes a value", validate_default=True)] = None

    @field_validator("id")
    @classmethod
    def _stands_once(cls, name: str, info: ValidationInfo) -> str:
        return _once(name, _whole(info).elements)

    @field_validator("group")
    @classmethod
    def _is_a_group(cls, group: str, info: ValidationInfo) -> str:
        if group not in _whole(info).groups:
            raise expected(one_of(_whole(info).groups, group))
        return group

    @field_validator("points")
    @classmethod
    def _points_fit_the_rule(cls, points: Decimal | None, info: ValidationInfo) -> Decimal | None:
        rule = _whole(info).rule
        if rule is Rule.PERCENT_POINTS and points is None:
            raise expected(_("the points the element can reach"))
        if rule is not Rule.PERCENT_POINTS and points is not None:
            raise expected(_("no points, except by the rule percent-points"))
        return points

    @field_validator("items")
    @classmethod
    def _items_fit_the_rule(cls, items: Items | None, info: ValidationInfo) -> Items | None:
        rule = _whole(info).rule
        if rule is None or _kind(items) == KIND_OF_ITEMS[rule]:
            return items
        wanted = {
            BY_LEVEL: _("items by level, for the rule {rule}"),
            FLAT: _("a list of items without levels, for the rule {rule}"),
            NONE: _("no items, since the rule {rule} takes a value"),
        }
        raise expected(wanted[KIND_OF_ITEMS[rule]].format(rule=rule))


class GroupDocument(Shape):
    """Elements that belong together."""

    id: Id
    title: Texts

    @field_validator("id")
    @classmethod
    def _stands_once(cls, name: str, info: ValidationInfo) -> str:
        return _once(name, _whole(info).groups)


class ScaleDocument(Shape):
    """The steps of a result, both ends included."""

    min: int
    max: int
    labels: dict[int, Texts] = Field(default_factory=dict)

    @field_validator("max")
    @classmethod
    def _is_above_min(cls, most: int, info: ValidationInfo) -> int:
        if most <= info.data.get("min", most - 1):
            raise expected(_("more than {least}").format(least=info.data["min"]))
        return most

    @field_validator("labels")
    @classmethod
    def _label_steps(cls, labels: dict[int, dict[str, str]], info: ValidationInfo) -> dict[int, dict[str, str]]:
        least, most = info.data.get("min"), info.data.get("max")
        if least is not None and most is not None and not all(least <= step <= most for step in labels):
            raise expected(_("labels of steps from {least} to {most}").format(least=least, most=most))
        return labels


class ThresholdsDocument(Shape):
    """From where a level is strong, a range wide, another unit worth learning from."""

    strong_from: Annotated[int, Field(ge=0)] = 3
    wide_range: Annotated[int, Field(ge=1)] = 2
    learn_distance: Annotated[int, Field(ge=1)] = 2


class MapDocument(Shape):
    """Which elements of another edition this edition's elements came from."""

    model: str
    edition: str
    elements: dict[Annotated[str, AfterValidator(_is_an_element)], list[Id]]


class ModelDocument(Shape):
    """A maturity model edition as a YAML or JSON file."""

    id: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    edition: Id
    title: Texts
    source: Annotated[str, Field(description="what it follows, its licence, what is ours")] = ""
    rule: Rule
    scale: ScaleDocument
    thresholds: ThresholdsDocument = ThresholdsDocument()
    groups: Annotated[list[GroupDocument], Field(min_length=1)]
    elements: Annotated[list[ElementDocument], Field(min_length=1)]
    maps: list[MapDocument] = Field(default_factory=list)
