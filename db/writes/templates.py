"""Replies from a template: texts of the city that stand in a large group of copies.

What is a copy is decided where texts are grouped (:mod:`db.writes.copies`). Once a text was said MIN_REPLIES times, all of its replies
are of a template, those of before too; they stay so when later ones are removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, ScalarSelect, bindparam, literal, select

from db.schema import post_copies, posts

MIN_REPLIES = 5
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def of_templates(connection: Connection, post_ids: Collection[int]) -> set[int]:
    """Return those of the city's posts ``post_ids`` that stand in a group of MIN_REPLIES copies or more."""
    return {post_id for post_id, _ in _in_large_groups(connection, post_ids)}


def late_templates(connection: Connection, post_ids: Collection[int], merged: Collection[int]) -> dict[int, int | None]:
    """Return stored posts that turn out to be of a template by what arrived, and the post that each replies to.

    Parameters
    ----------
    post_ids : the city's posts of a page
    merged : groups that were several until this page, or took in a stored post that was in none; the posts of any other one that was large before have been marked long ago
    """
    arrived = Counter(representative for _, representative in _in_large_groups(connection, post_ids))
    grown = [group for group, own in arrived.items() if group in merged or not _is_larger(connection, group, own)]
    if not grown:
        return {}
    rows = connection.execute(
        select(posts.c.id, posts.c.in_reply_to_post_id)
        .join(post_copies, post_copies.c.post_id == posts.c.id)
        .where(post_copies.c.representative_id.in_(_IDS), posts.c.is_template.is_(False)),
        {"ids": grown},
    ).all()
    return {id_: parent for id_, parent in rows if id_ not in post_ids}


def _in_large_groups(connection: Connection, post_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return these posts with their groups, of those whose group is large; no group is counted to its end."""
    if not post_ids:
        return []
    member = post_copies.c
    found = select(member.post_id, member.representative_id).where(
        member.post_id.in_(_IDS), _nth(member.representative_id, MIN_REPLIES).is_not(None)
    )
    return [(post_id, group) for post_id, group in connection.execute(found, {"ids": sorted(post_ids)}).all()]


def _is_larger(connection: Connection, group: int, own: int) -> bool:
    """Return whether a group is large without ``own`` of its posts."""
    return connection.scalar(select(_nth(literal(group), MIN_REPLIES + own))) is not None


def _nth(group: ColumnElement[int], number: int) -> ScalarSelect[int]:
    """Return a post of a group that has so many at least, else nothing."""
    other = post_copies.alias()
    return (
        select(other.c.post_id).where(other.c.representative_id == group).offset(number - 1).limit(1).scalar_subquery()
    )
