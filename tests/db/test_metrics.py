from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from scipy import stats

from data_sources.records import AccountReference, Post
from db.metrics import METRICS, Metric, UnknownMetric, metric
from db.metrics.document import markdown
from db.records import MetricValue, PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")
VAGUE = "여기 좀 봐 주세요"
UNITS = {"posts", "questions", "fraction", "index", "hours", "working_hours"}


def _answered(post_id: str, hours: float) -> list[Post]:
    asked = kst("2026-03-02 09:00")
    return [
        a_question(post_id, VAGUE, created_at=asked),
        an_answer(f"answer to {post_id}", to=post_id, created_at=asked + dt.timedelta(hours=hours), account=ROADS),
    ]


def _small() -> list[Post]:
    """Return six questions and what else there is; the cut-off is 12 March, 09:00."""
    return [
        *_answered("1 h", 1),
        *_answered("2 h", 2),
        *_answered("30 h", 30),
        a_question("seen for 240 h", VAGUE),
        a_question("seen for 20 h", VAGUE, created_at=kst("2026-03-11 13:00")),
        a_question("day only", VAGUE, created_precision="day"),
        a_question("no answers here", VAGUE, answers_collected=False),
        a_question("praise", "덕분에 해결됐어요 감사합니다", kind="reply", in_reply_to="answer to 1 h"),
        an_answer("to praise", to="praise", created_at=kst("2026-03-02 13:00"), account=ROADS),
        a_question("ad", "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc", created_at=kst("2026-03-12 09:00")),
        a_question("before", VAGUE, created_at=kst("2026-02-02 09:00")),
    ]  # fmt: skip


def _value(store: Store, name: str, where: PostFilter = MARCH) -> tuple[object, int]:
    found = metric(store.engine, name, where)
    return found.value, found.n


@pytest.mark.parametrize("row", METRICS.values(), ids=lambda row: row.id)
def test_a_row_says_what_it_is_in_both_languages(row: Metric) -> None:
    assert METRICS[row.id] is row
    for text in (row.name_ko, row.name_en, row.why_ko, row.why_en, row.definition_ko, row.definition_en):
        assert text.strip() == text != ""
    assert row.unit in UNITS
    assert row.direction in ("up", "down", "none")
    assert row.version >= 1


def test_the_document_is_what_the_rows_say() -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
    # Once it differs: python -m db definitions --write docs/metrics.md
    assert document.read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize("row", METRICS.values(), ids=lambda row: row.id)
def test_versions_follow_each_other_and_somebody_answers_for_them(row: Metric) -> None:
    assert [earlier.version for earlier in row.earlier] == list(range(1, row.version))
    assert all(earlier.valid_from <= earlier.valid_until <= row.valid_from for earlier in row.earlier)
    assert row.valid_from <= row.next_review
    assert row.reviewed < row.next_review
    for text in (row.author, row.checker, row.numerator_ko, row.numerator_en, row.denominator_ko, row.denominator_en):
        assert text.strip() == text != ""


def test_no_two_rows_share_a_name() -> None:
    for names in ([row.id for row in METRICS.values()], [row.name_ko for row in METRICS.values()]):
        assert len(set(names)) == len(names)
    assert len({row.name_en for row in METRICS.values()}) == len(METRICS)


def test_an_unknown_name_lists_those_known(store: Store) -> None:
    with pytest.raises(UnknownMetric, match="no metric 'speed'; known: collected_posts, questions, ") as error:
        metric(store.engine, "speed", MARCH)
    assert all(name in str(error.value) for name in METRICS)


def test_every_metric_of_an_empty_store_is_nothing_and_no_error(store: Store) -> None:
    for name in METRICS:
        found = metric(store.engine, name, MARCH)
        assert found.value in (None, 0.0), name
        assert found.n == 0, name
        assert (found.low, found.high, found.as_of) == (None, None, None), name


