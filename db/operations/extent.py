"""What is there at all: days, posts, the newest moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from db.records import KST
from db.rollups.reading import days_with_posts
from db.schema import class_counts, posts
from db.snapshot import Reader, once
from db.timeline import SEQUENCE_BITS, SYNTHETIC


@dataclass(frozen=True, slots=True)
class DataExtent:
    """First and last KST day with a citizen's post, the newest moment of all posts, and how many citizens' posts."""

    first_day: dt.date | None
    last_day: dt.date | None
    as_of: dt.datetime | None
    posts: int


def data_extent(reader: Reader, synthetic: bool) -> DataExtent:
    """Return from when to when the store knows anything."""
    return once(reader, ("data_extent", synthetic), lambda: _data_extent(reader, synthetic))


def _data_extent(reader: Reader, synthetic: bool) -> DataExtent:
    counted = select(func.sum(class_counts.c.posts)).where(class_counts.c.is_synthetic == synthetic)
    with reader.connect() as connection:
        first, last = days_with_posts(connection, synthetic) or (None, None)
        return DataExtent(first, last, _newest_moment(connection, synthetic), int(connection.scalar(counted) or 0))


def _newest_moment(connection: Connection, synthetic: bool) -> dt.datetime | None:
    newest = connection.scalar(
        select(posts.c.timeline_id).where(is_of(synthetic)).order_by(posts.c.timeline_id.desc()).limit(1)
    )
    if newest is None:
        return None
    # Posts of one second stand in no order of their microseconds.
    second = newest >> SEQUENCE_BITS << SEQUENCE_BITS
    moment: dt.datetime | None = connection.scalar(
        select(func.max(posts.c.created_at)).where(posts.c.timeline_id.between(second, newest))
    )
    return moment


def has_posts(reader: Reader, synthetic: bool) -> bool:
    """Return whether the store holds any post of this kind."""
    with reader.connect() as connection:
        return connection.execute(select(posts.c.id).where(is_of(synthetic)).limit(1)).first() is not None


def last_whole_day(connection: Connection, synthetic: bool) -> dt.date | None:
    """Return the last KST day that was over when the newest post of all was read; None where there is no post."""
    newest = connection.execute(
        select(posts.c.created_day, posts.c.collected_at)
        .where(is_of(synthetic))
        .order_by(posts.c.timeline_id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    day, collected_at = newest
    is_over = collected_at.astimezone(KST).date() > day
    return day if is_over else day - dt.timedelta(days=1)


def is_of(synthetic: bool) -> ColumnElement[bool]:
    """Return the condition that a post is of this kind, by the order of time."""
    return posts.c.timeline_id >= SYNTHETIC if synthetic else posts.c.timeline_id < SYNTHETIC
