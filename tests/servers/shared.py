"""Servers that are started once a test session, by the first worker that asks, and stopped by the session's end."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FOLDER = "PDCA_TEST_SERVERS"
LOG = "server.log"
PID = "server.pid"
STOP_WITHIN_S = 15

_launched: list[subprocess.Popen[bytes]] = []  # kept, since Python warns of a process that outlives its Popen


def open_folder() -> None:
    """Make the folder that all workers of this session share; they find it by their environment."""
    folder = tempfile.mkdtemp(prefix="pdca-tests-")
    Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else where the tests are run by root
    os.environ[FOLDER] = folder


def close_folder() -> None:
    """Stop what was started and remove the folder."""
    folder = Path(os.environ.pop(FOLDER))
    for note in sorted(folder.glob(f"*/{PID}")):
        _stop(int(note.read_text()))
    shutil.rmtree(folder, ignore_errors=True)


def folder() -> Path:
    """Return the folder that all workers of this session share."""
    return Path(os.environ[FOLDER])


def once(name: str, start: Callable[[Path], dict[str, str]]) -> dict[str, str]:
    """Return what `start` told of the server that it started; only the first worker of a session runs it.

    It gets a folder for the server. Where it failed, every later ask raises what went wrong, too.
    """
    place = folder() / name
    note = place / "told.json"
    with _alone(folder() / f"{name}.lock"):
        if not place.exists():
            place.mkdir()
            note.write_text(json.dumps(start(place)))
        if not note.exists():
            raise RuntimeError(f"{name} did not start; the first test that asked for it says why")
        told: dict[str, str] = json.loads(note.read_text())
    return told


def launch(command: list[str | Path], place: Path, **how: Any) -> None:
    """Start a server that outlives this worker; its process id and its log are files in its folder."""
    with (place / LOG).open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **how)
    _launched.append(server)
    (place / PID).write_text(str(server.pid))


def wait_until(is_ready: Callable[[], bool], place: Path, *, within_s: float) -> None:
    """Wait for a server; raises with the end of its log when it is not ready in time."""
    deadline = time.perf_counter() + within_s
    while not is_ready():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"not ready within {within_s} s; its log ends:\n{(place / LOG).read_text()[-2000:]}")
        time.sleep(0.05)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _stop(pid: int) -> None:
    deadline = time.perf_counter() + STOP_WITHIN_S
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
        while time.perf_counter() < deadline:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
