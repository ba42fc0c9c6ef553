"""A SQLite file that was brought up to date once a session; every test gets a copy."""

import shutil
from pathlib import Path

from config.database import engine_of
from pdca import migrations
from tests.servers import shared


def new_database(file: Path) -> str:
    """Copy the migrated file to this place and return its URL."""
    shutil.copy(shared.once("sqlite", _migrate)["file"], file)
    return f"sqlite:///{file}"


def _migrate(place: Path) -> dict[str, str]:
    file = place / "migrated.db"
    engine = engine_of(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()
    return {"file": str(file)}
