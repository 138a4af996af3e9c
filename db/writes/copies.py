"""Near-identical texts in groups: reposts without a mark, campaigns of one text, answers from a template.

A text is looked up by its bands among the texts of its own week and of the two beside it, and compared with the first that was
stored under each; so a group ends with a week, Monday to Sunday, that brings no copy. Groups that a text belongs to both
become one. A group is named by its earliest post, whichever was read first.

The order of arrival shows in two places: of texts just at the threshold, which is compared with which; and what a post that
is gone or edited had tied together stays together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
    update,
)

from db.bulk import insert_tuples, upsert_tuples
from db.records import KST, NewPost
from db.rollups.spans import WEEK, start_of
from db.schema import post_copies, posts, text_bands, text_signatures

SIMILARITY = 0.8  # of nlp.copies; a test holds them together
REPEATED_WITHIN = dt.timedelta(days=7)
# What a citizen says again is the same concern; an advertisement stays one however often it comes.
REPEATABLE = ("question", "opinion", "praise")
_MEMBERS = ("post_id", "representative_id")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

# The bands of the page at hand; see db.rollups.terms for why it is emptied on commit and has no key.
_wanted = Table(
    "wanted_bands",
    MetaData(),
    Column("week", Integer, nullable=False),
    Column("band", BigInteger, nullable=False),
    Column("post_id", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DELETE ROWS",
)


class _Post(NamedTuple):
    """What decides which of two copies is the earlier, and whether one author repeats himself."""

    created_at: dt.datetime
    platform: str
    platform_post_id: str
    id: int
    author_key: bytes | None
    post_class: str
    is_inbound: bool


class Placed(NamedTuple):
    """What becomes of groups: ``repeats`` names posts, of the page or stored before, in which an author says again what he said within
    REPEATED_WITHIN, with the post each repeats; ``merged`` the groups that were several before, or took in a stored post that was in none."""

    repeats: dict[int, int]
    merged: set[int]


def place(connection: Connection, new_posts: Sequence[NewPost], ids: Mapping[tuple[str, str], int],
          replaced: Collection[int], is_synthetic: bool) -> Placed:  # fmt: skip
    """Put the posts of a page into groups with their copies; ``replaced`` of them were stored before."""
    forget(connection, replaced)
    arrived = [(ids[post.platform, post.platform_post_id], post) for post in new_posts if post.signature]
    if not arrived:
        return Placed({}, set())
    entries: list[tuple[int, int, int]] = []
    for id_, post in arrived:
        day = post.created_at.astimezone(KST).toordinal()
        week, kind = day - (day - 1) % WEEK, post.is_inbound + 2 * is_synthetic
        entries += [(week, band ^ kind, id_) for band in post.bands]
    signatures = {id_: _low_bytes(post.signature) for id_, post in arrived if post.signature}
    columns = tuple(column.name for column in text_bands.c)
    insert_tuples(connection, text_bands, columns, entries)
    insert_tuples(connection, text_signatures, ("post_id", "signature"), list(signatures.items()))
    pairs = _alike(connection, _neighbours(connection, entries), signatures)
    return (
        _group(connection, pairs, {id_: _of_page(id_, post) for id_, post in arrived}) if pairs else Placed({}, set())
    )


def forget(connection: Connection, post_ids: Collection[int]) -> None:
    """Take posts out of the index and out of their groups, whose earliest remaining post takes their place."""
    if not post_ids:
        return
    ids = {"ids": sorted(post_ids)}
    days = connection.scalars(select(posts.c.created_day).distinct().where(posts.c.id.in_(_IDS)), ids)
    for week in sorted({start_of(day, WEEK) for day in days}):
        of_week = delete(text_bands).where(text_bands.c.week == week, text_bands.c.post_id.in_(_IDS))
        connection.execute(of_week, ids)
    connection.execute(delete(text_signatures).where(text_signatures.c.post_id.in_(_IDS)), ids)
    member = post_copies.c
    left = connection.scalars(select(member.representative_id).distinct().where(member.post_id.in_(_IDS)), ids)
    groups = {"ids": left.all()}
    if not groups["ids"]:
        return
    connection.execute(delete(post_copies).where(member.post_id.in_(_IDS)), ids)
    remaining: dict[int, list[_Post]] = {}
    for representative, *rest in connection.execute(_members().where(member.representative_id.in_(_IDS)), groups):
        remaining.setdefault(representative, []).append(_Post(*rest))
    for representative, group in remaining.items():
        of_group = member.representative_id == representative
        if len(group) == 1:
            connection.execute(delete(post_copies).where(of_group))
        elif representative not in {post.id for post in group}:
            connection.execute(update(post_copies).where(of_group).values(representative_id=min(group).id))


def _of_page(id_: int, post: NewPost) -> _Post:
    return _Post(
        post.created_at, post.platform, post.platform_post_id, id_, post.author_key, post.post_class, post.is_inbound
    )


def _low_bytes(signature: bytes) -> bytes:
    return np.frombuffer(signature, dtype="<u4").astype(np.uint8).tobytes()


def _neighbours(connection: Connection, entries: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Return pairs of a post and the first that was stored under one of its bands, in each of three weeks."""
    _wanted.create(connection, checkfirst=True)
    connection.execute(delete(_wanted))
    insert_tuples(connection, _wanted, ("week", "band", "post_id"), list(entries))
    entry, wanted = text_bands.c, _wanted.c
    found = [
        select(func.min(entry.post_id))
        .where(
            type_coerce(entry.week, Integer) == wanted.week + days,
            entry.band == wanted.band,
            entry.post_id != wanted.post_id,
        )
        .scalar_subquery()
        for days in (-WEEK, 0, WEEK)
    ]
    rows = connection.execute(select(_wanted.c.post_id, *found)).all()
    return {(id_, other) for id_, *others in rows for other in others if other is not None}


