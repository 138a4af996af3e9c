from __future__ import annotations

import datetime as dt
import math
import warnings
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sqlalchemy import select

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import Post
from db import queries
from db.packing import unpack_ids
from db.queries import asked
from db.queries.keywords import PRIOR_QUESTIONS, log_odds_z
from db.records import PostFilter
from db.schema import departments, posts, questions, terms
from tests.builders import a_question, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
FEBRUARY = PostFilter(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
BIKE = "따릉이가 고장났어요"
LAMP = "가로등이 꺼졌어요"
RISK = "따릉이도 없고 죽고 싶어요"


def _asked(number: int, text: str, prefix: str = "q", **fields: object) -> list[Post]:
    return [a_question(f"{prefix}{index}", text, **fields) for index in range(number)]


class TestTopTerms:
    def test_questions_are_counted_not_mentions(self, store: Store) -> None:
        store.add(
            *_asked(6, "따릉이 따릉이 따릉이! 따릉이가 고장났어요"),
            *_asked(5, LAMP, "lamp"),
            *_asked(4, "맨홀 뚜껑", "m"),
        )
        top = queries.top_terms(store.engine, MARCH)
        by_term = top.set_index("term")
        assert by_term.loc["따릉이", ["questions", "authors"]].tolist() == [6, 6]
        assert by_term.loc["가로등", ["questions", "authors"]].tolist() == [5, 5]
        assert "맨홀" not in by_term.index
        assert by_term.loc["따릉이", "share"] == 6 / 15
        expected = stats.binomtest(6, 15).proportion_ci(method="wilson")
        assert by_term.loc["따릉이", ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])
        assert top["questions"].is_monotonic_decreasing
        assert len(queries.top_terms(store.engine, MARCH, limit=1)) == 1
        assert queries.top_terms(store.engine, replace(MARCH, departments=("bike",)))["share"].tolist()[0] == 1.0
        assert queries.top_terms(store.engine, replace(MARCH, synthetic=True)).empty
        assert queries.top_terms(store.engine, FEBRUARY).empty

    def test_a_term_needs_five_authors(self, store: Store) -> None:
        store.add(*_asked(9, BIKE, author="the same"), *_asked(4, BIKE, "other"))
        terms = queries.top_terms(store.engine, MARCH)
        assert terms[["term", "questions", "authors"]].values.tolist() == [["따릉이", 13, 5]]

    def test_four_authors_are_too_few_however_much_they_write(self, store: Store) -> None:
        for author in "abcd":
            store.add(*_asked(3, BIKE, author, author=author))
        assert queries.top_terms(store.engine, MARCH).empty

    def test_posts_without_a_known_author_count_one_each(self, store: Store) -> None:
        store.add(*_asked(3, BIKE, author=None), *_asked(2, BIKE, "known", author="the same"))
        assert queries.top_terms(store.engine, MARCH).empty
        store.add(a_question("one more", BIKE, author=None))
        assert queries.top_terms(store.engine, MARCH)["authors"].tolist() == [5]

    def test_other_classes_and_risk_posts_are_left_out(self, store: Store) -> None:
        store.add(
            *_asked(4, BIKE),
            *_asked(3, RISK, "risk"),
            *_asked(3, "따릉이 덕분에 감사합니다", "praise"),
        )
        assert queries.top_terms(store.engine, MARCH).empty
        store.add(a_question("fifth", BIKE))
        top = queries.top_terms(store.engine, MARCH)
        assert top[["term", "questions", "authors"]].values.tolist() == [["따릉이", 5, 5]]
        assert top["share"].tolist() == [5 / 8]  # the questions of the period are eight, three of them at risk

    def test_one_busy_author_does_not_push_others_out_of_the_list(self, store: Store) -> None:
        loud = "가로등 맨홀 보도블록 싱크홀 포트홀 현수막이 문제입니다"
        store.add(*_asked(6, loud, author="the same"), *_asked(5, BIKE, "bike"))
        assert queries.top_terms(store.engine, MARCH, limit=1)["term"].tolist() == ["따릉이"]


def _z_by_hand(here: int, total: int, there: int, baseline_total: int) -> float:
    """Monroe, Colaresi and Quinn (2008), equations 15, 16, 20 and 22, over documents with or without the term."""
    prior_with = PRIOR_QUESTIONS * (here + there) / (total + baseline_total)
    prior_without = PRIOR_QUESTIONS - prior_with

    def log_odds(count: int, of: int) -> float:
        return math.log((count + prior_with) / (of - count + prior_without))

    delta = log_odds(here, total) - log_odds(there, baseline_total)
    variance = 1 / (here + prior_with) + 1 / (there + prior_with)
    return delta / math.sqrt(variance)


