"""Definitions that were valid before: computed from the rows, as they were before there were roll-ups.

They read every question of their period, so no page draws one unasked.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from sqlalchemy import and_, func, or_, select

from db.intervals import AnsweredShare, AnswerTimes, Estimate
from db.metrics.metric import Expression, Sample
from db.queries.asked import asked_questions
from db.queries.extent import data_extent
from db.records import KST, PostFilter
from db.schema import posts, questions
from db.snapshot import Reader

OLD = dt.timedelta(days=7)
SECONDS_PER_HOUR = 3600


def unanswered_over_7_days_to_the_second(reader: Reader, where: PostFilter) -> Sample:
    """Count what had waited for seven times 24 hours at the period's end, or at the cut-off where that is earlier; n counts all that waited."""
    extent = data_extent(reader, where.synthetic)
    if extent.as_of is None or extent.first_day is None:
        return Sample(0.0, None, None, 0)
    end = dt.datetime.combine(where.end + dt.timedelta(days=1), dt.time(), KST).astimezone(dt.UTC)
    moment = min(end, extent.as_of)
    asked = questions.c
    # Whenever it was asked: a stock has no first day.
    ever = PostFilter(extent.first_day, where.end, where.departments, where.platforms, where.classes, where.synthetic)
    waited = and_(
        asked.answers_collected.is_(True),
        asked.asked_at <= moment,
        or_(asked.first_answer_at.is_(None), asked.first_answer_at > moment),
        or_(posts.c.removed_at.is_(None), posts.c.removed_at > moment),
    )
    counted = (
        select(func.count(), func.count().filter(asked.asked_at <= moment - OLD))
        .select_from(questions)
        .join(posts, posts.c.id == asked.post_id)
        .where(waited, *asked_questions(ever))
    )
    with reader.connect() as connection:
        waiting, old = connection.execute(counted).one()
    return Sample(float(old), None, None, int(waiting))


def exact_quantile(share: float) -> Expression:
    """Return the Kaplan-Meier time within which ``share`` is answered, in hours on the wall, of each time itself."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        times = _exact_times(reader, where)
        found = AnsweredShare(times).quantile(share) if len(times) else Estimate(None, None, None)
        return Sample(found.value, found.low, found.high, len(times))

    return compute


def _exact_times(reader: Reader, where: PostFilter) -> AnswerTimes:
    as_of = data_extent(reader, where.synthetic).as_of
    asked = questions.c
    statement = (
        select(asked.asked_at, asked.first_answer_seconds, posts.c.removed_at)
        .join(posts, posts.c.id == asked.post_id)
        .where(
            asked.answers_collected.is_(True),
            asked.is_day_only.is_(False),
            or_(asked.first_answer_post_id.is_(None), asked.first_answer_seconds.is_not(None)),
            *asked_questions(where),
        )
    )
    answered: list[float] = []
    left: list[float] = []
    with reader.connect() as connection:
        for asked_at, seconds, removed_at in connection.execute(statement):
            if seconds is not None:
                answered.append(max(seconds, 0) / SECONDS_PER_HOUR)
            else:
                until = removed_at or as_of
                left.append(max((until - asked_at).total_seconds(), 0.0) / SECONDS_PER_HOUR)
    answered_hours, answered_counts = np.unique(np.array(answered, dtype=float), return_counts=True)
    censored_hours, censored_counts = np.unique(np.array(left, dtype=float), return_counts=True)
    return AnswerTimes(
        answered_hours, answered_counts, censored_hours, censored_counts, max((*answered, *left), default=0.0)
    )
