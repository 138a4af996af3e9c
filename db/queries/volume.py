"""How many posts, of which class, on which day."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import case, func, select

from db.conditions import HIDDEN_CLASSES
from db.frames import CLASS_REASONS, CLASSES, POSTS_BY_DAY
from db.queries.extent import data_extent
from db.queries.periods import QUESTION, counted_city_posts, counted_posts, detailed_posts, total
from db.records import PostFilter
from db.rollups.spans import DAY
from db.snapshot import Reader


def posts_by_day(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count posts per KST day of the period.

    Days without posts are present with 0; ``in_data`` tells those the store can know of from those
    before its first or after its last post, which are gaps and not zeros.

    Returns
    -------
    DataFrame, columns POSTS_BY_DAY, one row for each day of ``where``, ascending
    """
    posted = counted_posts(where, (DAY,))
    written = counted_city_posts(where, (DAY,))
    is_question, is_hidden = posted.c.post_class == QUESTION, posted.c.post_class.in_(HIDDEN_CLASSES)
    with reader.connect() as connection:
        inbound = connection.execute(
            select(
                posted.c.start,
                func.sum(posted.c.posts),
                func.sum(case((is_question, posted.c.posts), else_=0)),
                func.sum(case((is_hidden, posted.c.posts), else_=0)),
            ).group_by(posted.c.start)
        ).all()
        outbound = connection.execute(
            select(written.c.start, func.sum(written.c.posts)).group_by(written.c.start)
        ).all()
    days = pd.date_range(where.start, where.end, freq="D", unit="ns")
    frame = pd.DataFrame(index=days)
    counted = pd.DataFrame([tuple(row) for row in inbound], columns=["day", "posts", "questions", "hidden"])
    frame = frame.join(counted.assign(day=pd.to_datetime(counted["day"])).set_index("day"))
    answered = pd.DataFrame([tuple(row) for row in outbound], columns=["day", "answers"])
    frame = frame.join(answered.assign(day=pd.to_datetime(answered["day"])).set_index("day"))
    frame = frame.fillna(0)
    extent = data_extent(reader, where.synthetic)
    if extent.first_day is None or extent.last_day is None:
        frame["in_data"] = False
    else:
        frame["in_data"] = (days >= pd.Timestamp(extent.first_day)) & (days <= pd.Timestamp(extent.last_day))
    return POSTS_BY_DAY.cast(frame.rename_axis("day").reset_index())


def classes(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class, most first; they add up to what was collected. Columns CLASSES."""
    posted = counted_posts(where)
    count = total(posted, "posts").label("posts")
    statement = (
        select(posted.c.post_class, count)
        .group_by(posted.c.post_class)
        .having(count > 0)
        .order_by(count.desc(), posted.c.post_class)
    )
    with reader.connect() as connection:
        rows = [(post_class, int(posts)) for post_class, posts in connection.execute(statement)]
    collected = sum(posts for _, posts in rows)
    return CLASSES.frame([(post_class, posts, posts / collected) for post_class, posts in rows])


def class_reasons(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class and reason code, most first. Columns CLASS_REASONS."""
    posted = detailed_posts(where)
    count = total(posted, "posts").label("posts")
    statement = (
        select(posted.c.post_class, posted.c.reason, count)
        .group_by(posted.c.post_class, posted.c.reason)
        .order_by(count.desc(), posted.c.reason)
    )
    with reader.connect() as connection:
        return CLASS_REASONS.frame([tuple(row) for row in connection.execute(statement)])
