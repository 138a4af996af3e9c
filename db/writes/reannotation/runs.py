"""Which texts must be read anew, and how far that is."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    delete,
    func,
    insert,
    select,
    update,
)

from db.operations.outdated import is_any_outdated, is_of_versions
from db.records import RunVersions
from db.schema import posts, reannotation_batches, reannotations, staged_annotations


class Reannotation(NamedTuple):
    """A run over all posts up to ``last_post_id``."""

    id: int
    last_post_id: int
    started_at: dt.datetime


def begin(
    connection: Connection, versions: RunVersions, now: dt.datetime, *, restart: bool = False
) -> Reannotation | None:
    """Return the reannotation to work on: the one with ``versions`` that was cut off, else a new one.

    Parameters
    ----------
    restart : bool
        Drop what was staged before, and read all posts even where all are up to date.

    Returns
    -------
    None where every text was read with ``versions`` already
    """
    going_on = None
    for row in connection.execute(select(reannotations).where(reannotations.c.status == "running")).all():
        if is_of_versions(row, versions) and not restart:
            going_on = Reannotation(row.id, row.last_post_id, row.started_at)
        else:
            end_run(connection, row.id, "abandoned", now)
    if going_on is not None or not (restart or is_any_outdated(connection, versions)):
        return going_on
    last_post_id = _last_post_id(connection)
    id_ = connection.execute(
        insert(reannotations)
        .values(
            tokenizer_version=versions.tokenizer,
            dictionary_version=versions.dictionary,
            rules_version=versions.rules,
            status="running",
            last_post_id=last_post_id,
            started_at=now,
        )
        .returning(reannotations.c.id)
    ).scalar_one()
    return Reannotation(int(id_), last_post_id, now)


def rehearsed(connection: Connection, now: dt.datetime) -> Reannotation:
    """Return a reannotation of all posts that is written nowhere."""
    return Reannotation(0, _last_post_id(connection), now)


def missing_ranges(connection: Connection, run: Reannotation) -> list[tuple[int, int]]:
    """Return the ranges of post ids, both ends inclusive, that no stored batch covers."""
    batch = reannotation_batches.c
    done = connection.execute(
        select(batch.first_post_id, batch.last_post_id)
        .where(batch.reannotation_id == run.id)
        .order_by(batch.first_post_id)
    )
    missing, next_id = [], 1
    for first, last in done:
        if first > next_id:
            missing.append((next_id, first - 1))
        next_id = max(next_id, last + 1)
    return [*missing, (next_id, run.last_post_id)] if next_id <= run.last_post_id else missing


def read_so_far(connection: Connection, run: Reannotation) -> int:
    """Return the number of texts in all batches of the run."""
    batch = reannotation_batches.c
    return int(connection.scalar(select(func.sum(batch.read)).where(batch.reannotation_id == run.id)) or 0)


def end_run(connection: Connection, reannotation_id: int, status: str, now: dt.datetime) -> None:
    """Close a run and empty its stage."""
    for table in (staged_annotations, reannotation_batches):
        connection.execute(delete(table).where(table.c.reannotation_id == reannotation_id))
    connection.execute(
        update(reannotations).where(reannotations.c.id == reannotation_id).values(status=status, finished_at=now)
    )


def _last_post_id(connection: Connection) -> int:
    return int(connection.scalar(select(func.max(posts.c.id))) or 0)
