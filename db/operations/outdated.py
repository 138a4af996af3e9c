"""Was any stored text read by another tokenizer, dictionary or rules than today's?"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, exists, not_, or_, select

from db.records import RunVersions
from db.schema import classifications, load_runs, posts, reannotations


def is_any_outdated(connection: Connection, versions: RunVersions) -> bool:
    """Return whether any stored text was read by another tokenizer, dictionary or rules than ``versions``.

    A text was read by its load run, or by the newest reannotation where that came after.
    """
    run_is_outdated = posts.c.load_run_id.in_(select(load_runs.c.id).where(not_(_of_versions(load_runs, versions))))
    newest = connection.execute(
        select(reannotations).where(reannotations.c.status == "done").order_by(reannotations.c.id.desc()).limit(1)
    ).one_or_none()
    is_current = newest is None or is_of_versions(newest, versions)
    if is_current and not _is_any_run_outdated(connection, versions, None if newest is None else newest.started_at):
        return False  # no post need be looked at
    if newest is None:
        condition: ColumnElement[bool] = run_is_outdated
    elif is_of_versions(newest, versions):
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


def _of_versions(table: Table, versions: RunVersions) -> ColumnElement[bool]:
    return and_(
        table.c.tokenizer_version == versions.tokenizer,
        table.c.dictionary_version == versions.dictionary,
        table.c.rules_version == versions.rules,
    )


def is_of_versions(row: Row, versions: RunVersions) -> bool:
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
