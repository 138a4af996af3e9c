from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from data_sources.records import AccountReference
from db import queries
from db.records import POST_CLASSES, PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
FIRST_WEEK = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 7))
AD = "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"
PRAISE = "덕분에 해결됐어요 감사합니다"
SPAM = "강남 출장안마 24시간 예약 카톡 abc123"
NO_WORDS = "12345"
ROADS = AccountReference(handle="roads", department="도로관리과")


def _day(store: Store, day: str, where: PostFilter = MARCH) -> list[object]:
    frame = queries.posts_by_day(store.engine, where).set_index("day")
    row = frame.loc[pd.Timestamp(day)]
    return row[["posts", "questions", "hidden", "answers"]].tolist()


def test_a_day_is_cut_at_midnight_in_seoul(store: Store) -> None:
    store.add(
        a_question("late", created_at=kst("2026-03-02 23:59")),
        a_question("early", created_at=kst("2026-03-03 00:01")),
        a_question("utc", created_at=dt.datetime(2026, 2, 28, 15, 0, tzinfo=dt.UTC)),
    )
    assert _day(store, "2026-03-02")[0] == 1
    assert _day(store, "2026-03-03")[0] == 1
    assert _day(store, "2026-03-01")[0] == 1  # 15:00 UTC the day before


def test_the_period_takes_in_both_its_ends(store: Store) -> None:
    store.add(
        a_question("before", created_at=kst("2026-02-28 23:59")),
        a_question("first", created_at=kst("2026-03-01 00:00")),
        a_question("last", created_at=kst("2026-03-31 23:59")),
        a_question("after", created_at=kst("2026-04-01 00:00")),
    )
    daily = queries.posts_by_day(store.engine, MARCH)
    assert len(daily) == 31
    assert daily["posts"].sum() == 2
    assert daily["posts"].tolist()[0] == daily["posts"].tolist()[-1] == 1


def test_empty_days_are_zero_and_days_outside_the_data_are_marked(store: Store) -> None:
    store.add(
        a_question("q1", created_at=kst("2026-03-02 09:00")), a_question("q2", created_at=kst("2026-03-04 09:00"))
    )
    daily = queries.posts_by_day(store.engine, FIRST_WEEK)
    assert daily["day"].tolist() == list(pd.date_range("2026-03-01", "2026-03-07"))
    assert daily["posts"].tolist() == [0, 1, 0, 1, 0, 0, 0]
    assert daily["in_data"].tolist() == [False, True, True, True, False, False, False]


def test_the_edge_of_the_data_is_not_the_edge_of_the_filter(store: Store) -> None:
    store.add(
        a_question("q1", created_at=kst("2026-03-01 09:00")),
        a_question("q2", created_at=kst("2026-03-07 09:00"), platform="me2day"),
    )
    daily = queries.posts_by_day(store.engine, replace(FIRST_WEEK, platforms=("blog",)))
    assert daily["posts"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert daily["in_data"].all()


def test_an_empty_store_has_every_day_and_no_data(store: Store) -> None:
    daily = queries.posts_by_day(store.engine, FIRST_WEEK)
    assert daily["posts"].tolist() == [0] * 7
    assert not daily["in_data"].any()
    assert queries.classes(store.engine, FIRST_WEEK).empty
    assert queries.class_reasons(store.engine, FIRST_WEEK).empty


def test_a_day_counts_posts_questions_hidden_posts_and_answers(store: Store) -> None:
    store.add(
        a_question("q1"),
        a_question("q2"),
        a_question("ad", AD),
        a_question("spam", SPAM),
        a_question("praise", PRAISE),
        an_answer("a1", to="q1"),
        an_answer("next day", to="q1", created_at=kst("2026-03-03 00:00")),
    )
    assert _day(store, "2026-03-02") == [5, 2, 2, 1]
    assert _day(store, "2026-03-03") == [0, 0, 0, 1]


def test_the_classes_add_up_to_what_was_collected(store: Store) -> None:
    texts = ["가로등이 꺼졌어요"] * 3 + [AD] * 2 + [SPAM, PRAISE, NO_WORDS]
    store.add(*[a_question(f"p{number}", text) for number, text in enumerate(texts)], an_answer(to="p0"))
    classes = queries.classes(store.engine, MARCH)
    assert classes[["post_class", "posts"]].values.tolist() == [
        ["question", 3],
        ["ad", 2],
        ["other", 1],
        ["praise", 1],
        ["spam", 1],
    ]
    assert set(classes["post_class"]) <= set(POST_CLASSES)
    assert classes["posts"].sum() == queries.posts_by_day(store.engine, MARCH)["posts"].sum() == 8
    assert classes["share"].tolist() == [3 / 8, 2 / 8, 1 / 8, 1 / 8, 1 / 8]
    expected = stats.binomtest(3, 8).proportion_ci(method="wilson")
    assert classes.loc[0, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])


