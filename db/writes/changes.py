"""What becomes of posts after they were stored: other classes, other departments, templates, duplicates, removals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from db import rollups
from db.bulk import upsert_rows
from db.packing import unpack_ids
from db.records import OPEN
from db.schema import attachments, classifications, incident_posts, post_reviews, posts, staged_annotations
from db.writes import copies
from db.writes.links import Routing, refresh_questions
from db.writes.versions import posts_of_versions
from db.writes.words import forget_terms, write_words


class Decision(NamedTuple):
    """A class for a post: what, why, which rule or person says so, and how sure."""

    post_class: str
    reason: str
    rule: str
    confidence: float


MERGED = Decision("duplicate", "duplicate.merged", "duplicate.merged", 1.0)
REPEATED = Decision("duplicate", "duplicate.repeated", "duplicate.repeated", 1.0)


def reclassify(
    connection: Connection, decisions: Mapping[int, Decision], rules_version: str, decided_at: dt.datetime
) -> None:
    """Give citizens' posts other classes; what was decided under other versions of the rules stays beside it."""
    if not decisions:
        return
    with rollups.changing(connection, decisions):
        decide(connection, decisions, rules_version, decided_at)
        refresh_questions(connection, decisions, {})


def reroute(connection: Connection, post_ids: Sequence[int], routing: Mapping[int, Routing] | None = None) -> None:
    """Decide anew who must answer these questions; ``routing`` holds what the rules say now, where that is new."""
    if post_ids:
        with rollups.changing(connection, post_ids):
            refresh_questions(connection, post_ids, routing or {})


def mark_templates(connection: Connection, post_ids: Sequence[int], is_template: bool = True) -> None:
    """Say of posts of the city that they are no answers (or are, after all); their questions wait again."""
    if not post_ids:
        return
    ids = {"ids": list(post_ids)}
    of_ids = posts.c.id.in_(bindparam("ids", expanding=True))
    asked = set(connection.scalars(select(posts.c.in_reply_to_post_id).where(of_ids), ids)) - {None}
    with rollups.changing(connection, {*post_ids, *asked}):
        set_templates(connection, post_ids, is_template)
        refresh_questions(connection, asked, {})


def set_templates(connection: Connection, post_ids: Sequence[int], is_template: bool) -> None:
    """Write whether posts are of a template; the caller sees to the questions and to the roll-ups."""
    if post_ids:
        of_ids = posts.c.id.in_(bindparam("ids", expanding=True))
        connection.execute(update(posts).where(of_ids).values(is_template=is_template), {"ids": list(post_ids)})


def merge_duplicates(
    connection: Connection, originals: Mapping[int, int], rules_version: str, decided_at: dt.datetime
) -> None:
    """Make posts duplicates of others: ``originals`` names the one that counts for each. Nothing is deleted."""
    if not originals:
        return
    with rollups.changing(connection, originals):
        write_originals(connection, originals)
        decide(connection, dict.fromkeys(originals, MERGED), rules_version, decided_at)
        refresh_questions(connection, originals, {})


def write_originals(connection: Connection, originals: Mapping[int, int]) -> None:
    """Write which post each duplicate is one of; the caller sees to the rest."""
    connection.execute(
        update(posts).where(posts.c.id == bindparam("duplicate")).values(duplicate_of_post_id=bindparam("original")),
        [{"duplicate": duplicate, "original": original} for duplicate, original in originals.items()],
    )


def find_posts(connection: Connection, platform: str, platform_post_ids: Iterable[str]) -> dict[str, int]:
    """Return the ids of posts by their ids on ``platform``, those of later versions too, of those that are stored."""
    wanted = list(platform_post_ids)
    rows = connection.execute(
        select(posts.c.platform_post_id, posts.c.id).where(
            posts.c.platform_id == platform, posts.c.platform_post_id.in_(bindparam("ids", expanding=True))
        ),
        {"ids": wanted},
    )
    found: dict[str, int] = dict(rows.all())
    missing = [(platform, id_) for id_ in wanted if id_ not in found]
    return found | {later: id_ for (_, later), id_ in posts_of_versions(connection, missing).items()}


def find_posts_of_author(connection: Connection, platform: str, author_key: bytes) -> list[int]:
    """Return the ids of all posts of an author that are stored."""
    return list(
        connection.scalars(select(posts.c.id).where(posts.c.author_key == author_key, posts.c.platform_id == platform))
    )


def remove_posts(connection: Connection, post_ids: Sequence[int], removed_at: dt.datetime) -> int:
    """Remove posts at their author's or the network's wish; return how many were not removed before.

    A tombstone stays (id, times, class, department), so that the counts of the past stay true. Text, author, terms,
    links and photos are gone, from the search too; so are words that nobody else has said.
    """
    ids = {"ids": list(post_ids)}
    rows = (
        connection.execute(
            select(posts.c.id, posts.c.timeline_id, posts.c.term_ids).where(
                posts.c.id.in_(bindparam("ids", expanding=True)), posts.c.removed_at.is_(None)
            ),
            ids,
        ).all()
        if post_ids
        else ()
    )
    standing = {row.id: row.timeline_id for row in rows}
    if not standing:
        return 0
    with rollups.changing(connection, standing):
        write_words(connection, {}, sorted(standing.values()))
        copies.forget(connection, standing)
        ids = {"ids": sorted(standing)}
        for table in (attachments, incident_posts, post_reviews, staged_annotations):
            connection.execute(delete(table).where(table.c.post_id.in_(bindparam("ids", expanding=True))), ids)
        # The fingerprint speaks of the words, so it goes too; a removed post is never compared with a new one.
        connection.execute(
            update(posts)
            .where(posts.c.id.in_(bindparam("ids", expanding=True)))
            .values(text=None, author_key=None, term_ids=None, url=None, topic=None, fingerprint=b"",
                    checked_at=None, removed_at=removed_at),
            ids,
        )  # fmt: skip
        refresh_questions(connection, standing, {})  # they were observed until now
    forget_terms(connection, {term for row in rows for term in unpack_ids(row.term_ids)})
    return len(standing)


def decide(
    connection: Connection, decisions: Mapping[int, Decision], rules_version: str, decided_at: dt.datetime
) -> None:
    """Write classes as they are decided; the caller sees to the questions and to the roll-ups.

    Nobody needs to look at these posts any more.
    """
    connection.execute(
        delete(post_reviews).where(
            post_reviews.c.post_id.in_(bindparam("ids", expanding=True)), post_reviews.c.status == OPEN
        ),
        {"ids": list(decisions)},
    )
    connection.execute(
        update(posts)
        .where(posts.c.id == bindparam("row_id"))
        .values(post_class=bindparam("new_class"), reason=bindparam("new_reason")),
        [
            {"row_id": post_id, "new_class": decision.post_class, "new_reason": decision.reason}
            for post_id, decision in decisions.items()
        ],
    )
    rows: list[dict[str, Any]] = [
        {"post_id": post_id, "rules_version": rules_version, **decision._asdict(), "decided_at": decided_at}
        for post_id, decision in decisions.items()
    ]
    decided = ["post_class", "reason", "rule", "confidence", "decided_at"]
    upsert_rows(connection, classifications, rows, ["post_id", "rules_version"], decided)
