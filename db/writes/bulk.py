"""Many rows into one table: one statement, no per-row work beyond the types' own conversions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, insert

from db.dialects import dialect_of

Row = dict[str, Any]
Convert = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``, which all have the same keys; they are used up, their values become the driver's.

    SQLAlchemy's own executemany builds a parameter set for each row in Python, which costs more than the insert.
    """
    if rows:
        _execute(connection, insert(table), table, rows)


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], keys: Sequence[str], update: Sequence[str]
) -> None:
    """Insert ``rows``, overwriting ``update`` where ``keys`` exist already; ``rows`` are used up."""
    if rows:
        _execute(connection, dialect_of(connection).upsert(table, keys, update), table, rows)


def _execute(connection: Connection, statement: Insert, table: Table, rows: Sequence[Row]) -> None:
    columns = tuple(rows[0])
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    for name, convert in _converts(table, columns, connection.dialect).items():
        for row in rows:
            row[name] = convert(row[name])
    if compiled.positional:
        order = itemgetter(*compiled.positiontup or ())
        connection.exec_driver_sql(str(compiled), [order(row) for row in rows])
    else:
        connection.exec_driver_sql(str(compiled), list(rows))


@lru_cache(maxsize=64)
def _converts(table: Table, columns: tuple[str, ...], dialect: Dialect) -> dict[str, Convert]:
    """Return how each column's values are made ready for the driver, where they are not ready as they are."""
    found = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns}
    return {name: convert for name, convert in found.items() if convert is not None}
