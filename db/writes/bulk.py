"""Many rows into one table: one statement, no per-row work beyond the types' own conversions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, Dialect, Insert, Table, insert

from db.dialects import DIALECTS

Row = dict[str, Any]
Convert = Callable[[Any], Any]


class _Statement(NamedTuple):
    """An insert ready for the driver: its text, the order of its parameters, and how values are made ready."""

    sql: str
    order: Callable[[Row], tuple[Any, ...]] | None
    converts: dict[str, Convert]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``, which all have the same keys; they are used up, their values become the driver's.

    SQLAlchemy's own executemany builds a parameter set for each row in Python, which costs more than the insert.
    """
    if rows:
        _execute(connection, _statement(table, tuple(rows[0]), connection.dialect, None, ()), rows)


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], keys: Sequence[str], update: Sequence[str]
) -> None:
    """Insert ``rows``, overwriting ``update`` where ``keys`` exist already; ``rows`` are used up."""
    if rows:
        statement = _statement(table, tuple(rows[0]), connection.dialect, tuple(keys), tuple(update))
        _execute(connection, statement, rows)


def _execute(connection: Connection, statement: _Statement, rows: Sequence[Row]) -> None:
    for name, convert in statement.converts.items():
        previous, converted = None, convert(None)
        for row in rows:
            # The moment of loading is one object for the whole page.
            if row[name] is not previous:
                previous = row[name]
                converted = convert(previous)
            row[name] = converted
    if statement.order is None:
        connection.exec_driver_sql(statement.sql, list(rows))
    else:
        connection.exec_driver_sql(statement.sql, [statement.order(row) for row in rows])


@lru_cache(maxsize=64)
def _statement(
    table: Table, columns: tuple[str, ...], dialect: Dialect, keys: tuple[str, ...] | None, update: tuple[str, ...]
) -> _Statement:
    statement: Insert = insert(table) if keys is None else DIALECTS[dialect.name].upsert(table, keys, update)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    types = {name: table.c[name].type for name in columns}
    converts = {
        name: kind.dialect_impl(dialect).bind_processor(dialect)
        for name, kind in types.items()
        if not isinstance(kind, Boolean)  # both drivers take True and False as they are
    }
    return _Statement(
        str(compiled),
        itemgetter(*compiled.positiontup or ()) if compiled.positional else None,
        {name: convert for name, convert in converts.items() if convert is not None},
    )
