"""The second way to every KPI: pandas over the rows, scipy's statistics; no roll-up, no estimate shared with the first."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from db.packing import BUCKET_EDGES_S
from db.records import HIDDEN_CLASSES, HOURS_PER_WORKING_DAY, NO_ANSWER, POST_CLASSES, TEMPLATE
from db.selfcheck.rows import Rows
from db.selfcheck.working_time import working_seconds

EXACT = 0.0
ROUNDED = 1e-9  # a division done in another order
# The roll-ups hold waits in steps of 2 % and say which: what waits or was removed within a step may stand on its other side.
SHARE_STEP = 0.005
TIME_STEP = 0.011  # relative
_HOUR_S, _DAY, _FAST_S = 3600, 7, 60
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and how many observations stand behind it."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Route:
    """How a KPI is computed again, and how far the two values may be apart; ``is_relative`` as a part of the value."""

    compute: Callable[[Rows], Found]
    tolerance: float = EXACT
    is_relative: bool = False

    def agrees(self, published: float | None, found: Found, published_n: int) -> bool:
        """Say whether both ways say the same."""
        if published_n != found.n or (published is None) != (found.value is None):
            return False
        if published is None or found.value is None:
            return True
        limit = self.tolerance * abs(found.value) if self.is_relative else self.tolerance
        return bool(abs(published - found.value) <= limit)


def _count(rows: Rows) -> Found:
    return Found(float(len(rows.posts)), len(rows.posts))


def _questions(rows: Rows) -> Found:
    asked = int((rows.posts["post_class"] == "question").sum())
    return Found(float(asked), asked)


def _hidden(rows: Rows) -> Found:
    return Found(float(rows.posts["post_class"].isin(HIDDEN_CLASSES).sum()), len(rows.posts))


def _of_classes(classes: Collection[str]) -> Callable[[Rows], Found]:
    return lambda rows: Found(float(rows.posts["post_class"].isin(classes).sum()), len(rows.posts))


def _asked(which: Callable[[pd.DataFrame], pd.Series[bool]], *, of_all: bool = False) -> Callable[[Rows], Found]:
    """Return the count of the questions that ``which`` picks, of all or of those whose sources carry answers."""

    def compute(rows: Rows) -> Found:
        asked = rows.questions if of_all else rows.questions[rows.questions["answers_collected"]]
        return Found(float(which(asked).sum()), len(asked))

    return compute


def _is_timed(asked: pd.DataFrame) -> pd.Series[bool]:
    return ~asked["is_day_only"] & (asked["answered_at"].isna() | asked["is_answer_timed"])


def _replies(kind: str) -> Callable[[Rows], Found]:
    """Return the share of the city's replies of a kind; a template is one only where no rule speaks."""

    def compute(rows: Rows) -> Found:
        ruled = rows.of_city["reason"].isin(NO_ANSWER)
        found = rows.of_city["is_template"] & ~ruled if kind == TEMPLATE else rows.of_city["reason"] == kind
        return Found(float(found.mean()) if len(found) else None, len(found))

    return compute


def _fast(rows: Rows) -> Found:
    waits = _waits(rows)
    answered = waits.hours[waits.answered] * _HOUR_S
    return Found(float((np.floor(answered + ROUNDED) < _FAST_S).mean()) if len(answered) else None, len(answered))


def _hidden_share(rows: Rows) -> Found:
    hidden = rows.posts["post_class"].isin(HIDDEN_CLASSES)
    return Found(float(hidden.mean()) if len(hidden) else None, len(hidden))


def _concentration(rows: Rows) -> Found:
    shares = rows.posts["platform_id"].value_counts(normalize=True)
    return Found(float((shares**2).sum()) if len(shares) else None, len(rows.posts))


def _answered_share(rows: Rows) -> Found:
    asked = rows.questions[rows.questions["answers_collected"]]
    return Found(float(asked["answered_at"].notna().mean()) if len(asked) else None, len(asked))


