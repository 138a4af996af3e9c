"""Choices read off tables."""

import pickle

import pandas as pd

from db.frames import ACCOUNTS, NEWEST_ONLY, TERM_GROUPS, TERM_TREND, TERMS
from pages.components import readings


def test_present_terms_are_those_with_a_question_in_the_order_wanted() -> None:
    row = {"bucket": "2026-03-01", "total": 9, "share": 0.1, "low": 0.0, "high": 0.2, "whole": True}
    counts = (("지하철", 0), ("아리수", 2), ("지하철", 1), ("정신보건", 0))
    trend = TERM_TREND.frame([row | {"term": term, "questions": questions} for term, questions in counts])
    assert readings.present_terms(trend, ("아리수", "지하철", "정신보건", "버스")) == ("아리수", "지하철")


def test_hot_groups_are_the_marked_ones() -> None:
    groups = TERM_GROUPS.frame([("아리수", "수돗물", True), ("버스", "버스", False)])
    assert readings.hot_groups(groups) == ("아리수",)


def test_all_terms_are_each_once() -> None:
    top = TERMS.frame([("b", 2, 0.2, 0.1, 0.3, 5), ("a", 1, 0.1, 0.0, 0.2, 5)])
    assert readings.all_terms(top["term"], top["term"]) == ("b", "a")
    assert readings.first_terms(top, 1) == ("b",)


def test_accounts_of_one_state_lose_the_columns_that_state_leaves_empty() -> None:
    base = dict.fromkeys(ACCOUNTS.columns) | {"received": 0, "answers": 0}
    accounts = ACCOUNTS.frame(
        [base | {"handle": "a", "status": "pending"}, base | {"handle": "b", "status": "connected"}]
    )
    pending = readings.accounts_with_status(accounts, "pending")
    assert pending["handle"].tolist() == ["a"]
    assert {"missing_ko", "missing_en"} <= set(pending.columns)
    assert not {"received", "last_post", "status"} & set(pending.columns)


def test_a_table_of_words_may_speak_of_the_newest_questions_only() -> None:
    terms = TERMS.frame([])
    assert readings.newest_only(terms) is None
    terms.attrs[NEWEST_ONLY] = 20_000
    assert readings.newest_only(pickle.loads(pickle.dumps(terms))) == 20_000  # the cache keeps frames this way


def test_words_of_a_group_and_which_are_sensitive() -> None:
    groups = TERM_GROUPS.frame([("아리수", "아리수, 수돗물", True), ("버스", "버스", False)])
    assert readings.words_of(groups, "아리수") == ("아리수", "수돗물")
    assert readings.words_of(groups, "없음") == ()
    assert [readings.is_sensitive(term) for term in ("정신보건", "우울증 상담", "지하철", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_course_of_a_share_leaves_out_buckets_without_questions() -> None:
    day = pd.Timestamp("2026-03-01")
    rows = [
        (day, "아리수", 1, 8, 0.125, 0.0, 0.5, True),
        (day, "지하철", 4, 8, 0.5, 0.2, 0.8, True),
        (day + pd.Timedelta(days=1), "아리수", 0, 0, float("nan"), float("nan"), float("nan"), True),
        (day + pd.Timedelta(days=2), "아리수", 1, 3, 1 / 3, 0.0, 0.8, True),
    ]
    assert readings.shares_over_time(TERM_TREND.frame(rows), "아리수") == [12.5, 33.33]
