"""YAML and JSON files are read without losing anything silently."""

from pathlib import Path

import pytest

from documents.faults import Fault, RefusedInput
from documents.trees import read_tree


def a_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(RefusedInput) as refused:
        read_tree(path)
    return refused.value.faults


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", "a: {1: [x, 2.5]}\nb: null\n"), ("a.json", '{"a": {"1": ["x", 2.5]}, "b": null}')]
)
def test_yaml_and_json_give_the_same_tree(tmp_path: Path, name: str, text: str) -> None:
    tree = read_tree(a_file(tmp_path, name, text))

    assert {**tree, "a": list(tree["a"].values())} == {"a": [["x", 2.5]], "b": None}


def test_an_empty_yaml_file_is_nothing(tmp_path: Path) -> None:
    assert read_tree(a_file(tmp_path, "a.yaml", "# nothing\n")) is None


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.yaml", "a: 1\nb: [", ("line 3", "did not find expected node content", "YAML")),
        ("a.yaml", "a: 1\n---\nb: 1", ("line 2", "but found another document", "YAML")),
        ("a.yaml", "a: 1\nb: {c: 1, d: 2, c: 3}\n", ("line 2", "'c' a second time", "it once")),
        ("a.yaml", "a: &x [1]\nb: *x\n", ("line 2", "an alias", "the value itself")),
        ("a.json", '{"a": 1,\n "b": }', ("line 2", "Expecting value", "JSON")),
        ("a.json", '{"a": 1, "a": 2}', ("", "'a' a second time", "it once")),
        ("a.json", "[" * 100_000, ("", "too many levels", "a flatter file")),
    ],
)
def test_a_fault_of_the_syntax_has_its_line(tmp_path: Path, name: str, text: str, fault: tuple[str, str, str]) -> None:
    assert refusal(a_file(tmp_path, name, text)) == (Fault(name, *fault),)


def test_a_tag_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.yaml", "a: !!python/object/apply:os.getcwd []\n")

    assert [fault.place for fault in refusal(path)] == ["line 1"]
