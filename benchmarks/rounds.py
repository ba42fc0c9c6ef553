"""Rounds: every contender once, each in a fresh process on its own copy of the ground, in rotating order."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ground import Ground


@dataclass(frozen=True)
class Contender:
    """A program that does a case's work on a ground."""

    name: str
    module: str
    ground: Ground


@dataclass(frozen=True)
class Measured:
    """What one run of a contender took and what came of it."""

    seconds: float
    peak_mib: float
    outcome: dict[str, Any]


class Failed(Exception):
    """A contender ended with an error."""


class Grounds:
    """The prepared grounds of a bench, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Ground, Path] = {}

    def copied(self, ground: Ground) -> Path:
        """Return a fresh copy of a ground, in place of the last one."""
        copy = self._folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self._prepared(ground), copy)
        return copy

    def _prepared(self, ground: Ground) -> Path:
        if ground not in self._made:
            place = self._folder / f"ground-{len(self._made)}"
            place.mkdir()
            _run("benchmarks.ground", str(place), str(ground.units), ground.stage, str(ground.seed))
            self._made[ground] = place
        return self._made[ground]


def round_of(contenders: Sequence[Contender], grounds: Grounds, number: int) -> dict[str, Measured]:
    """Run every contender once; each round begins with another one."""
    first = number % len(contenders)
    return {each.name: _measured(each, grounds) for each in [*contenders[first:], *contenders[:first]]}


def _measured(contender: Contender, grounds: Grounds) -> Measured:
    said = json.loads(_run(contender.module, str(grounds.copied(contender.ground))))
    return Measured(said["seconds"], said["peak_kib"] / 1024, said["outcome"])


def _run(module: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{module} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout
