"""How many posts, of which class, on which day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from db.frames import CLASS_REASONS, CLASSES, POSTS_BY_DAY
from db.intervals import wilson
from db.queries.counts import city_post_days, post_days, post_sums
from db.queries.periods import QUESTION, detailed_posts
from db.records import HIDDEN_CLASSES, PostFilter
from db.rollups.reading import days_with_posts
from db.rollups.spans import dates
from db.snapshot import Reader


def posts_by_day(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count posts per KST day of the period.

    Days without posts are present with 0; ``in_data`` tells those the store can know of from those
    before its first or after its last post, which are gaps and not zeros.

    Returns
    -------
    DataFrame, columns POSTS_BY_DAY, one row for each day of ``where``, ascending
    """
    days = (where.end - where.start).days + 1
    with reader.connect() as connection:
        posted = post_days(connection, where)
        written = city_post_days(connection, where)
        in_data = days_with_posts(connection, where.synthetic)
    ordinals = np.arange(days) + where.start.toordinal()
    first, last = (day.toordinal() for day in in_data) if in_data else (0, -1)
    post_classes = [post_class for _, post_class in posted.keys]
    return POSTS_BY_DAY.of(
        {
            "day": dates(ordinals),
            "posts": posted.by_day(where.start, days),
            "questions": posted.by_day(where.start, days, of=(name == QUESTION for name in post_classes)),
            "hidden": posted.by_day(where.start, days, of=(name in HIDDEN_CLASSES for name in post_classes)),
            "answers": written.by_day(where.start, days),
            "in_data": (ordinals >= first) & (ordinals <= last),
        }
    )


def classes(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class, most first; they add up to what was collected. Columns CLASSES."""
    with reader.connect() as connection:
        found = post_sums(connection, where, "post_class")
    rows = sorted(((post_class, posts) for (post_class,), (posts,) in found.items()), key=lambda row: (-row[1], row[0]))
    posts = np.array([count for _, count in rows], dtype=np.int64)
    low, high = wilson(posts, np.full(len(posts), posts.sum()))
    share = posts / posts.sum() if len(posts) else posts
    return CLASSES.of(
        {"post_class": [post_class for post_class, _ in rows], "posts": posts, "share": share, "low": low, "high": high}
    )


def class_reasons(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class and reason code, most first. Columns CLASS_REASONS."""
    posted = detailed_posts(where)
    count = func.sum(posted.c.posts).label("posts")
    statement = (
        select(posted.c.post_class, posted.c.reason, count)
        .group_by(posted.c.post_class, posted.c.reason)
        .order_by(count.desc(), posted.c.reason)
    )
    with reader.connect() as connection:
        return CLASS_REASONS.frame([tuple(row) for row in connection.execute(statement)])
