"""Roll-ups over a period: wide spans in its middle, days at its ends, each one range of the primary key.

What a query reads grows with days, platforms and departments, never with posts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, Table, false, literal, or_, select, union_all

from db.records import UNASSIGNED, PostFilter
from db.rollups.counts import NONE
from db.rollups.spans import SPANS, Stretch, cover, starts_of
from db.schema import (
    FREQUENT,
    IS_FREQUENT,
    accounts,
    departments,
    post_counts,
    term_counts,
)

QUESTION = "question"
Conditions = Sequence[ColumnElement[bool]]


def over(
    table: Table,
    where: PostFilter,
    columns: Sequence[ColumnElement[Any]],
    conditions: Conditions = (),
    spans: Sequence[int] = SPANS,
) -> Subquery:
    """Return ``columns`` of the rows of a roll-up that together are the days of ``where``.

    Parameters
    ----------
    conditions : on ``table``, beside the kind of data and the days
    """
    stretches = cover(where.start, where.end, spans)
    return joined([rows_of(table, where.synthetic, stretch, columns, conditions) for stretch in stretches], columns)


def rows_of(
    table: Table,
    synthetic: bool,
    stretch: Stretch,
    columns: Sequence[ColumnElement[Any]],
    conditions: Conditions = (),
) -> Select[Any]:
    """Return ``columns`` of the rows of one stretch: a range of the primary key."""
    return select(*columns).where(
        table.c.is_synthetic == synthetic,
        table.c.span == stretch.span,
        table.c.start.between(stretch.first, stretch.last),
        *conditions,
    )


def joined(parts: Sequence[Select[Any]], columns: Sequence[ColumnElement[Any]]) -> Subquery:
    """Return the rows of all ``parts``; of no part an empty table of ``columns``."""
    if not parts:
        return select(*columns).where(false()).subquery()
    # One SELECT alone keeps the order of its index, so that grouping by day needs no sorting.
    return parts[0].subquery() if len(parts) == 1 else union_all(*parts).subquery()


def of_posts(table: Table, where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of ``where`` besides its days on ``class_counts`` or ``post_counts``."""
    conditions: list[ColumnElement[bool]] = []
    if where.platforms:
        conditions.append(table.c.platform_id.in_(where.platforms))
    if where.classes:
        conditions.append(table.c.post_class.in_(where.classes))
    if where.departments:
        # What is no question stands under department 0 as well.
        conditions += [table.c.post_class == QUESTION, is_responsible(table, where)]
    return conditions


def of_questions(table: Table, where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of ``where`` besides its days on a roll-up of questions."""
    conditions: list[ColumnElement[bool]] = []
    if where.platforms:
        conditions.append(table.c.platform_id.in_(where.platforms))
    if where.departments:
        conditions.append(is_responsible(table, where))
    if where.classes and QUESTION not in where.classes:
        conditions.append(false())
    return conditions


def is_responsible(table: Table, where: PostFilter) -> ColumnElement[bool]:
    """Return the condition that a department of ``where`` is the responsible one."""
    named = select(departments.c.id).where(departments.c.code.in_(where.departments))
    condition: ColumnElement[bool] = table.c.department_id.in_(named)
    if UNASSIGNED in where.departments:
        condition = or_(condition, table.c.department_id == NONE)
    return condition


def detailed_posts(where: PostFilter) -> Subquery:
    """Return the citizens' posts of ``where``: columns platform_id, post_class, reason, receiving_account_id, posts."""
    table = post_counts
    columns = [table.c.platform_id, table.c.post_class, table.c.reason, table.c.receiving_account_id, table.c.posts]
    return over(table, where, columns, of_posts(table, where))


def of_cities(table: Table, where: PostFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of ``where`` besides its days on ``city_post_counts``: by the account's department."""
    conditions: list[ColumnElement[bool]] = []
    if where.platforms:
        conditions.append(table.c.platform_id.in_(where.platforms))
    if where.departments:
        own = (
            select(accounts.c.id)
            .join(departments, departments.c.id == accounts.c.department_id)
            .where(departments.c.code.in_(where.departments))
        )
        conditions.append(table.c.account_id.in_(own))
    return conditions


def said_in_each(where: PostFilter, term_ids: Sequence[int], measure: str, spans: Sequence[int]) -> Subquery:
    """Return a measure of some terms in each day or week of ``where``: columns start, term_id and ``measure``.

    Each start is named, so that the engine looks the terms up instead of reading all that lie between them.
    """
    table = term_counts
    columns = [table.c.start, table.c.term_id, table.c[measure]]
    parts = [
        select(*columns).where(
            table.c.is_synthetic == where.synthetic,
            table.c.span == stretch.span,
            table.c.start.in_(starts_of(stretch)),
            table.c.term_id.in_(term_ids),
        )
        for stretch in cover(where.start, where.end, spans)
    ]
    return joined(parts, columns)


def frequent_in_each(connection: Connection, where: PostFilter, limit: int) -> tuple[list[int], int | None]:
    """Return the words that are among the ``limit`` most frequent of any day, week or block of ``where``.

    Returns
    -------
    ids, ascending
    the most questions any other word can be in, in all of ``where``; None where all words were read that are
    in FREQUENT questions of any cell
    """
    table = term_counts
    parts: list[Select[Any]] = []
    for stretch in cover(where.start, where.end):
        for start in starts_of(stretch):
            cell = literal(len(parts)).label("cell")
            most = (
                select(cell, table.c.term_id, table.c.listed)
                .where(
                    table.c.is_synthetic == where.synthetic,
                    table.c.span == stretch.span,
                    table.c.start == start,
                    table.c.term_id > 0,
                    IS_FREQUENT,
                )
                .order_by(table.c.listed.desc())
                .limit(limit)
                .subquery()
            )
            parts.append(select(most))
    if not parts:
        return [], None
    ids: set[int] = set()
    read: dict[int, tuple[int, int]] = {}
    for number, id_, listed in connection.execute(union_all(*parts)):
        ids.add(id_)
        words, fewest = read.get(number, (0, listed))
        read[number] = (words + 1, min(fewest, listed))
    # Where fewer than the limit came, the others of that cell are in fewer than FREQUENT questions.
    rests = [fewest if words == limit else FREQUENT - 1 for words, fewest in read.values()]
    if not any(words == limit for words, _ in read.values()):
        return sorted(ids), None
    return sorted(ids), sum(rests) + (FREQUENT - 1) * (len(parts) - len(read))


def monday(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())
