"""The shape of a YAML or JSON document by pydantic, and what does not fit it as faults with their place."""

import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from documents.faults import Fault, RefusedInput, in_tree, one_of, shown
from domain.words import _

UNION_TAGS = frozenset({"by level", "flat", "[key]"})
"""Steps that pydantic puts into a place and no document has."""

Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]
Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Texts: TypeAlias = Annotated[
    dict[Language, Annotated[str, Field(min_length=1)]],
    Field(min_length=1, description="language tag -> words"),
]


class Shape(BaseModel):
    """Part of a document in which every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Document = TypeVar("Document", bound=Shape)


def expected(text: str) -> PydanticCustomError:
    """Return the error a validator raises to say what it expects."""
    return PydanticCustomError("expected", "{expected}", {"expected": text})


def shaped(file: str, shape: type[Document], tree: object, context: object = None) -> Document:
    """Return a tree as a document of this shape; refuse it with every place that does not fit."""
    try:
        return shape.model_validate(tree, context=context)
    except ValidationError as error:
        faults = [Fault(file, in_tree(path), found, wanted) for path, found, wanted in misfits(shape, error)]
        raise RefusedInput(faults) from error


def misfits(shape: type[Shape], error: ValidationError) -> list[tuple[list[str | int], str, str]]:
    """Return what does not fit a shape: the way to each place, what was found there, what is expected."""
    return [_misfit(shape, each) for each in error.errors(include_url=False)]


def _misfit(shape: type[Shape], error: ErrorDetails) -> tuple[list[str | int], str, str]:
    path = [step for step in error["loc"] if step not in UNION_TAGS]
    if error["type"] == "extra_forbidden":
        return path[:-1], _("the key {key}").format(key=shown(path[-1])), one_of(_keys(shape, path[:-1]))
    found = shown(None) if error["type"] == "missing" else described(error["input"])
    return path, found, _expectation(error)


def _expectation(error: ErrorDetails) -> str:
    if error["type"] == "string_type" and isinstance(error["input"], int | float):
        return _('text in quotes, such as "{value}"').format(value=error["input"])
    if error["type"] == "string_pattern_mismatch":
        return _("a text of the form {pattern}").format(pattern=error.get("ctx", {}).get("pattern"))
    if say := _EXPECTED.get(error["type"]):
        return say().format(**error.get("ctx", {}))
    return error["msg"].removeprefix("Input should be ")


_EXPECTED: Mapping[str, Callable[[], str]] = {
    "missing": lambda: _("a value"),
    "string_type": lambda: _("a text"),
    "string_too_short": lambda: _("a text"),
    "too_short": lambda: _("at least one"),
    "too_long": lambda: _("at most {max_length}"),
    "int_parsing": lambda: _("a whole number"),
    "tuple_type": lambda: _("a list"),
    "dict_type": lambda: _("keys with values"),
    "model_type": lambda: _("keys with values"),
}


def described(value: object) -> str:
    """Return what a value is as it stands in a fault: a text quoted, the keys of a mapping, the length of a list."""
    if isinstance(value, Mapping):
        return _("keys ({keys})").format(keys=", ".join(map(str, value)))
    if isinstance(value, list):
        return _("a list of {number}").format(number=len(value))
    if isinstance(value, int | float):
        return _("the number {value}").format(value=value)
    return shown(value)


def _keys(shape: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    for step in path:
        if step in shape.model_fields:
            shape = _shape_in(shape.model_fields[str(step)].annotation) or shape
    return list(shape.model_fields)


def _shape_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in typing.get_args(annotation) if (found := _shape_in(each))), None)
