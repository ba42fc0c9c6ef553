"""A real Prefect server on a free port of this machine, its home in the session's folder, one for each worker."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from config import prefect_api
from pdca import prefect_server
from tests.servers import shared
from tests.servers.mail import free_port

QUIET = {**prefect_server.QUIET, "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
"""What pdca tells Prefect, and not even errors on the console."""


@dataclass(frozen=True)
class PrefectServer:
    """Where a running server answers, and what a process needs in its environment to use it."""

    api_url: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables for a process of its own."""
        return QUIET | {"PREFECT_API_URL": self.api_url, "PREFECT_HOME": str(self.home)}


def running() -> PrefectServer:
    """Return this worker's server; the first who asks waits some ten seconds for its start.

    Workers share none: on SQLite a run that begins while another one writes may be refused for some seconds.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    told = shared.once(f"prefect-{worker}", _start)
    return PrefectServer(told["api_url"], Path(told["home"]))


def _start(place: Path) -> dict[str, str]:
    port = free_port()
    program = Path(sys.executable).with_name("prefect")
    shared.launch(
        [program, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui", "--log-level", "WARNING"],
        place,
        env={**os.environ, **QUIET, **prefect_server.FEW_WRITERS, "PREFECT_HOME": str(place)},
    )
    api_url = f"http://127.0.0.1:{port}/api"
    shared.wait_until(lambda: prefect_api.answers(api_url), place, within_s=90)
    return {"api_url": api_url, "home": str(place)}
