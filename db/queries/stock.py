"""What waited for an answer at the end of a day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, Select, func, literal, select, true, type_coerce

from db.frames import UNANSWERED_AGES
from db.queries.counts import question_days, question_sums
from db.queries.extent import DataExtent, data_extent
from db.queries.names import NOBODY, department_names
from db.queries.periods import of_questions
from db.records import AGE_BANDS, KST, PostFilter
from db.schema import closed_questions
from db.snapshot import Reader

BANDS = tuple(name for name, _, _ in AGE_BANDS)
UPPER_DAYS = tuple(upper for _, _, upper in AGE_BANDS if upper is not None)  # of all but the last band, which is open


def unanswered_ages(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count what was unanswered at the end of the period, by age and department. Columns UNANSWERED_AGES.

    A stock, not a flow: ``where.start`` plays no part. Questions answered or removed later were open then and count.
    Ages are whole calendar days: what was asked on the last day itself is in the first band, what was asked the day
    before in the second.
    """
    extent = data_extent(reader, where.synthetic)
    last = stock_day(extent, where)
    if last is None or extent.first_day is None:
        return UNANSWERED_AGES.frame()
    open_questions: Counter[tuple[str, int]] = Counter()
    with reader.connect() as connection:
        names = department_names(connection)
        for band, department, count in _never_closed(connection, where, extent.first_day, last):
            open_questions[band, department] += count
        for asked, department, count in connection.execute(_closed_later(where, last)):
            open_questions[_band(last.toordinal() - asked), department] += int(count)
    rows = [
        (band, *names.get(department, NOBODY), count) for (band, department), count in open_questions.items() if count
    ]
    return UNANSWERED_AGES.frame(sorted(rows, key=lambda row: (-row[4], row[:2])))


def stock_day(extent: DataExtent, where: PostFilter) -> dt.date | None:
    """Return the KST day at whose end the stock is taken: the period's last, at the latest that of the cut-off."""
    return min(where.end, extent.as_of.astimezone(KST).date()) if extent.as_of else None


def _band(age_days: int) -> str:
    return BANDS[bisect_right(UPPER_DAYS, age_days)]


def _never_closed(
    connection: Connection, where: PostFilter, first: dt.date, last: dt.date
) -> Iterator[tuple[str, int, int]]:
    """Yield how many questions still wait: age band, department and count."""
    since = last - dt.timedelta(days=UPPER_DAYS[-1] - 1)
    older = question_sums(
        connection, replace(where, start=first, end=since - dt.timedelta(days=1)), ("department_id",), ("waiting",)
    )
    for (department,), (count,) in older.items():
        yield BANDS[-1], department, count
    recent = question_days(connection, replace(where, start=since, end=last), ("department_id",), "waiting")
    departments, codes = recent.codes(0)
    bands = np.searchsorted(UPPER_DAYS, last.toordinal() - recent.days, side="right")
    cells = np.bincount(bands * len(departments) + codes, recent.counts, len(BANDS) * len(departments))
    for cell in np.flatnonzero(cells).tolist():
        yield BANDS[cell // len(departments)], departments[cell % len(departments)], int(cells[cell])


def _closed_later(where: PostFilter, last: dt.date) -> Select[Any]:
    """Return what was open at the end of ``last`` and has been closed since, by the day asked and department."""
    table = closed_questions
    newest = (
        select(func.max(type_coerce(table.c.closed_day, Integer)))
        .where(table.c.is_synthetic == where.synthetic)
        .scalar_subquery()
    )
    # Each day's rows begin with the oldest questions, so that only those open on ``last`` are read of it.
    days = select(literal(last.toordinal() + 1, Integer).label("day")).cte("days", recursive=True)
    days = days.union_all(select(days.c.day + 1).where(days.c.day < newest))
    asked = type_coerce(table.c.asked_day, Integer)
    return (
        select(asked.label("asked"), table.c.department_id, func.sum(table.c.questions).label("questions"))
        .select_from(days)
        .join(table, true())
        .where(
            table.c.is_synthetic == where.synthetic,
            type_coerce(table.c.closed_day, Integer) == days.c.day,
            asked <= last.toordinal(),
            *of_questions(table, where),
        )
        .group_by(table.c.asked_day, table.c.department_id)
    )
