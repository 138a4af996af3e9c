"""What is left out of the questions as an advertisement, spam or politics, when, and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pandas as pd
from sqlalchemy import func, select

from db.frames import HIDDEN_REASONS
from db.queries.extent import last_whole_day
from db.queries.periods import of_posts, over
from db.records import HIDDEN_CLASSES, PostFilter
from db.rollups.reading import days_with_posts
from db.rollups.spans import BLOCK, DAY, SPANS, WEEK, start_of
from db.schema import post_counts
from db.snapshot import Reader

MAX_DAYS = 92  # beyond them weeks: a day would be a hair on a phone
MAX_WEEKS = 104  # beyond them 13 weeks at a time


def hidden_reasons(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return hidden posts by day, by week or by 13 weeks, class and reason. Columns HIDDEN_REASONS.

    The rows are of what there is; what the period or the data cuts is marked not ``whole``.
    """
    span = bucket_of((where.end - where.start).days + 1)
    table = post_counts
    columns = [table.c.start, table.c.post_class, table.c.reason, table.c.posts]
    posted = over(table, where, columns, of_posts(table, where), SPANS[: SPANS.index(span) + 1])
    keys = (posted.c.start, posted.c.post_class, posted.c.reason)
    collected: Counter[dt.date] = Counter()
    hidden: Counter[tuple[dt.date, str, str]] = Counter()
    with reader.connect() as connection:
        for start, post_class, reason, posts in connection.execute(
            select(*keys, func.sum(posted.c.posts)).group_by(*keys)
        ):
            bucket = start_of(start, span)
            collected[bucket] += int(posts)
            if post_class in HIDDEN_CLASSES:
                hidden[bucket, post_class, reason] += int(posts)
        in_data = days_with_posts(connection, where.synthetic) or (where.start, where.end)
        last_whole = last_whole_day(connection, where.synthetic) or where.end
    first, last = max(where.start, in_data[0]), min(where.end, in_data[1], last_whole)
    return HIDDEN_REASONS.frame(
        [
            (bucket, post_class, reason, posts, collected[bucket], span,
             first <= bucket and bucket + dt.timedelta(days=span - 1) <= last)
            for (bucket, post_class, reason), posts in sorted(hidden.items())
        ]
    )  # fmt: skip


def bucket_of(days: int) -> int:
    """Return how many days a period of so many is told by."""
    if days <= MAX_DAYS:
        return DAY
    return WEEK if days <= MAX_WEEKS * WEEK else BLOCK
