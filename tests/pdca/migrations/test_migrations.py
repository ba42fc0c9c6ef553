"""Every step of the schema, up and down, on both kinds of database, and what no step may lose."""

import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from config.database import transaction
from pdca import migrations
from tests.conftest import Database

VERSIONS = Path(migrations.__file__).parent
STEPS = sorted(file.name.split("_")[0] for file in VERSIONS.glob("versions/[0-9]*.py"))
APPEND_ONLY = ("answer", "cycle_inputs", "event", "score", "seal", "sealed_events", "verification")
SOMETHING: dict[type, Any] = {
    bool: True,
    date: date(2026, 11, 24),
    datetime: datetime(2026, 11, 24, 12, tzinfo=UTC),
    int: 1,
    str: "1",
}


def tables(database: Database) -> set[str]:
    return {name for name in inspect(database.engine).get_table_names() if name != "alembic_version"}


def a_row(connection: Connection, table: Table) -> None:
    """Insert a row that means nothing, foreign keys and checks out of force; the transaction is never committed."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(text("PRAGMA ignore_check_constraints=ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for check in inspect(connection).get_check_constraints(table.name):
            connection.execute(text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{check["name"]}"'))
    row = {column.name: SOMETHING[column.type.python_type] for column in table.columns if not column.nullable}
    connection.execute(insert(table).values(row))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = origin"))


def attempts(connection: Connection, table: Table) -> list[str]:
    column = next(iter(table.columns)).name
    truncate = [f"TRUNCATE {table.name} CASCADE"] if connection.dialect.name == "postgresql" else []
    return [f"UPDATE {table.name} SET {column} = {column}", f"DELETE FROM {table.name}", *truncate]


def test_the_steps_are_numbered_without_a_gap_and_the_head_file_names_the_last() -> None:
    config = Config()
    config.set_main_option("script_location", "pdca:migrations")
    heads = ScriptDirectory.from_config(config).get_heads()

    assert [f"{number:04}" for number in range(1, len(STEPS) + 1)] == STEPS
    assert ([migrations.HEAD.read_text().strip()], [migrations.newest()]) == (heads, heads)


def test_a_new_database_gets_what_the_code_has(empty_database: Database) -> None:
    before = migrations.current(empty_database.engine)
    missing = migrations.differences(empty_database.engine)

    migrations.upgrade(empty_database.engine)

    assert (before, len(missing) > 0) == (None, True)
    assert migrations.current(empty_database.engine) == migrations.newest()
    assert migrations.differences(empty_database.engine) == []


def test_upgrading_twice_changes_nothing_more(database: Database) -> None:
    before = tables(database)

    migrations.upgrade(database.engine)

    assert tables(database) == before


def test_every_step_goes_up_down_and_up_again(empty_database: Database) -> None:
    shapes: list[set[str]] = []
    for step in STEPS:
        shapes.append(tables(empty_database))
        migrations.upgrade(empty_database.engine, step)
        after = tables(empty_database)
        migrations.downgrade(empty_database.engine, "base" if step == STEPS[0] else f"{int(step) - 1:04}")
        assert tables(empty_database) == shapes[-1]
        migrations.upgrade(empty_database.engine, step)
        assert tables(empty_database) == after

    assert migrations.differences(empty_database.engine) == []


@pytest.mark.parametrize("step", STEPS)
def test_after_each_step_the_database_refuses_to_change_what_is_append_only(
    empty_database: Database, step: str
) -> None:
    migrations.upgrade(empty_database.engine, step)
    known = MetaData()
    known.reflect(empty_database.engine)
    refused = []

    for name in APPEND_ONLY:
        with empty_database.engine.connect() as connection:
            a_row(connection, known.tables[name])
            for attempt in attempts(connection, known.tables[name]):
                with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
                    connection.execute(text(attempt))
            refused.append(name)

    assert refused == list(APPEND_ONLY)


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with transaction(database.engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(migrations.NewerDatabase, match=r"stands at step 9999, .*; install a newer pdca"):
        migrations.upgrade(database.engine)


def test_two_that_upgrade_at_once_both_succeed(empty_database: Database) -> None:
    failures: list[Exception] = []

    def upgrade() -> None:
        try:
            migrations.upgrade(empty_database.engine)
        except DBAPIError as error:
            failures.append(error)

    both = [threading.Thread(target=upgrade) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert (failures, migrations.current(empty_database.engine)) == ([], migrations.newest())


def test_a_step_writes_our_types_as_plain_ones() -> None:
    types = {column.type for table in migrations.metadata().tables.values() for column in table.columns}

    written = {migrations.render_item("type", each, None) for each in types}

    assert written == {False, "sa.DateTime(timezone=True)", "sa.String(length=40)", "sa.Text()"}
