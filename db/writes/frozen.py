"""What is kept for good: figures somebody cites, and the last self-check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from db.bulk import insert_rows
from db.schema import frozen_figures, self_checks
from db.state import raise_load_id


def keep_figure(connection: Connection, figure_id: str, figure: str, record: str, now: dt.datetime) -> bool:
    """Keep a frozen figure; return whether it was not kept before. What is kept never changes."""
    kept = select(frozen_figures.c.id).where(frozen_figures.c.id == figure_id)
    if connection.execute(kept).first() is not None:
        return False
    insert_rows(connection, frozen_figures, [{"id": figure_id, "figure": figure, "frozen_at": now, "record": record}])
    raise_load_id(connection)
    return True


def keep_self_check(connection: Connection, is_synthetic: bool, rows: Sequence[dict[str, Any]]) -> None:
    """Replace the last self-check of this kind of posts; the pages show it."""
    connection.execute(delete(self_checks).where(self_checks.c.is_synthetic.is_(is_synthetic)))
    insert_rows(connection, self_checks, list(rows))
