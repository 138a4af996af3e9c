"""Counts over days, weeks and 13 weeks, a row for each: what has so many keys that few of them occur twice a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.bulk import add_count_tuples
from db.rollups.counted import Cell, CountRollup, Key


@dataclass(frozen=True, slots=True)
class SpannedRollup(CountRollup):
    """A table of counts by span; ``spans`` is empty where the table's key names its days itself."""

    spans: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.measures)

    def add(self, connection: Connection, cells: Mapping[Cell, int]) -> None:
        rows = self.rows(self.computed(cells))
        add_count_tuples(connection, self.table, self.columns, rows, len(self.measures))

    def computed(self, cells: Mapping[Cell, int]) -> dict[Key, list[Any]]:
        length = len(self.key) - bool(self.spans)  # the span is not in a cell
        sums: dict[Key, list[Any]] = {}
        for cell, posts in cells.items():
            if not posts:
                continue
            counted = [posts * one for one in self.counted(cell)]
            for key in self._keys(cell[:length]):
                known = sums.get(key)
                if known is None:
                    sums[key] = counted.copy()
                else:
                    for index, value in enumerate(counted):
                        known[index] += value
        return {key: values for key, values in sums.items() if any(values)}

    def _keys(self, key: Key) -> list[Key]:
        if not self.spans:
            return [key]
        is_synthetic, day, *rest = key
        return [(is_synthetic, span, day - (day - 1) % span, *rest) for span in self.spans]
