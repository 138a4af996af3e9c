"""A store moved to another engine: the rows are copied, whatever follows from them is made anew there.

Rows go in batches by primary key, each in a transaction of its own, so a copy that was cut off goes on after the
largest key of each table. That is right only as long as the source has not changed, which a mark in the target tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, Table, bindparam, func, select, tuple_, update

from db import rollups
from db.bulk import insert_rows
from db.dialects import dialect_of
from db.errors import StoreError
from db.migrate import prepare
from db.rollups.counts import COUNTS
from db.schema import load_runs, metadata, post_terms, response_histograms, store_state, term_counts
from db.snapshot import Snapshot
from db.state import LOAD_ID, clear_state, read_state, write_state
from db.transactions import writing

BATCH = 5_000
COPY_OF = "copy_of"

# What rollups.rebuild makes from the rows, and the store's own numbers.
NOT_COPIED = {*(rollup.table for rollup in COUNTS), response_histograms, term_counts, post_terms, store_state}

Progress = Callable[[int, int], None]


class TargetInUse(StoreError):
    """The target holds something else than the beginning of this copy."""


def copied_tables() -> list[Table]:
    """Return the tables whose rows are copied, each after those it refers to."""
    return [table for table in metadata.sorted_tables if table not in NOT_COPIED]


def copy_rows(source: Snapshot, target: Engine, progress: Progress | None = None) -> int:
    """Copy the rows of ``source`` into ``target`` and make what follows from them; return how many were copied.

    Raises
    ------
    TargetInUse
        The target is neither empty nor the unfinished copy of the same state of the same store.
    """
    prepare(target)
    with source.connect() as reader:
        _claim(reader, source.load_id, target)
        counts = {table: _count(reader, table) for table in copied_tables()}
        total, before, copied = sum(counts.values()), 0, 0
        for table in counts:
            for stored, added in _copy_table(reader, table, target):
                copied += added
                if progress is not None:
                    progress(min(before + stored, total), total)
            before += counts[table]
            _link_forward(reader, table, target)
    with writing(target) as connection:
        for table in counts:
            dialect_of(connection).continue_ids(connection, table)
    return copied


def finish(source: Snapshot, target: Engine, progress: Progress | None = None) -> Iterator[str]:
    """Make what follows from the rows, say that the copy is whole; yield what the two stores disagree about."""
    rollups.rebuild(target, progress)
    with source.connect() as reader, target.connect() as connection:
        for table in copied_tables():
            here, there = _count(reader, table), _count(connection, table)
            if here != there:
                yield f"{table.name}: copied {there} rows of {here}"
    with writing(target) as connection:
        clear_state(connection, COPY_OF)


def _claim(reader: Connection, load_id: int, target: Engine) -> None:
    mark = _mark(reader, load_id)
    with writing(target) as connection:
        begun = read_state(connection, COPY_OF)
        if begun == mark:
            return
        if begun is not None:
            raise TargetInUse(
                "the store has changed since the copy to --to began, or it is another one; empty --to and start again"
            )
        if any(connection.execute(select(1).select_from(table).limit(1)).first() for table in copied_tables()):
            raise TargetInUse("the store named by --to holds data already; name an empty one")
        write_state(connection, COPY_OF, mark)
        write_state(connection, LOAD_ID, load_id)


def _mark(reader: Connection, load_id: int) -> int:
    """Return a number for the state of the source; its runs tell it from every other store."""
    runs = reader.execute(
        select(load_runs.c.id, load_runs.c.source, load_runs.c.started_at, load_runs.c.status).order_by(load_runs.c.id)
    )
    digest = hashlib.blake2b(repr((load_id, [tuple(run) for run in runs])).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _copy_table(reader: Connection, table: Table, target: Engine) -> Iterator[tuple[int, int]]:
    """Copy what the target lacks; yield after each batch how many rows it holds and how many are new."""
    with writing(target) as connection:
        stored = _count(connection, table)
    keys = _paging_keys(table)
    while True:
        with writing(target) as connection:
            rows = _next_rows(reader, connection, table, keys, stored)
            _cut_forward(table, rows)
            insert_rows(connection, table, rows)
        if not rows:
            return
        stored += len(rows)
        yield stored, len(rows)


def _next_rows(
    reader: Connection, writer: Connection, table: Table, keys: list[Column[Any]], stored: int
) -> list[dict[str, Any]]:
    """Return the rows after the target's largest key, at least BATCH of them where there are so many."""
    rows = select(table)
    if not keys:  # a small table known by names, whose order is each engine's own: all of it at once
        return [] if stored else [dict(row) for row in reader.execute(rows).mappings()]
    place = tuple_(*keys)
    last = writer.execute(select(*keys).order_by(*(key.desc() for key in keys)).limit(1)).first()
    rows = rows if last is None else rows.where(place > tuple(last))
    end = reader.execute(rows.with_only_columns(*keys).order_by(*keys).offset(BATCH - 1).limit(1)).first()
    rows = rows if end is None else rows.where(place <= tuple(end))
    return [dict(row) for row in reader.execute(rows).mappings()]


def _paging_keys(table: Table) -> list[Column[Any]]:
    """Return the whole numbers the primary key begins with: the engines agree on their order."""
    keys: list[Column[Any]] = []
    for column in table.primary_key.columns:
        if not isinstance(column.type, Integer):
            break
        keys.append(column)
    return keys


def _own_references(table: Table) -> list[Column[Any]]:
    return [column for column in table.c for key in column.foreign_keys if key.column.table is table]


def _cut_forward(table: Table, rows: list[dict[str, Any]]) -> None:
    """Leave out references to rows that come later; _link_forward sets them when all are there."""
    for column in _own_references(table):
        for row in rows:
            if row[column.name] is not None and row[column.name] > row["id"]:
                row[column.name] = None


def _link_forward(reader: Connection, table: Table, target: Engine) -> None:
    for column in _own_references(table):
        linked = select(table.c.id.label("of"), column.label("to")).where(column > table.c.id).order_by(table.c.id)
        statement = update(table).where(table.c.id == bindparam("of")).values({column: bindparam("to")})
        rows = reader.execute(linked)
        while batch := rows.mappings().fetchmany(BATCH):
            with writing(target) as connection:
                connection.execute(statement, [dict(row) for row in batch])


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
