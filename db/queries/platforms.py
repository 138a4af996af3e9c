"""On which platforms citizens write."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import case, func, select

from db.frames import PLATFORM_POLICIES, PLATFORM_TOTALS, PLATFORM_WEEKS
from db.intervals import wilson
from db.queries.extent import data_extent
from db.queries.periods import counted_posts, monday
from db.records import PostFilter
from db.rollups.spans import SHORT_SPANS
from db.schema import accounts, platforms
from db.snapshot import Reader


def platform_weeks(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return each platform's share of citizens' posts by week, Monday to Sunday. Columns PLATFORM_WEEKS.

    A week that the period or the data cuts is marked not ``whole``.
    """
    posted = counted_posts(where, SHORT_SPANS)
    statement = select(posted.c.start, posted.c.platform_id, func.sum(posted.c.posts)).group_by(
        posted.c.start, posted.c.platform_id
    )
    with reader.connect() as connection:
        rows = [(monday(start), platform, int(count)) for start, platform, count in connection.execute(statement)]
    if not rows:
        return PLATFORM_WEEKS.frame()
    counted = pd.DataFrame(rows, columns=["week", "platform", "posts"])
    counted["week"] = pd.to_datetime(counted["week"])
    weekly = counted.groupby(["week", "platform"])["posts"].sum().unstack(fill_value=0)
    frame = weekly.reset_index().melt(id_vars="week", value_name="posts").sort_values(["week", "platform"])
    frame["share"] = frame["posts"] / frame["week"].map(weekly.sum(axis=1))
    extent = data_extent(reader, where.synthetic)
    if extent.first_day is None or extent.last_day is None:
        return PLATFORM_WEEKS.frame()
    first = pd.Timestamp(max(where.start, extent.first_day))
    last = pd.Timestamp(min(where.end, extent.last_day))
    frame["whole"] = (frame["week"] >= first) & (frame["week"] + pd.Timedelta(days=6) <= last)
    return PLATFORM_WEEKS.cast(frame)


def platform_totals(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return posts and share by platform, and its accounts by status. Columns PLATFORM_TOTALS."""
    rows = counted_posts(where)
    posted = (
        select(rows.c.platform_id.label("id"), func.sum(rows.c.posts).label("posts"))
        .group_by(rows.c.platform_id)
        .subquery()
    )
    owned = (
        select(
            accounts.c.platform_id.label("id"),
            func.sum(case((accounts.c.status == "connected", 1), else_=0)).label("connected"),
            func.sum(case((accounts.c.status == "pending", 1), else_=0)).label("pending"),
        )
        .where(accounts.c.is_synthetic.is_(where.synthetic))
        .group_by(accounts.c.platform_id)
        .subquery()
    )
    count = func.coalesce(posted.c.posts, 0)
    statement = (
        select(
            platforms.c.id.label("platform"),
            platforms.c.name_ko,
            platforms.c.name_en,
            count.label("posts"),
            func.coalesce(owned.c.connected, 0).label("connected"),
            func.coalesce(owned.c.pending, 0).label("pending"),
        )
        .outerjoin(posted, posted.c.id == platforms.c.id)
        .outerjoin(owned, owned.c.id == platforms.c.id)
        .where(posted.c.posts.is_not(None) | owned.c.connected.is_not(None))
        .order_by(count.desc(), platforms.c.id)
    )
    with reader.connect() as connection:
        frame = pd.DataFrame([row._asdict() for row in connection.execute(statement)])
    if frame.empty:
        return PLATFORM_TOTALS.frame()
    total = frame["posts"].sum()
    frame["share"] = frame["posts"] / total if total else float("nan")
    frame["low"], frame["high"] = wilson(frame["posts"], [total] * len(frame))
    return PLATFORM_TOTALS.cast(frame)


def platform_policies(reader: Reader) -> pd.DataFrame:
    """Return what each platform allows to be shown and exported. Columns PLATFORM_POLICIES."""
    with reader.connect() as connection:
        rows = connection.execute(
            select(
                platforms.c.id, platforms.c.name_ko, platforms.c.name_en, platforms.c.display, platforms.c.export
            ).order_by(platforms.c.id)
        )
        return PLATFORM_POLICIES.frame([tuple(row) for row in rows])
