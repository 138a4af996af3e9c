from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data_sources.records import Post
from db import queries
from db.expected import expect
from db.queries.gaps import gap_days
from db.records import KST, PostFilter
from tests.builders import a_question, kst
from tests.conftest import Store

# 2 March 2026 is a Monday. Ten weeks of a few questions a day before the last week of May.
FIRST, WEEK_ASKED = dt.date(2026, 3, 2), dt.date(2026, 5, 18)
WHERE = PostFilter(WEEK_ASKED, WEEK_ASKED + dt.timedelta(days=6))
WATER, LAMP = "아리수에서 냄새가 나요", "여기 좀 봐 주세요"


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), KST)


def _some(day: dt.date, number: int, text: str = LAMP, tag: str = "") -> Iterator[Post]:
    for each in range(number):
        yield a_question(f"{tag}{day} {each}", text, created_at=_at(day))


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def _per_day(day: dt.date) -> int:
    return 3 if day.weekday() < 5 else 1


def _usual() -> list[Post]:
    posts = [post for day in _days(FIRST, WHERE.end) for post in _some(day, _per_day(day))]
    return [*posts, *(post for day in _days(FIRST, WHERE.end) for post in _some(day, 1, WATER, "water "))]


def test_each_day_is_compared_with_the_days_before_the_guard_band(store: Store) -> None:
    burst = _some(WEEK_ASKED - dt.timedelta(days=3), 40, tag="in the guard band ")
    store.add(*_usual(), *burst, *_some(WEEK_ASKED + dt.timedelta(days=1), 30, tag="surprise "))
    told = queries.volume_expectation(store.engine, WHERE)
    past = _days(FIRST, WEEK_ASKED - dt.timedelta(days=8))
    wanted = expect(
        np.array([day.toordinal() for day in past]),
        np.array([_per_day(day) + 1 for day in past]),
        WEEK_ASKED.toordinal() + np.arange(7),
    )
    assert told["day"].tolist() == list(pd.date_range(WEEK_ASKED, periods=7))
    assert told["questions"].tolist() == [4, 34, 4, 4, 4, 2, 2]
    assert told["expected"].tolist() == pytest.approx(wanted.expected.tolist())
    assert told["expected_high"].tolist() == wanted.high.tolist()
    assert told["comparable"].all()
    assert (told["days"] == 1).all()
    beyond = told["questions"] > told["expected_high"]
    assert beyond.tolist() == [False, True, False, False, False, False, False]


def test_nothing_is_said_without_eight_weeks_or_without_questions(store: Store) -> None:
    store.add(*_usual())
    assert not queries.volume_expectation(store.engine, WHERE).empty
    early = PostFilter(FIRST + dt.timedelta(days=60), FIRST + dt.timedelta(days=66))
    assert queries.volume_expectation(store.engine, early).empty
    assert queries.volume_expectation(store.engine, replace(WHERE, classes=("praise",))).empty
    assert queries.volume_expectation(store.engine, replace(WHERE, synthetic=True)).empty
    assert queries.expected_by_issue(store.engine, early).empty
    assert queries.expected_by_issue(store.engine, replace(WHERE, departments=("roads",))).empty
    assert queries.expected_by_issue(store.engine, replace(WHERE, end=WHERE.end - dt.timedelta(days=1))).empty


def test_the_past_of_a_filter_begins_with_its_first_question(store: Store) -> None:
    store.add(*_usual(), a_question("old", platform="me2day", created_at=kst("2025-03-03 09:00")))
    told = queries.volume_expectation(store.engine, replace(WHERE, platforms=("blog",)))
    assert told["expected"].iloc[0] == pytest.approx(4, rel=0.1)


def test_a_gap_in_the_past_is_not_a_time_without_questions(store: Store) -> None:
    gap = set(_days(dt.date(2026, 3, 30), dt.date(2026, 4, 12)))
    days = [day for day in _days(FIRST, WHERE.end) if day not in gap]
    store.add(*(post for day in days for post in _some(day, _per_day(day))))
    told = queries.volume_expectation(store.engine, WHERE)
    assert told["expected"].tolist() == pytest.approx([3, 3, 3, 3, 3, 1, 1], rel=0.05)


def test_long_periods_are_told_by_weeks_and_cut_weeks_are_not_compared(store: Store) -> None:
    days = _days(FIRST, FIRST + dt.timedelta(days=63 + 7 + 200))
    store.add(*(post for day in days for post in _some(day, 1)))
    where = PostFilter(FIRST + dt.timedelta(days=71), days[-1])  # from a Tuesday to a Sunday or before
    told = queries.volume_expectation(store.engine, where)
    assert (told["days"] == 7).all()
    assert told["day"].dt.day_of_week.unique().tolist() == [0]
    assert told["comparable"].tolist()[:3] == [False, True, True]
    assert told["expected"].iloc[1] == pytest.approx(7, rel=0.01)
    assert told["expected"].isna().iloc[-1]  # further ahead than nine weeks of past reach


def test_the_day_that_is_being_read_is_not_compared(store: Store) -> None:
    today = dt.datetime.now(KST).date()
    days = _days(today - dt.timedelta(days=80), today)
    store.add(*(a_question(str(day), created_at=dt.datetime.combine(day, dt.time(0, 1), KST)) for day in days))
    told = queries.volume_expectation(store.engine, PostFilter(today - dt.timedelta(days=2), today))
    assert told["comparable"].tolist() == [True, True, False]
    known = queries.coverage(store.engine, PostFilter(today - dt.timedelta(days=1), today))
    assert known[["in_data", "whole"]].values.tolist() == [[True, True], [True, False]]


def test_a_week_is_told_by_issue_each_by_its_own_past(store: Store) -> None:
    store.add(*_usual(), *_some(WEEK_ASKED, 20, WATER, "surprise "))
    issues = queries.expected_by_issue(store.engine, replace(WHERE, end=WHERE.end + dt.timedelta(days=3)))
    assert issues["issue"].tolist()[:2] == ["all", "아리수"]
    assert (issues["week"] == pd.Timestamp(WEEK_ASKED)).all()
    assert issues["questions"].tolist()[:2] == [44, 27]
    assert issues["expected"].tolist()[:2] == pytest.approx([24, 7], rel=0.02)
    water = issues.iloc[1]
    assert water["expected_low"] <= 7 <= water["expected_high"] < 27
    assert (issues["questions"].iloc[2:] == 0).all()


def _flat(days: int, number: int) -> np.ndarray:
    return np.full(days, number, dtype=np.int64)


def test_days_without_a_post_are_a_gap_where_twenty_were_to_be_expected() -> None:
    counts = _flat(70, 10)
    counts[[20, 30, 31]] = 0
    assert np.flatnonzero(gap_days(counts, FIRST)).tolist() == [30, 31]  # ten of one day may be missing by chance
    assert not gap_days(_flat(70, 0), FIRST).any()
    counts[30:] = 0  # and never anything again
    assert gap_days(counts, FIRST)[30:].all()


def test_days_of_a_kind_on_which_nobody_writes_are_no_gap() -> None:
    days = np.arange(70)
    office_only = np.where(days % 7 < 5, 40, 0)
    assert not gap_days(office_only, FIRST).any()
    children = (dt.date(2026, 5, 5) - FIRST).days  # a holiday, a Tuesday
    office_only[children] = 0
    assert not gap_days(office_only, FIRST).any()
    office_only[children + 1] = 0
    assert np.flatnonzero(gap_days(office_only, FIRST)).tolist() == [children, children + 1]
