"""Replies from a template: texts of the city that stand in a large group of copies.

What is a copy is decided where texts are grouped (:mod:`db.writes.copies`). Once a text was said MIN_REPLIES times, all of its replies
are of a template, those of before too; they stay so when later ones are removed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from db.schema import post_copies, posts

MIN_REPLIES = 5
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def of_templates(connection: Connection, post_ids: Collection[int]) -> set[int]:
    """Return those of the city's posts ``post_ids`` that stand in a group of MIN_REPLIES copies or more."""
    large = _large_groups(connection, post_ids)
    if not large:
        return set()
    member = post_copies.c
    rows = select(member.post_id).where(
        member.representative_id.in_(_IDS), member.post_id.in_(bindparam("own", expanding=True))
    )
    return set(connection.scalars(rows, {"ids": large, "own": sorted(post_ids)}))


def late_templates(connection: Connection, post_ids: Collection[int]) -> dict[int, int | None]:
    """Return stored posts that turn out to be of a template by what arrived, and the post that each replies to.

    ``post_ids`` are the city's posts of a page. A group that was large before has been marked as a whole.
    """
    large = _large_groups(connection, post_ids)
    if not large:
        return {}
    rows = connection.execute(
        select(posts.c.id, posts.c.in_reply_to_post_id)
        .join(post_copies, post_copies.c.post_id == posts.c.id)
        .where(post_copies.c.representative_id.in_(_IDS), posts.c.is_template.is_(False)),
        {"ids": large},
    )
    return {id_: parent for id_, parent in rows if id_ not in post_ids}


def _large_groups(connection: Connection, post_ids: Collection[int]) -> list[int]:
    if not post_ids:
        return []
    member = post_copies.c
    own = connection.scalars(
        select(member.representative_id).distinct().where(member.post_id.in_(_IDS)), {"ids": sorted(post_ids)}
    ).all()
    if not own:
        return []
    counted = (
        select(member.representative_id)
        .where(member.representative_id.in_(_IDS))
        .group_by(member.representative_id)
        .having(func.count() >= MIN_REPLIES)
    )
    return list(connection.scalars(counted, {"ids": sorted(own)}))
