"""Full-text search over morphemes and surface words, newest first."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, case, func, null, or_, select

from db.conditions import citizen_posts
from db.dialects import dialect_of
from db.dialects.base import SearchQuery
from db.frames import ANSWERS, ATTACHMENTS, SEARCH_RESULTS
from db.records import UNASSIGNED, SearchRequest
from db.schema import accounts, attachments, departments, platforms, post_terms, posts, questions, term_groups, terms

MAX_COUNTED = 10_000  # beyond this the number of matches is not worth the reading
MAX_QUERY_WORDS = 12
SECONDS_PER_HOUR = 3600
_QUERY_PARTS = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some results, how many there are in all, and where the next ones begin.

    ``total`` stops at MAX_COUNTED; ``total_is_capped`` says so. ``next_before`` goes into the next
    SearchRequest, None at the end.
    """

    results: pd.DataFrame
    total: int
    total_is_capped: bool
    next_before: tuple[dt.datetime, int] | None


def parse_query(query: str) -> SearchQuery:
    """Read words, "phrases" and -exclusions; what holds no letter or digit is left out."""
    words, phrases, excluded = [], [], []
    for minus, phrase, word in _QUERY_PARTS.findall(_storable(query)):
        part = (phrase or word).strip()
        if not any(character.isalnum() for character in part):
            continue
        if minus:
            excluded.append(part)
        elif phrase:
            phrases.append(part)
        else:
            words.append(part.lstrip("#@"))
    return SearchQuery(
        tuple(words[:MAX_QUERY_WORDS]), tuple(phrases[:MAX_QUERY_WORDS]), tuple(excluded[:MAX_QUERY_WORDS])
    )


def _storable(text: str) -> str:
    """Return ``text`` without what no engine takes: NUL and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode()


def search(engine: Engine, request: SearchRequest) -> SearchPage:
    """Return citizens' posts that match, newest first. Columns SEARCH_RESULTS.

    Without a query all posts of the filter are listed. ``request.term`` asks for one term or term group
    exactly, as the trend counts it. Risk posts are never listed. A text is None where its platform
    does not allow it to be shown; ``export_text`` where it may not leave in a download.
    """
    query = parse_query(request.query)
    if request.query.strip() and not query:  # signs only: nothing can hold them
        return SearchPage(SEARCH_RESULTS.frame(), 0, False, None)
    conditions = [posts.c.is_risk.is_(False), *citizen_posts(request.where)]
    if query:
        conditions.append(dialect_of(engine).matches(posts.c.id, query))
    if request.term:
        conditions.append(posts.c.id.in_(_posts_of_term(_storable(request.term))))
    page = conditions
    if request.before is not None:
        moment, post_id = request.before
        page = [
            *conditions,
            or_(posts.c.created_at < moment, and_(posts.c.created_at == moment, posts.c.id < post_id)),
        ]
    newest = (
        select(posts.c.id).where(*page).order_by(posts.c.created_at.desc(), posts.c.id.desc()).limit(request.limit + 1)
    )
    with engine.connect() as connection:
        ids = list(connection.scalars(newest))
        rows = connection.execute(_details(ids[: request.limit])).all() if ids else []
        counted = select(posts.c.id).where(*conditions).limit(MAX_COUNTED + 1).subquery()
        total = connection.scalar(select(func.count()).select_from(counted)) or 0
    results = SEARCH_RESULTS.frame([tuple(row) for row in rows])
    more = len(ids) > request.limit
    next_before = (rows[-1].created_at, rows[-1].post_id) if more else None
    return SearchPage(results, min(total, MAX_COUNTED), total > MAX_COUNTED, next_before)


def _posts_of_term(name: str) -> Any:
    members = select(term_groups.c.term).where(term_groups.c.name == name)
    return (
        select(post_terms.c.post_id)
        .join(terms, terms.c.id == post_terms.c.term_id)
        .where(or_(terms.c.term == name, terms.c.term.in_(members)))
    )


def _text_may_be_shown() -> ColumnElement[bool]:
    """Texts read live follow the platform's terms; synthetic ones and a city's own imports are its own to show."""
    return or_(posts.c.origin.in_(("synthetic", "import")), platforms.c.display == "text")


def _details(ids: list[int]) -> Any:
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
        )
        .join(platforms, platforms.c.id == posts.c.platform_id)
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .outerjoin(departments, departments.c.id == questions.c.department_id)
        .outerjoin(receiving, receiving.c.id == posts.c.receiving_account_id)
        .where(posts.c.id.in_(ids))
        .order_by(posts.c.created_at.desc(), posts.c.id.desc())
    )


def answers_of(engine: Engine, post_ids: tuple[int, ...]) -> pd.DataFrame:
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
        )
        .join(accounts, accounts.c.id == posts.c.account_id)
        .join(departments, departments.c.id == accounts.c.department_id)
        .where(posts.c.in_reply_to_post_id.in_(post_ids), posts.c.is_inbound.is_(False))
        .order_by(posts.c.in_reply_to_post_id, posts.c.created_at, posts.c.id)
    )
    with engine.connect() as connection:
        return ANSWERS.frame([tuple(row) for row in connection.execute(statement)])


def attachments_of(engine: Engine, post_ids: tuple[int, ...]) -> pd.DataFrame:
    """Return the photos and videos of the posts, their words where the text may be shown too. Columns ATTACHMENTS."""
    table = attachments
    statement = (
        select(table.c.post_id, table.c.kind, table.c.url, case((_text_may_be_shown(), table.c.alt), else_=null()))
        .join(posts, posts.c.id == table.c.post_id)
        .join(platforms, platforms.c.id == posts.c.platform_id)
        .where(table.c.post_id.in_(post_ids))
        .order_by(table.c.post_id, table.c.key)
    )
    with engine.connect() as connection:
        return ATTACHMENTS.frame([tuple(row) for row in connection.execute(statement)])
