"""Posts under review, newest first, and the rules of the filter."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select

from db.conditions import citizen_posts
from db.frames import FILTER_RULES, REVIEW_COUNTS, REVIEWS
from db.records import OPEN, PostFilter
from db.schema import filter_rules as filter_rules_table
from db.schema import post_reviews, posts
from db.search.details import results_of
from db.snapshot import Reader
from db.timeline import timeline_range

MAX_REVIEWS = 200


def reviews(reader: Reader, where: PostFilter, status: str = OPEN, limit: int = MAX_REVIEWS) -> pd.DataFrame:
    """Return the newest posts under review in this status; none of risk posts. Columns REVIEWS.

    A text is None where its platform does not allow it to be shown.
    """
    review = post_reviews.c
    statement = (
        _of_period(select(post_reviews), where)
        .join(posts, posts.c.id == review.post_id)
        .where(review.status == status, posts.c.is_risk.is_(False), *citizen_posts(where))
        .order_by(review.timeline_id.desc())
        .limit(limit)
    )
    with reader.connect() as connection:
        found = {row.post_id: row for row in connection.execute(statement)}
        results = results_of(connection, list(found))
    rows = [found[post_id] for post_id in results["post_id"]]
    of_reviews = {
        "suspected_class": [row.suspected_class for row in rows],
        "rule": [row.rule for row in rows],
        "rules_version": [row.rules_version for row in rows],
        "review_status": [row.status for row in rows],
        "decided_at": [row.decided_at for row in rows],
        "note": [row.note for row in rows],
    }
    return REVIEWS.of({name: results[name] for name in results.columns} | of_reviews)


def review_counts(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return how many posts of the period are or were under review. Columns REVIEW_COUNTS."""
    review = post_reviews.c
    statement = (
        _of_period(select(review.suspected_class, review.status, func.count()), where)
        .select_from(post_reviews)
        .group_by(review.suspected_class, review.status)
        .order_by(func.count().desc(), review.suspected_class, review.status)
    )
    if where.platforms or where.classes or where.departments:
        statement = statement.join(posts, posts.c.id == review.post_id).where(*citizen_posts(where))
    with reader.connect() as connection:
        return REVIEW_COUNTS.frame([tuple(row) for row in connection.execute(statement)])


def filter_rules(reader: Reader) -> pd.DataFrame:
    """Return the rules of the filter as they judged last, in the order in which they are asked. Columns FILTER_RULES."""
    rule = filter_rules_table.c
    statement = select(*(rule[name] for name in FILTER_RULES.columns)).order_by(rule.position)
    with reader.connect() as connection:
        return FILTER_RULES.frame([tuple(row) for row in connection.execute(statement)])


def _of_period(statement: Select[Any], where: PostFilter) -> Select[Any]:
    return statement.where(post_reviews.c.timeline_id.between(*timeline_range(where.synthetic, where.start, where.end)))
