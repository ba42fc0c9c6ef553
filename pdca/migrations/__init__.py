"""The database's schema by numbered steps: bring it up to date, say where it stands and what it lacks."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from config.database import reading, transaction
from domain.words import _

MODULES_WITH_TABLES = (
    "domain.actions",
    "domain.answernotes",
    "domain.assessments",
    "domain.continuations",
    "domain.cycles",
    "domain.editions",
    "domain.events",
    "domain.findings",
    "domain.organisation",
    "domain.people",
    "domain.programmes",
    "domain.responses",
    "domain.scores",
    "domain.turns",
    "domain.verifications",
    "notifications.links",
    "notifications.outbox",
)
HEAD = Path(__file__).parent / "head.txt"
"""Names the newest step: two branches that each add one meet here in a conflict, not in a broken database."""
ONE_AT_A_TIME = 20_261_124
"""The key of the PostgreSQL lock that holds a second upgrade back; SQLite has one writer anyway."""


class NewerDatabase(Exception):
    """The database was made by a newer pdca than this one."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database up to date, all steps or none; a new database gets everything.

    Raises NewerDatabase where it stands at a step that this version does not know.
    """
    _at(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str) -> None:
    """Take a database back to an earlier step; "base" leaves no table of ours."""
    _at(engine, lambda config: command.downgrade(config, to))


def current(engine: Engine) -> str | None:
    """Return the step at which a database stands; None for a new one."""
    with reading(engine) as session:
        return _step(session.connection())


def newest() -> str:
    """Return the newest step that this version knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def differences(engine: Engine) -> list[str]:
    """Say what the tables in the code have and the database lacks, or the other way round; empty if all is well."""
    with reading(engine) as session:
        found = compare_metadata(MigrationContext.configure(session.connection(), opts=OPTIONS), metadata())
    return [str(difference) for difference in found]


def draft(engine: Engine, message: str) -> Path:
    """Write the next step from what the code has and this up-to-date database lacks, for a person to read and mend."""
    number = f"{int(newest()) + 1:04}"
    _at(engine, lambda config: command.revision(config, message, autogenerate=True, rev_id=number))
    HEAD.write_text(f"{number}\n", encoding="utf-8")
    return next(HEAD.parent.glob(f"versions/{number}_*.py"))


def metadata() -> MetaData:
    """Return all tables of the code; their modules are imported for it."""
    modules = [import_module(name) for name in ("domain.base", *MODULES_WITH_TABLES)]
    tables: MetaData = modules[0].Base.metadata
    return tables


def render_item(kind: str, item: Any, _context: object) -> str | bool:
    """Write a type of ours as the plain type under it, so that a step stays true when the code moves on."""
    plain = getattr(item, "impl_instance", None) if kind == "type" else None
    return False if plain is None else f"sa.{plain!r}"


OPTIONS: dict[str, Any] = {"compare_type": True, "render_item": render_item}


def _at(engine: Engine, do: Callable[[Config], object]) -> None:
    with transaction(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        _refuse_a_newer_one(connection)
        config = _config()
        config.attributes["connection"] = connection
        do(config)


def _refuse_a_newer_one(connection: Connection) -> None:
    stands_at = _step(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if stands_at is not None and stands_at not in known:
        told = _("the database stands at step {step}, this pdca knows {newest}; install a newer pdca")
        raise NewerDatabase(told.format(step=stands_at, newest=newest()))


def _step(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "pdca:migrations")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
