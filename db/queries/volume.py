"""How many posts, of which class, on which day."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, case, func, select

from db.conditions import HIDDEN_CLASSES, citizen_posts, city_posts
from db.frames import CLASS_REASONS, CLASSES, POSTS_BY_DAY
from db.queries.extent import data_extent
from db.records import PostFilter
from db.schema import posts


def posts_by_day(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Count posts per KST day of the period.

    Days without posts are present with 0; ``in_data`` tells those the store can know of from those
    before its first or after its last post, which are gaps and not zeros.

    Returns
    -------
    DataFrame, columns POSTS_BY_DAY, one row for each day of ``where``, ascending
    """
    is_question = case((posts.c.post_class == "question", 1), else_=0)
    is_hidden = case((posts.c.post_class.in_(HIDDEN_CLASSES), 1), else_=0)
    with engine.connect() as connection:
        inbound = connection.execute(
            select(posts.c.created_day, func.count(), func.sum(is_question), func.sum(is_hidden))
            .where(*citizen_posts(where))
            .group_by(posts.c.created_day)
        ).all()
        outbound = connection.execute(
            select(posts.c.created_day, func.count()).where(*city_posts(where)).group_by(posts.c.created_day)
        ).all()
    days = pd.date_range(where.start, where.end, freq="D", unit="ns")
    frame = pd.DataFrame(index=days)
    counted = pd.DataFrame([tuple(row) for row in inbound], columns=["day", "posts", "questions", "hidden"])
    frame = frame.join(counted.assign(day=pd.to_datetime(counted["day"])).set_index("day"))
    answered = pd.DataFrame([tuple(row) for row in outbound], columns=["day", "answers"])
    frame = frame.join(answered.assign(day=pd.to_datetime(answered["day"])).set_index("day"))
    frame = frame.fillna(0)
    extent = data_extent(engine, where.synthetic)
    if extent.first_day is None or extent.last_day is None:
        frame["in_data"] = False
    else:
        frame["in_data"] = (days >= pd.Timestamp(extent.first_day)) & (days <= pd.Timestamp(extent.last_day))
    return POSTS_BY_DAY.cast(frame.rename_axis("day").reset_index())


def classes(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class, most first; they add up to what was collected. Columns CLASSES."""
    posted = func.count().label("posts")
    with engine.connect() as connection:
        rows = connection.execute(
            select(posts.c.post_class, posted)
            .where(*citizen_posts(where))
            .group_by(posts.c.post_class)
            .order_by(posted.desc(), posts.c.post_class)
        ).all()
    total = sum(row.posts for row in rows)
    return CLASSES.frame([(row.post_class, row.posts, row.posts / total) for row in rows])


def class_reasons(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return citizens' posts by class and reason code, most first. Columns CLASS_REASONS."""
    posted = func.count().label("posts")
    with engine.connect() as connection:
        rows = connection.execute(
            select(posts.c.post_class, posts.c.reason, posted)
            .where(*citizen_posts(where))
            .group_by(posts.c.post_class, posts.c.reason)
            .order_by(posted.desc(), posts.c.reason)
        ).all()
    return CLASS_REASONS.frame([tuple(row) for row in rows])
