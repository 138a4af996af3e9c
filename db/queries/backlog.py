"""The backlog: how it grew and aged from week to week, and which questions have waited longest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, func, literal, select, true, type_coerce

from db.frames import SEARCH_RESULTS, UNANSWERED_WEEKS
from db.queries.counts import question_days, question_sums
from db.queries.extent import data_extent
from db.queries.periods import of_questions
from db.queries.stock import BANDS, UPPER_DAYS, stock_day
from db.records import PostFilter
from db.rollups.counts import NONE
from db.rollups.reading import Ints
from db.rollups.spans import BLOCK, WEEK, dates
from db.schema import closed_questions, posts, question_counts, questions
from db.search.details import results_of
from db.snapshot import Reader

MAX_WEEKS = 26  # points; every day of them has as many rows as departments, platforms and ages of what was closed on it
OLDEST = 20
MAX_CELLS = 120  # days of a department that are looked through for the oldest: posts of the restricted queue wait too


def unanswered_weeks(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count what was unanswered at the end of every seventh day, by age. Columns UNANSWERED_WEEKS.

    The last point is that of :func:`db.queries.unanswered_ages`; the others lie whole weeks before it, within the period and
    the data, MAX_WEEKS of them at most. What has been closed since was open then and counts.
    """
    extent = data_extent(reader, where.synthetic)
    last = stock_day(extent, where)
    if last is None or extent.first_day is None:
        return UNANSWERED_WEEKS.frame()
    first_point = max(where.start, extent.first_day)
    weeks = min((last - first_point).days // WEEK, MAX_WEEKS - 1) if first_point <= last else -1
    points = last.toordinal() - WEEK * np.arange(weeks, -1, -1)
    if not len(points):
        return UNANSWERED_WEEKS.frame()
    with reader.connect() as connection:
        stock = _still_waiting(connection, where, extent.first_day, points)
        stock += _closed_since(connection, where, points)
    if not stock.any():
        return UNANSWERED_WEEKS.frame()
    point, band = np.indices(stock.shape)
    days = dates(points)[point.ravel()].astype("datetime64[ns]")
    return UNANSWERED_WEEKS.of(
        {"day": days, "band": [BANDS[place] for place in band.ravel().tolist()], "questions": stock.ravel()}
    )


def _still_waiting(connection: Connection, where: PostFilter, first: dt.date, points: Ints) -> Ints:
    """Return how many of those who wait to this day were open at each point, by age: points in rows, bands in columns."""
    recent_from = int(points[0]) - UPPER_DAYS[-1] + 1  # whoever was asked before is in the last band at every point
    stock = np.zeros((len(points), len(BANDS)), dtype=np.int64)
    before = replace(where, start=first, end=dt.date.fromordinal(recent_from - 1))
    older = question_sums(connection, before, (), ("waiting",))
    stock[:, -1] += sum(count for (count,) in older.values())
    within = replace(where, start=dt.date.fromordinal(recent_from), end=dt.date.fromordinal(int(points[-1])))
    waiting = question_days(connection, within, (), "waiting")
    for row, point in enumerate(points.tolist()):
        _add(stock[row], point, waiting.days, waiting.counts)
    return stock


def _add(bands: Ints, point: int, asked: Ints, counts: Ints) -> None:
    """Add to the bands of a point what had been asked until then."""
    is_asked = asked <= point
    places = np.searchsorted(UPPER_DAYS, point - asked[is_asked], side="right")
    bands += np.bincount(places, counts[is_asked], len(BANDS)).astype(np.int64)


def _closed_since(connection: Connection, where: PostFilter, points: Ints) -> Ints:
    """Return the same of those who were closed after a point."""
    table = closed_questions
    closed, asked = type_coerce(table.c.closed_day, Integer), type_coerce(table.c.asked_day, Integer)
    newest = select(func.max(closed)).where(table.c.is_synthetic == where.synthetic).scalar_subquery()
    # Day by day, because each day's rows begin with the oldest questions: of later days only those asked before are read.
    days = select(literal(int(points[0]) + 1, Integer).label("day")).cte("days", recursive=True)
    days = days.union_all(select(days.c.day + 1).where(days.c.day < newest))
    statement = (
        select(closed, asked, func.sum(table.c.questions))
        .select_from(days)
        .join(table, true())
        .where(
            table.c.is_synthetic == where.synthetic,
            closed == days.c.day,
            asked <= int(points[-1]),
            *of_questions(table, where),
        )
        .group_by(table.c.closed_day, table.c.asked_day)
    )
    found = [(int(shut), int(open_), int(count)) for shut, open_, count in connection.execute(statement)]
    rows = np.array(found, dtype=np.int64).reshape(-1, 3)
    stock = np.zeros((len(points), len(BANDS)), dtype=np.int64)
    for row, point in enumerate(points.tolist()):
        later = rows[rows[:, 0] > point]
        _add(stock[row], point, later[:, 1], later[:, 2])
    return stock


def oldest_unanswered(reader: Reader, where: PostFilter, limit: int = OLDEST) -> pd.DataFrame:
    """Return the questions asked until the end of the period that have waited longest for an answer. Columns SEARCH_RESULTS.

    They wait to this day. Posts of the restricted queue are never listed. The roll-up says on which days somebody of which
    department waits, and only these are looked up; where most who wait are in the restricted queue, fewer may be found.
    """
    extent = data_extent(reader, where.synthetic)
    if extent.first_day is None:
        return SEARCH_RESULTS.frame()
    found: list[tuple[dt.datetime, int]] = []
    last_day = 0
    with reader.connect() as connection:
        for day, department in _oldest_cells(connection, replace(where, start=extent.first_day)):
            if len(found) >= limit and day > last_day:
                break
            found += _waiting_of(connection, where, day, department)
            last_day = day
        return results_of(connection, [post_id for _, post_id in sorted(found)[:limit]])


def _oldest_cells(connection: Connection, where: PostFilter) -> Iterator[tuple[int, int]]:
    """Yield the day and department of the questions that wait, the oldest first, MAX_CELLS of them at most."""
    start = type_coerce(question_counts.c.start, Integer)
    blocks = connection.execute(
        select(start, func.sum(question_counts.c.waiting))
        .where(
            question_counts.c.is_synthetic == where.synthetic,
            start <= where.end.toordinal(),
            *of_questions(question_counts, where),
        )
        .group_by(question_counts.c.start)
        .order_by(question_counts.c.start)
    ).all()
    left = MAX_CELLS
    for block, waiting in blocks:
        if not waiting:
            continue
        last = min(dt.date.fromordinal(block + BLOCK - 1), where.end)
        asked = question_days(
            connection, replace(where, start=dt.date.fromordinal(block), end=last), ("department_id",), "waiting"
        )
        departments, codes = asked.codes(0)
        has_some = asked.counts > 0
        cells = sorted(set(zip(asked.days[has_some].tolist(), codes[has_some].tolist(), strict=True)))[:left]
        for day, code in cells:
            yield day, departments[code]
        left -= len(cells)
        if left <= 0:
            return


def _waiting_of(connection: Connection, where: PostFilter, day: int, department: int) -> list[tuple[dt.datetime, int]]:
    """Return when the questions of a day and department were asked that wait and may be listed, and their posts."""
    asked = questions.c
    statement = (
        select(asked.asked_at, asked.post_id)
        .join(posts, posts.c.id == asked.post_id)
        .where(
            asked.is_synthetic == where.synthetic,
            asked.department_id.is_(None) if department == NONE else asked.department_id == department,
            asked.asked_day == dt.date.fromordinal(day),
            asked.answers_collected.is_(True),
            asked.first_answer_post_id.is_(None),
            asked.is_risk.is_(False),
            posts.c.removed_at.is_(None),
        )
    )
    if where.platforms:
        statement = statement.where(asked.platform_id.in_(where.platforms))
    return [(moment, post_id) for moment, post_id in connection.execute(statement)]
