"""The questions of the measurement: what the pages ask, in words, and when two answers are the same.

An answer is a list of rows in the numbers of :mod:`tests.benchmarks.invented`: departments, platforms, classes and
accounts by number, days and weeks as ordinals, posts by their number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.records import PostFilter
from db.search.counting import MAX_COUNTED
from tests.benchmarks import invented
from tests.benchmarks.loading import UNTIL

Rows = list[list[Any]]

LAST = UNTIL - dt.timedelta(days=1)
FIRST = LAST - dt.timedelta(days=invented.YEARS * 365 - 1)
ALL = (FIRST, LAST)
QUARTER = (LAST - dt.timedelta(days=89), LAST)
YEAR = (LAST - dt.timedelta(days=363), LAST)
MONTH = (LAST.replace(day=1), LAST)  # UNTIL is the first of a month
THREE_DEPARTMENTS = (1, 2, 3)
TOP = 20
PAGE = 20
NEWEST = 50
# A histogram's bucket is 2 % wide and its middle stands for it; days on the edge of whole seconds add a little.
PERCENTILE_TOLERANCE = 0.0105
OF_TIMES = ("percentiles", "response")


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``promise`` names the line of the issue's "It must reach" it belongs to, '' where there is none."""

    id: str
    words: str
    promise: str = ""


QUESTIONS = (
    Question("departments_quarter", "questions by department, answered ones, sources, 90 days", "volume"),
    Question("departments_all", "questions by department, answered ones, sources, all years", "volume"),
    Question("days_quarter", "posts and answers by day, 90 days", "volume"),
    Question("days_all", "posts and answers by day, all years", "volume"),
    Question("days_of_three", "3 departments by day, all years", "volume"),
    Question("platforms", "platform shares by week, all years", "platforms"),
    Question("classes", "classes, all years"),
    Question("accounts", "receiving accounts, all years"),
    Question("top_terms", "top 20 keywords of a month, with their authors", "top_terms"),
    Question("trend", "trend of 5 keywords by week, all years"),
    Question("percentiles", "p50, p90, share within 24 h, by department and week, one year", "percentiles"),
    Question("response", "numbers of the response page, all years", "response"),
    Question("ages", "unanswered by age and department", "ages"),
    Question("search_mid", "search: 20 newest of a word in 1 % of posts", "search"),
    Question("search_rare", "search: 20 newest of a word in 0.001 % of posts", "search"),
    Question("search_two", "search: two words, 20 newest and the count"),
    Question("search_best", "search: 20 best of a word in 29 % of posts"),
    Question("newest", "newest 50 posts"),
)
# Each ranks by its own measure and its own statistics, ours among the newest thousands: only their number can agree.
NOT_COMPARED = ("search_best",)


def days(period: tuple[dt.date, dt.date]) -> tuple[int, int]:
    """Return a period as two ordinals."""
    return period[0].toordinal(), period[1].toordinal()


def where(period: tuple[dt.date, dt.date], **fields: Any) -> PostFilter:
    """Return a period as the filter of a page."""
    return PostFilter(*period, synthetic=True, **fields)


def word(number: int) -> str:
    """Return a word of the vocabulary."""
    return invented.vocabulary()[number]


def disagreement(question: str, ours: Rows, theirs: Rows) -> str | None:
    """Return how two answers differ, None where they agree."""
    if question in NOT_COMPARED:
        return None if len(ours) == len(theirs) else f"{len(ours)} rows against {len(theirs)}"
    if question == "top_terms":
        return _other_terms(ours, theirs)
    if question == "search_two":
        # Ours stops counting, and says so on the page.
        theirs = [["count", min(row[1], MAX_COUNTED)] if row[0] == "count" else row for row in theirs]
    ours, theirs = sorted(ours, key=_key), sorted(theirs, key=_key)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows against {len(theirs)}"
    tolerance = PERCENTILE_TOLERANCE if question in OF_TIMES else 0.0
    for mine, other in zip(ours, theirs, strict=True):
        if len(mine) != len(other) or not all(_same(a, b, tolerance) for a, b in zip(mine, other, strict=True)):
            return f"{mine} against {other}"
    return None


def _other_terms(ours: Rows, theirs: Rows) -> str | None:
    """Compare keywords: ours leaves out those of fewer than five authors and goes on with rarer ones."""
    known = {term: counts for term, *counts in theirs}
    rarest = min((count for count, _ in known.values()), default=0)
    for term, *counts in ours:
        if known.get(term, counts) != counts or (term not in known and counts[0] > rarest):
            return f"{[term, *counts]} against {known.get(term)}"
    return None


def _key(row: Sequence[Any]) -> tuple[Any, ...]:
    """Sort by the leading whole numbers and names: shares may differ by a rounding."""
    return tuple((value is None, str(type(value)), value) for value in row if not isinstance(value, float))


def _same(a: Any, b: Any, tolerance: float) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        if a is None or b is None or math.isnan(a) or math.isnan(b):
            return (a is None or math.isnan(a)) and (b is None or math.isnan(b))
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-9)
    return bool(a == b)
