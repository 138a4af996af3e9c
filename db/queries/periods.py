"""Roll-ups over a period: wide spans in its middle, days at its ends, each one range of the primary key.

What a query reads grows with days, platforms and departments, never with posts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    Table,
    bindparam,
    false,
    or_,
    select,
    type_coerce,
    union_all,
)

from db.records import UNASSIGNED, PostFilter
from db.rollups.counts import NONE
from db.rollups.reading import Conditions, Ints
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


_TERM_STARTS = type_coerce(term_counts.c.start, Integer)
_OF_SPAN = (term_counts.c.is_synthetic == bindparam("kind"), term_counts.c.span == bindparam("of_span"))
# Each start is named, so that the engine looks the terms up instead of reading all that lie between them.
_SAID = {
    measure: select(_TERM_STARTS, term_counts.c.term_id, term_counts.c[measure]).where(
        *_OF_SPAN,
        _TERM_STARTS.in_(bindparam("starts", expanding=True)),
        term_counts.c.term_id.in_(bindparam("ids", expanding=True)),
    )
    for measure in ("questions", "listed", "authors")
}
_MOST_FREQUENT = (
    select(term_counts.c.term_id, term_counts.c.listed)
    .where(*_OF_SPAN, bindparam("first") == _TERM_STARTS, term_counts.c.term_id > 0, IS_FREQUENT)
    .order_by(term_counts.c.listed.desc())
    .limit(bindparam("most"))
)


def said_in_each(
    connection: Connection, where: PostFilter, term_ids: Sequence[int], measure: str, spans: Sequence[int]
) -> Ints:
    """Return a measure of some terms in each day or week of ``where``: rows of the first day's ordinal, term, measure."""
    rows: list[tuple[int, int, int]] = []
    for stretch in cover(where.start, where.end, spans) if term_ids else ():
        starts = [day.toordinal() for day in starts_of(stretch)]
        given = {"kind": where.synthetic, "of_span": stretch.span, "starts": starts, "ids": list(term_ids)}
        with connection.execute(_SAID[measure], given) as result:
            rows += result.cursor.fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def frequent_in_each(connection: Connection, where: PostFilter, limit: int) -> tuple[list[int], int | None]:
    """Return the words that are among the ``limit`` most frequent of any day, week or block of ``where``.

    Returns
    -------
    ids, ascending
    the most questions any other word can be in, in all of ``where``; None where all words were read that are
    in FREQUENT questions of any cell
    """
    ids: set[int] = set()
    read: list[tuple[int, int]] = []
    cells = [(stretch.span, start) for stretch in cover(where.start, where.end) for start in starts_of(stretch)]
    for span, start in cells:
        given = {"kind": where.synthetic, "of_span": span, "first": start.toordinal(), "most": limit}
        with connection.execute(_MOST_FREQUENT, given) as result:
            found = result.cursor.fetchall()
        if found:
            ids.update(id_ for id_, _ in found)
            read.append((len(found), found[-1][1]))
    # Where fewer than the limit came, the others of that cell are in fewer than FREQUENT questions.
    rests = [fewest if words == limit else FREQUENT - 1 for words, fewest in read]
    if not any(words == limit for words, _ in read):
        return sorted(ids), None
    return sorted(ids), sum(rests) + (FREQUENT - 1) * (len(cells) - len(read))


def monday(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())
