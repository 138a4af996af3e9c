"""What every table is made with: naming of constraints, column types, checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import CheckConstraint, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, text
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware UTC moment on every engine; SQLite, which knows no zones, holds it as naive UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[dt.datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def bind_processor(self, dialect: Dialect) -> Callable[[dt.datetime | None], object]:
        return _sqlite_time if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Day(TypeDecorator[dt.date]):
    """A calendar day, KST, held as its proleptic Gregorian ordinal: four bytes in a key, and one can count with it."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.date | None:
        return None if value is None else dt.date.fromordinal(value)


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    if value is None or value.tzinfo is dt.UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("the store takes aware times only")
    return value.astimezone(dt.UTC)


_WITHOUT_ZONE = -len("+00:00")


def _sqlite_time(value: dt.datetime | None) -> str | None:
    """Return the text SQLAlchemy's own SQLite type writes, which formats each of its seven numbers in Python."""
    if value is not None and value.tzinfo is not dt.UTC:
        value = _utc(value)
    return None if value is None else value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the check that ``column`` holds one of ``values``."""
    choices = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({choices})", name=column)


def index_of_known(name: str, known: str, *columns: str) -> Index:
    """Return an index of the rows in which the column ``known`` is not empty, which are the fewer ones."""
    condition = text(f"{known} IS NOT NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
