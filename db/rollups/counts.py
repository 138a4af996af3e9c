"""The roll-ups that are plain counts: one row of COUNTS each.

Every post falls into at most one cell of each roll-up. A cell is what the counts depend on; how many posts are in it
times what one post counts is what the roll-up holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from db import schema
from db.rollups.facts import PostFact
from db.rollups.spans import SPANS

NONE = 0  # a department or account that is not there: a key knows no NULL
Cell = tuple[Any, ...]
Cells = Counter[Cell]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CountRollup:
    """A table of counts.

    ``cell`` names the cell of a post: is_synthetic, the KST day as its ordinal, the other key columns, and what else the
    counts depend on; None where the post does not count. ``counted`` says what one post of a cell counts, in the order of
    ``measures``. ``spans`` is empty where the table's key names its days itself.
    """

    table: Table
    measures: tuple[str, ...]
    spans: tuple[int, ...]
    cell: Callable[[PostFact], Cell | None]
    counted: Callable[[Cell], tuple[int, ...]]

    @property
    def key_length(self) -> int:
        """How many leading parts of a cell belong to the key; the span is not in a cell."""
        return len(self.table.primary_key.columns) - bool(self.spans)

    def cells(self, facts: Iterable[PostFact]) -> Cells:
        """Return how many posts are in each cell."""
        cell = self.cell
        found = Counter(map(cell, facts))
        del found[None]
        return found  # type: ignore[return-value]

    def keyed(self, cells: Mapping[Cell, int]) -> dict[Key, list[int]]:
        """Return the measures by key, over every span, of cells and how many posts are in them (may be negative)."""
        sums: dict[Key, list[int]] = {}
        for cell, posts in cells.items():
            if not posts:
                continue
            counted = [posts * one for one in self.counted(cell)]
            for key in self._keys(cell[: self.key_length]):
                known = sums.get(key)
                if known is None:
                    sums[key] = counted.copy()
                else:
                    for index, value in enumerate(counted):
                        known[index] += value
        return {key: values for key, values in sums.items() if any(values)}

    @property
    def columns(self) -> tuple[str, ...]:
        """Key and measures, in the order of :meth:`rows`."""
        return (*(column.name for column in self.table.primary_key.columns), *self.measures)

    def rows(self, keyed: Mapping[Key, Iterable[int]]) -> list[tuple[Any, ...]]:
        """Return measures by key as rows of the table, days as ordinals."""
        return [(*key, *values) for key, values in sorted(keyed.items())]

    def _keys(self, key: Key) -> list[Key]:
        if not self.spans:
            return [key]
        is_synthetic, day, *rest = key
        return [(is_synthetic, span, day - (day - 1) % span, *rest) for span in self.spans]


def _post(fact: PostFact) -> Cell | None:
    if not fact.is_inbound:
        return None
    return (
        fact.is_synthetic, fact.day, fact.platform_id, fact.post_class, fact.reason,
        fact.receiving_account_id or NONE, fact.department_id or NONE,
    )  # fmt: skip


def _class(fact: PostFact) -> Cell | None:
    if not fact.is_inbound:
        return None
    return (fact.is_synthetic, fact.day, fact.platform_id, fact.post_class)


def _city_post(fact: PostFact) -> Cell | None:
    if fact.is_inbound:
        return None
    return (fact.is_synthetic, fact.day, fact.platform_id, fact.account_id or NONE)


def _question(fact: PostFact) -> Cell | None:
    if fact.question_id is None:
        return None
    return (
        fact.is_synthetic, fact.day, fact.platform_id, fact.department_id or NONE,
        bool(fact.answers_collected), fact.is_timed, fact.is_answered, fact.is_waiting, fact.department_source,
    )  # fmt: skip


def _question_counts(cell: Cell) -> tuple[int, ...]:
    answerable, timed, answered, waiting, source = cell[4:]
    by_source = (source == "reply", source == "rule", source == "receiving_account")
    return tuple(map(int, (True, answerable, timed, answered, waiting, *by_source)))


def _closed_question(fact: PostFact) -> Cell | None:
    closed_day = fact.closed_day if fact.question_id is not None else None
    if closed_day is None:
        return None
    return (fact.is_synthetic, closed_day.toordinal(), fact.day, fact.platform_id, fact.department_id or NONE)


def _one(cell: Cell) -> tuple[int, ...]:
    return (1,)


COUNTS = (
    CountRollup(schema.post_counts, ("posts",), SPANS, _post, _one),
    CountRollup(schema.class_counts, ("posts",), SPANS, _class, _one),
    CountRollup(schema.city_post_counts, ("posts",), SPANS, _city_post, _one),
    CountRollup(
        schema.question_counts,
        ("questions", "answerable", "timed", "answered", "waiting", "by_reply", "by_rule", "by_receiving_account"),
        SPANS,
        _question,
        _question_counts,
    ),
    CountRollup(schema.closed_questions, ("questions",), (), _closed_question, _one),
)