@pytest.mark.parametrize(
    ("here", "total", "there", "baseline"), [(6, 10, 1, 20), (1, 10, 6, 20), (30, 100, 300, 1000), (5, 9, 0, 7)]
)
def test_log_odds_z_equals_the_formula(here: int, total: int, there: int, baseline: int) -> None:
    z = log_odds_z(np.array([float(here)]), total, np.array([float(there)]), baseline)
    assert z[0] == pytest.approx(_z_by_hand(here, total, there, baseline), rel=1e-12)


def test_log_odds_z_has_a_sign_and_no_opinion_on_equals() -> None:
    z = log_odds_z(np.array([30.0, 10.0, 1.0]), 100, np.array([10.0, 10.0, 30.0]), 100)
    assert z[0] > 0
    assert z[1] == 0
    assert z[2] < 0


def test_a_term_of_every_question_is_silently_not_distinctive() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        z = log_odds_z(np.array([10.0]), 10, np.array([20.0]), 20)
    assert not z[0] > 0


class TestDepartmentTerms:
    def test_a_department_is_set_against_all_others_in_the_same_period(self, store: Store) -> None:
        shared = "공원 앞 소음이 심해요"
        store.add(
            *_asked(7, f"{BIKE} {shared}", "bike"),
            *_asked(5, f"{LAMP} {shared}", "lamp"),
            *_asked(6, BIKE, "before", created_at=kst("2026-02-10 09:00")),
        )
        where = replace(MARCH, departments=("bike",))
        questions = queries.top_terms(store.engine, replace(where, departments=())).set_index("term")["questions"]
        own = queries.top_terms(store.engine, where).set_index("term")["questions"]
        found = queries.department_terms(store.engine, where).set_index("term")
        assert found.loc["따릉이", ["questions", "others_questions"]].tolist() == [7, 0]
        # 소음 is in all twelve: it tells nothing.
        assert "소음" not in found.index
        for term, row in found.iterrows():
            others = int(questions[term] - own[term])
            assert row["others_questions"] == others
            assert [row["share"], row["others_share"]] == [own[term] / 7, others / 5]
            assert row["z"] == pytest.approx(_z_by_hand(int(own[term]), 7, others, 5))

    def test_every_number_equals_a_count_of_the_posts_themselves(self, store: Store) -> None:
        load(DemoConnector(posts=1_500, days=60, until=dt.date(2026, 3, 31)), store.engine)
        where = replace(MARCH, synthetic=True)
        where = replace(where, departments=(queries.department_volume(store.engine, where)["department"][0],))
        found = queries.department_terms(store.engine, where, limit=5)
        said: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        asked: Counter[bool] = Counter()
        for is_own, is_risk, words in _questions_with_words(store, where):
            asked[is_own] += 1
            said[is_own].update(() if is_risk else words)
        assert len(found) == 5
        for row in found.itertuples():
            counts = (row.questions, asked[True], row.others_questions, asked[False])
            assert (row.questions, row.others_questions) == (said[True][row.term], said[False][row.term])
            assert row.z == pytest.approx(_z_by_hand(*counts))
        assert found["z"].is_monotonic_decreasing

    def test_authors_are_counted_as_in_the_list_of_terms(self, store: Store) -> None:
        store.add(*_asked(9, BIKE, author="the same"), *_asked(5, LAMP, "lamp"))
        assert queries.department_terms(store.engine, replace(MARCH, departments=("bike",))).empty

    def test_without_a_department_or_without_others_nothing_is_set_apart(self, store: Store) -> None:
        store.add(*_asked(6, BIKE))
        assert queries.department_terms(store.engine, MARCH).empty
        assert queries.department_terms(store.engine, replace(MARCH, departments=("bike",))).empty

    def test_of_a_large_department_the_others_are_those_of_the_days_read(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 9)
        late = {"created_at": kst("2026-03-09 09:00")}
        store.add(
            *_asked(8, BIKE, "old"),
            *_asked(6, LAMP, "old lamp"),
            *_asked(7, BIKE, "new", **late),
            *_asked(5, LAMP, "new lamp", **late),
        )
        found = queries.department_terms(store.engine, replace(MARCH, departments=("bike",)))
        assert found.loc[0, ["term", "questions", "share", "others_share"]].tolist() == ["따릉이", 7, 1.0, 0.0]
        assert found["z"][0] == pytest.approx(_z_by_hand(7, 7, 0, 5), nan_ok=True)
        assert found.attrs == {"newest_only": 7}

    def test_on_one_platform_the_others_are_of_that_platform(self, store: Store) -> None:
        store.add(
            *_asked(6, f"{BIKE} 소음", "bike", platform="me2day"),
            *_asked(5, LAMP, "lamp", platform="me2day"),
            *_asked(9, LAMP, "elsewhere"),
        )
        found = queries.department_terms(store.engine, replace(MARCH, departments=("bike",), platforms=("me2day",)))
        by_term = found.set_index("term")
        assert by_term.loc["소음", "z"] == pytest.approx(_z_by_hand(6, 6, 0, 5), nan_ok=True)
        assert found["others_questions"].tolist() == [0] * len(found)


