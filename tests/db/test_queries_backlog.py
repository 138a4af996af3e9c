"""The backlog over time, its oldest questions, and the chance of ever being answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import event

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import AccountReference, Post
from db import queries, writes
from db.intervals import AnsweredShare
from db.queries import backlog
from db.queries.backlog import MAX_WEEKS
from db.records import EVER_ANSWERED_HOURS, PostFilter
from db.transactions import writing
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")
VAGUE = "여기 좀 봐 주세요"
UNTIL = dt.date(2026, 3, 1)
DEMO = PostFilter(UNTIL - dt.timedelta(days=150), UNTIL, synthetic=True)


def _answered(post_id: str, asked: str, answered: str, **fields: object) -> list[Post]:
    return [
        a_question(post_id, VAGUE, created_at=kst(asked), **fields),
        an_answer(f"answer to {post_id}", to=post_id, created_at=kst(answered), account=ROADS),
    ]


def test_each_point_holds_what_was_open_on_its_day(store: Store) -> None:
    store.add(
        a_question("old, waits", VAGUE, created_at=kst("2025-12-01 09:00")),
        *_answered("old, answered", "2026-02-01 09:00", "2026-03-20 09:00"),
        *_answered("answered on the day", "2026-03-23 09:00", "2026-03-24 23:59"),
        *_answered("answered after it", "2026-03-23 09:00", "2026-03-25 00:00"),
        a_question("waits", VAGUE, created_at=kst("2026-03-18 09:00")),
        a_question("no answers here", VAGUE, answers_collected=False),
        *_answered("later than all", "2026-03-01 09:00", "2026-05-01 09:00"),
        a_question("cut-off", "감사합니다", created_at=kst("2026-06-01 09:00")),
    )
    weeks = queries.unanswered_weeks(store.engine, MARCH)
    table = weeks.pivot(index="day", columns="band", values="questions")
    assert [day.isoformat()[:10] for day in table.index] == [
        "2026-03-03",
        "2026-03-10",
        "2026-03-17",
        "2026-03-24",
        "2026-03-31",
    ]
    assert table[["<=1", "1-3", "3-7", "7-30", ">30"]].values.tolist() == [
        [0, 1, 0, 0, 2],
        [0, 0, 0, 1, 2],
        [0, 0, 0, 1, 2],
        [0, 1, 1, 1, 1],
        [0, 0, 0, 1, 2],
    ]
    assert queries.unanswered_weeks(store.engine, replace(MARCH, departments=("bike",))).empty
    assert queries.unanswered_weeks(store.engine, replace(MARCH, synthetic=True)).empty
    assert queries.unanswered_weeks(store.engine, PostFilter(dt.date(2020, 1, 1), dt.date(2020, 3, 1))).empty


def test_every_point_is_the_stock_of_its_day(store: Store) -> None:
    load(DemoConnector(posts=600, days=150, until=UNTIL), store.engine)
    weeks = queries.unanswered_weeks(store.engine, DEMO)
    days = weeks["day"].drop_duplicates()
    assert 15 < len(days) <= MAX_WEEKS
    for day in days:
        ages = queries.unanswered_ages(store.engine, replace(DEMO, end=day.date()))
        at_once = ages.groupby("band")["questions"].sum().to_dict()
        point = weeks[weeks["day"] == day].set_index("band")["questions"]
        assert point[point > 0].to_dict() == at_once, day


def test_a_long_period_shows_its_last_weeks(store: Store) -> None:
    store.add(a_question("waits", VAGUE, created_at=kst("2020-01-01 09:00")), a_question("new", VAGUE))
    weeks = queries.unanswered_weeks(store.engine, PostFilter(dt.date(2019, 1, 1), dt.date(2026, 3, 31)))
    assert weeks["day"].nunique() == MAX_WEEKS
    assert weeks["day"].max() == pd.Timestamp("2026-03-02")  # the day of the cut-off


def test_the_oldest_are_listed_without_the_restricted_queue_and_what_was_removed(store: Store) -> None:
    store.add(
        a_question("risk", "너무 힘들어서 죽고 싶어요. 어떻게 해야 하나요?", created_at=kst("2026-01-01 09:00")),
        a_question("removed", VAGUE, created_at=kst("2026-01-02 09:00")),
        a_question("later the same day", VAGUE, created_at=kst("2026-01-03 12:00"), addressed_to=ROADS),
        a_question("oldest", "따릉이 대여소가 고장났어요", created_at=kst("2026-01-03 09:00")),
        *_answered("answered", "2026-01-03 09:00", "2026-06-01 09:00"),
        a_question("no answers here", VAGUE, created_at=kst("2026-01-03 09:00"), answers_collected=False),
        a_question("an ad", "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"),
        a_question("newer", VAGUE, created_at=kst("2026-02-03 09:00"), platform="me2day"),
        a_question("after the period", VAGUE, created_at=kst("2026-04-01 09:00")),
    )
    with writing(store.engine) as connection:
        ids = writes.find_posts(connection, "blog", ["removed"])
        writes.remove_posts(connection, list(ids.values()), kst("2026-03-02 10:00"))

    def listed(where: PostFilter, limit: int = 20) -> list[str]:
        return queries.oldest_unanswered(store.engine, where, limit)["platform_post_id"].tolist()

    assert listed(MARCH) == ["oldest", "later the same day", "newer"]
    assert listed(MARCH, limit=1) == ["oldest"]
    assert listed(MARCH, limit=2) == ["oldest", "later the same day"]
    assert listed(replace(MARCH, departments=("roads",))) == ["later the same day"]
    assert listed(replace(MARCH, departments=("unassigned",))) == ["newer"]
    assert listed(replace(MARCH, platforms=("me2day",))) == ["newer"]
    assert listed(replace(MARCH, classes=("ad",))) == []
    assert listed(replace(MARCH, synthetic=True)) == []


def test_the_oldest_are_looked_up_on_their_days_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(*[a_question(f"q{day}", VAGUE, created_at=kst(f"2026-03-{day:02d} 09:00")) for day in range(1, 29)])
    seen: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: seen.append(statement))
    assert len(queries.oldest_unanswered(store.engine, MARCH)) == 20
    looked_up = [statement for statement in seen if "FROM questions" in statement]
    assert len(looked_up) == 20
    assert all("asked_day =" in statement for statement in looked_up)
    monkeypatch.setattr(backlog, "MAX_CELLS", 5)
    assert len(queries.oldest_unanswered(store.engine, MARCH)) == 5


def test_the_chance_of_ever_being_answered_falls_with_waiting(store: Store) -> None:
    found: list[Post] = []
    for number in range(40):
        found += _answered(f"soon {number}", "2026-03-02 09:00", "2026-03-02 11:00")
    for number in range(10):
        found += _answered(f"late {number}", "2026-03-02 09:00", "2026-03-07 09:00")
    found += [a_question(f"waits {number}", VAGUE) for number in range(50)]
    store.add(*found, a_question("cut-off", "감사합니다", created_at=kst("2026-03-22 09:00")))
    chances = queries.ever_answered(store.engine, MARCH).set_index("hours")
    assert chances.index.tolist() == list(EVER_ANSWERED_HOURS)
    assert chances["horizon_hours"].unique().tolist() == [20 * 24]
    assert chances["at_risk"].tolist() == [100, 100, 60, 60, 60, 50, 50, 0]
    assert chances["chance"].tolist()[:7] == pytest.approx([0.5, 0.5, 1 / 6, 1 / 6, 1 / 6, 0, 0])
    assert np.isnan(chances.loc[720, ["chance", "low", "high"]].astype(float)).all()  # beyond the horizon
    # Of fifty none: what a proportion of so many says.
    assert (chances.loc[168, "low"], chances.loc[168, "high"]) == (0, pytest.approx(0.0714, abs=0.001))
    assert (chances["low"].dropna() <= chances["chance"].dropna()).all()
    assert (chances["chance"].dropna() <= chances["high"].dropna()).all()
    few = queries.ever_answered(store.engine, replace(MARCH, platforms=("x",)))
    assert few.empty


def test_after_any_age_the_chance_is_the_curve_begun_anew(store: Store) -> None:
    load(DemoConnector(posts=900, days=150, until=UNTIL), store.engine)
    curve = AnsweredShare(queries.answer_times(store.engine, DEMO))
    horizon = curve.horizon(20)
    end = 1 - curve.within([horizon])[0][0]
    for age in (3.0, 24.0, 168.0):
        waiting = 1 - curve.within([age])[0][0]
        assert curve.later([age], horizon)[0][0] == pytest.approx((waiting - end) / waiting)
    assert curve.later([0.0], horizon)[0][0] == pytest.approx(1 - end)