def _over_7_days(rows: Rows) -> Found:
    if rows.last_day is None or rows.open.empty:
        return Found(0.0, 0)
    ages = (pd.Timestamp(rows.last_day) - rows.open["asked_day"]).dt.days
    return Found(float((ages >= _DAY).sum()), len(ages))


def _direct_reply(rows: Rows) -> Found:
    asked = rows.posts[~rows.posts["is_day_only"]]
    replies = rows.replies[~rows.replies["is_day_only"]]
    pairs = asked.merge(replies, left_on="id", right_on="post_id", suffixes=("", "_of_reply"))
    if pairs.empty:
        return Found(None, 0)
    pairs["hours"] = (pairs["created_at_of_reply"] - pairs["created_at"]) / _HOUR_S
    first = pairs.groupby("id")["hours"].min()
    return Found(float(first.median()), len(first))


@dataclass(frozen=True, slots=True)
class _Waits:
    """How long each question waited, in hours, and what ended it; whoever still waits was neither answered nor removed."""

    hours: Floats
    answered: npt.NDArray[np.bool_]
    waiting: npt.NDArray[np.bool_]

    @property
    def longest(self) -> float:
        """The longest time anybody was observed, as the steps of the roll-ups have it."""
        ended = np.ceil(self.hours[~self.waiting] * _HOUR_S - ROUNDED)
        step = np.minimum(np.searchsorted(BUCKET_EDGES_S, ended), len(BUCKET_EDGES_S) - 1)
        return float(
            max(np.max(BUCKET_EDGES_S[step], initial=0) / _HOUR_S, np.max(self.hours[self.waiting], initial=0))
        )


def _waits(rows: Rows, *, working: bool = False, until: str = "answered_at") -> _Waits:
    asked = rows.questions
    known = asked["answers_collected"] & ~asked["is_day_only"]
    is_timed = asked["is_answer_timed" if until == "answered_at" else "is_reply_timed"]
    asked = asked[known & (asked[until].isna() | is_timed)]
    if asked.empty or rows.as_of is None:
        return _Waits(np.empty(0), np.empty(0, dtype=bool), np.empty(0, dtype=bool))
    start, answer, removal = (asked[name].to_numpy() for name in ("asked_at", until, "removed_at"))
    cut_off = np.where(np.isnan(removal), rows.as_of.timestamp(), removal)
    end = np.where(np.isnan(answer), cut_off, answer)
    departments = asked["department_id"].to_numpy()
    waited = _working(rows, departments, start, end) if working else np.maximum(end - start, 0)
    return _Waits(waited / _HOUR_S, ~np.isnan(answer), np.isnan(answer) & np.isnan(removal))


def _working(rows: Rows, departments: Floats, start: Floats, end: Floats) -> Floats:
    own = np.isin(departments, list(rows.office_hours))
    waited = np.empty(len(start))
    for hours, there in [(None, ~own), *((written, departments == id_) for id_, written in rows.office_hours.items())]:
        if there.any():
            waited[there] = working_seconds(np.floor(start[there]), np.floor(end[there]), hours, rows.exceptions)
    return waited


def _survival(waits: _Waits) -> tuple[Floats, Floats]:
    """Return times, ascending, and the Kaplan-Meier share answered by each."""
    sample = stats.CensoredData.right_censored(waits.hours, ~waits.answered)
    curve = stats.ecdf(sample).cdf
    return np.asarray(curve.quantiles), np.asarray(curve.probabilities)


def _within(limit: float, *, working: bool = False, until: str = "answered_at") -> Callable[[Rows], Found]:
    def compute(rows: Rows) -> Found:
        waits = _waits(rows, working=working, until=until)
        # Nobody was observed as long; where all were answered that does not matter.
        if not len(waits.hours) or (limit > waits.longest and not waits.answered.all()):
            return Found(None, len(waits.hours))
        times, shares = _survival(waits)
        place = int(np.searchsorted(times, limit, side="right"))
        return Found(float(shares[place - 1]) if place else 0.0, len(waits.hours))

    return compute


