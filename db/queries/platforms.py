"""On which platforms citizens write."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Engine, case, func, select

from db.conditions import citizen_posts
from db.frames import PLATFORM_POLICIES, PLATFORM_TOTALS, PLATFORM_WEEKS
from db.intervals import wilson
from db.queries.extent import data_extent
from db.records import PostFilter
from db.schema import accounts, platforms, posts


def platform_weeks(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return each platform's share of citizens' posts by week, Monday to Sunday. Columns PLATFORM_WEEKS.

    A week that the period or the data cuts is marked not ``whole``.
    """
    with engine.connect() as connection:
        rows = connection.execute(
            select(posts.c.created_day, posts.c.platform_id, func.count())
            .where(*citizen_posts(where))
            .group_by(posts.c.created_day, posts.c.platform_id)
        ).all()
    if not rows:
        return PLATFORM_WEEKS.frame()
    daily = pd.DataFrame([tuple(row) for row in rows], columns=["day", "platform", "posts"])
    daily["week"] = pd.to_datetime([day - dt.timedelta(days=day.weekday()) for day in daily["day"]])
    weekly = daily.groupby(["week", "platform"])["posts"].sum().unstack(fill_value=0)
    frame = weekly.reset_index().melt(id_vars="week", value_name="posts").sort_values(["week", "platform"])
    frame["share"] = frame["posts"] / frame["week"].map(weekly.sum(axis=1))
    extent = data_extent(engine, where.synthetic)
    if extent.first_day is None or extent.last_day is None:
        return PLATFORM_WEEKS.frame()
    first = pd.Timestamp(max(where.start, extent.first_day))
    last = pd.Timestamp(min(where.end, extent.last_day))
    frame["whole"] = (frame["week"] >= first) & (frame["week"] + pd.Timedelta(days=6) <= last)
    return PLATFORM_WEEKS.cast(frame)


def platform_totals(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return posts, share and authors by platform, and its accounts by status. Columns PLATFORM_TOTALS."""
    posted = (
        select(
            posts.c.platform_id.label("id"),
            func.count().label("posts"),
            func.count(posts.c.author_key.distinct()).label("authors"),
        )
        .where(*citizen_posts(where))
        .group_by(posts.c.platform_id)
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
            func.coalesce(posted.c.authors, 0).label("authors"),
            func.coalesce(owned.c.connected, 0).label("connected"),
            func.coalesce(owned.c.pending, 0).label("pending"),
        )
        .outerjoin(posted, posted.c.id == platforms.c.id)
        .outerjoin(owned, owned.c.id == platforms.c.id)
        .where(posted.c.posts.is_not(None) | owned.c.connected.is_not(None))
        .order_by(count.desc(), platforms.c.id)
    )
    with engine.connect() as connection:
        frame = pd.DataFrame([row._asdict() for row in connection.execute(statement)])
    if frame.empty:
        return PLATFORM_TOTALS.frame()
    total = frame["posts"].sum()
    frame["share"] = frame["posts"] / total if total else float("nan")
    frame["low"], frame["high"] = wilson(frame["posts"], [total] * len(frame))
    return PLATFORM_TOTALS.cast(frame)


def platform_policies(engine: Engine) -> pd.DataFrame:
    """Return what each platform allows to be shown and exported. Columns PLATFORM_POLICIES."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(
                platforms.c.id, platforms.c.name_ko, platforms.c.name_en, platforms.c.display, platforms.c.export
            ).order_by(platforms.c.id)
        )
        return PLATFORM_POLICIES.frame([tuple(row) for row in rows])
