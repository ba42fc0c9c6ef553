"""A turn tells what it did in the language of who reads it."""

import re
from pathlib import Path

from domain.ladder import climb
from domain.words import speaking
from flows.counted import counted

STEPS = Path(climb.__code__.co_filename).parent / "wheel.py"


def test_every_count_of_the_wheel_has_words_of_its_own() -> None:
    names = set(re.findall(r'\{?"([a-z ]+)": ', STEPS.read_text()))

    with speaking("de"):
        unsaid = [name for name in sorted(names) if counted(name) == name]

    assert (unsaid, "cycles begun" in names) == ([], True)
