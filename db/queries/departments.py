"""Who must answer, who was asked, and which accounts there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from db.frames import ACCOUNTS, DEPARTMENT_VOLUME, RECEIVING_VOLUME
from db.intervals import wilson
from db.queries.counts import question_sums
from db.queries.names import NOBODY, department_names
from db.queries.periods import detailed_posts
from db.queries.sources import DAYS_OF_GAPS, account_gaps
from db.records import UNASSIGNED, PostFilter
from db.rollups.counts import NONE
from db.rollups.spans import BLOCK
from db.schema import accounts as accounts_table
from db.schema import city_post_counts, coverage_spans, departments, post_counts, posts
from db.snapshot import Reader

_MEASURES = ("questions", "answered", "answerable", "by_reply", "by_rule", "by_receiving_account")


def department_volume(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count questions by responsible department, most first, unassigned last. Columns DEPARTMENT_VOLUME.

    ``answered_share`` leaves out questions from sources that carry no answers; it is what had been
    answered by the data cut-off, however long that took.
    """
    with reader.connect() as connection:
        asked = question_sums(connection, where, ("department_id",), _MEASURES)
        names = department_names(connection)
    rows: list[tuple[Any, ...]] = [(*names.get(id_, NOBODY), *counts) for (id_,), counts in asked.items()]
    if not rows:
        return DEPARTMENT_VOLUME.frame()
    rows.sort(key=lambda row: (row[0] == UNASSIGNED, -row[3], row[0]))
    columns = dict(zip(("department", "name_ko", "name_en", *_MEASURES), zip(*rows, strict=True), strict=True))
    answered, answerable = (np.array(columns[name], dtype=float) for name in ("answered", "answerable"))
    share = np.divide(answered, answerable, out=np.full(len(rows), np.nan), where=answerable > 0)
    low, high = wilson(answered, answerable)
    return DEPARTMENT_VOLUME.of({**columns, "answered_share": share, "low": low, "high": high})


def receiving_volume(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count citizens' posts by the account they were written to, most first. Columns RECEIVING_VOLUME."""
    posted = detailed_posts(where)
    counted = (
        select(posted.c.platform_id, posted.c.receiving_account_id, func.sum(posted.c.posts).label("posts"))
        .group_by(posted.c.platform_id, posted.c.receiving_account_id)
        .subquery()
    )
    statement = select(
        counted.c.platform_id,
        func.coalesce(accounts_table.c.handle, "").label("handle"),
        func.coalesce(accounts_table.c.name_ko, "").label("name_ko"),
        func.coalesce(accounts_table.c.name_en, "").label("name_en"),
        counted.c.posts,
    ).outerjoin_from(counted, accounts_table, accounts_table.c.id == counted.c.receiving_account_id)
    with reader.connect() as connection:
        rows = connection.execute(
            statement.order_by(counted.c.posts.desc(), counted.c.platform_id, accounts_table.c.handle)
        ).all()
    total = sum(int(row.posts) for row in rows)
    low, high = wilson([int(row.posts) for row in rows], [total] * len(rows))
    bounds = zip(rows, low.tolist(), high.tolist(), strict=True)
    return RECEIVING_VOLUME.frame([(*row, int(row.posts) / total, low_of, high_of) for row, low_of, high_of in bounds])


def accounts(reader: Reader, synthetic: bool) -> pd.DataFrame:
    """Return every account of this kind with its status and what passed through it. Columns ACCOUNTS."""
    read, wrote, table = post_counts.c, city_post_counts.c, accounts_table
    received = (
        select(read.receiving_account_id.label("id"), func.sum(read.posts).label("posts"))
        .where(read.is_synthetic == synthetic, read.span == BLOCK, read.receiving_account_id != NONE)
        .group_by(read.receiving_account_id)
        .subquery()
    )
    written = (
        select(wrote.account_id.label("id"), func.sum(wrote.posts).label("posts"))
        .where(wrote.is_synthetic == synthetic, wrote.account_id != NONE)
        .group_by(wrote.account_id)
        .subquery()
    )
    last_post = (
        select(posts.c.created_at)
        .where(posts.c.account_id == table.c.id, posts.c.is_synthetic == synthetic)
        .order_by(posts.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    last_fetch = (
        select(func.max(coverage_spans.c.end_at)).where(coverage_spans.c.account_id == table.c.id).scalar_subquery()
    )
    statement = (
        select(
            table.c.platform_id,
            table.c.handle,
            table.c.name_ko,
            table.c.name_en,
            departments.c.name_ko.label("department_ko"),
            departments.c.name_en.label("department_en"),
            table.c.status,
            table.c.connected_from,
            table.c.missing_ko,
            table.c.missing_en,
            func.coalesce(received.c.posts, 0),
            func.coalesce(written.c.posts, 0),
            last_post,
            last_fetch,
        )
        .join(departments, departments.c.id == table.c.department_id)
        .outerjoin(received, received.c.id == table.c.id)
        .outerjoin(written, written.c.id == table.c.id)
        .where(table.c.is_synthetic == synthetic)
        .order_by(table.c.status, table.c.platform_id, table.c.handle)
    )
    with reader.connect() as connection:
        rows = [tuple(row) for row in connection.execute(statement)]
    newest = max((row[-1] for row in rows if row[-1] is not None), default=None)
    if newest is None:
        return ACCOUNTS.frame([(*row, None) for row in rows])
    gaps = account_gaps(reader, synthetic, newest - dt.timedelta(days=DAYS_OF_GAPS))
    # Two sources that miss the same hours, mentions and answers say, are one gap of the account.
    hours = gaps.groupby(["platform", "handle", "source"])["gap_hours"].sum().groupby(["platform", "handle"]).max()
    return ACCOUNTS.frame(
        [(*row, None if row[-1] is None else float(hours.get((row[0], row[1]), 0.0))) for row in rows]
    )
