"""Processes: a dead one is told from a living one, and from one of another machine; heavy work is left in quiet."""

import gc
import os
import subprocess
import sys

from config.processes import is_gone, machine, quiet, this_process


def test_a_living_process_is_not_gone_and_every_run_has_a_name_of_its_own() -> None:
    one, other = this_process(), this_process()

    assert one != other
    assert [is_gone(one), is_gone(other)] == [False, False]
    assert len(one) <= 80


def test_a_process_that_ended_is_gone() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert is_gone(f"{machine()}:{ended.pid}:1a2b3c4d")


def test_of_another_machine_or_of_an_unknown_name_nothing_is_known() -> None:
    assert [is_gone(name) for name in ("elsewhere/1:1:1a2b3c4d", f"{machine()}:x:1a2b3c4d", "wheel", "")] == [False] * 4
    assert not is_gone(f"{machine()}:{os.getppid()}:1a2b3c4d")


def test_garbage_is_looked_for_seldom_in_heavy_work_and_as_usual_after_it() -> None:
    usual = gc.get_threshold()

    with quiet():
        seldom = gc.get_threshold()

    assert seldom > usual
    assert gc.get_threshold() == usual
