"""Which texts must be read anew, and how far that is."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from db.records import RunVersions
from db.schema import classifications, load_runs, posts, reannotation_batches, reannotations, staged_annotations


class Reannotation(NamedTuple):
    """A run over all posts up to ``last_post_id``."""

    id: int
    last_post_id: int
    started_at: dt.datetime


def is_any_outdated(connection: Connection, versions: RunVersions) -> bool:
    """Return whether any stored text was read by another tokenizer, dictionary or rules than ``versions``.

    A text was read by its load run, or by the newest reannotation where that came after.
    """
    run_is_outdated = posts.c.load_run_id.in_(select(load_runs.c.id).where(not_(_of_versions(load_runs, versions))))
    newest = connection.execute(
        select(reannotations).where(reannotations.c.status == "done").order_by(reannotations.c.id.desc()).limit(1)
    ).one_or_none()
    is_current = newest is None or _is_of_versions(newest, versions)
    if is_current and not _is_any_run_outdated(connection, versions, None if newest is None else newest.started_at):
        return False  # no post need be looked at
    if newest is None:
        condition: ColumnElement[bool] = run_is_outdated
    elif _is_of_versions(newest, versions):
        condition = and_(run_is_outdated, not_(_was_covered(newest)))
    else:
        condition = or_(run_is_outdated, _was_covered(newest))
    # From the newest on: where there is any, it is among those that were stored last.
    found = select(posts.c.id).where(posts.c.text.is_not(None), condition).order_by(posts.c.id.desc()).limit(1)
    return connection.scalar(found) is not None


def _is_any_run_outdated(connection: Connection, versions: RunVersions, since: dt.datetime | None) -> bool:
    """Return whether a run of other versions had not ended when the newest reannotation began."""
    outdated = select(load_runs.c.id).where(not_(_of_versions(load_runs, versions)))
    if since is not None:
        outdated = outdated.where(or_(load_runs.c.finished_at.is_(None), load_runs.c.finished_at >= since))
    return connection.scalar(outdated.limit(1)) is not None


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
        if _is_of_versions(row, versions) and not restart:
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


def _of_versions(table: Table, versions: RunVersions) -> ColumnElement[bool]:
    return and_(
        table.c.tokenizer_version == versions.tokenizer,
        table.c.dictionary_version == versions.dictionary,
        table.c.rules_version == versions.rules,
    )


def _is_of_versions(row: Row, versions: RunVersions) -> bool:
    read_with = (row.tokenizer_version, row.dictionary_version, row.rules_version)
    return read_with == (versions.tokenizer, versions.dictionary, versions.rules)


def _was_covered(run: Row) -> ColumnElement[bool]:
    """Return the condition that a post was last read by the reannotation ``run``, not by a loader after it began."""
    beside = or_(load_runs.c.finished_at.is_(None), load_runs.c.finished_at > run.started_at)
    runs_beside = select(load_runs.c.id).where(beside)
    read_later = exists(
        select(classifications.c.post_id)
        .join(load_runs, load_runs.c.rules_version == classifications.c.rules_version)
        .where(
            classifications.c.post_id == posts.c.id,
            load_runs.c.id == posts.c.load_run_id,
            classifications.c.decided_at > run.started_at,
        )
    )
    is_of_a_run_beside = posts.c.load_run_id.in_(runs_beside)
    return and_(posts.c.id <= run.last_post_id, not_(and_(is_of_a_run_beside, read_later)))
