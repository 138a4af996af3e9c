"""Many columns into one table of either engine, as fast as the engine takes them."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pyarrow as pa
import pyarrow.csv

# A column is a list of values, or one value for all rows.
Columns = Mapping[str, Any]


class Sink(Protocol):
    """Takes rows of tables, column by column."""

    def write(self, table: str, columns: Columns) -> None:
        """Insert the rows; every list among ``columns`` is as long as the others."""
        ...


class SQLiteSink:
    """Prepared INSERTs of a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, table: str, columns: Columns) -> None:
        lists = [column for column in columns.values() if isinstance(column, list)]
        places = ", ".join("?" if isinstance(column, list) else _literal(column) for column in columns.values())
        self._connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", zip(*lists, strict=True)
        )


class PostgreSQLSink:
    """COPY of comma-separated values, which pyarrow writes faster than Python makes rows."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def write(self, table: str, columns: Columns) -> None:
        rows = next(len(column) for column in columns.values() if isinstance(column, list))
        self.write_table(table, pa.table([_array(column, rows) for column in columns.values()], names=list(columns)))

    def write_table(self, table: str, rows: pa.Table) -> None:
        """Insert the rows of an Arrow table."""
        buffer = io.BytesIO()
        pyarrow.csv.write_csv(rows, buffer, pyarrow.csv.WriteOptions(include_header=False))
        statement = f"COPY {table} ({', '.join(rows.column_names)}) FROM STDIN (FORMAT csv)"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(buffer.getbuffer())


@contextmanager
def sqlite_sink(path: Path) -> Iterator[SQLiteSink]:
    """Yield a sink into a file that nobody else reads: without journal, without waiting for the disk."""
    connection = sqlite3.connect(path)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    yield SQLiteSink(connection)
    connection.commit()
    connection.close()


@contextmanager
def postgresql_sink(uri: str) -> Iterator[PostgreSQLSink]:
    """Yield a sink into a database nobody else reads: rows are not checked against the tables they refer to."""
    with psycopg.connect(uri) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        yield PostgreSQLSink(connection)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(int(value)) if isinstance(value, bool | int) else "'{}'".format(str(value).replace("'", "''"))


def _array(column: Any, rows: int) -> Any:
    if not isinstance(column, list):
        return pa.nulls(rows) if column is None else pa.repeat(pa.scalar(column), rows)
    if any(isinstance(value, bytes) for value in column[:1000]):
        return pa.array([None if value is None else "\\x" + value.hex() for value in column])
    return pa.array(column)
