"""The packed histograms of waiting times, read at once and taken apart by numpy: no loop over buckets or posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Integer, type_coerce
from sqlalchemy.types import NullType

from db.packing import PAIRS
from db.queries.periods import of_questions, over
from db.records import KST, PostFilter
from db.rollups.histograms import ANSWERED, MINUTES_PER_DAY, REMOVED, WAITING, WALL
from db.rollups.spans import SPANS
from db.schema import response_histograms
from db.snapshot import Reader

SECONDS_PER_HOUR = 3600
SECONDS_PER_MINUTE = 60
COLUMNS = (ANSWERED[WALL], WAITING[WALL], REMOVED[WALL])

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Histograms:
    """Rows of ``response_histograms``: one for each stretch of days, department and platform.

    ``starts`` are ordinals of days; ``packed`` holds the bytes of each row by column.
    """

    starts: Ints
    departments: Ints
    packed: dict[str, list[bytes]]

    @property
    def first_minutes(self) -> Ints:
        """Return the minute from which each row counts those who wait, in minutes since 1970 UTC."""
        epoch = dt.datetime.combine(dt.date(1970, 1, 1), dt.time(), KST)
        return (self.starts - epoch.toordinal()) * MINUTES_PER_DAY + int(epoch.timestamp()) // SECONDS_PER_MINUTE

    def only(self, wanted: npt.NDArray[np.bool_]) -> Histograms:
        """Return the rows where ``wanted`` is true."""
        kept = np.flatnonzero(wanted)
        packed = {name: [rows[number] for number in kept.tolist()] for name, rows in self.packed.items()}
        return Histograms(self.starts[kept], self.departments[kept], packed)

    def pairs(self, column: str, wanted: Ints | None = None) -> tuple[Ints, Ints, Ints]:
        """Return all pairs of a column in the order of the rows, of the rows ``wanted``: row, bucket and count."""
        packed = self.packed[column]
        numbers = np.arange(len(packed)) if wanted is None else wanted
        pairs, lengths = _unpacked(packed if wanted is None else [packed[number] for number in wanted.tolist()])
        return np.repeat(numbers, lengths), pairs["bucket"].astype(np.int64), pairs["count"].astype(np.int64)

    def summary(self, column: str) -> tuple[Ints, Ints, Ints, Ints]:
        """Return of each row that holds anything of a column: row, lowest and highest bucket, sum of the counts."""
        pairs, lengths = _unpacked(self.packed[column])
        rows = np.flatnonzero(lengths)
        ends = np.cumsum(lengths[rows])
        begins = ends - lengths[rows]
        sums = np.add.reduceat(pairs["count"], begins, dtype=np.int64) if len(rows) else np.empty(0, dtype=np.int64)
        buckets = pairs["bucket"]
        return rows, buckets[begins].astype(np.int64), buckets[ends - 1].astype(np.int64), sums


def _unpacked(packed: Sequence[bytes]) -> tuple[npt.NDArray[np.void], Ints]:
    """Return the pairs of all rows as one array, and how many each row has."""
    lengths = np.fromiter(map(len, packed), dtype=np.int64, count=len(packed)) // PAIRS.itemsize
    return np.frombuffer(b"".join(packed), dtype=PAIRS), lengths


def read_histograms(
    reader: Reader, where: PostFilter, columns: Sequence[str] = COLUMNS, spans: Sequence[int] = SPANS
) -> Histograms:
    """Return the histograms of the questions of ``where``: the widest of ``spans``, days at the ends."""
    table = response_histograms
    selected = [
        type_coerce(table.c.start, Integer).label("start"),
        table.c.department_id,
        *(type_coerce(table.c[name], NullType()).label(name) for name in columns),
    ]
    rows = over(table, where, selected, of_questions(table, where), spans)
    with reader.connect() as connection, connection.execute(rows.select()) as result:
        # The driver's own rows: making SQLAlchemy's of so many costs as much as reading them.
        found = result.cursor.fetchall()
    return Histograms(
        np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found)),
        np.fromiter((row[1] for row in found), dtype=np.int64, count=len(found)),
        {name: [row[place] for row in found] for place, name in enumerate(columns, start=2)},
    )


def joined_histograms(parts: Sequence[Histograms]) -> Histograms:
    """Return the rows of all ``parts``, of which there is at least one, as one."""
    return Histograms(
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.departments for part in parts]),
        {name: [row for part in parts for row in part.packed[name]] for name in parts[0].packed},
    )
