"""The base of all tables: naming of constraints and the types that keep values exact."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, dataclass_transform

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; stored in UTC, and refused when it is naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no offset, so none is handed to it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; moments are aware and in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """A number that stays exact: a fraction as text, such as 7/3 or 2."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Store the reduced fraction."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """Return the fraction."""
        return None if value is None else exact(value)


@lru_cache(maxsize=1024)
def exact(text: str) -> Fraction:
    """Read a stored number; levels are few, and reading a fraction is dear."""
    return Fraction(text)


class Json(TypeDecorator[Any]):
    """A value as canonical JSON text (sorted keys, no spaces): equal values are equal texts on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Store canonical JSON; None is NULL."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Return the parsed value."""
        return None if value is None else json.loads(value)


def canonical(value: object) -> str:
    """Return the one JSON text of a value."""
    return _one_text(value)


_one_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def choice(words: type[StrEnum], name: str) -> Enum:
    """Return a text column type that holds one of the words, kept by a CHECK of this name."""

    def values(each: type[StrEnum]) -> Sequence[str]:
        return [word.value for word in each]

    return Enum(words, native_enum=False, create_constraint=True, length=40, name=name, values_callable=values)


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(mapped_column, relationship))
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """What every table is: a dataclass built by keywords, compared by identity."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), Fraction: Exact(), str: Text()}  # noqa: RUF012 - SQLAlchemy reads it


def write(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many rows at once, as tuples of the driver: for what is counted in thousands.

    All rows name the same columns in the same order, and every column that must not be empty: no default is filled in.
    """
    if not rows:
        return
    session.flush()
    connection = session.connection()
    dialect = connection.dialect
    columns = [table.__table__.columns[name] for name in rows[0]]
    values = []
    for place, column in zip(zip(*(row.values() for row in rows), strict=True), columns, strict=True):
        bind = column.type.dialect_impl(dialect).bind_processor(dialect)
        values.append(place if bind is None else map(bind, place))
    quoted = dialect.identifier_preparer
    names = ", ".join(quoted.format_column(column) for column in columns)
    marks = ", ".join("?" if dialect.paramstyle == "qmark" else "%s" for _column in columns)
    statement = f"INSERT INTO {quoted.format_table(table.__table__)} ({names}) VALUES ({marks})"  # noqa: S608 - our names
    connection.exec_driver_sql(statement, list(zip(*values, strict=True)))
