"""What can be chosen, and the load the answers belong to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from db.operations.extent import DataExtent, data_extent, has_posts, last_whole_day
from db.queries.names import NOBODY
from db.rollups.counts import NONE
from db.schema import class_counts, departments, platforms, question_counts
from db.snapshot import Reader
from db.state import LOAD_ID, read_state

__all__ = [
    "DataExtent", "FilterOptions", "Option", "data_extent", "filter_options", "has_posts", "last_whole_day", "load_id",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    code: str
    name_ko: str
    name_en: str


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The choices that have posts behind them."""

    departments: tuple[Option, ...]
    platforms: tuple[Option, ...]


def load_id(reader: Reader) -> int:
    """Return the number of the store's state; it rises with everything the pages show. Every cached read hangs on it."""
    with reader.connect() as connection:
        return read_state(connection, LOAD_ID) or 0


def filter_options(reader: Reader, synthetic: bool) -> FilterOptions:
    """Return the departments with questions and the platforms with posts, by Korean name."""
    asked = select(question_counts.c.department_id).where(question_counts.c.is_synthetic == synthetic)
    used = select(class_counts.c.platform_id).where(class_counts.c.is_synthetic == synthetic)
    with reader.connect() as connection:
        ids = set(connection.scalars(asked.distinct()))
        responsible = [
            Option(row.code, row.name_ko, row.name_en)
            for row in connection.execute(
                select(departments).where(departments.c.id.in_(ids)).order_by(departments.c.name_ko)
            )
        ]
        if NONE in ids:
            responsible.append(Option(*NOBODY))
        sources = [
            Option(row.id, row.name_ko, row.name_en)
            for row in connection.execute(
                select(platforms).where(platforms.c.id.in_(used.distinct())).order_by(platforms.c.name_ko)
            )
        ]
    return FilterOptions(tuple(responsible), tuple(sources))