def test_reasons_name_the_rule_behind_each_class(store: Store) -> None:
    store.add(
        a_question("q1"),
        a_question("q2"),
        a_question("ad", AD),
        a_question("repost", kind="repost"),
        a_question("nothing", NO_WORDS),
    )
    reasons = queries.class_reasons(store.engine, MARCH)
    assert reasons.values.tolist() == [
        ["question", "default.question", 2],
        ["ad", "ad.loan", 1],
        ["other", "default.no_words", 1],
        ["repost", "kind.repost", 1],
    ]


def test_a_class_filter_leaves_the_other_classes_out(store: Store) -> None:
    store.add(a_question("q1"), a_question("ad", AD), a_question("praise", PRAISE))
    assert _day(store, "2026-03-02", replace(MARCH, classes=("ad", "praise"))) == [2, 0, 1, 0]
    assert queries.classes(store.engine, replace(MARCH, classes=("question",)))["share"].tolist() == [1.0]
    assert queries.department_volume(store.engine, replace(MARCH, classes=("ad",))).empty


def test_a_platform_filter_holds_for_posts_and_answers(store: Store) -> None:
    store.add(
        a_question("q1"),
        an_answer("a1", to="q1"),
        a_question("q1", platform="me2day"),
        a_question("q2", platform="me2day"),
        an_answer("a1", to="q1", platform="me2day"),
    )
    assert _day(store, "2026-03-02", replace(MARCH, platforms=("blog",))) == [1, 1, 0, 1]
    assert _day(store, "2026-03-02", replace(MARCH, platforms=("me2day",))) == [2, 2, 0, 1]
    assert _day(store, "2026-03-02", replace(MARCH, platforms=("blog", "me2day"))) == [3, 3, 0, 2]


def test_a_department_filter_keeps_its_questions_and_its_own_answers(store: Store) -> None:
    store.add(
        a_question("q1", "여기 좀 봐 주세요"),
        an_answer("a1", to="q1", account=ROADS),
        a_question("q2", "여기 좀 봐 주세요"),
        an_answer("a2", to="q2"),
        a_question("q3", "여기 좀 봐 주세요"),
        a_question("ad", AD),
    )
    assert _day(store, "2026-03-02", replace(MARCH, departments=("roads",))) == [1, 1, 0, 1]
    assert _day(store, "2026-03-02", replace(MARCH, departments=("subway",))) == [1, 1, 0, 1]
    assert _day(store, "2026-03-02", replace(MARCH, departments=("unassigned",))) == [1, 1, 0, 0]
    assert _day(store, "2026-03-02", replace(MARCH, departments=("roads", "unassigned"))) == [2, 2, 0, 1]
    assert _day(store, "2026-03-02", replace(MARCH, departments=("no such",))) == [0, 0, 0, 0]


def test_invented_and_real_posts_are_never_counted_together(store: Store) -> None:
    store.add(a_question("real"), an_answer(to="real"))
    store.add(
        *[a_question(f"invented {number}", created_at=kst("2026-03-05 09:00")) for number in range(3)],
        origin="synthetic",
    )
    invented = replace(MARCH, synthetic=True)
    assert _day(store, "2026-03-02") == [1, 1, 0, 1]
    assert _day(store, "2026-03-02", invented) == [0, 0, 0, 0]
    assert _day(store, "2026-03-05") == [0, 0, 0, 0]
    assert _day(store, "2026-03-05", invented) == [3, 3, 0, 0]
    assert queries.classes(store.engine, MARCH)["posts"].tolist() == [1]
    assert queries.classes(store.engine, invented)["posts"].tolist() == [3]
    daily = queries.posts_by_day(store.engine, replace(FIRST_WEEK, synthetic=True))
    assert daily["in_data"].tolist() == [False, False, False, False, True, False, False]