def _questions_with_words(store: Store, where: PostFilter) -> list[tuple[bool, bool, list[str]]]:
    """Return of each question whether it is the departments', whether it is a risk post, and its words, row by row."""
    with store.engine.connect() as connection:
        names = {row.id: row.term for row in connection.execute(select(terms).where(terms.c.is_group.is_(False)))}
        codes = {row.id: row.code for row in connection.execute(select(departments))}
        rows = connection.execute(
            select(questions.c.department_id, questions.c.is_risk, posts.c.term_ids)
            .join(posts, posts.c.id == questions.c.post_id)
            .where(questions.c.asked_day.between(where.start, where.end), questions.c.is_synthetic == where.synthetic)
        ).all()
    return [
        (
            codes.get(row.department_id) in where.departments,
            row.is_risk,
            [names[id_] for id_ in unpack_ids(row.term_ids) if id_ in names],
        )
        for row in rows
    ]


class TestDistinctiveTerms:
    def test_what_is_more_frequent_than_before_comes_first(self, store: Store) -> None:
        february = {"created_at": kst("2026-02-10 09:00")}
        store.add(
            *_asked(6, BIKE, "bike now"),
            *_asked(5, LAMP, "lamp now"),
            *_asked(4, "맨홀 뚜껑이 없어요", "too few"),
            *_asked(1, BIKE, "bike then", **february),
            *_asked(9, LAMP, "lamp then", **february),
        )
        found = queries.distinctive_terms(store.engine, MARCH)
        # 가로등 fell from 9/10 to 5/15, 맨홀 has too few authors.
        assert found[["term", "questions", "baseline_questions"]].values.tolist() == [["따릉이", 6, 1]]
        assert found[["share", "baseline_share"]].values.tolist() == [[6 / 15, 1 / 10]]
        for name, k, n in (("", 6, 15), ("baseline_", 1, 10)):
            expected = stats.binomtest(k, n).proportion_ci(method="wilson")
            bounds = found.loc[0, [f"{name}low", f"{name}high"]].tolist()
            assert bounds == pytest.approx([expected.low, expected.high])
        assert found["z"].tolist() == [pytest.approx(_z_by_hand(6, 15, 1, 10))]
        # The other way round 가로등 stood out in February, had there been a year before it.
        assert queries.distinctive_terms(store.engine, FEBRUARY).empty
        assert queries.distinctive_terms(store.engine, replace(MARCH, synthetic=True)).empty

    def test_the_baseline_is_the_year_before_and_no_more(self, store: Store) -> None:
        store.add(*_asked(5, BIKE), a_question("too old", LAMP, created_at=kst("2025-02-28 23:59")))
        assert queries.distinctive_terms(store.engine, MARCH).empty
        store.add(a_question("just in", LAMP, created_at=kst("2025-03-01 00:00")))
        assert queries.distinctive_terms(store.engine, MARCH)["term"].tolist() == ["따릉이"]

    def test_authors_are_counted_as_in_the_list_of_terms(self, store: Store) -> None:
        before = a_question("before", LAMP, created_at=kst("2026-02-10 09:00"))
        store.add(before, *_asked(9, BIKE, author="the same"), *_asked(5, RISK, "risk"))
        assert queries.distinctive_terms(store.engine, MARCH).empty

    def test_the_most_distinctive_come_first(self, store: Store) -> None:
        before = {"created_at": kst("2026-02-10 09:00")}
        store.add(
            *_asked(5, LAMP, "lamp"),
            *_asked(8, BIKE, "bike"),
            *_asked(9, "맨홀 뚜껑이 없어요", "manhole", **before),
        )
        found = queries.distinctive_terms(store.engine, MARCH)
        assert found["term"].tolist() == ["따릉이", "가로등"]
        assert queries.distinctive_terms(store.engine, MARCH, limit=1)["term"].tolist() == ["따릉이"]

    def test_one_busy_author_does_not_push_others_out(self, store: Store) -> None:
        loud = "가로등 맨홀 보도블록 싱크홀 포트홀 현수막이 문제입니다"
        before = a_question("before", "소음이 심해요", created_at=kst("2026-02-10 09:00"))
        store.add(before, *_asked(6, loud, "loud", author="the same"), *_asked(5, BIKE, "bike"))
        assert queries.distinctive_terms(store.engine, MARCH, limit=1)["term"].tolist() == ["따릉이"]


