"""Counts of a period: sums of whole 13 weeks from plain columns, single days from the packed ones.

What is read grows with 13-week blocks, platforms and departments, never with posts; days cost no row of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
)
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

_START = type_coerce(class_counts.c.start, Integer)
_IS_OF = class_counts.c.is_synthetic == bindparam("kind")
_OUTERMOST = select(func.min(_START), func.max(_START)).where(_IS_OF)
_DAYS_OF_BLOCK = select(class_counts.c[DAYS]).where(_IS_OF, bindparam("start") == _START)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Counts of single days, one entry for each day and stored row on which there is anything.

    ``days`` are ordinals; ``rows`` says of each entry whose key in ``keys`` it has.
    """

    days: Ints
    rows: Ints
    counts: Ints
    keys: list[tuple[Any, ...]]

    def by_day(self, first: dt.date, days: int, of: Iterable[bool] | None = None) -> Ints:
        """Return the sum for each of so many days; ``of`` says which of ``keys`` take part."""
        places, counts = self.days - first.toordinal(), self.counts
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
    outermost = connection.execute(_OUTERMOST, {"kind": synthetic}).one()
    if outermost[0] is None:
        return None
    first, last = (list(connection.scalars(_DAYS_OF_BLOCK, {"kind": synthetic, "start": start})) for start in outermost)
    one = MEASURES[class_counts.name]
    first_day = outermost[0] + int(unpack_day_counts(first, len(one))[1]["day"].min())
    last_day = outermost[1] + int(unpack_day_counts(last, len(one))[1]["day"].max())
    return dt.date.fromordinal(first_day), dt.date.fromordinal(last_day)


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
    if whole < after:
        inside = type_coerce(table.c.start, Integer).between(whole, after - BLOCK)
        columns = [table.c[name] for name in keys]
        statement = (
            select(*columns, *(func.sum(table.c[name]) for name in measures))
            .where(table.c.is_synthetic == where.synthetic, inside, *conditions)
            .group_by(*columns)
        )
        for row in connection.execute(statement):
            key = tuple(row[: len(keys)])
            if row[-1] is not None:  # a sum of nothing, where there is no key to group by
                found[key] = [int(value) for value in row[len(keys) :]]
    edges = sorted({start_of(day, BLOCK).toordinal() for day in (where.start, where.end)})
    edges = [start for start in edges if not whole <= start < after]
    if edges and low <= high:
        _add(found, _read_days(connection, table, where, edges, keys, conditions), table, measures)
    return {key: counts for key, counts in found.items() if any(counts)}


def day_counts(
    connection: Connection,
    table: Table,
    where: PostFilter,
    keys: Sequence[str],
    measure: str,
    conditions: Conditions,
) -> DayCounts:
    """Return a measure on each day of ``where``, by ``keys``."""
    blocks = range(start_of(where.start, BLOCK).toordinal(), where.end.toordinal() + 1, BLOCK)
    if not blocks:
        blocks = range(1)  # of a period that ends before it begins
    read = _read_days(connection, table, where, blocks, keys, conditions)
    counts = read.packed["counts"][:, MEASURES[table.name].index(measure)].astype(np.int64)
    return DayCounts(read.days, read.rows, counts, read.keys)


class _ReadDays(NamedTuple):
    """Days as they are stored: ordinals, which of ``keys`` each has, and its entry with all measures."""

    days: Ints
    rows: Ints
    packed: npt.NDArray[np.void]
    keys: list[tuple[Any, ...]]


def _read_days(
    connection: Connection,
    table: Table,
    where: PostFilter,
    blocks: Sequence[int],
    keys: Sequence[str],
    conditions: Conditions,
) -> _ReadDays:
    """Return the days of ``where`` that lie in ``blocks``, which are given by the ordinals of their first days."""
    is_of_ends = len(blocks) <= 2  # which may lie years apart
    statement = _days_of(table, tuple(keys), is_of_ends, by_key=bool(conditions)).where(*conditions)
    period = {"kind": where.synthetic, "first": blocks[0], "last": blocks[-1]}
    with connection.execute(statement, period) as result:
        found = result.cursor.fetchall()  # the driver's own rows: SQLAlchemy's of hundreds cost as much as reading them
    rows, packed = unpack_day_counts([row[1] for row in found], len(MEASURES[table.name]))
    starts = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
    days = starts[rows] + packed["day"]
    low, high = where.start.toordinal(), where.end.toordinal()
    if len(days) and (days.min() < low or days.max() > high):
        wanted = (days >= low) & (days <= high)
        rows, days, packed = rows[wanted], days[wanted], packed[wanted]
    return _ReadDays(days, rows, packed, [row[2:] for row in found])


@lru_cache(maxsize=64)
def _days_of(table: Table, keys: tuple[str, ...], is_of_ends: bool, *, by_key: bool) -> Select[Any]:
    """Return the statement for the days of some blocks: start, packed days, ``keys``.

    With ``by_key`` what is wanted is found in an index that has no days, and only its days are read: a row of days is
    large. Made once for each form: to make it anew costs as much as the rows of a quarter.
    """
    start, names = type_coerce(table.c.start, Integer), [table.c[name] for name in keys]
    if by_key:
        of_days = table.alias("of_days")
        same = and_(*(of_days.c[column.name] == column for column in table.primary_key.columns))
        statement = select(start, type_coerce(of_days.c[DAYS], NullType()), *names).select_from(
            table.join(of_days, same)
        )
    else:
        statement = select(start, type_coerce(table.c[DAYS], NullType()), *names)
    first: BindParameter[int] = bindparam("first")
    last: BindParameter[int] = bindparam("last")
    inside = or_(first == start, last == start) if is_of_ends else start.between(first, last)
    return statement.where(table.c.is_synthetic == bindparam("kind"), inside)


def _add(found: Sums, read: _ReadDays, table: Table, measures: Sequence[str]) -> None:
    """Add the days to the sums by key."""
    if not len(read.rows):
        return
    # The days of a row stand side by side.
    begins = np.flatnonzero(np.diff(read.rows, prepend=-1))
    of_rows = np.add.reduceat(read.packed["counts"].astype(np.int64), begins)
    of_rows = of_rows[:, [MEASURES[table.name].index(name) for name in measures]]
    keys = [read.keys[row] for row in read.rows[begins].tolist()]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    of_key = np.fromiter(map(numbers.__getitem__, keys), dtype=np.int64, count=len(keys))
    sums = np.array([np.bincount(of_key, counts) for counts in of_rows.T], dtype=np.int64).T.tolist()
    for key, counts in zip(numbers, sums, strict=True):
        known = found.get(key)
        found[key] = counts if known is None else [one + other for one, other in zip(known, counts, strict=True)]
