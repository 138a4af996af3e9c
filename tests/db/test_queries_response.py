from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from data_sources.records import AccountReference, Post
from db import queries
from db.packing import BUCKET_EDGES_S
from db.queries.extent import data_extent
from db.queries.response import CURVE_HOURS
from db.queries.stock import stock_day
from db.records import AGE_BANDS, RESPONSE_HOURS_EDGES, PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")
VAGUE = "여기 좀 봐 주세요"


def _answered(post_id: str, asked: str, answered: str, **fields: object) -> list[Post]:
    return [
        a_question(post_id, VAGUE, created_at=kst(asked), **fields),
        an_answer(f"answer to {post_id}", to=post_id, created_at=kst(answered), account=ROADS),
    ]


def _everything() -> list[Post]:
    """Return one question of each kind; the cut-off is 12 March, 09:00."""
    return [
        *_answered("after 2 hours", "2026-03-02 09:00", "2026-03-02 11:00"),
        *_answered("after 30 hours", "2026-03-02 09:00", "2026-03-03 15:00"),
        *_answered("clocks disagree", "2026-03-02 09:00", "2026-03-02 08:00"),
        a_question("waiting", VAGUE, created_at=kst("2026-03-10 09:00")),
        a_question("day only, waiting", VAGUE, created_precision="day"),
        *_answered("day only, answered", "2026-03-02 00:00", "2026-03-04 10:00", created_precision="day"),
        a_question("answered by day", VAGUE),
        an_answer("day answer", to="answered by day", created_at=kst("2026-03-05 00:00"), created_precision="day"),
        a_question("no answers here", VAGUE, answers_collected=False),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-12 09:00")),
        a_question("before", VAGUE, created_at=kst("2026-02-27 09:00")),
    ]


def test_the_questions_of_the_period_add_up(store: Store) -> None:
    store.add(*_everything())
    coverage = queries.response_coverage(store.engine, MARCH)
    assert coverage == queries.ResponseCoverage(
        questions=8, answerable=7, timed=4, day_only=3, answered=5, unanswered=2, removed=0
    )
    assert coverage.answerable == coverage.timed + coverage.day_only == coverage.answered + coverage.unanswered
    assert len(queries.answer_times(store.engine, MARCH)) == coverage.timed
    empty = queries.ResponseCoverage(0, 0, 0, 0, 0, 0, 0)
    assert queries.response_coverage(store.engine, replace(MARCH, synthetic=True)) == empty
    assert queries.response_coverage(store.engine, replace(MARCH, classes=("ad",))) == empty


def test_waiting_questions_are_censored_at_the_cut_off(store: Store) -> None:
    store.add(*_everything())
    times = queries.answer_times(store.engine, MARCH)
    # An answer before its question came at once; others stand in the middle of their bucket.
    assert times.answered_hours.tolist() == pytest.approx([0, 2, 30], rel=0.01)
    assert times.answered.tolist() == [1, 1, 1]
    assert times.censored_hours.tolist() == [48]
    february = queries.answer_times(store.engine, PostFilter(dt.date(2026, 2, 1), dt.date(2026, 2, 28)))
    assert february.censored_hours.tolist() == [13 * 24]
    assert len(queries.answer_times(store.engine, replace(MARCH, departments=("roads",)))) == 3
    assert len(queries.answer_times(store.engine, replace(MARCH, platforms=("x",)))) == 0


def test_an_answer_of_the_city_moves_the_cut_off(store: Store) -> None:
    store.add(a_question("q1", VAGUE), an_answer("to someone else", to="elsewhere", created_at=kst("2026-03-03 09:00")))
    assert queries.answer_times(store.engine, MARCH).censored_hours.tolist() == [24]


