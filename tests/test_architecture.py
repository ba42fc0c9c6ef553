"""The rules between the rooms that no linter knows."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pdca import migrations

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
LONGER: dict[str, str] = {}
"""Files and `file:function`s that may be longer, each with its reason."""
IMPURE = {"asyncio", "io", "logging", "os", "pathlib", "socket", "sqlite3", "subprocess", "sys", "threading", "time"}
"""What the method could read, write, log or guess with."""


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Give each Python file of the folders by its path from the root, parsed."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give what a file imports, as module and name; a whole module's name is empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def endings(tree: ast.Module) -> list[str]:
    """Return the calls in a file that end a transaction: commit, rollback, and the begin of a session or engine."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    methods = [call for call in calls if isinstance(call, ast.Attribute)]
    return [
        call.attr
        for call in methods
        if call.attr in {"commit", "rollback"}
        or (call.attr == "begin" and ast.unparse(call.value).endswith(("session", "engine", "connection")))
    ]


def makes_a_table(tree: ast.Module) -> bool:
    """Say whether a file gives a table its name."""
    targets = [node.targets[0] for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return any(isinstance(target, ast.Name) and target.id == "__tablename__" for target in targets)


def test_the_packages_are_those_of_the_wheel_and_of_the_layers() -> None:
    wheel = PROJECT["tool"]["uv"]["build-backend"]["module-name"]
    rooms, *_ = PROJECT["tool"]["importlinter"]["contracts"]

    assert sorted(wheel) == PACKAGES
    assert sorted(PROJECT["tool"]["importlinter"]["root_packages"]) == PACKAGES
    assert sorted(["config", *rooms["layers"]]) == PACKAGES


def test_only_the_database_module_begins_commits_and_rolls_back() -> None:
    found = {path: calls for path, tree in sources(*PACKAGES) if (calls := endings(tree))}

    assert found == {"config/database.py": ["begin"]}


def test_the_connections_of_a_process_are_let_go_at_its_end_only() -> None:
    found = [
        path
        for path, tree in sources(*PACKAGES)
        if any(isinstance(node, ast.Attribute) and node.attr == "dispose" for node in ast.walk(tree))
    ]

    # What a simulation plays in is its own, and is thrown away.
    assert found == ["config/database.py", "pdca/commands/simulate.py"]


def test_every_module_that_makes_a_table_is_known_to_the_migrations() -> None:
    found = [path.removesuffix(".py").replace("/", ".") for path, tree in sources(*PACKAGES) if makes_a_table(tree)]

    assert found == list(migrations.MODULES_WITH_TABLES)


def test_flows_take_sessions_and_engines_but_write_no_sql() -> None:
    allowed = {("sqlalchemy", "Engine"), ("sqlalchemy.orm", "Session")}

    found = [
        f"{path}: {module} {name}"
        for path, tree in sources("flows")
        for module, name in imports(tree)
        if module.split(".")[0] == "sqlalchemy" and (module, name) not in allowed
    ]

    assert found == []


def test_the_method_needs_python_only_and_touches_nothing_outside() -> None:
    pure = sys.stdlib_module_names - IMPURE

    found = [
        f"{path}: {module}"
        for path, tree in sources("domain/method")
        for module, _ in imports(tree)
        if module.split(".")[0] not in pure and not module.startswith("domain.method")
    ]

    assert found == []


def test_smtplib_is_imported_nowhere() -> None:
    found = [path for path, tree in sources(*PACKAGES) if any(module == "smtplib" for module, _ in imports(tree))]

    assert found == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        path: len((ROOT / path).read_text().splitlines())
        for path, _ in sources(*PACKAGES, "tests", "examples", "benchmarks")
        if not path.startswith("pdca/migrations/versions/")
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE and path not in LONGER} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, tree in sources(*PACKAGES, "tests", "examples", "benchmarks")
        if not path.startswith("pdca/migrations/versions/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION and name not in LONGER} == {}


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc"])
def test_no_file_is_named_by_what_it_is_not(word: str) -> None:
    found = [path for path, _ in sources(*PACKAGES, "tests") if word in Path(path).parts or Path(path).stem == word]

    assert found == []