class TestExtent:
    def test_an_empty_store_knows_nothing(self, store: Store) -> None:
        extent = queries.data_extent(store.engine, synthetic=False)
        assert (extent.first_day, extent.last_day, extent.as_of, extent.posts) == (None, None, None, 0)
        assert queries.has_posts(store.engine, synthetic=False) is False
        assert queries.load_id(store.engine) == 0

    def test_days_are_the_citizens_and_the_cut_off_is_everybodys(self, store: Store) -> None:
        store.add(
            a_question("q1", created_at=kst("2026-03-02 00:30")),
            a_question("q2", created_at=kst("2026-03-05 23:30")),
            an_answer(created_at=kst("2026-03-09 10:00")),
        )
        extent = queries.data_extent(store.engine, synthetic=False)
        assert (extent.first_day, extent.last_day) == (dt.date(2026, 3, 2), dt.date(2026, 3, 5))
        assert extent.as_of == kst("2026-03-09 10:00")
        assert extent.as_of.tzinfo == dt.UTC
        assert extent.posts == 2

    def test_each_kind_of_data_has_its_own_extent(self, store: Store) -> None:
        store.add(a_question(), origin="synthetic")
        assert queries.has_posts(store.engine, synthetic=True) is True
        assert queries.has_posts(store.engine, synthetic=False) is False
        assert queries.data_extent(store.engine, synthetic=False).posts == 0
        assert queries.data_extent(store.engine, synthetic=True).posts == 1

    def test_every_finished_load_has_a_new_id(self, store: Store) -> None:
        store.add(a_question("q1"))
        first = queries.load_id(store.engine)
        store.add(a_question("q1"))
        assert queries.load_id(store.engine) > first > 0

    def test_the_filters_offer_what_has_posts_behind_it(self, store: Store) -> None:
        store.add(
            a_question("q1", "여기 좀 봐 주세요"),
            an_answer(account=ROADS),
            a_question("q2", "여기 좀 봐 주세요"),
            a_question("ad", AD, platform="me2day"),
        )
        options = queries.filter_options(store.engine, synthetic=False)
        assert [option.code for option in options.departments] == ["roads", "unassigned"]
        assert [(option.code, option.name_ko, option.name_en) for option in options.platforms] == [
            ("me2day", "미투데이", "me2day"),
            ("blog", "블로그", "Blogs"),
        ]
        assert queries.filter_options(store.engine, synthetic=True) == queries.FilterOptions((), ())

    def test_nobody_is_offered_where_every_question_has_a_department(self, store: Store) -> None:
        store.add(a_question(), an_answer(account=ROADS))
        options = queries.filter_options(store.engine, synthetic=False)
        assert [option.name_ko for option in options.departments] == ["도로관리과"]


class TestRuns:
    def test_a_run_says_what_it_did(self, store: Store) -> None:
        store.add(a_question("q1"), a_question("q2"))
        store.add(a_question("q1", version=1, text="가로등이 꺼졌어요"), a_question("q2"), a_question("q3"))
        runs = queries.load_runs(store.engine)
        counts = ["read", "inserted", "updated", "unchanged", "rejected"]
        assert runs[counts].values.tolist() == [[3, 1, 1, 1, 0], [2, 2, 0, 0, 0]]
        assert runs["status"].tolist() == ["done", "done"]
        assert runs[["connector", "source", "origin"]].iloc[0].tolist() == ["list", "list:test", "import"]
        assert runs["run"].tolist() == sorted(runs["run"], reverse=True)
        assert (runs["finished_at"] >= runs["started_at"]).all()

    def test_only_the_newest_runs_are_listed(self, store: Store) -> None:
        for number in range(3):
            store.add(a_question(f"q{number}"))
        every = queries.load_runs(store.engine)["run"].tolist()
        assert queries.load_runs(store.engine, limit=2)["run"].tolist() == sorted(every, reverse=True)[:2]

    def test_an_empty_store_has_no_runs_and_no_rejects(self, store: Store) -> None:
        assert queries.load_runs(store.engine).empty
        assert queries.reject_reasons(store.engine).empty


def test_hidden_posts_are_told_by_day_week_and_13_weeks(store: Store) -> None:
    store.add(
        *(a_question(f"ad{number}", AD, created_at=kst("2026-03-02 09:00")) for number in range(2)),
        a_question("spam", SPAM, created_at=kst("2026-03-04 09:00")),
        a_question("q", created_at=kst("2026-03-04 09:00")),
        a_question("first", created_at=kst("2025-12-20 09:00")),
        a_question("last", created_at=kst("2026-03-31 09:00")),
    )

    def rows(where: PostFilter) -> list[list[object]]:
        return queries.hidden_reasons(store.engine, where).astype({"bucket": str}).values.tolist()

    loan, adult = ("ad", "ad.loan"), ("spam", "spam.adult")
    assert rows(MARCH) == [["2026-03-02", *loan, 2, 2, 1, True], ["2026-03-04", *adult, 1, 2, 1, True]]
    # A week from Monday to Sunday; beside the two ads and the spam lies a question.
    year = PostFilter(dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert rows(year) == [["2026-03-02", *loan, 2, 4, 7, True], ["2026-03-02", *adult, 1, 4, 7, True]]
    cut = PostFilter(dt.date(2025, 4, 1), dt.date(2026, 3, 5))
    assert [row[-1] for row in rows(cut)] == [False, False]
    decade = PostFilter(dt.date(2016, 4, 1), dt.date(2026, 3, 31))
    (ads, spam) = rows(decade)
    assert (ads[3:6], spam[3:6], ads[0]) == ([2, 5, 91], [1, 5, 91], spam[0])
    assert rows(replace(MARCH, departments=("roads",))) == rows(replace(MARCH, classes=("question",))) == []
