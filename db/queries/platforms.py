"""On which platforms citizens write."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, select

from db.concentration import herfindahl_hirschman
from db.frames import (
    CONCENTRATION,
    NEWEST_ONLY,
    PLATFORM_AUTHORS,
    PLATFORM_POLICIES,
    PLATFORM_TOTALS,
    PLATFORM_WEEKS,
)
from db.intervals import wilson
from db.queries.counts import post_days, post_sums
from db.queries.coverage import connected_throughout
from db.queries.periods import of_posts, over
from db.records import UNASSIGNED, PostFilter
from db.rollups.reading import Ints, Sums, days_with_posts
from db.rollups.spans import SHORT_SPANS, WEEK, dates
from db.schema import accounts, departments, platforms, post_counts, posts, questions
from db.snapshot import Reader
from db.timeline import timeline_range

MAX_SAMPLED = 20_000  # read in a tenth of a second, and a share of authors is known to a point


def platform_weeks(reader: Reader, where: PostFilter, *, same_accounts: bool = False) -> pd.DataFrame:
    """Return each platform's share of citizens' posts by week, Monday to Sunday. Columns PLATFORM_WEEKS.

    A week that the period or the data cuts is marked not ``whole``.

    Parameters
    ----------
    same_accounts : posts alone that were written to accounts connected on every day of the period
    """
    with reader.connect() as connection:
        names, platform, days, posts = (_of_same_accounts if same_accounts else _of_all)(connection, where)
        in_data = days_with_posts(connection, where.synthetic)
    if in_data is None or not len(days):
        return PLATFORM_WEEKS.frame()
    weeks, week = np.unique(days - (days - 1) % WEEK, return_inverse=True)
    counts = np.bincount(week * len(names) + platform, posts, len(weeks) * len(names)).astype(np.int64)
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


def _of_all(connection: Connection, where: PostFilter) -> tuple[list[str], Ints, Ints, Ints]:
    """Return the platforms, and of each entry its platform's place among them, its day and its posts."""
    posted = post_days(connection, where)
    names, platform = posted.codes(0)
    return names, platform, posted.days, posted.counts


def _of_same_accounts(connection: Connection, where: PostFilter) -> tuple[list[str], Ints, Ints, Ints]:
    table = post_counts
    columns = [table.c.start, table.c.platform_id, table.c.posts]
    posted = over(table, where, columns, _to_same_accounts(connection, where), SHORT_SPANS)
    keys = (posted.c.start, posted.c.platform_id)
    rows = connection.execute(select(*keys, func.sum(posted.c.posts)).group_by(*keys)).all()
    names = sorted({platform for _, platform, _ in rows})
    entries = [(names.index(platform), day.toordinal(), int(posts)) for day, platform, posts in rows]
    places, days, posts = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return names, places, days, posts


def _to_same_accounts(connection: Connection, where: PostFilter) -> list[ColumnElement[bool]]:
    steady = post_counts.c.receiving_account_id.in_(connected_throughout(connection, where))
    return [*of_posts(post_counts, where), steady]


def platform_totals(reader: Reader, where: PostFilter, *, same_accounts: bool = False) -> pd.DataFrame:
    """Return posts and share by platform, and its accounts by status. Columns PLATFORM_TOTALS.

    Parameters
    ----------
    same_accounts : posts alone that were written to accounts connected on every day of the period
    """
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
        posted = (
            _sums_of_same_accounts(connection, where) if same_accounts else post_sums(connection, where, "platform_id")
        )
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


def _sums_of_same_accounts(connection: Connection, where: PostFilter) -> Sums:
    table = post_counts
    posted = over(table, where, [table.c.platform_id, table.c.posts], _to_same_accounts(connection, where))
    statement = select(posted.c.platform_id, func.sum(posted.c.posts)).group_by(posted.c.platform_id)
    return {(platform,): [int(count)] for platform, count in connection.execute(statement)}


def platform_authors(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return how many people wrote on each platform, most first. Columns PLATFORM_AUTHORS.

    No roll-up knows authors: of the period's newest MAX_SAMPLED posts of citizens those of the filter are read, and
    ``attrs[NEWEST_ONLY]`` says how many posts these were where there are more. A person on two platforms is two authors.
    """
    low, high = timeline_range(where.synthetic, where.start, where.end)
    newest = (
        select(posts.c.id, posts.c.platform_id, posts.c.post_class, posts.c.author_key)
        .where(posts.c.timeline_id.between(low, high), posts.c.is_inbound.is_(True))
        .order_by(posts.c.timeline_id.desc())
        .limit(MAX_SAMPLED)
        .subquery()
    )
    number = func.count()
    chosen = select(
        newest.c.platform_id, number, func.count(newest.c.author_key.distinct()), func.count(newest.c.author_key)
    ).group_by(newest.c.platform_id)
    if where.platforms:
        chosen = chosen.where(newest.c.platform_id.in_(where.platforms))
    if where.classes:
        chosen = chosen.where(newest.c.post_class.in_(where.classes))
    if where.departments:
        department = func.coalesce(departments.c.code, UNASSIGNED)
        chosen = (
            chosen.join(questions, questions.c.post_id == newest.c.id)
            .outerjoin(departments, departments.c.id == questions.c.department_id)
            .where(department.in_(where.departments))
        )
    named = select(platforms.c.id, platforms.c.name_ko, platforms.c.name_en)
    with reader.connect() as connection:
        names = {id_: (name_ko, name_en) for id_, name_ko, name_en in connection.execute(named)}
        found = [(id_, count, known + count - of_known) for id_, count, known, of_known in connection.execute(chosen)]
        read = connection.scalar(select(func.count()).select_from(newest)) or 0
    found.sort(key=lambda row: (-row[2], row[0]))
    sampled, authors = (np.array([row[place] for row in found], dtype=np.int64) for place in (1, 2))
    share_low, share_high = wilson(sampled, np.full(len(found), sampled.sum()))
    author_low, author_high = wilson(authors, np.full(len(found), authors.sum()))
    frame = PLATFORM_AUTHORS.of(
        {
            "platform": [row[0] for row in found],
            "name_ko": [names[row[0]][0] for row in found],
            "name_en": [names[row[0]][1] for row in found],
            "posts": sampled,
            "share": sampled / max(sampled.sum(), 1),
            "low": share_low,
            "high": share_high,
            "authors": authors,
            "author_share": authors / max(authors.sum(), 1),
            "author_low": author_low,
            "author_high": author_high,
        }
    )
    frame.attrs[CONCENTRATION] = herfindahl_hirschman(authors.tolist())
    if read == MAX_SAMPLED:
        frame.attrs[NEWEST_ONLY] = int(sampled.sum())
    return frame


def platform_policies(reader: Reader) -> pd.DataFrame:
    """Return what each platform allows to be shown and exported. Columns PLATFORM_POLICIES."""
    with reader.connect() as connection:
        rows = connection.execute(
            select(
                platforms.c.id, platforms.c.name_ko, platforms.c.name_en, platforms.c.display, platforms.c.export
            ).order_by(platforms.c.id)
        )
        return PLATFORM_POLICIES.frame([tuple(row) for row in rows])
