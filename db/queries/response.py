"""How long citizens wait, with those who still wait in every number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Engine, case, func, or_, select

from db.conditions import asked_questions, citizen_posts
from db.frames import DIRECT_REPLIES, RESPONSE_CURVE, RESPONSE_HISTOGRAM, UNANSWERED_AGES
from db.intervals import AnsweredShare, AnswerTimes
from db.queries.extent import data_extent
from db.records import AGE_BANDS, KST, RESPONSE_HOURS_EDGES, UNASSIGNED, PostFilter
from db.schema import departments, posts, questions

SECONDS_PER_HOUR = 3600
# Where the curve is drawn: dense in the first day, to 30 days, and at the hours that are quoted.
QUOTED_HOURS = (1, 3, 24, 72, 168, 720)
CURVE_HOURS = tuple(
    float(hours) for hours in np.unique(np.concatenate([np.round(np.geomspace(0.25, 720, 80), 2), QUOTED_HOURS]))
)


@dataclass(frozen=True, slots=True)
class ResponseCoverage:
    """How many questions a response time can speak of.

    ``questions`` = ``answerable`` + those from sources without answers;
    ``answerable`` = ``timed`` + ``day_only``; ``timed`` and ``day_only`` each hold answered and waiting ones.
    """

    questions: int
    answerable: int
    timed: int
    day_only: int
    answered: int
    unanswered: int


def response_coverage(engine: Engine, where: PostFilter) -> ResponseCoverage:
    """Return how many questions of the period take part in response times, and why others do not."""
    answerable = questions.c.answers_collected
    answered = questions.c.first_answer_post_id.is_not(None)
    # A day-only answer leaves a question without a time, even where the question itself has one.
    day_only = questions.c.is_day_only | (answered & questions.c.first_answer_seconds.is_(None))
    statement = select(
        func.count(),
        func.coalesce(func.sum(case((answerable, 1), else_=0)), 0),
        func.coalesce(func.sum(case((answerable & ~day_only, 1), else_=0)), 0),
        func.coalesce(func.sum(case((answerable & day_only, 1), else_=0)), 0),
        func.coalesce(func.sum(case((answerable & answered, 1), else_=0)), 0),
        func.coalesce(func.sum(case((answerable & ~answered, 1), else_=0)), 0),
    ).where(*asked_questions(where))
    with engine.connect() as connection:
        return ResponseCoverage(*(int(value) for value in connection.execute(statement).one()))


def answer_times(engine: Engine, where: PostFilter) -> AnswerTimes:
    """Return the waiting times of the period's questions in hours, those unanswered censored at the cut-off.

    Cohort by question date. An answer dated before its question (clocks that disagree) counts as at once.
    """
    as_of = data_extent(engine, where.synthetic).as_of
    statement = select(questions.c.first_answer_seconds, questions.c.first_answer_post_id, questions.c.asked_at).where(
        questions.c.answers_collected, questions.c.is_day_only.is_(False), *asked_questions(where)
    )
    answered, waiting = [], []
    with engine.connect() as connection:
        for seconds, answer_id, asked_at in connection.execute(statement):
            if seconds is not None:
                answered.append(max(seconds, 0))
            elif answer_id is None and as_of is not None:
                waiting.append(max((as_of - asked_at).total_seconds(), 0))
    return AnswerTimes(
        np.array(answered, dtype=float) / SECONDS_PER_HOUR, np.array(waiting, dtype=float) / SECONDS_PER_HOUR
    )


def response_curve(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return the share answered within each time up to 30 days, Kaplan-Meier. Columns RESPONSE_CURVE."""
    times = answer_times(engine, where)
    if not len(times):
        return RESPONSE_CURVE.frame()
    estimate = AnsweredShare(times)
    share, low, high = estimate.within(CURVE_HOURS)
    frame = pd.DataFrame(
        {
            "hours": CURVE_HOURS,
            "answered_share": share,
            "low": low,
            "high": high,
            "at_risk": estimate.at_risk(CURVE_HOURS),
        }
    )
    return RESPONSE_CURVE.cast(frame[frame["answered_share"].notna()])


def response_histogram(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Count questions by the time to their first answer, one row for each interval. Columns RESPONSE_HISTOGRAM.

    The unanswered are not in it; they are in :func:`unanswered_ages`.
    """
    hours = answer_times(engine, where).answered_hours
    edges = np.array([*RESPONSE_HOURS_EDGES, np.inf])
    counts, _ = np.histogram(hours, bins=edges)
    return RESPONSE_HISTOGRAM.frame(list(zip(edges[:-1], edges[1:], counts, strict=True)))


def unanswered_ages(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Count what was unanswered at the end of the period, by age and department. Columns UNANSWERED_AGES.

    A stock, not a flow: ``where.start`` plays no part. Questions answered later were open then and count.
    """
    moment = stock_moment(engine, where)
    if moment is None:
        return UNANSWERED_AGES.frame()
    band = case(
        *(
            (questions.c.asked_at >= moment - dt.timedelta(days=upper), name)
            for name, _, upper in AGE_BANDS
            if upper is not None
        ),
        else_=AGE_BANDS[-1][0],
    ).label("band")
    count = func.count().label("questions")
    statement = (
        select(
            band,
            func.coalesce(departments.c.code, UNASSIGNED),
            func.coalesce(departments.c.name_ko, "미지정"),
            func.coalesce(departments.c.name_en, "Unassigned"),
            count,
        )
        .select_from(questions)
        .outerjoin(departments, departments.c.id == questions.c.department_id)
        .where(*_open_at(moment), *asked_questions(where, ignore_start=True))
        .group_by(band, departments.c.code, departments.c.name_ko, departments.c.name_en)
        .order_by(count.desc())
    )
    with engine.connect() as connection:
        return UNANSWERED_AGES.frame([tuple(row) for row in connection.execute(statement)])


def stock_moment(engine: Engine, where: PostFilter) -> dt.datetime | None:
    """Return when the stock is taken: the end of the period, at the latest the data cut-off."""
    as_of = data_extent(engine, where.synthetic).as_of
    if as_of is None:
        return None
    end = dt.datetime.combine(where.end + dt.timedelta(days=1), dt.time(), KST)
    return min(as_of, end.astimezone(dt.UTC))


def _open_at(moment: dt.datetime) -> list[ColumnElement[bool]]:
    return [
        questions.c.answers_collected,
        questions.c.asked_at <= moment,
        or_(questions.c.first_answer_post_id.is_(None), questions.c.first_answer_at > moment),
    ]


def direct_replies(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Return the first direct reply by an account to each citizen's post that got one. Columns DIRECT_REPLIES.

    Every citizen's post counts here, follow-ups and thanks included, whatever its class.
    """
    reply = posts.alias("reply")
    with engine.connect() as connection:
        rows = connection.execute(
            select(posts.c.platform_id, posts.c.platform_post_id, posts.c.created_at, reply.c.created_at)
            .join(reply, reply.c.in_reply_to_post_id == posts.c.id)
            .where(
                reply.c.is_inbound.is_(False),
                reply.c.is_day_only.is_(False),
                posts.c.is_day_only.is_(False),
                *citizen_posts(where),
            )
        ).all()
    first: dict[tuple[str, str], float] = {}
    for platform, platform_post_id, asked_at, answered_at in rows:
        key = (platform, platform_post_id)
        seconds = (answered_at - asked_at).total_seconds()
        first[key] = min(seconds, first.get(key, seconds))
    return DIRECT_REPLIES.frame([(*key, seconds) for key, seconds in sorted(first.items())])
