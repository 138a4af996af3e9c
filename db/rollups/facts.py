"""What the roll-ups need to know of a post: one row of facts, read from the rows and from nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from db.records import KST
from db.schema import posts, questions
from db.timeline import timeline_range

FETCHED_AT_ONCE = 10_000
_DAY_S = 86_400
_MINUTE_S = 60


class PostFact(NamedTuple):
    """A post and, where it is one, its question; ``question_id`` is None for all others."""

    id: int
    is_synthetic: bool
    is_inbound: bool
    created_at: dt.datetime
    created_day: dt.date
    platform_id: str
    post_class: str
    reason: str
    account_id: int | None
    receiving_account_id: int | None
    author_key: bytes | None
    term_ids: bytes | None
    is_template: bool
    in_reply_to: str | None
    removed_at: dt.datetime | None
    question_id: int | None
    department_id: int | None
    department_source: str | None
    is_day_only: bool | None
    answers_collected: bool | None
    is_risk: bool | None
    first_answer_post_id: int | None
    first_answer_at: dt.datetime | None
    first_answer_seconds: int | None
    closed_working_seconds: int | None
    first_reply_at: dt.datetime | None
    first_reply_seconds: int | None

    @property
    def day(self) -> int:
        """The KST day as its ordinal, which is what the roll-ups hold."""
        return self.created_day.toordinal()

    @property
    def is_answered(self) -> bool:
        """The city answered, as far as the source carries answers."""
        return bool(self.answers_collected) and self.first_answer_post_id is not None

    @property
    def is_waiting(self) -> bool:
        """Neither answered nor removed, and the source would carry an answer."""
        return bool(self.answers_collected) and self.first_answer_post_id is None and self.removed_at is None

    @property
    def is_timed(self) -> bool:
        """The wait can be given in seconds: question and, where there is one, answer are known to more than the day."""
        if not self.answers_collected or self.is_day_only:
            return False
        return self.first_answer_post_id is None or self.first_answer_seconds is not None

    @property
    def is_reply_timed(self) -> bool:
        """The same as ``is_timed`` of the first reply of any kind."""
        if not self.answers_collected or self.is_day_only:
            return False
        return self.first_reply_at is None or self.first_reply_seconds is not None

    @property
    def closed_day(self) -> dt.date | None:
        """The KST day on which the question was answered or removed, whichever was first; None while it waits."""
        if not self.answers_collected:
            return None
        moments = [moment for moment in (self.first_answer_at, self.removed_at) if moment is not None]
        return min(moments).astimezone(KST).date() if moments else None

    @property
    def minute_of_day(self) -> int:
        """Whole minutes since KST midnight."""
        return int((self.created_at.timestamp() + 9 * 3600) % _DAY_S) // _MINUTE_S


@dataclass(slots=True)
class NewRows:
    """The rows of posts that were not there before, as they are written: of ``posts``, and of ``questions``."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)


def _statement() -> Select[Any]:
    row, asked = posts.c, questions.c
    return select(
        row.id, row.is_synthetic, row.is_inbound, row.created_at, row.created_day, row.platform_id, row.post_class,
        row.reason, row.account_id, row.receiving_account_id, row.author_key, row.term_ids, row.is_template,
        row.in_reply_to, row.removed_at,
        asked.post_id, asked.department_id, asked.department_source, asked.is_day_only, asked.answers_collected,
        asked.is_risk, asked.first_answer_post_id, asked.first_answer_at, asked.first_answer_seconds,
        asked.closed_working_seconds, asked.first_reply_at, asked.first_reply_seconds,
    ).outerjoin(questions, asked.post_id == row.id)  # fmt: skip


_OF_IDS = _statement().where(posts.c.id.in_(bindparam("ids", expanding=True)))
_OF_DAYS = (
    _statement()
    .where(posts.c.timeline_id.between(bindparam("low"), bindparam("high")))
    .order_by(posts.c.timeline_id)
    .execution_options(yield_per=FETCHED_AT_ONCE)
)


_REMOVED_AT = PostFact._fields.index("removed_at")
_ASKED = PostFact._fields.index("question_id")
_OF_POST = itemgetter(*PostFact._fields[:_REMOVED_AT])
_OF_QUESTION = itemgetter("post_id", *PostFact._fields[_ASKED + 1 :])
_NO_QUESTION = (None,) * (len(PostFact._fields) - _ASKED)


def facts_of_rows(rows: NewRows) -> list[PostFact]:
    """Return the facts of posts that were just written; nobody can have removed them yet."""
    asked = {row["post_id"]: _OF_QUESTION(row) for row in rows.questions}
    return [PostFact._make((*_OF_POST(row), None, *asked.get(row["id"], _NO_QUESTION))) for row in rows.posts]


def facts_of(connection: Connection, post_ids: Iterable[int]) -> list[PostFact]:
    """Return the facts of these posts, of those that exist."""
    ids = sorted(set(post_ids))
    return [PostFact._make(row) for row in connection.execute(_OF_IDS, {"ids": ids}).all()] if ids else []


def facts_between(connection: Connection, start: dt.date, end: dt.date) -> Iterator[PostFact]:
    """Yield the facts of all posts of the KST days ``start`` to ``end``, both inclusive."""
    for is_synthetic in (False, True):
        low, high = timeline_range(is_synthetic, start, end)
        for row in connection.execute(_OF_DAYS, {"low": low, "high": high}):
            yield PostFact._make(row)
