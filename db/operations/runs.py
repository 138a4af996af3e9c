"""What was loaded, and what could not be read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.schema import load_runs as load_runs_table
from db.schema import reject_counts, rejects
from db.snapshot import Reader


def load_run_rows(reader: Reader, limit: int) -> list[tuple[Any, ...]]:
    """Return the newest runs, newest first. Fields of LOAD_RUNS."""
    table = load_runs_table
    statement = select(
        table.c.id,
        table.c.connector,
        table.c.source,
        table.c.origin,
        table.c.status,
        table.c.started_at,
        table.c.finished_at,
        table.c.read,
        table.c.inserted,
        table.c.updated,
        table.c.unchanged,
        table.c.rejected,
        table.c.rules_version,
        table.c.tokenizer_version,
        table.c.error,
    )
    with reader.connect() as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(table.c.id.desc()).limit(limit))]


def reject_rows(reader: Reader) -> list[tuple[Any, ...]]:
    """Return how many rows of each source were rejected, by reason, with the first one. Fields of REJECT_REASONS."""
    table = reject_counts
    statement = (
        select(table.c.source, table.c.reason, table.c.rows, table.c.first_row, rejects.c.detail)
        .join(
            rejects,
            (rejects.c.source == table.c.source)
            & (rejects.c.source_row == table.c.first_row)
            & (rejects.c.reason == table.c.reason),
        )
        .order_by(table.c.rows.desc(), table.c.source, table.c.reason)
    )
    with reader.connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]
