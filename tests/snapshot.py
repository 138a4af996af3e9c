"""What a store says, without what depends on when and in which order it was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from db.districts import NAMES_A_DISTRICT
from db.schema import (
    accounts,
    attachments,
    classifications,
    departments,
    post_reviews,
    post_terms,
    posts,
    questions,
    terms,
)

# Numbers of rows and moments of loading differ between two loads of the same posts; nothing else may.
_OF_THE_LOAD = {
    "id", "load_run_id", "collected_at", "account_id", "receiving_account_id", "in_reply_to_post_id", "term_ids",
    "timeline_id", "duplicate_of_post_id",
}  # fmt: skip


def snapshot(engine: Engine) -> dict[str, Any]:
    """Return the store's content by natural keys; two equal stores give equal snapshots."""
    writer, receiver, parent = accounts.alias("writer"), accounts.alias("receiver"), posts.alias("parent")
    first = posts.alias("first")
    own = [column for column in posts.c if column.name not in _OF_THE_LOAD]
    with engine.connect() as connection:
        rows = connection.execute(
            select(*own, writer.c.handle, receiver.c.handle, parent.c.platform_post_id)
            .outerjoin(writer, writer.c.id == posts.c.account_id)
            .outerjoin(receiver, receiver.c.id == posts.c.receiving_account_id)
            .outerjoin(parent, parent.c.id == posts.c.in_reply_to_post_id)
        )
        asked = connection.execute(
            select(
                posts.c.platform_id,
                posts.c.platform_post_id,
                questions.c.asked_at,
                departments.c.name_ko,
                questions.c.department_source,
                questions.c.rule,
                first.c.platform_post_id,
                questions.c.first_answer_at,
                questions.c.first_answer_seconds,
            )
            .select_from(questions)
            .join(posts, posts.c.id == questions.c.post_id)
            .outerjoin(departments, departments.c.id == questions.c.department_id)
            .outerjoin(first, first.c.id == questions.c.first_answer_post_id)
        )
        said = connection.execute(
            select(posts.c.platform_post_id, terms.c.term)
            .join(post_terms, post_terms.c.post_id == posts.c.id)
            .join(terms, terms.c.id == post_terms.c.term_id)
        )
        placed = connection.execute(
            select(posts.c.platform_post_id, post_terms.c.term_id)
            .join(post_terms, post_terms.c.post_id == posts.c.id)
            .where(post_terms.c.term_id <= NAMES_A_DISTRICT)
        )
        judged = connection.execute(
            select(posts.c.platform_post_id, classifications.c.post_class, classifications.c.rule).join(
                classifications, classifications.c.post_id == posts.c.id
            )
        )
        shown = connection.execute(
            select(posts.c.platform_post_id, attachments.c.key, attachments.c.url, attachments.c.alt).join(
                attachments, attachments.c.post_id == posts.c.id
            )
        )
        known = connection.execute(
            select(accounts.c.platform_id, accounts.c.handle, departments.c.name_ko).join(
                departments, departments.c.id == accounts.c.department_id
            )
        )
        doubted = connection.execute(
            select(
                posts.c.platform_post_id,
                *(post_reviews.c[name] for name in ("suspected_class", "rule", "status", "decided_at", "note")),
            ).join(post_reviews, post_reviews.c.post_id == posts.c.id)
        )
        results = {
            "posts": rows, "questions": asked, "terms": said, "districts": placed, "classes": judged, "photos": shown,
            "accounts": known, "reviews": doubted,
        }  # fmt: skip
        return {name: sorted((tuple(row) for row in result), key=repr) for name, result in results.items()}
