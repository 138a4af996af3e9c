"""What waited for an answer at the end of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import Integer, Select, func, literal, select, true, type_coerce, union_all

from db.frames import UNANSWERED_AGES
from db.queries.extent import DataExtent, data_extent
from db.queries.periods import of_questions, rows_of
from db.records import AGE_BANDS, KST, UNASSIGNED, PostFilter
from db.rollups.spans import SPANS, cover
from db.schema import closed_questions, departments, question_counts
from db.snapshot import Reader


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
    parts = [*_never_closed(where, extent.first_day, last), _closed_later(where, last)]
    with reader.connect() as connection:
        names = {row.id: tuple(row)[1:] for row in connection.execute(
            select(departments.c.id, departments.c.code, departments.c.name_ko, departments.c.name_en)
        )}  # fmt: skip
        found = connection.execute(union_all(*parts)).all()
    open_questions: dict[tuple[str, int], int] = {}
    for asked, department, count in found:
        key = (_band(last.toordinal() - asked), department)
        open_questions[key] = open_questions.get(key, 0) + int(count)
    nobody = (UNASSIGNED, "미지정", "Unassigned")
    rows = [(band, *names.get(department, nobody), count) for (band, department), count in open_questions.items()]
    return UNANSWERED_AGES.frame(sorted(rows, key=lambda row: (-row[4], row[:2])))


def stock_day(extent: DataExtent, where: PostFilter) -> dt.date | None:
    """Return the KST day at whose end the stock is taken: the period's last, at the latest that of the cut-off."""
    return min(where.end, extent.as_of.astimezone(KST).date()) if extent.as_of else None


def _band(age_days: int) -> str:
    return next(name for name, _, upper in AGE_BANDS if upper is None or age_days < upper)


def _ranges(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield the days on which each band's questions were asked; none before ``first``."""
    for _, lower, upper in AGE_BANDS:
        start = first if upper is None else max(first, last - dt.timedelta(days=upper - 1))
        yield start, last - dt.timedelta(days=lower)


def _never_closed(where: PostFilter, first: dt.date, last: dt.date) -> Iterator[Select[Any]]:
    """Yield what still waits, by the first day of rows that lie within one band, and department."""
    table = question_counts
    columns = [
        type_coerce(table.c.start, Integer).label("asked"),
        table.c.department_id,
        func.sum(table.c.waiting).label("questions"),
    ]
    for start, end in _ranges(first, last):
        for stretch in cover(start, end, SPANS):
            conditions = [table.c.waiting > 0, *of_questions(table, where)]
            rows = rows_of(table, where.synthetic, stretch, columns, conditions)
            yield rows.group_by(table.c.start, table.c.department_id)


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
