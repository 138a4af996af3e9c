"""Which texts were said often: campaigns, reposts without a mark, answers from a template."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import func, select

from db.frames import COPY_GROUPS
from db.records import UNASSIGNED, PostFilter
from db.schema import departments, post_copies, posts, questions
from db.snapshot import Reader
from db.timeline import timeline_range

LARGEST = 20


def copy_groups(reader: Reader, where: PostFilter, limit: int = LARGEST) -> pd.DataFrame:
    """Return the largest groups of near-identical texts. Columns COPY_GROUPS.

    A group is counted by those of its posts that lie within ``where``, two or more; its representative may lie outside.
    Texts of fewer than 20 letters and digits are in no group. Departments are those of questions, so that with a
    department filter the city's answers are left out.
    """
    first = posts.alias("first")
    low, high = timeline_range(where.synthetic, where.start, where.end)
    number = func.count(posts.c.id)
    statement = (
        select(
            post_copies.c.representative_id,
            first.c.platform_id,
            first.c.platform_post_id,
            first.c.is_inbound,
            number,
            func.count(posts.c.author_key.distinct()),
            func.count(questions.c.post_id),
            func.min(posts.c.created_at),
            func.max(posts.c.created_at),
        )
        .join(posts, posts.c.id == post_copies.c.post_id)
        .join(first, first.c.id == post_copies.c.representative_id)
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .outerjoin(departments, departments.c.id == questions.c.department_id)
        .where(posts.c.timeline_id.between(low, high), posts.c.is_risk.is_(False))
        .group_by(post_copies.c.representative_id, first.c.platform_id, first.c.platform_post_id, first.c.is_inbound)
        .having(number > 1)
        .order_by(number.desc(), post_copies.c.representative_id)
        .limit(limit)
    )
    if where.platforms:
        statement = statement.where(posts.c.platform_id.in_(where.platforms))
    if where.classes:
        statement = statement.where(posts.c.post_class.in_(where.classes))
    if where.departments:
        department = func.coalesce(departments.c.code, UNASSIGNED)
        statement = statement.where(questions.c.post_id.is_not(None), department.in_(where.departments))
    with reader.connect() as connection:
        return COPY_GROUPS.frame([tuple(row) for row in connection.execute(statement)])
