from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from data_sources.records import AccountReference, Post
from db import queries
from db.records import PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

# 2 March 2026 is a Monday.
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def _on(platform: str, *days: str) -> list[Post]:
    return [
        a_question(f"{platform} {number}", platform=platform, created_at=kst(f"{day} 12:00"))
        for number, day in enumerate(days)
    ]


def test_weeks_begin_on_monday_and_share_the_week(store: Store) -> None:
    store.add(
        *_on("blog", "2026-03-01", "2026-03-02", "2026-03-08", "2026-03-08", "2026-03-17"),
        *_on("me2day", "2026-03-08"),
    )
    weeks = queries.platform_weeks(store.engine, MARCH)
    columns = ["week", "platform", "posts", "share", "whole"]
    assert weeks.astype({"week": str})[columns].values.tolist() == [
        ["2026-02-23", "blog", 1, 1.0, False],  # cut by the period
        ["2026-02-23", "me2day", 0, 0.0, False],
        ["2026-03-02", "blog", 3, 0.75, True],
        ["2026-03-02", "me2day", 1, 0.25, True],
        ["2026-03-16", "blog", 1, 1.0, False],  # the data ends on Tuesday
        ["2026-03-16", "me2day", 0, 0.0, False],
    ]
    expected = stats.binomtest(3, 4).proportion_ci(method="wilson")
    assert weeks.loc[2, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ((2026, 3, 9), (2026, 3, 15), True),
        ((2026, 3, 10), (2026, 3, 15), False),
        ((2026, 3, 9), (2026, 3, 14), False),
    ],
)
def test_a_week_is_whole_with_all_seven_days(
    store: Store, start: tuple[int, int, int], end: tuple[int, int, int], whole: bool
) -> None:
    store.add(*_on("blog", "2026-03-01", "2026-03-11", "2026-03-31"))
    weeks = queries.platform_weeks(store.engine, PostFilter(dt.date(*start), dt.date(*end)))
    assert weeks["week"].tolist() == [pd.Timestamp("2026-03-09")]
    assert weeks["whole"].tolist() == [whole]


def test_a_week_the_data_fills_exactly_is_whole(store: Store) -> None:
    store.add(*_on("blog", "2026-03-09", "2026-03-15"))
    assert queries.platform_weeks(store.engine, MARCH)["whole"].tolist() == [True]
    assert queries.platform_weeks(store.engine, replace(MARCH, synthetic=True)).empty


def test_totals_count_posts_and_accounts(store: Store) -> None:
    roads = AccountReference(handle="roads", department="도로관리과")
    store.add(
        a_question("q1"),
        a_question("q2"),
        a_question("q3"),
        an_answer(to="q1", account=roads),
        a_question("q1", platform="me2day"),
    )
    totals = queries.platform_totals(store.engine, MARCH)
    columns = ["platform", "posts", "share", "connected", "pending"]
    assert totals[columns].values.tolist() == [["blog", 3, 0.75, 1, 0], ["me2day", 1, 0.25, 0, 0]]
    assert totals["name_en"].tolist() == ["Blogs", "me2day"]
    for row, (k, n) in enumerate([(3, 4), (1, 4)]):
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert totals.loc[row, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])


def test_platforms_of_accounts_alone_stand_with_nothing_collected(store: Store) -> None:
    store.add(a_question())
    invented = queries.platform_totals(store.engine, replace(MARCH, synthetic=True))
    assert invented["posts"].sum() == 0
    assert (invented["connected"].sum(), invented["pending"].sum()) == (44, 36)
    assert invented[["share", "low", "high"]].isna().all(axis=None)


def test_what_each_platform_allows_is_one_row(store: Store) -> None:
    assert queries.platform_policies(store.engine).empty
    store.add(a_question(platform="unheard-of"))
    policies = queries.platform_policies(store.engine).set_index("platform")
    assert policies.loc[["x", "threads", "youtube", "blog", "unheard-of"], ["display", "export"]].values.tolist() == [
        ["link", "ids"],
        ["staff", "ids"],
        ["staff", "ids"],
        ["text", "text"],
        ["text", "text"],
    ]
