"""What all roll-ups that are counts have in common: cells, and the door through which their changes go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from db.rollups.facts import PostFact

Cell = tuple[Any, ...]
Cells = Counter[Cell]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CountRollup(ABC):
    """A table of counts.

    ``cell`` names the cell of a post: is_synthetic, the KST day as its ordinal, the other key columns, and what else the
    counts depend on; None where the post does not count. ``counted`` says what one post of a cell counts, in the order of
    ``measures``.
    """

    table: Table
    measures: tuple[str, ...]
    cell: Callable[[PostFact], Cell | None]
    counted: Callable[[Cell], tuple[int, ...]]

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key's columns."""
        return tuple(column.name for column in self.table.primary_key.columns)

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns of the table: the key, then the values."""

    def cells(self, facts: Iterable[PostFact]) -> Cells:
        """Return how many posts are in each cell."""
        found = Counter(map(self.cell, facts))
        del found[None]
        return found  # type: ignore[return-value]

    @abstractmethod
    def add(self, connection: Connection, cells: Mapping[Cell, int]) -> None:
        """Add posts by cell, which may be negative, to what is stored."""

    @abstractmethod
    def computed(self, cells: Mapping[Cell, int]) -> dict[Key, list[Any]]:
        """Return the values by key that the table holds if these are all posts by cell; days as ordinals."""

    def rows(self, computed: Mapping[Key, Iterable[Any]]) -> list[tuple[Any, ...]]:
        """Return values by key as rows of the table."""
        return [(*key, *values) for key, values in sorted(computed.items())]

    def shown(self, values: list[Any] | None) -> object:
        """Return values as a person reads them."""
        return values
