"""A file that takes long to read keeps nobody waiting."""

import os
import threading
from pathlib import Path

import pytest

from config.database import transaction
from domain import turns
from tests.builders import OPENING
from tests.conftest import Database
from tests.domain.acts import turn
from tests.pdca.conftest import Command


@pytest.mark.usefixtures("firm")
def test_while_a_file_is_read_others_may_write(pdca: Command, database: Database, tmp_path: Path) -> None:
    with transaction(database.engine) as session:
        turn(session, OPENING)
    slow = tmp_path / "slow.csv"
    os.mkfifo(slow)
    written = []

    def write_meanwhile() -> None:
        with transaction(database.engine) as session:
            turns.want(session)

    def feed() -> None:
        with slow.open("w", encoding="utf-8") as file:
            other = threading.Thread(target=write_meanwhile)
            other.start()
            other.join(timeout=5)
            written.append(not other.is_alive())
            file.write("unit,respondent,element,item,answer\nu1,u1.ann,2,2.1a,yes\n")

    feeder = threading.Thread(target=feed)
    feeder.start()
    ran = pdca("import-answers", "2026-Q2", slow, "--as-of", "2026-04-08T10:00")
    feeder.join()

    assert (ran.lines, written) == (["Topics with a new answer 1", "Respondents handed in 1"], [True])
