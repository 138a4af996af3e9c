from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data_sources.records import AccountReference
from db import queries
from db.records import PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")
METRO = AccountReference(handle="metro", department="서울교통공사")
VAGUE = "여기 좀 봐 주세요"


def test_questions_are_counted_by_who_must_answer(store: Store) -> None:
    store.add(
        *[a_question(f"r{number}", VAGUE) for number in range(3)],
        *[an_answer(f"ar{number}", to=f"r{number}", account=ROADS) for number in range(2)],
        a_question("r3", VAGUE, addressed_to=ROADS),
        a_question("bike", "따릉이 대여소가 고장났어요"),
        a_question("nobody 1", VAGUE),
        a_question("old", VAGUE, created_at=kst("2026-02-28 12:00"), addressed_to=ROADS),
        a_question("file", VAGUE, addressed_to=METRO, answers_collected=False),
    )
    volume = queries.department_volume(store.engine, MARCH)
    columns = ["department", "questions", "answered", "answerable", "by_reply", "by_rule", "by_receiving_account"]
    assert volume[columns].values.tolist() == [
        ["roads", 3, 2, 3, 2, 0, 1],
        ["bike", 1, 0, 1, 0, 1, 0],
        ["subway", 1, 0, 0, 0, 0, 1],
        ["unassigned", 2, 0, 2, 0, 0, 0],
    ]
    assert volume["questions"].sum() == queries.posts_by_day(store.engine, MARCH)["questions"].sum() == 7
    assert volume["name_ko"].tolist() == ["도로관리과", "자전거정책과", "서울교통공사", "미지정"]
    assert volume["name_en"].tolist()[-1] == "Unassigned"
    # 2 of 3 answered; nothing to say of a source that carries no answers.
    assert volume["answered_share"].tolist()[:2] == [2 / 3, 0.0]
    assert np.isnan(volume.loc[2, ["answered_share", "low", "high"]].astype(float)).all()
    for row, (k, n) in {0: (2, 3), 1: (0, 1), 3: (0, 2)}.items():
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert volume.loc[row, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])
    assert queries.department_volume(store.engine, replace(MARCH, departments=("bike", "unassigned")))[
        ["department", "questions"]
    ].values.tolist() == [["bike", 1], ["unassigned", 2]]
    assert queries.department_volume(store.engine, replace(MARCH, platforms=("x",))).empty
    assert queries.department_volume(store.engine, replace(MARCH, synthetic=True)).empty


def test_an_answer_after_the_period_still_answers_its_question(store: Store) -> None:
    store.add(a_question("q1", VAGUE), an_answer(to="q1", account=ROADS, created_at=kst("2026-05-02 09:00")))
    assert queries.department_volume(store.engine, MARCH)["answered"].tolist() == [1]


def test_posts_are_counted_by_the_account_written_to(store: Store) -> None:
    mayor = AccountReference(handle="demo_seoul_mayor")
    store.add(
        *[a_question(f"m{number}", platform="x", addressed_to=mayor) for number in range(3)],
        a_question("to roads", addressed_to=ROADS),
        a_question("to nobody"),
        an_answer(to="to roads", account=METRO, addressed_to=ROADS),
    )
    receiving = queries.receiving_volume(store.engine, MARCH)
    assert receiving[["platform", "handle", "posts", "share"]].sort_values("handle").values.tolist() == [
        ["blog", "", 1, 0.2],
        ["x", "demo_seoul_mayor", 3, 0.6],
        ["blog", "roads", 1, 0.2],
    ]
    assert receiving["posts"].tolist() == [3, 1, 1]
    expected = stats.binomtest(3, 5).proportion_ci(method="wilson")
    assert receiving.loc[0, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])
    only_blog = queries.receiving_volume(store.engine, replace(MARCH, platforms=("blog",)))
    assert only_blog["share"].tolist() == [0.5, 0.5]
    assert queries.receiving_volume(store.engine, replace(MARCH, synthetic=True)).empty


def test_an_account_shows_what_passed_through_it(store: Store) -> None:
    store.add(
        a_question("q1", addressed_to=ROADS),
        a_question("q2", addressed_to=ROADS, created_at=kst("2020-01-01 09:00")),
        an_answer("a1", to="q1", account=ROADS, created_at=kst("2026-03-02 10:00")),
        an_answer("a2", to="q1", account=ROADS, created_at=kst("2026-03-04 10:00")),
        a_question("q3", addressed_to=METRO),
    )
    real = queries.accounts(store.engine, synthetic=False).set_index("handle")
    assert sorted(real.index) == ["metro", "roads"]
    assert real.loc["roads", ["platform", "department_ko", "status", "received", "answers"]].tolist() == [
        "blog", "도로관리과", "connected", 2, 2,
    ]  # fmt: skip
    assert real.loc["roads", "last_post"] == pd.Timestamp(kst("2026-03-04 10:00"))
    assert real.loc["metro", ["received", "answers"]].tolist() == [1, 0]
    assert pd.isna(real.loc["metro", "last_post"])
    invented = queries.accounts(store.engine, synthetic=True)
    # The record of 2012 that the registry of the package follows.
    assert invented["status"].value_counts().to_dict() == {"connected": 44, "pending": 36}
    assert invented.loc[invented["status"] == "pending", "missing_ko"].str.len().gt(0).all()


def test_what_an_account_received_are_citizens_posts_of_its_own_kind_of_data(store: Store) -> None:
    mayor = AccountReference(handle="demo_seoul_mayor")
    store.add(
        a_question("q1", platform="x", addressed_to=mayor),
        a_question("to roads", addressed_to=ROADS),
        an_answer("handed over", to="to roads", account=METRO, addressed_to=ROADS),
    )
    real = queries.accounts(store.engine, synthetic=False).set_index("handle")
    assert real.loc["roads", "received"] == 1  # the city's own post to it is no citizen's
    invented = queries.accounts(store.engine, synthetic=True).set_index("handle")
    assert invented.loc["demo_seoul_mayor", "received"] == 0  # a real post is not shown among invented ones
