"""YAML and JSON files as trees of mappings, lists and values, with every fault of their syntax."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from documents.faults import Fault, RefusedInput, in_line, refuse, shown
from documents.texts import read_text
from domain.words import _


def read_tree(path: Path) -> Any:
    """Read a YAML file, or JSON if it is called so; refuse broken syntax, keys that stand twice and aliases."""
    text = read_text(path)
    return _json(path, text) if path.suffix.lower() == ".json" else _yaml(path, text)


def yaml_node(path: Path, text: str) -> yaml.Node | None:
    """Return YAML as nodes with their lines; None where the file says nothing."""
    try:
        # An alias can stand for an alias: ten lines of them unfold into gigabytes.
        aliases = [event for event in yaml.parse(text, yaml.CSafeLoader) if isinstance(event, yaml.AliasEvent)]
        refuse([_fault(path, _line(each.start_mark), _("an alias"), _("the value itself")) for each in aliases])
        node: yaml.Node | None = yaml.compose(text, yaml.CSafeLoader)
        repeated = [] if node is None else list(_repeated(node))
    except yaml.YAMLError as error:
        raise RefusedInput([_syntax_fault(path, error)]) from error
    except RecursionError as error:
        raise RefusedInput([Fault(path.name, "", _("too many levels"), _("a flatter file"))]) from error
    refuse(
        [
            _fault(path, _line(key.start_mark), _("{key} a second time").format(key=shown(key.value)), _("it once"))
            for key in repeated
        ]
    )
    return node


def _yaml(path: Path, text: str) -> Any:
    node = yaml_node(path, text)
    try:
        return None if node is None else yaml.constructor.SafeConstructor().construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day such as 2026-13-45
        raise RefusedInput([_syntax_fault(path, error)]) from error


def _repeated(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Yield the keys that stand a second time: the first would be lost without a word."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _repeated(each)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                yield key
            seen.add(str(key.value))
            yield from _repeated(value)


def _syntax_fault(path: Path, error: Exception) -> Fault:
    line = _line(getattr(error, "problem_mark", None))
    return _fault(path, line, getattr(error, "problem", None) or str(error), _("YAML"))


def _line(mark: Any) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _json(path: Path, text: str) -> Any:
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _value in pairs]
        repeated.extend(name for place, name in enumerate(names) if name in names[:place])
        return dict(pairs)

    try:
        tree = json.loads(text, object_pairs_hook=mapping)
    except json.JSONDecodeError as error:
        raise RefusedInput([_fault(path, error.lineno, error.msg, _("JSON"))]) from error
    except RecursionError as error:
        raise RefusedInput([Fault(path.name, "", _("too many levels"), _("a flatter file"))]) from error
    refuse([Fault(path.name, "", _("{key} a second time").format(key=shown(key)), _("it once")) for key in repeated])
    return tree


def _fault(path: Path, line: int, found: str, expected: str) -> Fault:
    return Fault(path.name, in_line(line), found, expected)
