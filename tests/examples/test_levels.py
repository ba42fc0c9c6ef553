"""Every level of the sample follows from what `pdca explain --json` prints, for somebody who has nothing of pdca."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from examples import generate

PROGRAM = Path(__file__).with_name("recompute_levels.py")
PDCA = Path(sys.executable).with_name("pdca")


@pytest.fixture(params=["first", "second"])
def explained(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What `pdca explain --json` prints of a quarter's answers, agreed ones and all."""
    answers = tmp_path / "answers.csv"
    generate.write_csv(answers, chain(generate.blind_rows(request.param), generate.agreed_rows(request.param)))
    command: list[str | Path] = [PDCA, "explain", "iso9004-2018", answers, "--json"]
    return str(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def printed(element: dict[str, str | None]) -> str:
    if element["result"] is None:
        return "-"
    return f"{element['result']}{'' if element['proven'] else '?'}"


def test_every_level_comes_out_again_without_pdca(explained: str) -> None:
    # -I -S: neither this folder nor any installed package can be imported.
    command: list[str | Path] = [sys.executable, "-I", "-S", PROGRAM]

    levels = subprocess.run(command, input=explained, capture_output=True, text=True, check=True).stdout.splitlines()

    units = json.loads(explained)["units"]
    told = [f"{unit['unit']} {each['element']} {printed(each)}" for unit in units for each in unit["elements"]]
    assert levels == told
    assert {line.rpartition(" ")[2] for line in levels} >= {"-", "0", "1", "2", "3", "4", "5"}
    assert any(line.endswith("?") for line in levels)
