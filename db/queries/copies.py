"""Which texts were said often: campaigns, reposts without a mark, answers from a template."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Subquery, func, select

from db.frames import COPY_GROUPS
from db.queries.counts import question_total
from db.records import UNASSIGNED, PostFilter
from db.schema import departments, post_copies, posts, questions
from db.search.details import results_of
from db.snapshot import Reader
from db.timeline import timeline_range

LARGEST = 20
MAX_COPIES = 20_000  # of a period, the newest; there are few periods with more


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """Questions of a period, and how many of them say once more what another of the period says.

    ``is_capped``: only the newest MAX_COPIES copies of the period were looked at, so that there are more.
    """

    questions: int
    repeated: int
    is_capped: bool

    @property
    def without_copies(self) -> int:
        """Questions where each group of copies counts once."""
        return self.questions - self.repeated


def copy_counts(reader: Reader, where: PostFilter) -> CopyCounts:
    """Count the questions of a period with and without copies; risk posts count as they are."""
    copy = _newest_copies(where)
    statement = select(
        func.count(), func.count(copy.c.question_id), func.count(copy.c.representative_id.distinct()).filter(
            copy.c.question_id.is_not(None)
        )
    )  # fmt: skip
    with reader.connect() as connection:
        read, asked, groups = connection.execute(statement.select_from(copy)).one()
        return CopyCounts(question_total(connection, where), asked - groups, read == MAX_COPIES)


def copy_groups(reader: Reader, where: PostFilter, limit: int = LARGEST) -> pd.DataFrame:
    """Return the largest groups of near-identical texts. Columns COPY_GROUPS.

    A group is counted by those of its posts that lie within ``where``, two or more; its representative may lie outside.
    Texts of fewer than 20 letters and digits are in no group. Departments are those of questions, so that with a
    department filter the city's answers are left out. No more than the newest MAX_COPIES copies are looked at.
    """
    copy = _newest_copies(where)
    number = func.count()
    statement = (
        select(
            copy.c.representative_id,
            number,
            func.count(copy.c.author_key.distinct()),
            func.count(copy.c.question_id),
            func.min(copy.c.created_at),
            func.max(copy.c.created_at),
            posts.c.is_inbound,
        )
        .join(posts, posts.c.id == copy.c.representative_id)
        .where(posts.c.is_risk.is_(False))
        .group_by(copy.c.representative_id, posts.c.is_inbound)
        .having(number > 1)
        .order_by(number.desc(), copy.c.representative_id)
        .limit(limit)
    )
    with reader.connect() as connection:
        rows = {row[0]: tuple(row[1:]) for row in connection.execute(statement)}
        firsts = results_of(connection, list(rows))
    return COPY_GROUPS.frame(
        [
            (first["post_id"], first["platform"], first["platform_post_id"], is_inbound, *counts, first["text"],
             first["export_text"], first["url"])
            for first in firsts.to_dict("records")
            for *counts, is_inbound in [rows[first["post_id"]]]
        ]
    )  # fmt: skip


def _newest_copies(where: PostFilter) -> Subquery:
    low, high = timeline_range(where.synthetic, where.start, where.end)
    statement = (
        select(
            post_copies.c.representative_id,
            posts.c.author_key,
            posts.c.created_at,
            questions.c.post_id.label("question_id"),
        )
        .join(posts, posts.c.id == post_copies.c.post_id)
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .where(posts.c.timeline_id.between(low, high), posts.c.is_risk.is_(False))
        .order_by(posts.c.timeline_id.desc())
        .limit(MAX_COPIES)
    )
    if where.platforms:
        statement = statement.where(posts.c.platform_id.in_(where.platforms))
    if where.classes:
        statement = statement.where(posts.c.post_class.in_(where.classes))
    if where.departments:
        department = func.coalesce(departments.c.code, UNASSIGNED)
        statement = statement.outerjoin(departments, departments.c.id == questions.c.department_id).where(
            questions.c.post_id.is_not(None), department.in_(where.departments)
        )
    return statement.subquery()
