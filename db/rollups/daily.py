"""Counts of 13 weeks in one row, day by day inside it: what has few keys, of which most occur every day.

A change reads a row, adds to its days and writes it back; a page reads a few hundred rows whatever the period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Integer, Select, bindparam, delete, select, type_coerce
from sqlalchemy.types import NullType

from db.bulk import upsert_tuples
from db.packing import day_counts_type, pack_day_counts, unpack_day_counts
from db.rollups.counted import Cell, CountRollup, Key
from db.rollups.spans import BLOCK

DAYS = "days"
Changes = dict[Key, dict[int, list[int]]]  # key -> day of the 13 weeks -> measures


@dataclass(frozen=True, slots=True)
class DailyRollup(CountRollup):
    """A table of counts over 13 weeks and of each of their days."""

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.measures, DAYS)

    def add(self, connection: Connection, cells: Mapping[Cell, int]) -> None:
        changes = self._by_day(cells)
        if not changes:
            return
        keys = sorted(changes)
        stored = self._stored(connection, keys)
        counts = self._counts(keys, changes)
        rows, days = unpack_day_counts([stored.get(key, b"") for key in keys], len(self.measures))
        counts[rows, days["day"]] += days["counts"]
        values = dict(zip(keys, self._values(counts), strict=True))
        kept = {key: value for key, value in values.items() if value[-1]}
        upsert_tuples(connection, self.table, self.columns, self.rows(kept), self.key, (*self.measures, DAYS))
        emptied = [key for key in keys if key not in kept and key in stored]
        if emptied:
            connection.execute(self._delete(), [self._named(key) for key in emptied])

    def computed(self, cells: Mapping[Cell, int]) -> dict[Key, list[Any]]:
        changes = self._by_day(cells)
        keys = sorted(changes)
        values = zip(keys, self._values(self._counts(keys, changes)), strict=True)
        return {key: value for key, value in values if value[-1]}

    def shown(self, values: list[Any] | None) -> object:
        if values is None or len(values[-1]) % day_counts_type(len(self.measures)).itemsize:
            return values
        _, days = unpack_day_counts(values[-1:], len(self.measures))
        by_day = zip(days["day"].tolist(), days["counts"].tolist(), strict=True)
        return [*values[:-1], dict(by_day)]

    def _by_day(self, cells: Mapping[Cell, int]) -> Changes:
        length = len(self.key)
        found: Changes = {}
        for cell, posts in cells.items():
            if not posts:
                continue
            is_synthetic, day, *rest = cell[:length]
            place = (day - 1) % BLOCK
            days = found.setdefault((is_synthetic, day - place, *rest), {})
            known = days.setdefault(place, [0] * len(self.measures))
            for index, one in enumerate(self.counted(cell)):
                known[index] += posts * one
        return found

    def _counts(self, keys: list[Key], changes: Changes) -> npt.NDArray[np.int64]:
        counts = np.zeros((len(keys), BLOCK, len(self.measures)), dtype=np.int64)
        for row, key in enumerate(keys):
            for day, values in changes[key].items():
                counts[row, day] = values
        return counts

    def _values(self, counts: npt.NDArray[np.int64]) -> list[list[Any]]:
        """Return the sums and the packed days of each row."""
        packed = pack_day_counts(counts)
        return [[*sums, days] for sums, days in zip(counts.sum(axis=1).tolist(), packed, strict=True)]

    def _stored(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, bytes]:
        """Return the stored days of these keys, and of others that differ in one part from two of them."""
        blocks: dict[tuple[bool, int], list[Key]] = {}
        for key in keys:
            blocks.setdefault(key[:2], []).append(key)
        statement = self._select()
        found: dict[Key, bytes] = {}
        for (is_synthetic, start), of_block in blocks.items():
            parts = {f"some_{name}": sorted({key[place] for key in of_block}) for place, name in self._others()}
            rows = connection.execute(statement, {"kind": is_synthetic, "first": start, **parts})
            for *rest, days in rows:
                found[is_synthetic, start, *rest] = days
        return found

    def _others(self) -> list[tuple[int, str]]:
        """Return the parts of the key besides kind and start: place and name."""
        return list(enumerate(self.key))[2:]

    def _select(self) -> Select[Any]:
        columns = self.table.c
        others = [columns[name] for _, name in self._others()]
        return select(*others, type_coerce(columns[DAYS], NullType())).where(
            columns.is_synthetic == bindparam("kind"),
            type_coerce(columns.start, Integer) == bindparam("first"),
            *(column.in_(bindparam(f"some_{column.name}", expanding=True)) for column in others),
        )

    def _delete(self) -> Any:
        columns = self.table.c
        return delete(self.table).where(
            columns.is_synthetic == bindparam("gone_is_synthetic"),
            type_coerce(columns.start, Integer) == bindparam("gone_start"),
            *(columns[name] == bindparam(f"gone_{name}") for _, name in self._others()),
        )

    def _named(self, key: Key) -> dict[str, Any]:
        return {f"gone_{name}": part for name, part in zip(self.key, key, strict=True)}
