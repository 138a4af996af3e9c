"""Posts and everything that hangs on them: one call stores one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, update

from db import rollups
from db.bulk import insert_rows, upsert_rows
from db.records import KST, NO_ANSWER, PERSON, NewPost
from db.schema import attachments, classifications, posts
from db.timeline import free_timeline_id, same_second, timeline_id
from db.writes import copies
from db.writes.changes import REPEATED, Decision, decide, set_templates, write_originals
from db.writes.directory import AccountDirectory
from db.writes.links import Routing, linked_children, refresh_questions
from db.writes.reviews import Suspicion, move_reviews, standing_decisions, write_reviews
from db.writes.templates import late_templates, of_templates
from db.writes.versions import posts_of_versions, write_versions
from db.writes.words import packed_terms, write_words

KEYS_AT_ONCE = 500

PostKey = tuple[str, str]  # (platform, platform_post_id), the natural key


class StoredPost(NamedTuple):
    """What the loader must know of a post that is stored already."""

    id: int
    version: int
    fingerprint: bytes
    in_reply_to_post_id: int | None
    load_run_id: int
    source_row: int | None
    timeline_id: int
    is_removed: bool


@dataclass(frozen=True, slots=True)
class WriteContext:
    """What all posts of a page share."""

    run_id: int
    origin: str
    collected_at: dt.datetime
    rules_version: str


def stored_posts(connection: Connection, keys: Iterable[PostKey]) -> dict[PostKey, StoredPost]:
    """Return those of ``keys`` that are stored."""
    found: dict[PostKey, StoredPost] = {}
    for platform, ids in _by_platform(keys).items():
        for some in _portions(ids):
            for platform_post_id, *rest in connection.execute(_STORED, {"platform": platform, "ids": some}).all():
                found[platform, platform_post_id] = StoredPost(*rest)
    return found


_STORED = select(
    posts.c.platform_post_id,
    posts.c.id,
    posts.c.version,
    posts.c.fingerprint,
    posts.c.in_reply_to_post_id,
    posts.c.load_run_id,
    posts.c.source_row,
    posts.c.timeline_id,
    posts.c.removed_at.is_not(None),
).where(posts.c.platform_id == bindparam("platform"), posts.c.platform_post_id.in_(bindparam("ids", expanding=True)))


def _portions(ids: list[str]) -> Iterator[list[str]]:
    """Yield many ids in portions of one length, so that an engine keeps one statement and not one for each page."""
    if len(ids) <= KEYS_AT_ONCE:
        yield ids
        return
    for start in range(0, len(ids), KEYS_AT_ONCE):
        some = ids[start : start + KEYS_AT_ONCE]
        yield some + some[-1:] * (KEYS_AT_ONCE - len(some))


def store_posts(
    connection: Connection,
    new_posts: Sequence[NewPost],
    stored: Mapping[PostKey, StoredPost],
    context: WriteContext,
    directory: AccountDirectory,
    regrouped_questions: Sequence[int] = (),
) -> None:
    """Insert or replace ``new_posts`` with their terms, search entries, links, questions and roll-ups.

    Parameters
    ----------
    new_posts : each natural key at most once
    stored : the rows of these keys that exist, from :func:`stored_posts` in the same transaction
    directory : has learned the accounts of ``new_posts``
    regrouped_questions : further questions whose department must be decided again
    """
    first_free = (connection.scalar(select(func.max(posts.c.id))) or 0) + 1
    ids: dict[PostKey, int] = {}
    for post in new_posts:
        key = (post.platform, post.platform_post_id)
        known = stored.get(key)
        ids[key] = known.id if known else first_free + len(ids)
    later = {(post.platform, later_id): ids[post.platform, post.platform_post_id]
             for post in new_posts for later_id in post.later_ids}  # fmt: skip
    parents = _parents(connection, new_posts, {**later, **ids})
    answered = {parents[post.platform, post.in_reply_to] for post in new_posts
                if post.in_reply_to and (post.platform, post.in_reply_to) in parents}  # fmt: skip
    formerly_answered = {
        known.in_reply_to_post_id for known in stored.values() if known.in_reply_to_post_id is not None
    }
    new_ids = {id_ for key, id_ in ids.items() if key not in stored}
    around = {*answered, *formerly_answered, *regrouped_questions, *(known.id for known in stored.values())} - new_ids
    judged = _judged(connection, new_posts, stored)
    new_posts = [
        post._replace(**judged[key]._asdict(), suspected_class=None)
        if (key := (post.platform, post.platform_post_id)) in judged
        else post
        for post in new_posts
    ]
    originals, merged = copies.place(
        connection, new_posts, ids, [known.id for known in stored.values()], context.origin == "synthetic"
    )
    # Posts of before that turn out to repeat one that is read only now.
    late = {id_: original for id_, original in originals.items() if id_ not in set(ids.values())}
    around |= late.keys()
    written = [ids[post.platform, post.platform_post_id] for post in new_posts if not post.is_inbound]
    templates = of_templates(connection, written)
    late_of_templates = late_templates(connection, set(written), merged)
    around |= {*late_of_templates, *(parent for parent in late_of_templates.values() if parent is not None)}
    new_posts = [
        post._replace(**REPEATED._asdict(), suspected_class=None)
        if ids[post.platform, post.platform_post_id] in originals
        else post
        for post in new_posts
    ]
    new = rollups.NewRows()
    with rollups.changing(connection, around, new):
        new.posts, replaced_ids = _write_posts(
            connection, new_posts, ids, parents, stored, context, directory, templates
        )
        set_templates(connection, list(late_of_templates), True)
        write_versions(connection, later)
        if originals:
            # Not with the rows: one that names a later row of the page would have SQLite read all posts for each.
            write_originals(connection, originals)
        if late:
            decide(connection, dict.fromkeys(late, REPEATED), context.rules_version, context.collected_at)
        children = linked_children(connection, {**later, **{key: id_ for key, id_ in ids.items() if id_ in new_ids}})
        routing = {
            ids[post.platform, post.platform_post_id]: _routing(post, directory)
            for post in new_posts
            if post.is_inbound
        }
        # A replaced post may have been a question until now, whatever it is today.
        touched = {*replaced_ids, *answered, *around, *children}
        asked = refresh_questions(connection, touched - new_ids, routing, new.posts, touched & new_ids)
        new.questions = [row for row in asked if row["post_id"] in new_ids]


def _judged(
    connection: Connection, new_posts: Sequence[NewPost], stored: Mapping[PostKey, StoredPost]
) -> dict[PostKey, Decision]:
    """Return what people decided of posts that are replaced and say what they said then."""
    known = {key: row.id for key, row in stored.items()}
    texts = {known[key]: post.text for post in new_posts if (key := (post.platform, post.platform_post_id)) in known}
    decisions = standing_decisions(connection, texts)
    return {key: decisions[id_] for key, id_ in known.items() if id_ in decisions}


def _write_posts(
    connection: Connection,
    new_posts: Sequence[NewPost],
    ids: Mapping[PostKey, int],
    parents: Mapping[PostKey, int],
    stored: Mapping[PostKey, StoredPost],
    context: WriteContext,
    directory: AccountDirectory,
    templates: Collection[int],
) -> tuple[list[dict[str, Any]], list[int]]:
    """Write the posts and what is made of their texts; return new rows, and the ids of those that were there before."""
    places = _places(connection, new_posts, ids, stored, context)
    said = {ids[post.platform, post.platform_post_id]: post.terms for post in new_posts if post.is_inbound}
    named = {ids[post.platform, post.platform_post_id]: post.districts for post in new_posts if post.districts}
    term_ids = packed_terms(connection, said, named)
    rows = [_row(post, ids[post.platform, post.platform_post_id], places, term_ids, parents, context, directory, templates)
            for post in new_posts]  # fmt: skip
    replaced = [row for row in rows if (row["platform_id"], row["platform_post_id"]) in stored]
    new = [row for row in rows if (row["platform_id"], row["platform_post_id"]) not in stored]
    insert_rows(connection, posts, new)
    if replaced:
        _replace(connection, replaced)
    replaced_ids = [row["id"] for row in replaced]
    _write_derived(connection, new_posts, ids, replaced_ids, context)
    _write_reviews(connection, new_posts, ids, places, replaced_ids, context)
    # Risk posts are counted but belong in no list, so that no search can bring them up. What the city writes itself
    # is not searched for.
    tokens = {
        places[ids[post.platform, post.platform_post_id]]: post.search_text
        for post in new_posts
        if post.is_inbound and not post.is_risk
    }
    write_words(connection, tokens, [known.timeline_id for known in stored.values()])
    return new, replaced_ids


def _places(
    connection: Connection,
    new_posts: Sequence[NewPost],
    ids: Mapping[PostKey, int],
    stored: Mapping[PostKey, StoredPost],
    context: WriteContext,
) -> dict[int, int]:
    """Return the place of each post on the timeline, by its id."""
    is_synthetic = context.origin == "synthetic"
    wanted: dict[int, int] = {}
    places: dict[int, int] = {}
    for post in new_posts:
        key = (post.platform, post.platform_post_id)
        place = timeline_id(post.created_at, is_synthetic, ids[key])
        known = stored.get(key)
        if known is not None and same_second(place, known.timeline_id):
            places[known.id] = known.timeline_id
        else:
            wanted[ids[key]] = place
    statement = select(posts.c.timeline_id).where(posts.c.timeline_id.in_(bindparam("wanted", expanding=True)))
    taken: set[int] = set()
    # Two posts of one second whose ids are 65,536 apart ask for one place. What was moved is looked up again.
    while wanted:
        taken.update(connection.scalars(statement, {"wanted": list(wanted.values())}))
        moved: dict[int, int] = {}
        for id_, place in wanted.items():
            free = free_timeline_id(place, taken)
            if free == place:
                places[id_] = place
                taken.add(place)
            else:
                moved[id_] = free
        wanted = moved
    return places


def _by_platform(keys: Iterable[PostKey]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for platform, platform_post_id in keys:
        grouped.setdefault(platform, []).append(platform_post_id)
    return grouped


def _parents(connection: Connection, new_posts: Sequence[NewPost], ids: Mapping[PostKey, int]) -> dict[PostKey, int]:
    """Return the ids of the posts that ``new_posts`` reply to, of this page or stored before."""
    wanted = {(post.platform, post.in_reply_to) for post in new_posts if post.in_reply_to}
    parents = {key: ids[key] for key in wanted if key in ids}
    missing = wanted - parents.keys()
    parents.update((key, known.id) for key, known in stored_posts(connection, sorted(missing)).items())
    parents.update(posts_of_versions(connection, sorted(missing - parents.keys())))
    return parents


def _row(
    post: NewPost,
    id_: int,
    places: Mapping[int, int],
    term_ids: Mapping[int, bytes],
    parents: Mapping[PostKey, int],
    context: WriteContext,
    directory: AccountDirectory,
    templates: Collection[int],
) -> dict[str, Any]:
    return {
        "id": id_,
        "timeline_id": places[id_],
        "platform_id": post.platform,
        "platform_post_id": post.platform_post_id,
        "version": post.version,
        "kind": post.kind,
        "is_inbound": post.is_inbound,
        "author_key": post.author_key,
        "account_id": directory.id_of(post.platform, post.account),
        "receiving_account_id": directory.id_of(post.platform, post.addressed_to),
        "text": post.text,
        "language": post.language,
        "url": post.url,
        "topic": post.topic,
        "created_at": post.created_at,
        "created_day": post.created_at.astimezone(KST).date(),
        "is_day_only": post.is_day_only,
        "collected_at": context.collected_at,
        "checked_at": context.collected_at if context.origin == "live" else None,
        "in_reply_to": post.in_reply_to,
        "in_reply_to_post_id": parents.get((post.platform, post.in_reply_to)) if post.in_reply_to else None,
        "post_class": post.post_class,
        "reason": post.reason,
        "is_risk": post.is_risk,
        "origin": context.origin,
        "is_synthetic": context.origin == "synthetic",
        "answers_collected": post.answers_collected,
        "fingerprint": post.fingerprint,
        "load_run_id": context.run_id,
        "source_row": post.source_row,
        "term_ids": term_ids.get(id_),
        "is_template": not post.is_inbound and (post.reason in NO_ANSWER or id_ in templates),
        "duplicate_of_post_id": None,
    }


def _routing(post: NewPost, directory: AccountDirectory) -> Routing:
    guessed_id = directory.department_id(post.classifier_department)
    return Routing(
        directory.department_id(post.rule_department),
        post.department_rule,
        guessed_id,
        post.classifier_confidence if guessed_id else None,
    )


def _replace(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    # When a post was first collected does not change with an edit.
    kept = {"id", "collected_at", "platform_id", "platform_post_id"}
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name not in kept}
    connection.execute(
        update(posts).where(posts.c.id == bindparam("row_id")).values(changed),
        [{"row_id": row["id"], **{f"new_{name}": row[name] for name in changed}} for row in rows],
    )


def _write_derived(
    connection: Connection,
    new_posts: Sequence[NewPost],
    ids: Mapping[PostKey, int],
    replaced_ids: Sequence[int],
    context: WriteContext,
) -> None:
    """Write attachments and the classification of each post."""
    if replaced_ids:
        gone = delete(attachments).where(attachments.c.post_id.in_(bindparam("ids", expanding=True)))
        connection.execute(gone, {"ids": replaced_ids})
    numbered = [(ids[post.platform, post.platform_post_id], post) for post in new_posts]
    photos = [
        {"post_id": id_, "key": item.key, "kind": item.kind, "url": item.url, "alt": item.alt, "width": item.width,
         "height": item.height, "size_bytes": item.size_bytes}
        for id_, post in numbered
        for item in post.attachments
    ]  # fmt: skip
    insert_rows(connection, attachments, photos)
    verdicts = [
        {
            "post_id": id_,
            "rules_version": context.rules_version,
            "post_class": post.post_class,
            "reason": post.reason,
            "rule": post.rule,
            "confidence": post.confidence,
            "decided_at": context.collected_at,
        }
        for id_, post in numbered
    ]
    decided = ["post_class", "reason", "rule", "confidence", "decided_at"]
    upsert_rows(connection, classifications, verdicts, ["post_id", "rules_version"], decided)


def _write_reviews(
    connection: Connection,
    new_posts: Sequence[NewPost],
    ids: Mapping[PostKey, int],
    places: Mapping[int, int],
    replaced_ids: Sequence[int],
    context: WriteContext,
) -> None:
    """Write which posts are suspected; what people decided of a text that did not change is kept."""
    numbered = [(ids[post.platform, post.platform_post_id], post) for post in new_posts]
    suspicions = {
        id_: Suspicion(places[id_], post.suspected_class, post.suspected_by or post.rule)
        for id_, post in numbered
        if post.suspected_class is not None
    }
    judged = {id_ for id_, post in numbered if post.rule == PERSON}
    write_reviews(connection, suspicions, set(replaced_ids) - judged, context.rules_version)
    move_reviews(connection, [(id_, places[id_]) for id_ in sorted(judged)])
