"""What was loaded, and what could not be read."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, func, select

from db.frames import LOAD_RUNS, REJECT_REASONS
from db.schema import load_runs as load_runs_table
from db.schema import rejects


def load_runs(engine: Engine, limit: int = 50) -> pd.DataFrame:
    """Return the newest runs, newest first. Columns LOAD_RUNS."""
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
    with engine.connect() as connection:
        return LOAD_RUNS.frame(
            [tuple(row) for row in connection.execute(statement.order_by(table.c.id.desc()).limit(limit))]
        )


def reject_reasons(engine: Engine) -> pd.DataFrame:
    """Return how many rows of each source were rejected, by reason, with the first one. Columns REJECT_REASONS."""
    count = func.count().label("rows")
    first = func.min(rejects.c.source_row).label("first_row")
    grouped = (
        select(rejects.c.source, rejects.c.reason, count, first).group_by(rejects.c.source, rejects.c.reason).subquery()
    )
    statement = (
        select(grouped.c.source, grouped.c.reason, grouped.c.rows, grouped.c.first_row, rejects.c.detail)
        .join(
            rejects,
            (rejects.c.source == grouped.c.source)
            & (rejects.c.reason == grouped.c.reason)
            & (rejects.c.source_row == grouped.c.first_row),
        )
        .order_by(grouped.c.rows.desc(), grouped.c.source)
    )
    with engine.connect() as connection:
        return REJECT_REASONS.frame([tuple(row) for row in connection.execute(statement)])