class TestTermTrend:
    def test_days_are_buckets_of_a_short_period(self, store: Store) -> None:
        store.add(
            a_question("q1", BIKE, created_at=kst("2026-03-02 09:00")),
            a_question("q2", LAMP, created_at=kst("2026-03-02 09:00")),
            a_question("q3", LAMP, created_at=kst("2026-03-04 09:00")),
        )
        trend = queries.term_trend(store.engine, MARCH, ("따릉이",))
        # Days before the first and after the last post of the data are gaps.
        assert trend["bucket"].tolist() == list(pd.date_range("2026-03-02", "2026-03-04"))
        assert trend["questions"].tolist() == [1, 0, 0]
        assert trend["total"].tolist() == [2, 0, 1]
        assert trend["share"].tolist()[::2] == [0.5, 0.0]
        assert trend.loc[1, ["share", "low", "high"]].isna().all()
        assert trend["whole"].all()
        expected = stats.binomtest(1, 2).proportion_ci(method="wilson")
        assert trend.loc[0, ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])
        filtered = queries.term_trend(store.engine, replace(MARCH, departments=("bike",)), ("따릉이",))
        assert filtered["total"].tolist() == [1, 0, 0]
        assert queries.term_trend(store.engine, MARCH, ()).empty
        assert queries.term_trend(store.engine, FEBRUARY, ("따릉이",)).empty
        assert queries.term_trend(store.engine, replace(MARCH, synthetic=True), ("따릉이",)).empty

    def test_weeks_are_buckets_beyond_a_quarter(self, store: Store) -> None:
        # Wednesday 31 December 2025 to Tuesday 7 April 2026.
        store.add(
            a_question("first", BIKE, created_at=kst("2025-12-31 09:00")),
            a_question("monday", BIKE, created_at=kst("2026-01-05 00:00")),
            a_question("sunday", LAMP, created_at=kst("2026-01-11 23:59")),
            a_question("last", LAMP, created_at=kst("2026-04-07 09:00")),
        )
        quarter = PostFilter(dt.date(2026, 1, 1), dt.date(2026, 4, 2))
        assert len(queries.term_trend(store.engine, quarter, ("따릉이",))) == 92
        longer = PostFilter(dt.date(2026, 1, 1), dt.date(2026, 4, 3))
        assert queries.term_trend(store.engine, longer, ("따릉이",))["bucket"].tolist() == list(
            pd.date_range("2025-12-29", "2026-03-30", freq="7D")
        )
        trend = queries.term_trend(
            store.engine, replace(longer, start=dt.date(2025, 1, 1), end=dt.date(2026, 12, 31)), ("따릉이",)
        )
        assert trend["bucket"].tolist() == list(pd.date_range("2025-12-29", "2026-04-06", freq="7D"))
        assert trend["questions"].tolist()[:3] == [1, 1, 0]
        assert trend["total"].tolist()[:3] == [1, 2, 0]
        assert trend["whole"].tolist() == [False, *[True] * 13, False]

    def test_a_group_counts_a_post_once(self, store: Store) -> None:
        store.add(
            a_question("both", "수돗물에서 녹물이 나와요"),
            a_question("one", "수도관이 터졌어요"),
            a_question("none", LAMP),
        )
        trend = queries.term_trend(store.engine, MARCH, ("아리수", "녹물", "아리수"))
        assert trend[["term", "questions", "total"]].values.tolist() == [["아리수", 2, 3], ["녹물", 1, 3]]
        groups = queries.term_groups(store.engine)
        assert groups["name"].tolist()[:3] == ["아리수", "지하철", "정신보건"]
        assert groups.loc[groups["is_hot"], "name"].tolist() == ["아리수", "지하철", "정신보건"]
        assert {"수돗물", "녹물", "수도관"} < set(groups.loc[0, "terms"].split(", "))

    def test_risk_posts_are_counted_and_never_listed(self, store: Store) -> None:
        store.add(*_asked(5, RISK, "risk"), a_question("q1", BIKE))
        trend = queries.term_trend(store.engine, MARCH, ("따릉이",))
        assert trend[["questions", "total"]].values.tolist() == [[6, 6]]
        assert queries.top_terms(store.engine, MARCH).empty


def test_the_first_few_words_are_the_beginning_of_all_of_them(store: Store) -> None:
    load(DemoConnector(posts=1_500, seed=5, days=120, until=dt.date(2026, 3, 1)), store.engine)
    for days in (3, 40, 118):
        where = PostFilter(dt.date(2026, 3, 1) - dt.timedelta(days=days), dt.date(2026, 2, 28), synthetic=True)
        every = queries.top_terms(store.engine, where, limit=10_000)
        assert len(every) >= 3
        for limit in (1, 2, 5, len(every)):
            few = queries.top_terms(store.engine, where, limit=limit)
            assert few["term"].tolist() == every["term"].tolist()[:limit]
            assert few["questions"].tolist() == every["questions"].tolist()[:limit]
