"""The demo as a stranger runs it: one process, a data folder, two quarters, and what is left of them."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from config import clock
from config.database import engine_of, reading
from domain import events
from pdca.demo import report, story
from pdca.demo.ground import MARK

PDCA = Path(sys.executable).with_name("pdca")
WIDTH = 100


@dataclass(frozen=True)
class Demo:
    """A demo that has been played: its data folder, its exit code, and what it printed."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def demo_in(folder: Path) -> Demo:
    environment = os.environ | {"PDCA_DATA": str(folder)}
    ran = subprocess.run([PDCA, "demo", "--no-serve"], capture_output=True, text=True, env=environment, check=False)
    return Demo(folder, ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo in a folder where another one was played before."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / MARK).touch()
    (folder / "pdca.db").write_text("left of the demo before")
    return demo_in(folder)


def test_the_demo_ends_by_itself_and_every_step_of_the_wheel_was_made(demo: Demo) -> None:
    assert (demo.code, demo.err) == (0, "")
    assert report.missing_steps(engine_of(f"sqlite:///{demo.folder}/pdca.db")) == []


def test_that_the_demo_before_is_removed_is_said_first(demo: Demo) -> None:
    assert " ".join(demo.out.split()).startswith(f"The demo played before in {demo.folder} is removed.")


def test_a_demo_that_is_stopped_ends_calmly(tmp_path: Path) -> None:
    environment = os.environ | {"PDCA_DATA": str(tmp_path)}
    playing = subprocess.Popen(
        [PDCA, "demo", "--no-serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "pdca.db").exists() and playing.poll() is None:
        time.sleep(0.05)

    playing.send_signal(signal.SIGINT)

    _out, err = playing.communicate(timeout=60)
    assert (playing.returncode, err) == (130, "Stopped; what is stored stays.\n")


def test_both_quarters_lie_in_the_past_and_have_their_table(demo: Demo) -> None:
    quarters = story.last_two_quarters(clock.now().date())

    headed = [line.split(":")[0] for line in demo.lines if line.startswith("20") and "levels by group" in line]

    assert headed == [each.id for each in quarters]
    assert [line for line in demo.lines if quarters[1].next.id in line] == []


def test_a_table_has_a_row_of_one_line_for_each_unit(demo: Demo) -> None:
    rows = Counter(line[1:].split("  ")[0] for line in demo.lines)

    names = ["Sondermoor Pumps", "Testing and calibration", "Logistics", "Orders and accounts"]
    assert [rows[name] for name in names] == [2, 2, 2, 2]


def test_nothing_is_wider_than_a_hundred_columns_but_paths(demo: Demo) -> None:
    wide = [line for line in demo.lines if len(line) > WIDTH and str(demo.folder) not in line]

    assert wide == []


def test_what_came_of_the_actions_is_told_in_a_sentence(demo: Demo) -> None:
    told = [line for line in demo.lines if line.startswith("Of ")]

    assert told == ["Of 30 done: 13 worked, 1 partly, 1 not, 15 too early to say."]


def test_the_mails_are_kept_and_each_has_a_reader_and_a_subject(demo: Demo) -> None:
    files = sorted((demo.folder / "mails").glob("*.eml"))
    mails = [message_from_bytes(each.read_bytes(), policy=default) for each in files]

    assert {reader.domain for each in mails for reader in each["To"].addresses} == {"example.org"}
    assert [name for name, mail in zip(files, mails, strict=True) if not mail["Subject"]] == []
    assert f"{len(mails)} mails were sent; they lie in {demo.folder}/mails" in demo.lines


def test_the_events_hold_each_verdict(demo: Demo) -> None:
    with reading(engine_of(f"sqlite:///{demo.folder}/pdca.db")) as session:
        happened = events.counts(session)

    assert {name: happened[name] for name in ("action.effective", "action.partly", "action.not effective")} == {
        "action.effective": 13,
        "action.partly": 1,
        "action.not effective": 1,
    }


def test_a_folder_with_somebodys_work_in_it_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "pdca.db").write_text("somebody's work")

    refused = demo_in(tmp_path)

    assert (refused.code, refused.out) == (2, "")
    assert "holds something that is no demo; name another folder in PDCA_DATA" in refused.err
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"pdca.db": "somebody's work"}
