"""Many rows into one table: one statement, no per-row work beyond the types' own conversions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Connection, Dialect, LargeBinary, Table

from db.dialects import dialect_of
from db.dialects.base import Target
from db.schema import Day

Row = dict[str, Any]
Convert = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``, which all have the same keys.

    SQLAlchemy's own executemany builds a parameter set for each row in Python, which costs more than the insert.
    """
    if rows:
        target = _target(table, tuple(rows[0]), connection.dialect)
        dialect_of(connection).insert_rows(connection, target, _tuples(connection, table, rows))


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], keys: Sequence[str], update: Sequence[str]
) -> None:
    """Insert ``rows``, overwriting ``update`` where ``keys`` exist already; no two rows have the same keys."""
    if rows:
        target = _target(table, tuple(rows[0]), connection.dialect)
        tuples = _tuples(connection, table, rows)
        quote = connection.dialect.identifier_preparer.quote
        dialect_of(connection).upsert_rows(connection, target, tuples, [*map(quote, keys)], [*map(quote, update)])


def add_counts(connection: Connection, table: Table, rows: Sequence[Row], measures: Sequence[str]) -> None:
    """Add ``rows`` to a roll-up: each of ``measures`` to what is stored under the table's primary key.

    A row that is nothing but zeros afterwards is deleted. No two of ``rows`` have the same key; their values may be
    negative.
    """
    if rows:
        columns = (*(column.name for column in table.primary_key), *measures)
        target = _target(table, columns, connection.dialect)
        tuples = _tuples(connection, table, rows, columns)
        dialect_of(connection).add_counts(connection, target, tuples, len(measures))


def _tuples(
    connection: Connection, table: Table, rows: Sequence[Row], columns: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    names = columns or tuple(rows[0])
    converts = _converts(table, connection.dialect)
    # Column by column: a loop over the rows for each is several times faster than a loop over columns for each row.
    values = []
    for name in names:
        column = [row[name] for row in rows]
        convert = converts.get(name)
        values.append(column if convert is None else _converted(column, convert))
    return list(zip(*values, strict=True))


def _converted(values: list[Any], convert: Convert) -> list[Any]:
    distinct = set(values)
    if 2 * len(distinct) > len(values):
        return [convert(value) for value in values]
    known = {value: convert(value) for value in distinct}
    return [known[value] for value in values]


@lru_cache(maxsize=64)
def _converts(table: Table, dialect: Dialect) -> dict[str, Convert]:
    """Return how values of a column become the driver's, where they are not what it takes already."""
    converts: dict[str, Convert] = {}
    for column in table.c:
        if isinstance(column.type, Boolean | LargeBinary):
            continue
        convert = (
            _ordinal if isinstance(column.type, Day) else column.type.dialect_impl(dialect).bind_processor(dialect)
        )
        if convert is not None:
            converts[column.name] = convert
    return converts


def _ordinal(day: dt.date | None) -> int | None:
    return None if day is None else day.toordinal()


@lru_cache(maxsize=64)
def _target(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Target:
    quote = dialect.identifier_preparer.quote
    return Target(quote(table.name), tuple(quote(column) for column in columns))


def insert_tuples(connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Insert ``rows`` whose values are the driver's already (a Day as its ordinal), where there are millions of them."""
    if rows:
        dialect_of(connection).insert_rows(connection, _target(table, columns, connection.dialect), rows)


def add_count_tuples(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]], measures: int
) -> None:
    """Do what :func:`add_counts` does for rows whose values are the driver's already; the measures come last."""
    if rows:
        dialect_of(connection).add_counts(connection, _target(table, columns, connection.dialect), rows, measures)


def upsert_tuples(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    keys: Sequence[str],
    update: Sequence[str],
) -> None:
    """Do what :func:`upsert_rows` does for rows whose values are the driver's already."""
    if rows:
        target = _target(table, columns, connection.dialect)
        quote = connection.dialect.identifier_preparer.quote
        dialect_of(connection).upsert_rows(connection, target, rows, [*map(quote, keys)], [*map(quote, update)])
