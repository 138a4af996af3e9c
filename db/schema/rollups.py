"""The roll-ups: derived from the rows by :mod:`db.rollups` alone, checked by ``python -m db check``.

Where a table has a ``span``, a row speaks of so many days from ``start`` on (1, a week from Monday, 13 weeks), so that
any period is the sum of a few rows of each kind. Where it has ``days``, a row speaks of the 13 weeks from ``start``
on: its counts are their sums, and ``days`` holds the counts of each day, packed by db.packing. Ids are 0 where there
is none: a key knows no NULL. Rows of nothing but zeros are not kept.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from db.schema.types import Day, metadata

_PERIOD = ("is_synthetic", "span", "start")
FREQUENT = 5  # questions; the fewest that can come from the five authors a word needs to be shown
IS_FREQUENT = text(f"listed >= {FREQUENT}")


def _period() -> list[Column[Any]]:
    return [
        Column("is_synthetic", Boolean, primary_key=True),
        Column("span", Integer, primary_key=True, autoincrement=False),
        Column("start", Day, primary_key=True),
    ]


def _key(name: str, type_: type[Integer] | String = Integer) -> Column[Any]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _block() -> list[Column[Any]]:
    return [Column("is_synthetic", Boolean, primary_key=True), Column("start", Day, primary_key=True)]


def _day_by_day(*measures: str) -> list[Column[Any]]:
    return [*map(_count, measures), Column("days", LargeBinary, nullable=False)]


# Citizens' posts; the department is 0 for what is no question and for questions nobody is responsible for.
post_counts = Table(
    "post_counts",
    metadata,
    *_period(),
    _key("platform_id", String(40)),
    _key("post_class", String(20)),
    _key("reason", String(60)),
    _key("receiving_account_id"),
    _key("department_id"),
    _count("posts"),
    sqlite_with_rowid=False,
)

# The same without accounts, departments and reasons: what most charts over long times need.
class_counts = Table(
    "class_counts",
    metadata,
    *_block(),
    _key("platform_id", String(40)),
    _key("post_class", String(20)),
    *_day_by_day("posts"),
    sqlite_with_rowid=False,
)

city_post_counts = Table(
    "city_post_counts",
    metadata,
    *_block(),
    _key("platform_id", String(40)),
    _key("account_id"),
    *_day_by_day("posts"),
    sqlite_with_rowid=False,
)

# What the city replied, by the kind of reply: its reason, or answer.template for a text that was said again and again.
reply_counts = Table(
    "reply_counts",
    metadata,
    *_block(),
    _key("platform_id", String(40)),
    _key("account_id"),
    _key("reason", String(60)),
    *_day_by_day("posts"),
    sqlite_with_rowid=False,
)

_OF_QUESTIONS = (
    "questions",
    "answerable",  # from sources that carry the city's answers; the next three are of these
    "timed",  # question and answer, where there is one, known to the second
    "answered",
    "waiting",  # neither answered nor removed
    "by_reply",  # the next three say how the department is known; what remains of a department is by the classifier
    "by_rule",
    "by_receiving_account",
)
question_counts = Table(
    "question_counts",
    metadata,
    *_block(),
    _key("platform_id", String(40)),
    _key("department_id"),
    *_day_by_day(*_OF_QUESTIONS),
    # All but the days, so that neither sums nor a look for departments read past the days of every row.
    Index("ix_question_counts_sums", "is_synthetic", "start", "platform_id", "department_id", *_OF_QUESTIONS),
    sqlite_with_rowid=False,
)

# Answerable questions by the day on which they were answered or removed: what was open at any midnight.
closed_questions = Table(
    "closed_questions",
    metadata,
    Column("is_synthetic", Boolean, primary_key=True),
    Column("closed_day", Day, primary_key=True),
    Column("asked_day", Day, primary_key=True),
    _key("platform_id", String(40)),
    _key("department_id"),
    _count("questions"),
    sqlite_with_rowid=False,
)

# Timed questions, histograms packed by db.packing: (bucket, count) pairs.
response_histograms = Table(
    "response_histograms",
    metadata,
    *_period(),
    _key("platform_id", String(40)),
    _key("department_id"),
    Column("answered", LargeBinary, nullable=False),  # by bucket of the seconds to the first answer
    Column("waiting", LargeBinary, nullable=False),  # by minute since the start of the span
    Column("removed", LargeBinary, nullable=False),  # by bucket of the seconds to the removal, unanswered until then
    Column("answered_working", LargeBinary, nullable=False),  # the same of the working clock
    Column("removed_working", LargeBinary, nullable=False),
    Column("replied", LargeBinary, nullable=False),  # the same of the first reply of any kind, on the wall
    Column("unreplied", LargeBinary, nullable=False),
    Column("removed_unreplied", LargeBinary, nullable=False),
)

term_counts = Table(
    "term_counts",
    metadata,
    *_period(),
    _key("term_id"),
    _count("questions"),
    _count("listed"),  # of these, not in the restricted queue
    _count("authors"),  # distinct, of the listed; 0 where the span is 13 weeks: not counted
    # The most frequent words of a period are read from here, a few of each cell. Few cells hold as many.
    Index(
        "ix_term_counts_listed",
        *_PERIOD,
        "listed",
        sqlite_where=IS_FREQUENT,
        postgresql_where=IS_FREQUENT,
    ),
    sqlite_with_rowid=False,
)

reject_counts = Table(
    "reject_counts",
    metadata,
    Column("source", String(300), primary_key=True),
    Column("reason", String(60), primary_key=True),
    _count("rows"),
    _count("first_row"),
)
