"""Which stored posts must be asked for again, and which are too old to be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, select, update

from db.schema import posts
from db.timeline import timeline_id

READ_AT_ONCE = 5_000


class CheckedPost(NamedTuple):
    """A post that stands, and when its network last showed it or was asked for it."""

    id: int
    platform_post_id: str
    checked_at: dt.datetime


def posts_to_check(connection: Connection, platform: str, before: dt.datetime, limit: int) -> list[CheckedPost]:
    """Return the posts read live on ``platform`` whose last check was longest ago, all before ``before``."""
    rows = connection.execute(
        select(posts.c.id, posts.c.platform_post_id, posts.c.checked_at)
        .where(posts.c.platform_id == platform, posts.c.checked_at < before, posts.c.checked_at.is_not(None))
        .order_by(posts.c.checked_at)
        .limit(limit)
    )
    return [CheckedPost(*row) for row in rows]


def mark_checked(connection: Connection, post_ids: Sequence[int], checked_at: dt.datetime) -> None:
    """Say of posts that their network was asked for them; those that were removed meanwhile stay removed."""
    connection.execute(
        update(posts)
        .where(posts.c.id.in_(bindparam("ids", expanding=True)), posts.c.removed_at.is_(None))
        .values(checked_at=checked_at),
        {"ids": list(post_ids)},
    )


def count_expired(engine: Engine, before: dt.datetime, classes: Collection[str]) -> int:
    """Return how many real citizens' posts of before ``before`` are still held, of these classes or, without any, of all."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(posts).where(*_expired(before, classes))) or 0


def expired_posts(engine: Engine, before: dt.datetime, classes: Collection[str]) -> Iterator[list[int]]:
    """Yield what :func:`count_expired` counts, oldest first, some thousand ids at a time."""
    after = -1
    while True:
        with engine.connect() as connection:
            rows = connection.execute(
                select(posts.c.id, posts.c.timeline_id)
                .where(posts.c.timeline_id > after, *_expired(before, classes))
                .order_by(posts.c.timeline_id)
                .limit(READ_AT_ONCE)
            ).all()
        if not rows:
            return
        after = rows[-1].timeline_id
        yield [row.id for row in rows]


def _expired(before: dt.datetime, classes: Collection[str]) -> list[ColumnElement[bool]]:
    conditions = [
        posts.c.timeline_id < timeline_id(before, False, 0),
        posts.c.is_inbound.is_(True),  # what the city wrote itself is its own record
        posts.c.removed_at.is_(None),
    ]
    return [*conditions, posts.c.post_class.in_(sorted(classes))] if classes else conditions
