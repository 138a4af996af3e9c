"""The standing issues: counts against the period before, their answers, and the incidents that concern them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from scipy import stats

from data_sources.records import Post
from db import queries
from db.queries import asked
from db.records import SENSITIVE_WORDS, PostFilter
from nlp.dictionary import HOT_GROUPS, read_resource, term_groups
from nlp.risk import is_sensitive
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
WATER, NOISE = "수돗물에서 녹물이 나와요. 아리수 맞나요?", "층간소음에 잠을 못 잡니다"
JANUARY, FEBRUARY = kst("2026-01-29 09:00"), kst("2026-02-10 09:00")


def _asked(number: int, text: str, prefix: str, **fields: object) -> list[Post]:
    return [a_question(f"{prefix}{index}", text, **fields) for index in range(number)]


def test_an_issue_is_counted_once_a_post_and_compared_with_the_period_before(store: Store) -> None:
    store.add(
        *_asked(1, NOISE, "first", created_at=JANUARY),
        *_asked(2, WATER, "water then", created_at=FEBRUARY),
        *_asked(8, NOISE, "noise then", created_at=FEBRUARY),
        *_asked(6, WATER, "water now"),
        *_asked(4, NOISE, "noise now"),
    )
    found = queries.standing_issues(store.engine, MARCH).set_index("issue")
    assert found.index.tolist() == list(HOT_GROUPS)
    water = found.loc["아리수"]
    # The 31 days before the first of March begin on the 29th of January.
    assert water[["questions", "total", "before_questions", "before_total"]].tolist() == [6, 10, 2, 11]
    expected = stats.binomtest(6, 10).proportion_ci(method="wilson")
    assert water[["share", "low", "high"]].tolist() == pytest.approx([0.6, expected.low, expected.high])
    assert water["change"] == pytest.approx(6 / 10 - 2 / 11)
    assert water["change_low"] < water["change"] < water["change_high"]
    assert found.loc["지하철", ["questions", "share", "change"]].tolist() == [0, 0, 0]


def test_half_a_period_before_is_no_yardstick(store: Store) -> None:
    store.add(*_asked(2, WATER, "then", created_at=FEBRUARY), *_asked(6, WATER, "now"))
    water = queries.standing_issues(store.engine, MARCH).set_index("issue").loc["아리수"]
    assert water["questions"] == 6
    assert [math.isnan(water[name]) for name in ("before_share", "change", "change_low", "change_high")] == [True] * 4


def test_a_period_without_questions_has_no_share(store: Store) -> None:
    store.add(*_asked(2, WATER, "now"))
    empty = queries.standing_issues(store.engine, replace(MARCH, classes=("praise",)))
    assert empty["questions"].tolist() == [0, 0, 0]
    assert empty["share"].isna().all()


def test_within_a_department_the_newest_questions_are_read_and_it_is_said(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 4)
    store.add(*_asked(3, WATER, "old", created_at=kst("2026-03-02 09:00")))
    store.add(*_asked(2, WATER, "new", created_at=kst("2026-03-09 09:00")))
    department = queries.department_volume(store.engine, MARCH)["department"][0]
    found = queries.standing_issues(store.engine, replace(MARCH, departments=(department,)))
    assert found.set_index("issue").loc["아리수", ["questions", "total"]].tolist() == [2, 2]
    assert found.attrs == {"newest_only": 2}
    assert queries.standing_issues(store.engine, MARCH).attrs == {}


def test_the_share_answered_is_of_questions_whose_source_has_answers(store: Store) -> None:
    store.add(
        *_asked(4, WATER, "w"),
        *_asked(2, WATER, "silent", answers_collected=False),
        *_asked(3, NOISE, "noise"),
        an_answer("a0", "w0"),
        an_answer("a1", "noise0"),
    )
    found = queries.issue_answers(store.engine, MARCH, "아리수")
    assert (found.answered, found.answerable, found.share, found.is_newest_only) == (1, 4, 0.25, False)
    expected = stats.binomtest(1, 4).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    nothing = queries.issue_answers(store.engine, MARCH, "정신보건")
    assert nothing.answerable == 0
    assert math.isnan(nothing.share)


def test_the_incidents_of_an_issue_are_those_of_its_words(store: Store) -> None:
    monday = dt.date(2025, 9, 1)
    topics = ("가로등이 꺼졌어요", "보도블록이 깨졌어요", "버스 배차간격이 길어요", "공원 벤치가 낡았어요")

    def on(day: int, text: str, number: int) -> Post:
        at = dt.datetime.combine(monday + dt.timedelta(days=day), dt.time(9), kst("2026-01-01").tzinfo)
        return a_question(f"{day} {text} {number}", f"{text} 언제 고쳐 주나요? {day}-{number}", created_at=at)

    store.add(*[on(day, topics[(day + number) % 4], number) for day in range(100) for number in range(4)])
    store.add(*[on(100, "수돗물에서 냄새가 나요", number) for number in range(9)])
    where = PostFilter(monday, monday + dt.timedelta(days=110))
    every = queries.incidents(store.engine, where)
    assert len(every) >= 1
    concerned = queries.incidents(store.engine, where, ("아리수", *term_groups()["아리수"]))
    assert concerned["incident"].tolist() == every["incident"].tolist()
    assert queries.incidents(store.engine, where, term_groups()["지하철"]).empty
    assert queries.incidents(store.engine, replace(where, end=monday), term_groups()["아리수"]).empty


def test_the_pages_know_the_analysis_own_list_of_sensitive_words() -> None:
    assert list(SENSITIVE_WORDS) == read_resource("risk_terms.toml")["sensitive"]
    # A group of which one word is sensitive is so by its name, for the name is what lists are asked for by.
    for name, members in term_groups().items():
        assert is_sensitive(name) == any(is_sensitive(member) for member in members), name
