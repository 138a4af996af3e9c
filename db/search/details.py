"""What is shown of posts: their rows, the city's answers, photos; texts as far as their platform allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, null, or_, select

from db.districts import districts_of
from db.frames import ANSWERS, ATTACHMENTS, SEARCH_RESULTS
from db.packing import unpack_ids
from db.records import NO_ANSWER, TEMPLATE, UNASSIGNED
from db.schema import accounts, attachments, departments, districts, platforms, posts, questions
from db.snapshot import Reader

SECONDS_PER_HOUR = 3600


def results_of(connection: Connection, post_ids: Sequence[int]) -> pd.DataFrame:
    """Return the posts in the order of ``post_ids``. Columns SEARCH_RESULTS."""
    if not post_ids:
        return SEARCH_RESULTS.frame()
    names = {row.code: (row.name_ko, row.name_en) for row in connection.execute(select(districts))}
    rows = {
        row.post_id: (*fields, *_named(term_ids, names))
        for row in connection.execute(_details(post_ids))
        for *fields, term_ids in [row]
    }
    return SEARCH_RESULTS.frame([rows[post_id] for post_id in post_ids if post_id in rows])


def _named(term_ids: bytes | None, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the districts a post names, in both languages."""
    found = [names[code] for code in sorted(districts_of(unpack_ids(term_ids))) if code in names]
    return ", ".join(ko for ko, _ in found), ", ".join(en for _, en in found)


def _text_may_be_shown() -> ColumnElement[bool]:
    """Texts read live follow the platform's terms; synthetic ones and a city's own imports are its own to show."""
    return or_(posts.c.origin.in_(("synthetic", "import")), platforms.c.display == "text")


def _details(ids: Sequence[int]) -> Any:
    receiving = accounts.alias("receiving")
    text = case((_text_may_be_shown(), posts.c.text), else_=null())
    export_text = case((or_(posts.c.is_synthetic, platforms.c.export == "text"), posts.c.text), else_=null())
    precision = case((posts.c.is_day_only, "day"), else_="second")
    department = case((questions.c.post_id.is_(None), null()), else_=func.coalesce(departments.c.code, UNASSIGNED))
    return (
        select(
            posts.c.id.label("post_id"),
            posts.c.platform_id,
            posts.c.platform_post_id,
            posts.c.created_at,
            precision,
            posts.c.post_class,
            posts.c.reason,
            text,
            export_text,
            posts.c.url,
            department,
            departments.c.name_ko,
            departments.c.name_en,
            questions.c.department_source,
            receiving.c.handle,
            questions.c.first_answer_seconds / float(SECONDS_PER_HOUR),
            posts.c.answers_collected,
            posts.c.term_ids,
        )
        .join(platforms, platforms.c.id == posts.c.platform_id)
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .outerjoin(departments, departments.c.id == questions.c.department_id)
        .outerjoin(receiving, receiving.c.id == posts.c.receiving_account_id)
        .where(posts.c.id.in_(ids))
    )


def answers_of(reader: Reader, post_ids: tuple[int, ...]) -> pd.DataFrame:
    """Return the city's direct answers to the posts, in their order. Columns ANSWERS."""
    statement = (
        select(
            posts.c.in_reply_to_post_id,
            posts.c.id,
            posts.c.created_at,
            case((posts.c.is_day_only, "day"), else_="second"),
            accounts.c.handle,
            departments.c.name_ko,
            departments.c.name_en,
            posts.c.text,
            posts.c.url,
            case((and_(posts.c.is_template, posts.c.reason.not_in(NO_ANSWER)), TEMPLATE), else_=posts.c.reason),
        )
        .join(accounts, accounts.c.id == posts.c.account_id)
        .join(departments, departments.c.id == accounts.c.department_id)
        .where(posts.c.in_reply_to_post_id.in_(post_ids), posts.c.is_inbound.is_(False))
        .order_by(posts.c.in_reply_to_post_id, posts.c.created_at, posts.c.id)
    )
    with reader.connect() as connection:
        return ANSWERS.frame([tuple(row) for row in connection.execute(statement)])


def attachments_of(reader: Reader, post_ids: tuple[int, ...]) -> pd.DataFrame:
    """Return the photos and videos of the posts, their words and copies where the text may be shown too. Columns ATTACHMENTS."""
    table = attachments
    statement = (
        select(
            table.c.post_id,
            table.c.kind,
            table.c.url,
            case((_text_may_be_shown(), table.c.alt), else_=null()),
            table.c.width,
            table.c.height,
            table.c.size_bytes,
            case((_text_may_be_shown(), func.nullif(table.c.thumbnail, "")), else_=null()),
        )
        .join(posts, posts.c.id == table.c.post_id)
        .join(platforms, platforms.c.id == posts.c.platform_id)
        .where(table.c.post_id.in_(post_ids))
        .order_by(table.c.post_id, table.c.key)
    )
    with reader.connect() as connection:
        return ATTACHMENTS.frame([tuple(row) for row in connection.execute(statement)])