def test_the_histogram_has_every_interval_and_closes_it_to_the_right(store: Store) -> None:
    store.add(
        *_answered("0:59", "2026-03-02 09:00", "2026-03-02 09:59"),
        *_answered("1:00", "2026-03-02 09:00", "2026-03-02 10:00"),
        *_answered("1:00:01", "2026-03-02 09:00", "2026-03-02 10:00:01"),
        *_answered("at once", "2026-03-02 09:00", "2026-03-02 09:00"),
        *_answered("24:00", "2026-03-02 09:00", "2026-03-03 09:00"),
        *_answered("47:59", "2026-03-02 09:00", "2026-03-04 08:59"),
        *_answered("720:00", "2026-03-02 09:00", "2026-04-01 09:00"),
        *_answered("a year", "2026-03-02 09:00", "2027-03-02 09:00"),
        a_question("waiting", VAGUE),
    )
    histogram = queries.response_histogram(store.engine, MARCH)
    assert histogram["from_hours"].tolist() == list(RESPONSE_HOURS_EDGES)
    assert histogram["to_hours"].tolist() == [*RESPONSE_HOURS_EDGES[1:], np.inf]
    assert histogram["questions"].tolist() == [3, 1, 0, 0, 1, 1, 0, 0, 1, 1]
    nothing = queries.response_histogram(store.engine, replace(MARCH, synthetic=True))
    assert nothing["questions"].tolist() == [0] * 10


def test_the_curve_is_drawn_where_it_is_exact() -> None:
    assert set(np.round(np.array(CURVE_HOURS) * 3600)) <= set(BUCKET_EDGES_S)
    assert {1.0, 3.0, 24.0, 72.0, 168.0, 720.0} <= set(CURVE_HOURS)
    assert len(CURVE_HOURS) > 80


def test_the_curve_is_the_product_of_those_still_waiting(store: Store) -> None:
    store.add(
        *_answered("1 h", "2026-03-02 09:00", "2026-03-02 10:00"),
        a_question("seen for 2 h", VAGUE, created_at=kst("2026-03-03 19:00")),
        *_answered("3 h", "2026-03-02 09:00", "2026-03-02 12:00"),
        a_question("seen for 36 h", VAGUE, created_at=kst("2026-03-02 09:00")),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-03 21:00")),
    )
    curve = queries.response_curve(store.engine, MARCH).set_index("hours")
    # At 1 h one of four is answered; at 2 h one leaves unanswered; at 3 h one of the two left: 1 - 3/4 * 1/2.
    before, between, after = (curve.index < 1, (curve.index > 1) & (curve.index < 3), curve.index > 3.05)
    assert set(curve.loc[before, "answered_share"]) == {0.0}
    assert set(curve.loc[between, "answered_share"].round(12)) == {0.25}
    assert set(curve.loc[after, "answered_share"].round(12)) == {0.625}
    assert curve.loc[before, "at_risk"].tolist() == [4] * before.sum()
    assert curve["at_risk"].iloc[-1] == 1
    assert curve.index[0] == CURVE_HOURS[0] == pytest.approx(0.25, rel=0.02)
    assert curve.index[-1] <= 36  # nothing is said beyond the longest time observed
    assert (curve["low"] <= curve["answered_share"]).all()
    assert (curve["answered_share"] <= curve["high"]).all()
    assert queries.response_curve(store.engine, replace(MARCH, synthetic=True)).empty


