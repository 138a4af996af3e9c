"""A filter, as conditions on the tables. Every query takes its WHERE from here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select

from db.records import UNASSIGNED, PostFilter
from db.schema import accounts, departments, posts, questions

HIDDEN_CLASSES = ("ad", "spam", "political")


def citizen_posts(where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for citizens' posts of ``where``, on ``posts``.

    A department is responsible for questions only, so naming one leaves the other classes out.
    """
    conditions: list[ColumnElement[bool]] = [
        posts.c.is_synthetic.is_(where.synthetic),
        posts.c.is_inbound.is_(True),
        posts.c.created_day.between(where.start, where.end),
    ]
    if where.platforms:
        conditions.append(posts.c.platform_id.in_(where.platforms))
    if where.classes:
        conditions.append(posts.c.post_class.in_(where.classes))
    if where.departments:
        conditions.append(posts.c.id.in_(select(questions.c.post_id).where(_responsible(where))))
    return conditions


def asked_questions(where: PostFilter, *, ignore_start: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions for questions of ``where``, on ``questions``.

    ``ignore_start`` is for stocks: what was asked before the period and is open still counts.
    """
    conditions: list[ColumnElement[bool]] = [
        questions.c.is_synthetic.is_(where.synthetic),
        questions.c.asked_day <= where.end,
    ]
    if not ignore_start:
        conditions.append(questions.c.asked_day >= where.start)
    if where.platforms:
        conditions.append(questions.c.platform_id.in_(where.platforms))
    if where.departments:
        conditions.append(_responsible(where))
    if where.classes and "question" not in where.classes:
        conditions.append(false())
    return conditions


def city_posts(where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for the city's own posts of ``where``, on ``posts``."""
    conditions: list[ColumnElement[bool]] = [
        posts.c.is_synthetic.is_(where.synthetic),
        posts.c.is_inbound.is_(False),
        posts.c.created_day.between(where.start, where.end),
    ]
    if where.platforms:
        conditions.append(posts.c.platform_id.in_(where.platforms))
    if where.departments:
        own = (
            select(accounts.c.id)
            .join(departments, departments.c.id == accounts.c.department_id)
            .where(departments.c.code.in_(where.departments))
        )
        conditions.append(posts.c.account_id.in_(own))
    return conditions


def _responsible(where: PostFilter) -> ColumnElement[bool]:
    named = select(departments.c.id).where(departments.c.code.in_(where.departments))
    condition: ColumnElement[bool] = questions.c.department_id.in_(named)
    if UNASSIGNED in where.departments:
        condition = or_(condition, questions.c.department_id.is_(None))
    return condition
