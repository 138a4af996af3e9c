"""The rows the second way counts from: posts and questions of a period, read in pieces; no roll-up, no index of words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, bindparam, func, or_, select

from db.records import KST, PostFilter
from db.schema import calendar_days, departments, posts, questions
from db.timeline import timeline_range

AT_ONCE = 5_000  # rows held as Python objects at a time; what is kept of them is columns of numbers

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything the second way knows.

    ``posts`` are the citizens' of the period, ``of_city`` the city's replies in it, ``questions`` those of them that are, ``replies`` what accounts wrote directly to
    the posts. ``open`` has the day of every question, of whatever time, that waited at the end of ``last_day``.
    """

    posts: pd.DataFrame
    of_city: pd.DataFrame
    questions: pd.DataFrame
    open: pd.DataFrame
    replies: pd.DataFrame
    as_of: pd.Timestamp | None
    last_day: dt.date | None
    exceptions: dict[dt.date, bool]
    office_hours: dict[int, str]


def read_rows(connection: Connection, where: PostFilter, progress: Progress | None = None) -> Rows:
    """Read the posts and questions of ``where``, which names a period and a kind of posts, and no more."""
    tell = progress or (lambda done, total: None)
    low, high = timeline_range(where.synthetic, where.start, where.end)
    of_period = posts.c.timeline_id.between(low, high)
    total = int(connection.scalar(select(func.count()).select_from(posts).where(of_period)) or 0)
    as_of = _newest(connection, where.synthetic)
    last = min(where.end, as_of.tz_convert(KST).date()) if as_of is not None else None
    done = 0
    kept, replies, own = [], [], []
    for piece in _pieces(connection, _posts_of(of_period), (*_POST, *_OF_CITY, _CITY)):
        done += len(piece)
        tell(done, total)
        citizens = piece.loc[~piece[_CITY], list(_POST)]
        kept.append(citizens)
        own.append(piece.loc[piece[_CITY] & piece["is_reply"], list(_OF_CITY)])
        replies.append(_replies_to(connection, citizens["id"].tolist()))
    return Rows(
        posts=_joined(kept, _POST),
        of_city=_joined(own, _OF_CITY),
        questions=_joined(_pieces(connection, _questions_of(where), _QUESTION), _QUESTION),
        open=_open_at_the_end(connection, where, last),
        replies=_joined(replies, _REPLY),
        as_of=as_of,
        last_day=last,
        exceptions=dict(connection.execute(select(calendar_days.c.day, calendar_days.c.is_working_day)).all()),
        office_hours=dict(
            connection.execute(
                select(departments.c.id, departments.c.office_hours).where(departments.c.office_hours.is_not(None))
            ).all()
        ),
    )


_QUESTION = (
    "asked_at", "department_id", "is_day_only", "answers_collected", "answered_at", "removed_at", "is_answer_timed",
    "replied_at", "is_reply_timed",
)  # fmt: skip
_REPLY = ("post_id", "created_at", "is_day_only")
_POST = ("id", "platform_id", "post_class", "created_at", "is_day_only")
_OF_CITY = ("reason", "is_template", "is_reply")
_CITY = "is_of_the_city"
_WORDS = {"platform_id", "post_class", "reason"}
_FLAGS = {"is_day_only", "answers_collected", "is_answer_timed", "is_reply_timed", "is_template", "is_reply", _CITY}


def _posts_of(of_period: Any) -> Select[Any]:
    row = posts.c
    city = row.is_inbound.is_(False)
    return select(
        row.id, row.platform_id, row.post_class, row.created_at, row.is_day_only, row.reason, row.is_template,
        row.in_reply_to.is_not(None), city,
    ).where(of_period)  # fmt: skip


def _questions_of(where: PostFilter) -> Select[Any]:
    asked, answer = questions.c, posts.alias("answer")
    return (
        select(
            asked.asked_at, asked.department_id, asked.is_day_only, asked.answers_collected, asked.first_answer_at,
            posts.c.removed_at, answer.c.is_day_only.is_(False), asked.first_reply_at, asked.first_reply_seconds.is_not(None),
        )
        .join(posts, posts.c.id == asked.post_id)
        .outerjoin(answer, answer.c.id == asked.first_answer_post_id)
        .where(asked.is_synthetic.is_(where.synthetic), asked.asked_day.between(where.start, where.end))
    )  # fmt: skip


def _open_at_the_end(connection: Connection, where: PostFilter, last: dt.date | None) -> pd.DataFrame:
    """Return the day on which each question was asked that waited at the end of ``last``, whenever that was."""
    if last is None:
        return _table([], ("asked_day",))
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), KST).astimezone(dt.UTC)
    asked = questions.c
    statement = (
        select(asked.asked_day)
        .join(posts, posts.c.id == asked.post_id)
        .where(
            asked.is_synthetic.is_(where.synthetic),
            asked.answers_collected.is_(True),
            asked.asked_day <= last,
            or_(asked.first_answer_at.is_(None), asked.first_answer_at >= midnight),
            or_(posts.c.removed_at.is_(None), posts.c.removed_at >= midnight),
        )
    )
    return _joined(_pieces(connection, statement, ("asked_day",)), ("asked_day",))


def _replies_to(connection: Connection, post_ids: Sequence[int]) -> pd.DataFrame:
    reply = posts.c
    statement = select(reply.in_reply_to_post_id, reply.created_at, reply.is_day_only).where(
        reply.in_reply_to_post_id.in_(bindparam("ids", expanding=True)), reply.is_inbound.is_(False)
    )
    rows = connection.execute(statement, {"ids": list(post_ids)}).all() if post_ids else []
    return _table([tuple(row) for row in rows], _REPLY)


def _newest(connection: Connection, synthetic: bool) -> pd.Timestamp | None:
    newest = connection.scalar(select(func.max(posts.c.created_at)).where(posts.c.is_synthetic.is_(synthetic)))
    return None if newest is None else pd.Timestamp(newest)


def _pieces(connection: Connection, statement: Select[Any], names: Sequence[str]) -> Iterator[pd.DataFrame]:
    rows = connection.execute(statement.execution_options(yield_per=AT_ONCE))
    for piece in rows.partitions():
        yield _table([tuple(row) for row in piece], names)


def _table(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pd.DataFrame:
    """Return rows as columns of numbers: moments in seconds since 1970 UTC, NaN where there is none, as of departments."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    return pd.DataFrame({name: _typed(name, values) for name, values in columns.items()})


def _typed(name: str, values: Sequence[Any]) -> Any:
    if name.endswith("_at"):
        return np.array([np.nan if value is None else value.timestamp() for value in values], dtype=float)
    if name == "department_id":
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    if name == "asked_day":
        return np.array(values, dtype="datetime64[D]").astype("datetime64[ns]")
    if name in _FLAGS:
        return np.array([bool(value) for value in values], dtype=bool)
    return np.array(values, dtype=object if name in _WORDS else np.int64)


def _joined(pieces: Iterable[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    found = [piece for piece in pieces if len(piece)]
    return pd.concat(found, ignore_index=True) if found else _table([], names)