class TestUnansweredAges:
    def _bands(self, store: Store, where: PostFilter) -> dict[str, int]:
        ages = queries.unanswered_ages(store.engine, where)
        return ages.groupby("band")["questions"].sum().to_dict()

    def test_ages_are_calendar_days(self, store: Store) -> None:
        asked = {
            "tomorrow": "2026-04-01 00:00",
            "today": "2026-03-31 00:00",
            "1 day": "2026-03-30 23:59",
            "2 days": "2026-03-29 00:00",
            "3 days": "2026-03-28 23:59",
            "6 days": "2026-03-25 00:00",
            "7 days": "2026-03-24 23:59",
            "29 days": "2026-03-02 00:00",
            "30 days": "2026-03-01 23:59",
            "a year": "2025-03-31 12:00",
        }
        store.add(
            *[a_question(name, VAGUE, created_at=kst(time)) for name, time in asked.items()],
            a_question("later", "감사합니다", created_at=kst("2026-06-01 00:00")),
        )
        assert stock_day(data_extent(store.engine, False), MARCH) == MARCH.end
        assert self._bands(store, MARCH) == {"<=1": 1, "1-3": 2, "3-7": 2, "7-30": 2, ">30": 2}
        assert set(self._bands(store, MARCH)) == {name for name, _, _ in AGE_BANDS}
        # The first day of the period plays no part: this is a stock.
        assert self._bands(store, replace(MARCH, start=dt.date(2026, 3, 31))) == self._bands(store, MARCH)

    def test_what_was_open_at_the_end_of_the_period_counts_though_answered_since(self, store: Store) -> None:
        store.add(
            *_answered("in time", "2026-03-30 09:00", "2026-03-31 23:59"),
            *_answered("after the end", "2026-03-30 09:00", "2026-04-01 00:01"),
            a_question("never", VAGUE, created_at=kst("2026-03-31 09:00")),
            a_question("no answers here", VAGUE, answers_collected=False),
            a_question("an ad", "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"),
        )
        assert self._bands(store, MARCH) == {"<=1": 1, "1-3": 1}
        # A week on only the one never answered is left. The data ends on 1 April, and so does the stock.
        april = PostFilter(dt.date(2026, 4, 1), dt.date(2026, 4, 7))
        assert stock_day(data_extent(store.engine, False), april) == dt.date(2026, 4, 1)
        assert self._bands(store, april) == {"1-3": 1}
        assert self._bands(store, replace(MARCH, end=dt.date(2026, 3, 30))) == {"<=1": 2}

    def test_the_stock_is_split_by_department(self, store: Store) -> None:
        store.add(
            a_question("q1", VAGUE, addressed_to=ROADS),
            a_question("q2", VAGUE, addressed_to=ROADS),
            a_question("q3", VAGUE),
            a_question("q4", "따릉이 대여소가 고장났어요"),
        )
        ages = queries.unanswered_ages(store.engine, MARCH).sort_values("department")
        assert ages[["band", "department", "name_ko", "questions"]].values.tolist() == [
            ["<=1", "bike", "자전거정책과", 1],
            ["<=1", "roads", "도로관리과", 2],
            ["<=1", "unassigned", "미지정", 1],
        ]
        assert queries.unanswered_ages(store.engine, replace(MARCH, departments=("unassigned",)))[
            "questions"
        ].tolist() == [1]
        assert queries.unanswered_ages(store.engine, replace(MARCH, synthetic=True)).empty


def test_a_direct_reply_is_the_first_by_an_account_to_any_post(store: Store) -> None:
    store.add(
        a_question("q1"),
        an_answer("second", to="q1", created_at=kst("2026-03-02 12:00")),
        an_answer("first", to="q1", created_at=kst("2026-03-02 09:30")),
        a_question("by a citizen", kind="reply", in_reply_to="q1", created_at=kst("2026-03-02 09:01")),
        a_question("praise", "덕분에 해결됐어요 감사합니다", kind="reply", in_reply_to="first"),
        an_answer("to praise", to="praise", created_at=kst("2026-03-02 09:00:10")),
        a_question("unanswered"),
        a_question("day only", created_precision="day"),
        an_answer("to day only", to="day only"),
        a_question("answered by day"),
        an_answer("by day", to="answered by day", created_precision="day"),
        a_question("q1", platform="me2day"),
        an_answer("a1", to="q1", platform="me2day", created_at=kst("2026-03-02 10:00")),
        *_answered("before the period", "2026-02-02 09:00", "2026-03-02 09:00"),
        *_answered("answered after it", "2026-03-31 09:00", "2026-04-30 09:00"),
    )
    replies = queries.direct_replies(store.engine, MARCH)
    assert replies.values.tolist() == [
        ["blog", "answered after it", 30 * 86400.0],
        ["blog", "praise", 10.0],
        ["blog", "q1", 1800.0],
        ["me2day", "q1", 3600.0],
    ]
    assert queries.direct_replies(store.engine, replace(MARCH, platforms=("me2day",)))["seconds"].tolist() == [3600.0]
    assert queries.direct_replies(store.engine, replace(MARCH, synthetic=True)).empty


@pytest.mark.parametrize("query", [queries.response_curve, queries.unanswered_ages, queries.direct_replies])
def test_an_empty_store_has_no_waiting_times(store: Store, query: object) -> None:
    assert query(store.engine, MARCH).empty  # type: ignore[operator]
