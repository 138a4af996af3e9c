"""On which platforms citizens write."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import case, func, select

from db.frames import PLATFORM_POLICIES, PLATFORM_TOTALS, PLATFORM_WEEKS
from db.intervals import wilson
from db.queries.counts import post_days, post_sums
from db.records import PostFilter
from db.rollups.reading import days_with_posts
from db.rollups.spans import WEEK, dates
from db.schema import accounts, platforms
from db.snapshot import Reader


def platform_weeks(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return each platform's share of citizens' posts by week, Monday to Sunday. Columns PLATFORM_WEEKS.

    A week that the period or the data cuts is marked not ``whole``.
    """
    with reader.connect() as connection:
        posted = post_days(connection, where)
        in_data = days_with_posts(connection, where.synthetic)
    if in_data is None or not len(posted.days):
        return PLATFORM_WEEKS.frame()
    names, platform = posted.codes(0)
    weeks, week = np.unique(posted.days - (posted.days - 1) % WEEK, return_inverse=True)
    counts = np.bincount(week * len(names) + platform, posted.counts, len(weeks) * len(names)).astype(np.int64)
    in_week = counts.reshape(len(weeks), len(names))
    starts = np.repeat(weeks, len(names))
    totals = np.repeat(in_week.sum(axis=1), len(names))
    low, high = wilson(counts, totals)
    first, last = max(where.start, in_data[0]).toordinal(), min(where.end, in_data[1]).toordinal()
    return PLATFORM_WEEKS.of(
        {
            "week": dates(starts),
            "platform": names * len(weeks),
            "posts": counts,
            "share": counts / totals,
            "low": low,
            "high": high,
            "whole": (starts >= first) & (starts + WEEK - 1 <= last),
        }
    )


def platform_totals(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return posts and share by platform, and its accounts by status. Columns PLATFORM_TOTALS."""
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
    statement = select(
        platforms.c.id, platforms.c.name_ko, platforms.c.name_en, owned.c.connected, owned.c.pending
    ).outerjoin(owned, owned.c.id == platforms.c.id)
    with reader.connect() as connection:
        posted = post_sums(connection, where, "platform_id")
        rows = [
            (id_, name_ko, name_en, posted.get((id_,), [0])[0], connected or 0, pending or 0)
            for id_, name_ko, name_en, connected, pending in connection.execute(statement)
            if (id_,) in posted or connected is not None
        ]
    if not rows:
        return PLATFORM_TOTALS.frame()
    rows.sort(key=lambda row: (-row[3], row[0]))
    frame = pd.DataFrame(rows, columns=["platform", "name_ko", "name_en", "posts", "connected", "pending"])
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
