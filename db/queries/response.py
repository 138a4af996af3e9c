"""How long citizens wait, with those who still wait in every number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import select

from db.calendar import read_clocks
from db.conditions import citizen_posts
from db.frames import DIRECT_REPLIES, EVER_ANSWERED, RESPONSE_CURVE, RESPONSE_HISTOGRAM
from db.intervals import AnsweredShare, AnswerTimes
from db.packing import BUCKET_EDGES_S, bucket_middles_s, bucket_of
from db.packing import QUOTED_HOURS as EXACT_HOURS
from db.queries.counts import question_sums
from db.queries.extent import data_extent
from db.queries.histograms import SECONDS_PER_HOUR, SECONDS_PER_MINUTE, Histograms, read_histograms
from db.records import EVER_ANSWERED_HOURS, RESPONSE_HOURS_EDGES, PostFilter
from db.rollups.histograms import ANSWERED, REMOVED, REPLY, WAITING, WALL, WORKING
from db.schema import posts
from db.snapshot import Reader, once
from db.working_clock import WorkingClock

MIN_AT_RISK = 20  # DESIGN.md section 3: of fewer nothing is said
# Where the curve is drawn: dense in the first day, to 30 days, and at the hours that are quoted.
_DRAWN_HOURS = np.unique(np.concatenate([np.geomspace(0.25, 720, 80), EXACT_HOURS]))
# At the edge of a bucket all in it were answered in time and none above it: the share is exact there.
CURVE_HOURS = tuple(
    float(hours)
    for hours in np.unique(
        BUCKET_EDGES_S[np.searchsorted(BUCKET_EDGES_S, np.round(_DRAWN_HOURS * SECONDS_PER_HOUR).astype(int))]
    )
    / SECONDS_PER_HOUR
)


@dataclass(frozen=True, slots=True)
class ResponseCoverage:
    """How many questions a response time can speak of.

    ``questions`` = ``answerable`` + those from sources without answers; ``answerable`` = ``timed`` + ``day_only``
    = ``answered`` + ``unanswered`` + ``removed``, where removed ones were taken back before an answer.
    """

    questions: int
    answerable: int
    timed: int
    day_only: int
    answered: int
    unanswered: int
    removed: int

    @property
    def unanswerable(self) -> int:
        """Questions from sources without answers."""
        return self.questions - self.answerable


def response_coverage(reader: Reader, where: PostFilter) -> ResponseCoverage:
    """Return how many questions of the period take part in response times, and why others do not."""
    measures = ("questions", "answerable", "timed", "answered", "waiting")
    with reader.connect() as connection:
        found = question_sums(connection, where, (), measures)
    questions, answerable, timed, answered, waiting = found.get((), [0] * len(measures))
    # A day-only answer leaves a question without a time, even where the question itself has one.
    return ResponseCoverage(
        questions, answerable, timed, answerable - timed, answered, waiting, answerable - answered - waiting
    )


def answer_times(reader: Reader, where: PostFilter, clock: str = WALL) -> AnswerTimes:
    """Return the waiting times of the period's questions in hours of a clock, those unanswered censored at the cut-off; REPLY is until any reply.

    Cohort by question date. Answers stand in the middle of their bucket of :mod:`db.packing`, within 1 % of their
    time; one dated before its question (clocks that disagree) counts as at once. Removed questions were observed
    until their removal. A page asks for several numbers of the same times: in a snapshot they are read once.
    """
    return once(reader, ("answer_times", where, clock), lambda: _answer_times(reader, where, clock))


def answer_curve(reader: Reader, where: PostFilter, clock: str = WALL) -> AnsweredShare:
    """Return the Kaplan-Meier share of :func:`answer_times`, made once in a snapshot."""
    return once(reader, ("answer_curve", where, clock), lambda: AnsweredShare(answer_times(reader, where, clock)))


def _answer_times(reader: Reader, where: PostFilter, clock: str) -> AnswerTimes:
    as_of = data_extent(reader, where.synthetic).as_of
    histograms = _histograms(reader, where, clock)
    answered, removed = _by_bucket(histograms, ANSWERED[clock]), _by_bucket(histograms, REMOVED[clock])
    if clock != WORKING:
        waits, waiting = _waits(histograms, as_of, WAITING[clock])
    else:
        with reader.connect() as connection:
            waits, waiting = _working_waits(histograms, as_of, read_clocks(connection))
    return bucketed_times(answered, removed, waits, waiting)


def _histograms(reader: Reader, where: PostFilter, clock: str) -> Histograms:
    columns = (ANSWERED[clock], WAITING[clock], REMOVED[clock])
    return once(reader, ("histograms", where, clock), lambda: read_histograms(reader, where, columns))


def bucketed_times(answered: np.ndarray, removed: np.ndarray, waits: np.ndarray, waiting: np.ndarray) -> AnswerTimes:
    """Return waiting times of which those that ended are known by bucket.

    Parameters
    ----------
    answered, removed : counts, one for each bucket of :mod:`db.packing`
    waits, waiting : hours for which others have waited, ascending, and how many of each
    """
    hours, middles = BUCKET_EDGES_S / SECONDS_PER_HOUR, bucket_middles_s() / SECONDS_PER_HOUR
    was_answered, was_removed = np.flatnonzero(answered), np.flatnonzero(removed)
    left = np.concatenate([middles[was_removed], waits])
    order = np.argsort(left, kind="stable")
    longest = max(
        (float(times.max()) for times in (hours[was_answered], hours[was_removed], waits) if len(times)), default=0.0
    )
    return AnswerTimes(
        answered_hours=middles[was_answered],
        answered=answered[was_answered],
        censored_hours=left[order],
        censored=np.concatenate([removed[was_removed], waiting])[order],
        longest_hours=longest,
    )


def _by_bucket(histograms: Histograms, column: str) -> np.ndarray:
    """Return the sum of all histograms, one number for each bucket."""
    _, buckets, counts = histograms.pairs(column)
    last = len(BUCKET_EDGES_S) - 1  # what took longer still, by clocks far out of order, counts there
    return np.bincount(np.minimum(buckets, last), counts, len(BUCKET_EDGES_S)).astype(np.int64)


def _waits(histograms: Histograms, as_of: dt.datetime | None, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Return how long those who wait have waited until the cut-off, in hours ascending, and how many of each."""
    rows, minutes, counts = histograms.pairs(column)
    if as_of is None or not len(rows):
        return np.empty(0), np.empty(0, dtype=np.int64)
    asked, asking = _by_minute(histograms.first_minutes[rows] + minutes, counts)
    waits = as_of.timestamp() - asked[::-1] * SECONDS_PER_MINUTE
    return np.maximum(waits, 0) / SECONDS_PER_HOUR, asking[::-1]


