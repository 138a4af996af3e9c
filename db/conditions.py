"""A filter, as conditions on the rows; :mod:`db.queries.periods` has those on the roll-ups."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select

from db.records import UNASSIGNED, PostFilter
from db.schema import departments, posts, questions
from db.timeline import timeline_range


def citizen_posts(where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for citizens' posts of ``where``, on ``posts``.

    A department is responsible for questions only, so naming one leaves the other classes out.
    """
    conditions: list[ColumnElement[bool]] = [
        posts.c.is_synthetic.is_(where.synthetic),
        posts.c.is_inbound.is_(True),
        posts.c.created_day.between(where.start, where.end),
        posts.c.timeline_id.between(*timeline_range(where.synthetic, where.start, where.end)),  # the same, by an index
    ]
    if where.platforms:
        conditions.append(posts.c.platform_id.in_(where.platforms))
    if where.classes:
        conditions.append(posts.c.post_class.in_(where.classes))
    if where.departments:
        conditions.append(posts.c.id.in_(select(questions.c.post_id).where(_responsible(where))))
    return conditions


def asked_questions(where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for questions of ``where``, on ``questions``."""
    conditions: list[ColumnElement[bool]] = [
        questions.c.is_synthetic == where.synthetic,
        questions.c.asked_day.between(where.start, where.end),
    ]
    if where.platforms:
        conditions.append(questions.c.platform_id.in_(where.platforms))
    if where.departments:
        conditions.append(_responsible(where))
    if where.classes and "question" not in where.classes:
        conditions.append(false())
    return conditions


def _responsible(where: PostFilter) -> ColumnElement[bool]:
    named = select(departments.c.id).where(departments.c.code.in_(where.departments))
    condition: ColumnElement[bool] = questions.c.department_id.in_(named)
    if UNASSIGNED in where.departments:
        condition = or_(condition, questions.c.department_id.is_(None))
    return condition
