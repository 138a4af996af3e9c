"""Which accounts there are, and how far each was read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, func, select

from db.operations.sources import read_gaps
from db.rollups.counts import NONE
from db.rollups.spans import BLOCK
from db.schema import accounts as accounts_table
from db.schema import city_post_counts, coverage_spans, departments, post_counts, posts
from db.snapshot import Reader

DAYS_OF_GAPS = 91
_HOUR = dt.timedelta(hours=1)


def account_rows(reader: Reader, synthetic: bool) -> list[tuple[Any, ...]]:
    """Return every account of this kind with its status and what passed through it. Fields of ACCOUNTS."""
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
            table.c.id,
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
        newest = max((fetched for *_, fetched in rows if fetched is not None), default=None)
        missed = {} if newest is None else _hours_missed(connection, synthetic, newest)
    return [(*row, None if row[-1] is None else missed.get(id_, 0.0)) for id_, *row in rows]


def _hours_missed(connection: Connection, synthetic: bool, newest: dt.datetime) -> dict[int, float]:
    """Return how many hours of the days before the newest reading no source read, by account id.

    Two sources that miss the same hours, mentions and answers say, are one gap of the account.
    """
    hours: defaultdict[tuple[int, str], float] = defaultdict(float)
    since = newest - dt.timedelta(days=DAYS_OF_GAPS)
    for gap in read_gaps(
        connection, accounts_table.c.is_synthetic.is_(synthetic), since, dt.datetime.max.replace(tzinfo=dt.UTC)
    ):
        hours[gap.account_id, gap.source] += (gap.end_at - gap.start_at) / _HOUR
    missed: dict[int, float] = {}
    for (account_id, _), count in hours.items():
        missed[account_id] = max(missed.get(account_id, 0.0), count)
    return missed
