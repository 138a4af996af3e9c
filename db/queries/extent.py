"""What is there at all: days, departments, platforms, and the load the answers belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from db.records import UNASSIGNED
from db.schema import departments, load_runs, platforms, posts, questions


@dataclass(frozen=True, slots=True)
class DataExtent:
    """First and last KST day with a citizen's post, the newest moment of all posts, and how many citizens' posts."""

    first_day: dt.date | None
    last_day: dt.date | None
    as_of: dt.datetime | None
    posts: int


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


def has_posts(engine: Engine, synthetic: bool) -> bool:
    """Return whether the store holds any post of this kind."""
    with engine.connect() as connection:
        return (
            connection.execute(select(posts.c.id).where(posts.c.is_synthetic.is_(synthetic)).limit(1)).first()
            is not None
        )


def load_id(engine: Engine) -> int:
    """Return how many runs have ended; it changes with every load. Every cached read hangs on it.

    Not the newest run: an older one may end after it.
    """
    with engine.connect() as connection:
        ended = select(func.count()).select_from(load_runs).where(load_runs.c.status != "running")
        return connection.scalar(ended) or 0


def data_extent(engine: Engine, synthetic: bool) -> DataExtent:
    """Return from when to when the store knows anything."""
    inbound = [posts.c.is_synthetic.is_(synthetic), posts.c.is_inbound.is_(True)]
    with engine.connect() as connection:
        first, last = (
            connection.scalar(select(bound(posts.c.created_day)).where(*inbound)) for bound in (func.min, func.max)
        )
        newest = [
            connection.scalar(
                select(func.max(posts.c.created_at)).where(
                    posts.c.is_synthetic.is_(synthetic), posts.c.is_inbound.is_(is_inbound)
                )
            )
            for is_inbound in (True, False)
        ]
        count = connection.scalar(select(func.count()).select_from(posts).where(*inbound)) or 0
    return DataExtent(first, last, max((moment for moment in newest if moment), default=None), count)


def filter_options(engine: Engine, synthetic: bool) -> FilterOptions:
    """Return the departments with questions and the platforms with posts, by Korean name."""
    asked = select(questions.c.department_id).where(questions.c.is_synthetic.is_(synthetic)).distinct()
    used = (
        select(posts.c.platform_id).where(posts.c.is_synthetic.is_(synthetic), posts.c.is_inbound.is_(True)).distinct()
    )
    with engine.connect() as connection:
        responsible = [
            Option(row.code, row.name_ko, row.name_en)
            for row in connection.execute(
                select(departments).where(departments.c.id.in_(asked)).order_by(departments.c.name_ko)
            )
        ]
        unassigned = connection.execute(
            select(questions.c.post_id)
            .where(questions.c.is_synthetic.is_(synthetic), questions.c.department_id.is_(None))
            .limit(1)
        ).first()
        if unassigned:
            responsible.append(Option(UNASSIGNED, "미지정", "Unassigned"))
        sources = [
            Option(row.id, row.name_ko, row.name_en)
            for row in connection.execute(
                select(platforms).where(platforms.c.id.in_(used)).order_by(platforms.c.name_ko)
            )
        ]
    return FilterOptions(tuple(responsible), tuple(sources))
