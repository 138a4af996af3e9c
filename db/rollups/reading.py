"""Counts of a period: sums of whole 13 weeks from plain columns, single days from the packed ones.

What is read grows with 13-week blocks, platforms and departments, never with posts; days cost no row of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, func, select, type_coerce
from sqlalchemy.types import NullType

from db.packing import unpack_day_counts
from db.records import PostFilter
from db.rollups.counts import MEASURES
from db.rollups.daily import DAYS
from db.rollups.spans import BLOCK, start_of
from db.schema import class_counts

Ints = npt.NDArray[np.int64]
Conditions = Sequence[ColumnElement[bool]]
Sums = dict[tuple[Any, ...], list[int]]  # key -> measures


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Counts of single days, one entry for each day and stored row on which there is anything.

    ``days`` are ordinals; ``rows`` says of each entry whose key in ``keys`` it has; ``counts`` has a column for each
    measure that was asked for.
    """

    days: Ints
    rows: Ints
    counts: Ints
    keys: list[tuple[Any, ...]]

    def by_day(self, first: dt.date, days: int, measure: int = 0, of: Iterable[bool] | None = None) -> Ints:
        """Return the sum of a measure for each of so many days; ``of`` says which of ``keys`` take part."""
        places, counts = self.days - first.toordinal(), self.counts[:, measure]
        if of is not None:
            wanted = np.fromiter(of, dtype=bool, count=len(self.keys))[self.rows]
            places, counts = places[wanted], counts[wanted]
        return np.bincount(places, counts, days).astype(np.int64)

    def codes(self, place: int) -> tuple[list[Any], Ints]:
        """Return the different values of a part of the key, ascending, and which of them each entry has."""
        values = sorted({key[place] for key in self.keys})
        numbers = {value: number for number, value in enumerate(values)}
        of_row = np.fromiter((numbers[key[place]] for key in self.keys), dtype=np.int64, count=len(self.keys))
        return values, of_row[self.rows]


def days_with_posts(connection: Connection, synthetic: bool) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day on which a citizen posted; None where nobody ever did."""
    is_of = class_counts.c.is_synthetic == synthetic
    outermost = connection.execute(
        select(func.min(class_counts.c.start), func.max(class_counts.c.start)).where(is_of)
    ).one()
    if outermost[0] is None:
        return None
    first, last = (
        _entries(connection, class_counts, [is_of, class_counts.c.start == start], (), ("posts",))
        for start in outermost
    )
    return dt.date.fromordinal(int(first.days.min())), dt.date.fromordinal(int(last.days.max()))


def sums(
    connection: Connection,
    table: Table,
    where: PostFilter,
    keys: Sequence[str],
    measures: Sequence[str],
    conditions: Conditions,
) -> Sums:
    """Return the sums of ``measures`` over the days of ``where``, by ``keys``; what is all zero is left out.

    Parameters
    ----------
    conditions : on ``table``, beside the kind of data and the days
    """
    low, high = where.start.toordinal(), where.end.toordinal()
    whole, after = low + (1 - low) % BLOCK, high + 1 - high % BLOCK  # blocks that lie within the period
    found: Sums = {}
    is_of = table.c.is_synthetic == where.synthetic
    if whole < after:
        inside = type_coerce(table.c.start, Integer).between(whole, after - BLOCK)
        columns = [table.c[name] for name in keys]
        statement = (
            select(*columns, *(func.sum(table.c[name]) for name in measures))
            .where(is_of, inside, *conditions)
            .group_by(*columns)
        )
        for row in connection.execute(statement):
            key = tuple(row[: len(keys)])
            if row[-1] is not None:  # a sum of nothing, where there is no key to group by
                found[key] = [int(value) for value in row[len(keys) :]]
    edges = sorted({start_of(day, BLOCK) for day in (where.start, where.end)})
    edges = [day for day in edges if not whole <= day.toordinal() < after]
    if edges and low <= high:
        entries = _entries(connection, table, [is_of, table.c.start.in_(edges), *conditions], keys, measures)
        _add(found, entries, low, high)
    return {key: counts for key, counts in found.items() if any(counts)}


def day_counts(
    connection: Connection,
    table: Table,
    where: PostFilter,
    keys: Sequence[str],
    measures: Sequence[str],
    conditions: Conditions,
) -> DayCounts:
    """Return ``measures`` on each day of ``where``, by ``keys``."""
    start = type_coerce(table.c.start, Integer)
    low, high = where.start.toordinal(), where.end.toordinal()
    inside = start.between(start_of(where.start, BLOCK).toordinal(), high)
    entries = _entries(
        connection, table, [table.c.is_synthetic == where.synthetic, inside, *conditions], keys, measures
    )
    if (entries.days >= low).all() and (entries.days <= high).all():
        return entries
    wanted = (entries.days >= low) & (entries.days <= high)
    return DayCounts(entries.days[wanted], entries.rows[wanted], entries.counts[wanted], entries.keys)


def _entries(
    connection: Connection,
    table: Table,
    conditions: Sequence[ColumnElement[bool]],
    keys: Sequence[str],
    measures: Sequence[str],
) -> DayCounts:
    """Return the days of the rows that fulfil ``conditions``."""
    statement: Select[Any] = select(
        type_coerce(table.c.start, Integer), type_coerce(table.c[DAYS], NullType()), *(table.c[name] for name in keys)
    ).where(*conditions)
    with connection.execute(statement) as result:
        found = result.cursor.fetchall()  # the driver's own rows: SQLAlchemy's of hundreds cost as much as reading them
    names = MEASURES[table.name]
    rows, packed = unpack_day_counts([row[1] for row in found], len(names))
    starts = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
    chosen = [names.index(name) for name in measures]
    return DayCounts(
        starts[rows] + packed["day"], rows, packed["counts"][:, chosen].astype(np.int64), [row[2:] for row in found]
    )


def _add(found: Sums, entries: DayCounts, low: int, high: int) -> None:
    """Add the days from ``low`` to ``high`` to the sums by key."""
    inside = (entries.days >= low) & (entries.days <= high)
    numbers = {key: number for number, key in enumerate(dict.fromkeys(entries.keys))}
    of_row = np.fromiter((numbers[key] for key in entries.keys), dtype=np.int64, count=len(entries.keys))
    of_entry = of_row[entries.rows[inside]]
    added = [np.bincount(of_entry, counts, len(numbers)) for counts in entries.counts[inside].T]
    for key, counts in zip(numbers, np.array(added, dtype=np.int64).T.tolist(), strict=True):
        known = found.get(key)
        found[key] = counts if known is None else [one + other for one, other in zip(known, counts, strict=True)]
