"""YAML as it was written: each value a text (no "no" that becomes false, no 7.10 that becomes 7.1) with its line."""

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from documents.faults import Fault, in_line, refuse
from documents.texts import read_text
from documents.trees import yaml_node
from documents.written import Lines, Path, Written
from domain.words import _

NULL = "tag:yaml.org,2002:null"


def read_yaml(path: FilePath) -> Written:
    """Read a YAML file as mappings, lists and texts; refused where it is no YAML that means one thing only."""
    node = yaml_node(path, read_text(path))
    lines: dict[Path, int] = {(): 1}
    faults: list[Fault] = []
    content = None if node is None else _Reading(path.name, lines, faults).value(node, ())
    refuse(faults)
    return Written(path.name, content, Lines(lines))


class _Reading:
    """Turns nodes into texts and keeps where each stands."""

    def __init__(self, file: str, lines: dict[Path, int], faults: list[Fault]) -> None:
        self.file = file
        self.lines = lines
        self.faults = faults

    def value(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return dict(self.fields(node, path))
        if isinstance(node, SequenceNode):
            return [self.value(each, (*path, number)) for number, each in enumerate(node.value)]
        return _text(node)

    def fields(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.faults.append(Fault(self.file, in_line(line), _("a key that is no text"), _("a name")))
                continue
            self.lines[*path, key.value] = line
            yield key.value, self.value(value, (*path, key.value))


def _text(node: Node) -> str | None:
    return None if node.value == "" or node.tag == NULL else str(node.value)
