"""A Prefect server for a command that needs one: that of the setting if it answers, else one of our own on loopback."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from config import clock, prefect_api
from config.settings import Settings
from domain.words import _

STARTS_WITHIN_S = 90
STOPS_WITHIN_S = 10
QUIET: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
    "PREFECT_CLI_PROMPT": "false",
}
"""What Prefect is told wherever we run it: no telemetry, no server behind our back, no chatter on the console."""
FEW_WRITERS: Mapping[str, str] = {
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1000",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "60",  # seconds; what is gathered is kept at the end
}
"""What our own server leaves out and gathers: on SQLite a run that begins while another writer commits is answered with
503, and Prefect's client asks again only two seconds later. Runs, logs and artifacts are kept; automations and the
history of events would serve nobody on a server that lives as long as one command."""

NO_CERTIFICATES: Mapping[str, str] = {"PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true"}
"""Our own server speaks plain HTTP on loopback; each client would read all certificates of the machine first."""


class ServerDown(Exception):
    """No Prefect server could be reached or started."""


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Give the address of a Prefect server and stop it at the end if it is our own.

    Must come before the first import of Prefect, which reads the environment then. Raises ServerDown with what its log
    says.
    """
    os.environ.update(QUIET)
    if settings.prefect_api_url and prefect_api.answers(settings.prefect_api_url):
        os.environ["PREFECT_API_URL"] = settings.prefect_api_url
        yield settings.prefect_api_url
        return
    with _home(settings.data) as home, _own(home) as address:
        yield address


@contextmanager
def _home(data: Path) -> Iterator[Path]:
    """Give Prefect's folder in the data folder; a second process at the same time gets one that is thrown away."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "prefect.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            home = data / f"prefect-{os.getpid()}"
            try:
                yield home
            finally:
                shutil.rmtree(home, ignore_errors=True)
        else:
            yield data / "prefect"


@contextmanager
def _own(home: Path) -> Iterator[str]:
    home.mkdir(exist_ok=True)
    _stop_orphan(home / "server.pid")
    address = f"http://127.0.0.1:{free_port()}/api"
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            _command(address), stdout=log, stderr=log, env=_environment(home), start_new_session=True
        )
        (home / "server.pid").write_text(str(server.pid))
        try:
            os.environ.update(PREFECT_HOME=str(home), PREFECT_API_URL=address, **NO_CERTIFICATES)
            # The flows and their server take some seconds each to start: both at once.
            import_module("flows.wheel")
            _wait(server, address, home / "server.log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            (home / "server.pid").unlink(missing_ok=True)


def free_port() -> int:
    """Return a port on loopback that nobody uses now; Prefect does not take port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _command(address: str) -> list[str]:
    port = address.rpartition(":")[2].removesuffix("/api")
    return [
        str(Path(sys.executable).with_name("prefect")),
        *("server", "start", "--host", "127.0.0.1", "--port", port, "--no-ui", "--log-level", "WARNING"),
    ]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**kept, **QUIET, **FEW_WRITERS, "PREFECT_HOME": str(home)}


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    give_up = clock.monotonic() + STARTS_WITHIN_S
    while not prefect_api.answers(address):
        if server.poll() is not None or clock.monotonic() > give_up:
            said = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            told = _("the Prefect server did not start; its log {log} ends so:")
            raise ServerDown(f"{told.format(log=log)}\n{said}")
        time.sleep(0.1)


def _stop_orphan(pid_file: Path) -> None:
    """End a server whose starter was killed: we hold the folder's lock, so nobody else uses it."""
    if not pid_file.exists():
        return
    pid = pid_file.read_text()
    # The number may belong to another program by now: only what still is a Prefect server is ended.
    look = [shutil.which("ps") or "ps", "-p", pid, "-o", "args="]
    command = subprocess.run(look, capture_output=True, text=True, check=False).stdout
    if "prefect" in command and "server" in command:
        os.kill(int(pid), signal.SIGKILL)
    pid_file.unlink()
