"""A turn tells what it did in the language of who reads it."""

import re
from pathlib import Path

from domain.ladder import climb
from domain.wheel import Hand
from domain.words import speaking
from flows.counted import counted
from flows.rounds import Turn
from flows.turning import report
from tests.builders import OPENING
from tests.conftest import Database

STEPS = Path(climb.__code__.co_filename).parent / "wheel.py"


def test_a_report_is_in_the_readers_language(sqlite_database: Database) -> None:
    turn = Turn(sqlite_database.engine, Hand("tests", OPENING, clock=lambda: OPENING))
    with speaking("de"):
        nothing = report(turn)
        turn.add({"cycles begun": 1, "mails sent": 3, "findings": 0})
        told = report(turn)

    assert told.splitlines()[2:] == [
        "| was | wie oft |",
        "|---|---:|",
        "| begonnene Zyklen | 1 |",
        "| versandte Mails | 3 |",
    ]
    assert nothing.splitlines()[2:] == ["Nichts war fällig."]


def test_every_count_of_the_wheel_has_words_of_its_own() -> None:
    names = set(re.findall(r'\{?"([a-z ]+)": ', STEPS.read_text()))

    with speaking("de"):
        unsaid = [name for name in sorted(names) if counted(name) == name]

    assert (unsaid, "cycles begun" in names) == ([], True)