def _quantile(share: float, *, working: bool = False, until: str = "answered_at") -> Callable[[Rows], Found]:
    def compute(rows: Rows) -> Found:
        waits = _waits(rows, working=working, until=until)
        if not len(waits.hours):
            return Found(None, 0)
        times, shares = _survival(waits)
        reached = np.flatnonzero((shares >= share - ROUNDED) & np.isin(times, waits.hours[waits.answered]))
        return Found(float(times[reached[0]]) if len(reached) else None, len(waits.hours))

    return compute


_WALL_HOURS = {"24h": 24, "72h": 72, "168h": 168}
_WORKING_HOURS = {
    "3_working_hours": 3,
    "1_working_day": HOURS_PER_WORKING_DAY,
    "3_working_days": 3 * HOURS_PER_WORKING_DAY,
    "7_working_days": 7 * HOURS_PER_WORKING_DAY,
}

ROUTES: dict[str, Route] = {
    "collected_posts": Route(_count),
    "questions": Route(_questions),
    "hidden_posts": Route(_hidden),
    "hidden_posts_share": Route(_hidden_share, ROUNDED),
    "opinion_posts": Route(_of_classes(("opinion",))),
    "praise_posts": Route(_of_classes(("praise",))),
    "other_posts": Route(_of_classes(set(POST_CLASSES) - {"question", "opinion", "praise", *HIDDEN_CLASSES})),
    "answerable_questions": Route(_asked(lambda asked: asked["answers_collected"], of_all=True)),
    "unanswerable_questions": Route(_asked(lambda asked: ~asked["answers_collected"], of_all=True)),
    "timed_questions": Route(_asked(_is_timed)),
    "day_only_questions": Route(_asked(lambda asked: ~_is_timed(asked))),
    "answered_questions": Route(_asked(lambda asked: asked["answered_at"].notna())),
    "unanswered_questions": Route(_asked(lambda asked: asked["answered_at"].isna() & asked["removed_at"].isna())),
    "removed_questions": Route(_asked(lambda asked: asked["answered_at"].isna() & asked["removed_at"].notna())),
    "platform_concentration": Route(_concentration, ROUNDED),
    "unanswered_over_7_days": Route(_over_7_days),
    "answered_share": Route(_answered_share, ROUNDED),
    **{
        f"answered_within_{name}_share": Route(_within(hours, working=name in _WORKING_HOURS), SHARE_STEP)
        for name, hours in (_WALL_HOURS | _WORKING_HOURS).items()
    },
    "median_response_hours": Route(_quantile(0.5, working=False), TIME_STEP, is_relative=True),
    "p90_response_hours": Route(_quantile(0.9, working=False), TIME_STEP, is_relative=True),
    "median_working_hours": Route(_quantile(0.5, working=True), TIME_STEP, is_relative=True),
    "p90_working_hours": Route(_quantile(0.9, working=True), TIME_STEP, is_relative=True),
    "template_replies_share": Route(_replies(TEMPLATE), ROUNDED),
    "hand_off_replies_share": Route(_replies(NO_ANSWER[0]), ROUNDED),
    "automatic_replies_share": Route(_replies(NO_ANSWER[1]), ROUNDED),
    "replied_within_24h_share": Route(_within(24, until="replied_at"), SHARE_STEP),
    "median_reply_hours": Route(_quantile(0.5, until="replied_at"), TIME_STEP, is_relative=True),
    "implausibly_fast_share": Route(_fast, ROUNDED),
    "direct_reply_median_hours": Route(_direct_reply, ROUNDED),
}


def finite(value: float | None) -> float | None:
    """Return a value the store can hold."""
    return None if value is None or math.isnan(value) else value