def test_every_metric_stands_inside_its_interval_and_says_when(store: Store) -> None:
    store.add(*_small())
    for name, row in METRICS.items():
        found = metric(store.engine, name, MARCH)
        assert (found.metric, found.version, found.unit) == (name, row.version, row.unit)
        assert (found.start, found.end, found.as_of) == (MARCH.start, MARCH.end, kst("2026-03-12 09:00"))
        if found.value is not None:
            assert found.low is None or found.low <= found.value, name
            assert found.high is None or found.value <= found.high, name
        if row.unit == "fraction":
            assert found.value is not None
            assert 0 <= found.value <= 1
        nothing = metric(store.engine, name, replace(MARCH, synthetic=True))
        assert (nothing.n, nothing.as_of) == (0, None)


def test_values_counted_by_hand(store: Store) -> None:
    store.add(*_small())
    assert _value(store, "collected_posts") == (9.0, 9)
    assert _value(store, "questions") == (7.0, 7)
    assert _value(store, "hidden_posts") == (1.0, 9)
    hidden = metric(store.engine, "hidden_posts_share", MARCH)
    expected = stats.binomtest(1, 9).proportion_ci(method="wilson")
    assert (hidden.value, hidden.n) == (pytest.approx(1 / 9), 9)
    assert (hidden.low, hidden.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    # At 1 h one of five is answered, at 2 h one of four, one leaves at 20 h: 1 - 4/5 * 3/4.
    assert _value(store, "answered_within_24h_share") == (pytest.approx(0.4), 5)
    # Those of 2 February, of 2 March and of that day without a time had waited for more than a week.
    assert _value(store, "unanswered_over_7_days") == (3.0, 4)
    answered = metric(store.engine, "answered_share", MARCH)
    assert (answered.value, answered.n) == (0.5, 6)
    expected = stats.binomtest(3, 6).proportion_ci(method="wilson")
    assert (answered.low, answered.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    # Two are at risk at 30 h, one of them answered: 1 - 3/5 * 1/2 = 0.7.
    assert _value(store, "median_response_hours") == (pytest.approx(30.0, rel=0.01), 5)
    assert _value(store, "p90_response_hours") == (None, 5)
    # 1, 2, 4 and 30 hours, the thanks included.
    assert _value(store, "direct_reply_median_hours") == (3.0, 4)


def test_filters_hold_for_metrics(store: Store) -> None:
    store.add(*_small())
    roads = replace(MARCH, departments=("roads",))
    assert _value(store, "questions", roads) == (3.0, 3)
    assert _value(store, "answered_share", roads) == (1.0, 3)
    assert _value(store, "median_response_hours", roads) == (pytest.approx(2.0, rel=0.01), 3)
    assert _value(store, "unanswered_over_7_days", roads) == (0.0, 0)
    assert _value(store, "collected_posts", replace(MARCH, classes=("ad", "praise"))) == (2.0, 2)
    assert _value(store, "hidden_posts", replace(MARCH, classes=("ad", "praise"))) == (1.0, 2)
    assert _value(store, "hidden_posts", roads) == (0.0, 3)
    assert _value(store, "collected_posts", replace(MARCH, platforms=("x",))) == (0.0, 0)
    february = PostFilter(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert _value(store, "answered_share", february) == (0.0, 1)


def test_a_share_within_24_hours_needs_somebody_observed_that_long_while_any_question_waits(store: Store) -> None:
    store.add(*_answered("1 h", 1))
    assert _value(store, "answered_within_24h_share") == (1.0, 1)  # nothing that comes later can change it
    store.add(a_question("waiting", created_at=kst("2026-03-02 09:30")))
    assert _value(store, "answered_within_24h_share") == (None, 2)


def test_the_median_of_direct_replies_has_the_exact_binomial_interval(store: Store) -> None:
    store.add(*[post for number in range(1, 10) for post in _answered(f"q{number}", number)])
    found = metric(store.engine, "direct_reply_median_hours", MARCH)
    # Of nine values the 2nd and the 8th: P(fewer than 2 below the median) = 10/512, under 2.5 % at either end.
    assert found == MetricValue(
        metric="direct_reply_median_hours",
        version=1,
        value=5.0,
        low=2.0,
        high=8.0,
        n=9,
        unit="hours",
        start=MARCH.start,
        end=MARCH.end,
        as_of=kst("2026-03-02 18:00"),
    )