def _working_waits(
    histograms: Histograms, as_of: dt.datetime | None, clocks: Mapping[int | None, WorkingClock]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by the working clock of each question's department."""
    rows, minutes, counts = histograms.pairs(WAITING[WORKING])
    if as_of is None or not len(rows):
        return np.empty(0), np.empty(0, dtype=np.int64)
    asked, departments = histograms.first_minutes[rows] + minutes, histograms.departments[rows]
    own = np.isin(departments, [id_ for id_ in clocks if id_ is not None])
    waits, waiting = [], []
    for department, asked_there in [(None, ~own), *((id_, departments == id_) for id_ in clocks)]:
        if asked_there.any():
            minutes_there, there = _by_minute(asked[asked_there], counts[asked_there])
            clock = clocks[department]
            waits.append(clock.at(np.array([int(as_of.timestamp())])) - clock.at(minutes_there * SECONDS_PER_MINUTE))
            waiting.append(there)
    different, which = np.unique(np.maximum(np.concatenate(waits), 0), return_inverse=True)
    return different / SECONDS_PER_HOUR, np.bincount(which, np.concatenate(waiting)).astype(np.int64)


def _by_minute(minutes: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different minutes, ascending, and the sum of the counts of each."""
    earliest = int(minutes.min())
    sums = np.bincount(minutes - earliest, counts)
    seen = np.flatnonzero(sums)
    return seen + earliest, sums[seen].astype(np.int64)


def fast_answers(reader: Reader, where: PostFilter, seconds: int) -> tuple[int, int]:
    """Return how many answers came in less than ``seconds``, 60 at the most, and how many answers there are; of known moments."""
    answered = _by_bucket(_histograms(reader, where, WALL), ANSWERED[WALL])
    return int(answered[: bucket_of(seconds)].sum()), int(answered.sum())


def response_curve(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return the share answered within each time up to 30 days, Kaplan-Meier. Columns RESPONSE_CURVE."""
    return _curve(answer_curve(reader, where))


def reply_curve(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return the same of the first reply of any kind, hand-offs, automatic ones and templates among them. Columns RESPONSE_CURVE."""
    return _curve(answer_curve(reader, where, REPLY))


def _curve(estimate: AnsweredShare) -> pd.DataFrame:
    if not len(estimate):
        return RESPONSE_CURVE.frame()
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


def ever_answered(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return the chance that a question is answered at all, by how long it has waited. Columns EVER_ANSWERED.

    "At all" ends at a horizon: the longest age to which MIN_AT_RISK of the period's questions were observed unanswered. From
    the Kaplan-Meier share S that still waits: ``(S(a) - S(horizon)) / S(a)`` at the ages EVER_ANSWERED_HOURS. The band is that
    of the curve from the age on: Greenwood's variance by the delta method, on the log-log scale.
    """
    estimate = answer_curve(reader, where)
    horizon = estimate.horizon(MIN_AT_RISK)
    if not horizon:
        return EVER_ANSWERED.frame()
    ages = np.array(EVER_ANSWERED_HOURS, dtype=float)
    chance, low, high = estimate.later(ages, horizon)
    # Who was answered at the very age no longer waits then; nobody has been answered before asking.
    at_risk = estimate.at_risk(np.where(ages > 0, np.nextafter(ages, np.inf), 0))
    return EVER_ANSWERED.of(
        {"hours": ages, "at_risk": at_risk, "chance": chance, "low": low, "high": high,
         "horizon_hours": np.full(len(ages), horizon)}
    )  # fmt: skip


def response_histogram(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count questions by the time to their first answer, one row for each interval. Columns RESPONSE_HISTOGRAM.

    An answer after exactly 24 hours came within 24 hours. The unanswered are not in it; they are in
    :func:`db.queries.unanswered_ages`.
    """
    answered = _by_bucket(_histograms(reader, where, WALL), ANSWERED[WALL])
    upper_hours = np.array([*RESPONSE_HOURS_EDGES[1:], np.inf])
    interval = np.searchsorted(upper_hours * SECONDS_PER_HOUR, BUCKET_EDGES_S, side="left")
    counts = np.bincount(interval, answered, len(upper_hours)).astype(np.int64)
    return RESPONSE_HISTOGRAM.frame(list(zip(RESPONSE_HOURS_EDGES, upper_hours, counts, strict=True)))


def direct_replies(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return the first direct reply by an account to each citizen's post that got one. Columns DIRECT_REPLIES.

    Every citizen's post counts here, follow-ups and thanks included, whatever its class. Read from the rows, and
    for the command line only: no page may wait for it.
    """
    reply = posts.alias("reply")
    with reader.connect() as connection:
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