def _alike(
    connection: Connection, pairs: Iterable[tuple[int, int]], known: Mapping[int, bytes]
) -> list[tuple[int, int]]:
    """Return the pairs whose signatures say that they are copies."""
    pairs = sorted(pairs)
    others = {other for _, other in pairs if other not in known}
    stored = text_signatures.c
    signatures = dict(known)
    if others:
        rows = select(stored.post_id, stored.signature).where(stored.post_id.in_(_IDS))
        signatures |= {
            id_: bytes(signature) for id_, signature in connection.execute(rows, {"ids": sorted(others)}).all()
        }
    pairs = [pair for pair in pairs if pair[1] in signatures]
    if not pairs:
        return []
    one, two = (
        np.frombuffer(b"".join(signatures[pair[side]] for pair in pairs), dtype=np.uint8).reshape(len(pairs), -1)
        for side in (0, 1)
    )
    is_copy = (one == two).mean(axis=1) >= SIMILARITY
    return [pair for pair, alike in zip(pairs, is_copy.tolist(), strict=True) if alike]


def _members() -> Select[Any]:
    member, post = post_copies.c, posts.c
    return select(
        member.representative_id, post.created_at, post.platform_id, post.platform_post_id, post.id, post.author_key,
        post.post_class, post.is_inbound,
    ).join(posts, post.id == member.post_id)  # fmt: skip


def _group(connection: Connection, pairs: Sequence[tuple[int, int]], page: Mapping[int, _Post]) -> Placed:
    """Make the pairs' groups one each."""
    outside = sorted({other for _, other in pairs} - page.keys())
    member, post = post_copies.c, posts.c
    group_of: dict[int, int] = {}
    known = dict(page)
    if outside:
        ids = {"ids": outside}
        group_of = dict(connection.execute(select(member.post_id, member.representative_id).where(
            member.post_id.in_(_IDS)), ids).all())  # fmt: skip
        rows = connection.execute(
            select(post.created_at, post.platform_id, post.platform_post_id, post.id, post.author_key, post.post_class,
                   post.is_inbound).where(post.id.in_(_IDS)),
            {"ids": sorted({*outside, *group_of.values()})},
        ).all()  # fmt: skip
        known |= {row.id: _Post(*row) for row in rows}
    parts = _Parts()
    for one, other in pairs:
        parts.join(one, other)
    for id_, representative in group_of.items():
        parts.join(id_, representative)
    components = parts.components()
    # Everybody said the same: what else those of the page said in these groups.
    said_before = _same_authors(connection, set(group_of.values()), [page[id_] for id_ in page.keys() & parts.parents])
    memberships: list[tuple[int, int]] = []
    repeats: dict[int, int] = {}
    merged: set[int] = set()
    for component in components:
        representative = min(known[id_] for id_ in component).id
        memberships += [(id_, representative) for id_ in component]
        former = {group_of[id_] for id_ in component if id_ in group_of} - {representative}
        if former:
            moved = update(post_copies).where(member.representative_id.in_(_IDS))
            connection.execute(moved.values(representative_id=representative), {"ids": sorted(former)})
        groups = {group_of[id_] for id_ in component if id_ in group_of}
        alone = [id_ for id_ in component if id_ not in page and id_ not in group_of]
        if len(groups) + len(alone) > 1:
            merged.add(representative)
        said = {known[id_] for id_ in component}.union(*(said_before.get(group, ()) for group in groups))
        repeats |= _repeats(said)
    upsert_tuples(connection, post_copies, _MEMBERS, sorted(memberships), ["post_id"], ["representative_id"])
    return Placed(repeats, merged)


def _same_authors(connection: Connection, groups: set[int], arrived: Sequence[_Post]) -> dict[int, list[_Post]]:
    """Return what the authors of these posts said before in these groups, by group."""
    authors = {post.author_key for post in arrived if post.is_inbound and post.author_key is not None}
    found: dict[int, list[_Post]] = {}
    if groups and authors:
        rows = connection.execute(
            _members().where(
                post_copies.c.representative_id.in_(bindparam("groups", expanding=True)),
                posts.c.author_key.in_(bindparam("authors", expanding=True)),
            ),
            {"groups": sorted(groups), "authors": sorted(authors)},
        ).all()
        for representative, *rest in rows:
            found.setdefault(representative, []).append(_Post(*rest))
    return found


def _repeats(said: Iterable[_Post]) -> dict[int, int]:
    by_author: dict[bytes, list[_Post]] = {}
    for post in said:
        if post.is_inbound and post.author_key is not None and post.post_class in (*REPEATABLE, "duplicate"):
            by_author.setdefault(post.author_key, []).append(post)
    first: dict[int, int] = {}
    found: dict[int, int] = {}
    for own in by_author.values():
        own.sort()
        for earlier, later in pairwise(own):
            if later.created_at - earlier.created_at <= REPEATED_WITHIN:
                first[later.id] = first.get(earlier.id, earlier.id)
                if later.post_class in REPEATABLE:
                    found[later.id] = first[later.id]
    return found


class _Parts:
    """What is tied together, directly or through others."""

    def __init__(self) -> None:
        self.parents: dict[int, int] = {}

    def join(self, one: int, other: int) -> None:
        self.parents[self._root(one)] = self._root(other)

    def components(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for id_ in self.parents:
            found.setdefault(self._root(id_), []).append(id_)
        return list(found.values())

    def _root(self, id_: int) -> int:
        while (parent := self.parents.setdefault(id_, id_)) != id_:
            self.parents[id_] = self.parents[parent]
            id_ = self.parents[parent]
        return id_
