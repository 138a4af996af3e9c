"""Posts under review, newest first, and the rules of the filter."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select

from db.conditions import citizen_posts
from db.frames import FILTER_RULES, REVIEW_COUNTS, REVIEWS
from db.records import OPEN, PostFilter
from db.schema import filter_rules as filter_rules_table
from db.schema import post_reviews, posts
from db.search.details import results_of
from db.snapshot import Reader
from db.timeline import timeline_range

MAX_REVIEWS = 200
# Within a filter so many of the newest are looked at, however few of them are of it.
MAX_EXAMINED = 2_000
_AT_ONCE = 100


def reviews(reader: Reader, where: PostFilter, status: str = OPEN, limit: int = MAX_REVIEWS) -> pd.DataFrame:
    """Return the newest posts under review in this status; none of risk posts. Columns REVIEWS.

    A text is None where its platform does not allow it to be shown.
    """
    review = post_reviews.c
    listed: list[Row[Any]] = []
    with reader.connect() as connection:
        newest = (
            select(post_reviews)
            .where(review.status == status, _is_of_period(where))
            .order_by(review.timeline_id.desc())
            .limit(MAX_EXAMINED)
        )
        candidates = connection.execute(newest).all()
        for start in range(0, len(candidates), _AT_ONCE):
            chunk = candidates[start : start + _AT_ONCE]
            wanted = _of_filter(connection, where, [row.post_id for row in chunk])
            listed += [row for row in chunk if row.post_id in wanted]
            if len(listed) >= limit:
                break
        listed = listed[:limit]
        results = results_of(connection, [row.post_id for row in listed])
    own = ("suspected_class", "rule", "rules_version", "decided_at", "note")
    of_reviews = {name: [getattr(row, name) for row in listed] for name in own}
    of_posts = {name: results[name] for name in results.columns}
    return REVIEWS.of(of_posts | of_reviews | {"review_status": [row.status for row in listed]})


def review_counts(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return how many posts of the period are or were under review. Columns REVIEW_COUNTS.

    With a filter beside the period they are counted among the newest MAX_EXAMINED.
    """
    review = post_reviews.c
    counts: Counter[tuple[str, str]] = Counter()
    with reader.connect() as connection:
        if where.platforms or where.classes or where.departments:
            newest = select(post_reviews).where(_is_of_period(where)).order_by(review.timeline_id.desc())
            rows = connection.execute(newest.limit(MAX_EXAMINED)).all()
            wanted = _of_filter(connection, where, [row.post_id for row in rows])
            counts.update((row.suspected_class, row.status) for row in rows if row.post_id in wanted)
        else:
            keys = (review.suspected_class, review.status)
            grouped = select(*keys, func.count()).where(_is_of_period(where)).group_by(*keys)
            counts.update({(post_class, status): posts for post_class, status, posts in connection.execute(grouped)})
    return REVIEW_COUNTS.frame(
        [(*key, posts) for key, posts in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    )


def filter_rules(reader: Reader) -> pd.DataFrame:
    """Return the rules of the filter as they judged last, in the order in which they are asked. Columns FILTER_RULES."""
    rule = filter_rules_table.c
    statement = select(*(rule[name] for name in FILTER_RULES.columns)).order_by(rule.position)
    with reader.connect() as connection:
        return FILTER_RULES.frame([tuple(row) for row in connection.execute(statement)])


def _is_of_period(where: PostFilter) -> ColumnElement[bool]:
    return post_reviews.c.timeline_id.between(*timeline_range(where.synthetic, where.start, where.end))


def _of_filter(connection: Connection, where: PostFilter, post_ids: list[int]) -> set[int]:
    """Return which of these posts are of the filter and may be listed."""
    of_ids = posts.c.id.in_(bindparam("ids", expanding=True))
    statement = select(posts.c.id).where(of_ids, posts.c.is_risk.is_(False), *citizen_posts(where))
    return set(connection.scalars(statement, {"ids": post_ids})) if post_ids else set()
