"""Load runs, cursors and rejected rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from db.dialects import dialect_of
from db.records import Counts, RunVersions
from db.schema import cursors, load_runs, reject_counts, rejects
from db.state import raise_load_id

STORED_ERROR_LENGTH = 1000


def start_run(
    connection: Connection, connector: str, source: str, origin: str, versions: RunVersions, now: dt.datetime
) -> int:
    """Open a run and return its id."""
    result = connection.execute(
        insert(load_runs)
        .values(
            connector=connector,
            source=source,
            origin=origin,
            status="running",
            started_at=now,
            code_version=versions.code,
            tokenizer_version=versions.tokenizer,
            dictionary_version=versions.dictionary,
            rules_version=versions.rules,
        )
        .returning(load_runs.c.id)
    )
    return int(result.scalar_one())


def mark_interrupted(connection: Connection, source: str, now: dt.datetime) -> bool:
    """Close runs of ``source`` that never ended; return whether there was one, so that it can be resumed."""
    result = connection.execute(
        update(load_runs)
        .where(load_runs.c.source == source, load_runs.c.status == "running")
        .values(status="interrupted", finished_at=now)
    )
    if result.rowcount:
        return True
    last = connection.execute(
        select(load_runs.c.status).where(load_runs.c.source == source).order_by(load_runs.c.id.desc()).limit(1)
    ).scalar()
    return last in ("interrupted", "failed")


def runs_of(connection: Connection, source: str) -> set[int]:
    """Return the runs of ``source``, which for a file is its content, so they all read the same rows."""
    return set(connection.scalars(select(load_runs.c.id).where(load_runs.c.source == source)))


def finish_run(connection: Connection, run_id: int, status: str, now: dt.datetime, error: str | None = None) -> None:
    """Close a run as done, failed or interrupted."""
    raise_load_id(connection)
    connection.execute(
        update(load_runs)
        .where(load_runs.c.id == run_id)
        .values(status=status, finished_at=now, error=error[:STORED_ERROR_LENGTH] if error else None)
    )


def read_cursor(connection: Connection, source: str) -> str | None:
    """Return where the last committed page of ``source`` ended."""
    return connection.execute(select(cursors.c.cursor).where(cursors.c.source == source)).scalar()


def write_progress(
    connection: Connection, run_id: int, source: str, cursor: str, counts: Counts, now: dt.datetime
) -> None:
    """Set the run's counts and the source's cursor; the page they speak of is in the same transaction."""
    connection.execute(
        update(load_runs)
        .where(load_runs.c.id == run_id)
        .values(
            read=counts.read,
            inserted=counts.inserted,
            updated=counts.updated,
            unchanged=counts.unchanged,
            rejected=counts.rejected,
        )
    )
    upsert = dialect_of(connection).upsert(cursors, ["source"], ["cursor", "load_run_id", "updated_at"])
    connection.execute(upsert, {"source": source, "cursor": cursor, "load_run_id": run_id, "updated_at": now})


def add_rejects(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store rejected rows (source, source_row, reason, detail, raw, load_run_id); a row known already stays."""
    if not rows:
        return
    sources = {row["source"] for row in rows}
    source_rows = {row["source_row"] for row in rows}
    stored = select(rejects.c.source, rejects.c.source_row, rejects.c.reason).where(
        rejects.c.source.in_(sources), rejects.c.source_row.in_(source_rows)
    )
    known = {tuple(row) for row in connection.execute(stored)}
    new = {(row["source"], row["source_row"], row["reason"]): row for row in rows}
    added = [row for key, row in new.items() if key not in known]
    if not added:
        return
    connection.execute(insert(rejects), added)
    counted: dict[tuple[str, str], tuple[int, int]] = {
        (row.source, row.reason): (row.rows, row.first_row)
        for row in connection.execute(select(reject_counts).where(reject_counts.c.source.in_(sources)))
    }
    for row in added:
        key = (row["source"], row["reason"])
        number, first = counted.get(key, (0, row["source_row"]))
        counted[key] = (number + 1, min(first, row["source_row"]))
    connection.execute(
        dialect_of(connection).upsert(reject_counts, ["source", "reason"], ["rows", "first_row"]),
        [
            {"source": source, "reason": reason, "rows": number, "first_row": first}
            for (source, reason), (number, first) in counted.items()
        ],
    )
