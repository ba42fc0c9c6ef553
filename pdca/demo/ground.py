"""What the demo stands on: a fresh data folder of its own, a mailbox on this machine, one Prefect server."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings, load
from domain.errors import NotAllowed
from domain.words import _
from pdca import mailbox
from pdca.console import show
from pdca.prefect_server import serving

MARK = "this-is-a-demo"
"""A file that tells a demo's folder from one with somebody's work in it; only such a folder is emptied."""
FOLDER = Path(".demo")


@contextmanager
def ground() -> Iterator[Settings]:
    """Prepare everything for a demo and give its settings; what runs is stopped at the end, the folder stays.

    Raises NotAllowed where the folder holds something that is no demo.
    """
    folder = fresh(Path(os.environ.get("PDCA_DATA", FOLDER)).absolute())
    with mailbox.running() as port:
        os.environ.update(
            PDCA_DATA=str(folder),
            PDCA_SMTP_HOST="127.0.0.1",
            PDCA_SMTP_PORT=str(port),
            PDCA_SENDER="Quality team <quality@example.org>",
            PDCA_CONTACT="Miriam Falk, extension 214",
            PDCA_KEEP_EML=str(folder / "mails"),
        )
        with serving(load()) as address:
            os.environ["PDCA_PREFECT_API_URL"] = address
            yield load()


def fresh(folder: Path) -> Path:
    """Return the folder, empty but for the mark of a demo; raises NotAllowed where it holds something else.

    That a demo is removed from it is said before.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise NotAllowed(
            _("{folder} holds something that is no demo; name another folder in PDCA_DATA").format(folder=folder)
        )
    if folder.exists():
        if (folder / MARK).exists():
            show(_("The demo played before in {folder} is removed.").format(folder=folder))
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    (folder / MARK).touch()
    return folder
