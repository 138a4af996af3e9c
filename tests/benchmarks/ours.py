"""The questions as the pages ask them: functions of db.queries and db.search, nothing beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from db import queries
from db.metrics import metric
from db.records import BEST, UNASSIGNED, MetricValue, SearchRequest
from db.search import search, search_counts
from db.snapshot import Reader
from tests.benchmarks import city_rows, invented, questions
from tests.benchmarks.invented import term_id
from tests.benchmarks.questions import Rows, where, word

DEPARTMENTS = {
    UNASSIGNED: 0,
    **{city_rows.department_code(number): number for number in range(1, invented.DEPARTMENTS + 1)},
}
PLATFORMS = {name: number for number, name in enumerate(invented.PLATFORMS)}
CLASSES = {name: number for number, name in enumerate(invented.CLASSES)}
ACCOUNTS = {
    city_rows.account_handle(number): number
    for number in range(len(invented.PLATFORMS) * (invented.DEPARTMENTS + 1) + 1)
}
TERMS = {
    word(number): term_id(number) for number in range(0, invented.VOCABULARY + 4, 2) if number < invented.VOCABULARY + 3
}
SOURCES = ("by_reply", "by_rule", "by_receiving_account")
THREE = tuple(city_rows.department_code(number) for number in questions.THREE_DEPARTMENTS)
# Those of pages/response/page.py.
RESPONSE_KPIS = ("answered_within_24h_share", "median_response_hours", "p90_response_hours", "unanswered_over_7_days")
TREND = tuple(word(number) for number in invented.TREND_WORDS)

Ask = Callable[[Reader], Any]
Form = Callable[[Any], Rows]


def _ordinals(days: pd.Series) -> list[int]:
    return [day.toordinal() for day in days]


def _rows(frame: pd.DataFrame, numbers: Mapping[str, int], name: str, *counts: str) -> Rows:
    """Return the name's number and the counts of each row."""
    columns = [frame[column].tolist() for column in (name, *counts)]
    return [[numbers[named], *row] for named, *row in zip(*columns, strict=True)]


def _departments(frame: pd.DataFrame) -> Rows:
    return _rows(frame, DEPARTMENTS, "department", "questions", "answered", *SOURCES)


def _days(frame: pd.DataFrame) -> Rows:
    found = frame.assign(day=_ordinals(frame["day"]))[["day", "posts", "questions", "hidden", "answers"]]
    return [row for row in found.values.tolist() if any(row[1:])]


def _platforms(frame: pd.DataFrame) -> Rows:
    rows = zip(_ordinals(frame["week"]), frame["platform"], frame["posts"].tolist(), strict=True)
    return [[week, PLATFORMS[platform], posts] for week, platform, posts in rows if posts]


def _accounts(frame: pd.DataFrame) -> Rows:
    posts: dict[int, int] = {}
    for handle, count in zip(frame["handle"], frame["posts"].tolist(), strict=True):
        # Posts to nobody stand there once for each platform.
        posts[ACCOUNTS[handle]] = posts.get(ACCOUNTS[handle], 0) + count
    return [[account, count] for account, count in posts.items()]


def _trend(frame: pd.DataFrame) -> Rows:
    rows = zip(
        _ordinals(frame["bucket"]), frame["term"], frame["questions"].tolist(), frame["total"].tolist(), strict=True
    )
    return [[bucket, TERMS[term], count, total] for bucket, term, count, total in rows if count]


def _percentiles(frame: pd.DataFrame) -> Rows:
    codes = [DEPARTMENTS[code] for code in frame["department"]]
    numbers = frame[["questions", "answered", "within_24h_share", "median_hours", "p90_hours"]].astype(object)
    found = numbers.where(numbers.notna(), None).values.tolist()
    return [[week, code, *row] for week, code, row in zip(_ordinals(frame["week"]), codes, found, strict=True)]


def _response_page(reader: Reader) -> tuple[queries.ResponseCoverage, dict[str, MetricValue]]:
    """Ask for all that the response page draws; the raw rows are asked for its KPIs alone, which is less."""
    period = where(questions.ALL)
    queries.unanswered_ages(reader, period)
    queries.response_curve(reader, period)
    queries.response_histogram(reader, period)
    return queries.response_coverage(reader, period), {name: metric(reader, name, period) for name in RESPONSE_KPIS}


def _response(found: tuple[queries.ResponseCoverage, dict[str, MetricValue]]) -> Rows:
    coverage, kpis = found
    within, median, p90, old = (kpis[name] for name in RESPONSE_KPIS)
    return [
        ["times", within.n, coverage.answered, within.value, median.value, p90.value],
        ["open", int(old.value or 0), old.n],
    ]


def _found(page: Any) -> Rows:
    return [[int(key)] for key in page.results["platform_post_id"]]


def _request(*words: int, **fields: Any) -> SearchRequest:
    return SearchRequest(where(questions.ALL), query=" ".join(map(word, words)), **fields)


# Question -> how it is asked, and how its answer is put into the form all are compared in.
OURS: dict[str, tuple[Ask, Form]] = {
    "departments_quarter": (lambda reader: queries.department_volume(reader, where(questions.QUARTER)), _departments),
    "departments_all": (lambda reader: queries.department_volume(reader, where(questions.ALL)), _departments),
    "days_quarter": (lambda reader: queries.posts_by_day(reader, where(questions.QUARTER)), _days),
    "days_all": (lambda reader: queries.posts_by_day(reader, where(questions.ALL)), _days),
    "days_of_three": (lambda reader: queries.posts_by_day(reader, where(questions.ALL, departments=THREE)), _days),
    "platforms": (lambda reader: queries.platform_weeks(reader, where(questions.ALL)), _platforms),
    "classes": (
        lambda reader: queries.classes(reader, where(questions.ALL)),
        lambda frame: _rows(frame, CLASSES, "post_class", "posts"),
    ),
    "accounts": (lambda reader: queries.receiving_volume(reader, where(questions.ALL)), _accounts),
    "top_terms": (
        lambda reader: queries.top_terms(reader, where(questions.MONTH), questions.TOP),
        lambda frame: _rows(frame, TERMS, "term", "questions", "authors"),
    ),
    "trend": (lambda reader: queries.term_trend(reader, where(questions.ALL), TREND), _trend),
    "percentiles": (lambda reader: queries.response_percentiles(reader, where(questions.YEAR)), _percentiles),
    "response": (_response_page, _response),
    "ages": (
        lambda reader: queries.unanswered_ages(reader, where(questions.ALL)),
        lambda frame: [
            [band, *row]
            for band, row in zip(frame["band"], _rows(frame, DEPARTMENTS, "department", "questions"), strict=True)
        ],
    ),
    "search_mid": (lambda reader: search(reader, _request(invented.MID_WORD)), _found),
    "search_rare": (lambda reader: search(reader, _request(invented.RARE_WORD)), _found),
    "search_two": (
        lambda reader: (
            search(reader, _request(invented.MID_WORD, invented.SECOND_WORD)),
            search_counts(reader, _request(invented.MID_WORD, invented.SECOND_WORD)),
        ),
        lambda both: [*_found(both[0]), ["count", both[1].total]],
    ),
    "search_best": (lambda reader: search(reader, _request(invented.COMMON_WORD, sort=BEST)), _found),
    "newest": (lambda reader: search(reader, _request(limit=questions.NEWEST)), _found),
}
