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
    for note in sorted(folder.glob("*.json")):
        told = json.loads(note.read_text())
        if "pid" in told:
            _stop(told["pid"])
    shutil.rmtree(folder, ignore_errors=True)


def folder() -> Path:
    """Return the folder that all workers of this session share."""
    return Path(os.environ[FOLDER])


def once(name: str, start: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Return what `start` told; only the first worker of a session runs it. A process it left is named by `pid`."""
    note = folder() / f"{name}.json"
    with _alone(folder() / f"{name}.lock"):
        if not note.exists():
            place = folder() / name
            place.mkdir()
            note.write_text(json.dumps(start(place)))
        told: dict[str, Any] = json.loads(note.read_text())
    return told


def launch(command: list[str | Path], *, log: Path, **how: Any) -> int:
    """Start a server that outlives this worker, and return its process id."""
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **how)
    _launched.append(server)
    return server.pid


def wait_until(is_ready: Callable[[], bool], *, within_s: float, log: Path) -> None:
    """Wait for a server; raises with the end of its log when it is not ready in time."""
    deadline = time.perf_counter() + within_s
    while not is_ready():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"not ready within {within_s} s; its log ends:\n{log.read_text()[-2000:]}")
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
