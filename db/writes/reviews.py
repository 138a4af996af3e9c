"""Posts that are suspected and not hidden, until a person decides. What a person decided beats the rules.

A decision is on a text: it stands when the same text is loaded or read again, and is void once its author changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update

from db.bulk import insert_rows
from db.records import HIDDEN, KEPT, OPEN, PERSON
from db.schema import classifications, post_reviews, posts
from db.state import raise_load_id
from db.writes.changes import Decision, reclassify

# Where nothing is known of what the rules had said: the class of every text that no rule speaks of.
UNJUDGED = ("question", "default.question")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


class UnknownReview(LookupError):
    """The post is not and was not under review."""


class Suspicion(NamedTuple):
    """A class that hides, and the rule or model that suspects it; ``timeline_id`` is the post's."""

    timeline_id: int
    post_class: str
    rule: str


def standing_decisions(connection: Connection, texts: Mapping[int, str]) -> dict[int, Decision]:
    """Return what people decided of those of these posts whose text is still the one they saw."""
    if not texts:
        return {}
    rows = connection.execute(
        select(posts.c.id, posts.c.text, posts.c.post_class, posts.c.reason)
        .join(post_reviews, post_reviews.c.post_id == posts.c.id)
        .where(post_reviews.c.post_id.in_(_IDS), post_reviews.c.status != OPEN),
        {"ids": sorted(texts)},
    )
    return {row.id: Decision(row.post_class, row.reason, PERSON, 1.0) for row in rows if row.text == texts[row.id]}


def write_reviews(
    connection: Connection,
    suspicions: Mapping[int, Suspicion],
    replaced: Collection[int],
    rules_version: str,
) -> None:
    """Open a review of each post of ``suspicions``; what there was of ``replaced`` posts is gone."""
    if replaced:
        connection.execute(delete(post_reviews).where(post_reviews.c.post_id.in_(_IDS)), {"ids": sorted(replaced)})
    rows = [
        {"post_id": id_, "timeline_id": suspicion.timeline_id, "suspected_class": suspicion.post_class,
         "rule": suspicion.rule, "rules_version": rules_version, "status": OPEN, "decided_at": None, "note": None}
        for id_, suspicion in suspicions.items()
    ]  # fmt: skip
    insert_rows(connection, post_reviews, rows)


def move_reviews(connection: Connection, places: Iterable[tuple[int, int]]) -> None:
    """Write where these posts, (id, timeline id), stand now."""
    rows = [{"moved": id_, "place": place} for id_, place in places]
    if rows:
        of_post = update(post_reviews).where(post_reviews.c.post_id == bindparam("moved"))
        connection.execute(of_post.values(timeline_id=bindparam("place")), rows)


def judge_review(connection: Connection, post_id: int, hide: bool, note: str | None, now: dt.datetime) -> str:
    """Hide a post under review as what it is suspected of, or keep it visible; return its class from now on.

    A decision may be changed: a post that is kept after all has the class the rules had given it.

    Raises
    ------
    UnknownReview
        The post is not under review.
    """
    review = connection.execute(
        select(post_reviews.c.status, post_reviews.c.suspected_class, posts.c.post_class)
        .join(posts, posts.c.id == post_reviews.c.post_id)
        .where(post_reviews.c.post_id == post_id)
    ).one_or_none()
    if review is None:
        raise UnknownReview("the post is not under review; python -m db reviews lists those that are")
    values: dict[str, Any] = {"status": HIDDEN if hide else KEPT, "decided_at": now}
    values |= {} if note is None else {"note": note}
    connection.execute(update(post_reviews).where(post_reviews.c.post_id == post_id).values(values))
    if hide:
        decided = (str(review.suspected_class), f"{review.suspected_class}.review")
    elif review.status == HIDDEN:
        decided = _said_by_rules(connection, post_id)
    else:
        raise_load_id(connection)
        return str(review.post_class)
    # Under a version of its own, so that what the rules said stays beside it.
    reclassify(connection, {post_id: Decision(*decided, PERSON, 1.0)}, PERSON, now)
    return decided[0]


def _said_by_rules(connection: Connection, post_id: int) -> tuple[str, str]:
    verdict = classifications.c
    said = connection.execute(
        select(verdict.post_class, verdict.reason)
        .where(verdict.post_id == post_id, verdict.rule != PERSON)
        .order_by(verdict.decided_at.desc())
        .limit(1)
    ).one_or_none()
    return UNJUDGED if said is None else (said.post_class, said.reason)
