"""The KPIs: one row each in METRICS, with its definition, and the one call that computes them.

Definitions: DESIGN.md section 3. Pages, exports and ``python -m db metric`` use the same call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from scipy import stats

from db.intervals import AnsweredShare, Estimate, wilson
from db.queries.counts import post_sums, question_total
from db.queries.extent import data_extent
from db.queries.response import answer_times, direct_replies, response_coverage
from db.queries.stock import unanswered_ages
from db.records import HIDDEN_CLASSES, MetricValue, PostFilter
from db.snapshot import Reader

HOURS_PER_DAY = 24
SECONDS_PER_HOUR = 3600
OLD_AGE_BANDS = ("7-30", ">30")


class UnknownMetric(ValueError):
    """No row of METRICS has that name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A computed value, its 95 % interval and how many observations stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI: what it is called, why it matters, what is divided by what, and the expression.

    ``direction`` says which way is better: "up", "down" or "none".
    """

    id: str
    version: int
    valid_from: dt.date
    name_ko: str
    name_en: str
    why_ko: str
    why_en: str
    definition_ko: str
    definition_en: str
    unit: str
    direction: str
    compute: Callable[[Reader, PostFilter], Sample]


def _collected_posts(reader: Reader, where: PostFilter) -> Sample:
    with reader.connect() as connection:
        return _count(sum(posts for (posts,) in post_sums(connection, where).values()))


def _hidden_posts(reader: Reader, where: PostFilter) -> Sample:
    hidden, collected = _hidden_of_collected(reader, where)
    return Sample(float(hidden), None, None, collected)


def _hidden_posts_share(reader: Reader, where: PostFilter) -> Sample:
    hidden, collected = _hidden_of_collected(reader, where)
    if not collected:
        return Sample(None, None, None, 0)
    low, high = wilson(hidden, collected)
    return Sample(hidden / collected, float(low), float(high), collected)


def _hidden_of_collected(reader: Reader, where: PostFilter) -> tuple[int, int]:
    with reader.connect() as connection:
        by_class = {post_class: posts for (post_class,), (posts,) in post_sums(connection, where, "post_class").items()}
    return sum(by_class.get(name, 0) for name in HIDDEN_CLASSES), sum(by_class.values())


def _questions(reader: Reader, where: PostFilter) -> Sample:
    with reader.connect() as connection:
        return _count(question_total(connection, where))


def _count(count: int) -> Sample:
    return Sample(float(count), None, None, count)


def _answered_within_24h_share(reader: Reader, where: PostFilter) -> Sample:
    times = answer_times(reader, where)
    share, low, high = AnsweredShare(times).within([HOURS_PER_DAY])
    return Sample(_number(share[0]), _number(low[0]), _number(high[0]), len(times))


def _answered_share(reader: Reader, where: PostFilter) -> Sample:
    coverage = response_coverage(reader, where)
    if not coverage.answerable:
        return Sample(None, None, None, 0)
    low, high = wilson(coverage.answered, coverage.answerable)
    return Sample(coverage.answered / coverage.answerable, float(low), float(high), coverage.answerable)


def _response_quantile(share: float) -> Callable[[Reader, PostFilter], Sample]:
    def compute(reader: Reader, where: PostFilter) -> Sample:
        times = answer_times(reader, where)
        estimate = AnsweredShare(times).quantile(share) if len(times) else Estimate(None, None, None)
        return Sample(estimate.value, estimate.low, estimate.high, len(times))

    return compute


def _unanswered_over_7_days(reader: Reader, where: PostFilter) -> Sample:
    ages = unanswered_ages(reader, where)
    old = int(ages.loc[ages["band"].isin(OLD_AGE_BANDS), "questions"].sum())
    return Sample(float(old), None, None, int(ages["questions"].sum()))


def _direct_reply_median_hours(reader: Reader, where: PostFilter) -> Sample:
    hours = direct_replies(reader, where)["seconds"].to_numpy() / SECONDS_PER_HOUR
    if not len(hours):
        return Sample(None, None, None, 0)
    test = stats.quantile_test(hours, p=0.5)
    interval = test.confidence_interval(confidence_level=0.95)
    return Sample(float(stats.quantile(hours, 0.5)), _number(interval.low), _number(interval.high), len(hours))


def _number(value: float) -> float | None:
    return None if value != value else float(value)


FIRST_VERSION = dt.date(2026, 11, 22)
HIDDEN_VERSION = dt.date(2026, 11, 26)
ROLLUP_VERSION = dt.date(2026, 11, 22)  # ages in calendar days, percentiles from histograms

METRICS: dict[str, Metric] = {
    row.id: row
    for row in (
        Metric(
            "collected_posts",
            1,
            FIRST_VERSION,
            "수집한 글",
            "Posts collected",
            "무엇을 근거로 말하는지 보여 줍니다.",
            "It shows what the other numbers stand on.",
            "기간 안에 시민이 쓴 글 전부. 모든 분류의 합과 같습니다.",
            "All citizens' posts of the period; equal to the sum of all classes.",
            "posts",
            "none",
            _collected_posts,
        ),
        Metric(
            "questions",
            1,
            FIRST_VERSION,
            "민원·질문",
            "Questions",
            "답을 기다리는 일의 양입니다.",
            "It is the amount of work that waits for an answer.",
            "시민의 글 가운데 답변이 필요하다고 분류된 글. 광고·스팸·정치·칭찬·공유 글은 제외됩니다.",
            "Citizens' posts judged to need an answer; ads, spam, political posts, praise and reposts are other classes.",
            "questions",
            "none",
            _questions,
        ),
        Metric(
            "hidden_posts",
            1,
            HIDDEN_VERSION,
            "숨긴 글",
            "Hidden posts",
            "무엇이 질문에서 빠졌는지 누구나 확인할 수 있어야 합니다.",
            "Anyone must be able to check what is left out of the questions.",
            "기간 안에 모은 시민의 글 가운데 광고·스팸·정치로 분류되어 목록에서 숨긴 글. n은 모은 글 전체.",
            "Citizens' posts of the period that are hidden as ads, spam or politics; n counts all that were collected.",
            "posts",
            "none",
            _hidden_posts,
        ),
        Metric(
            "hidden_posts_share",
            1,
            HIDDEN_VERSION,
            "숨긴 글의 비율",
            "Share of hidden posts",
            "걸러 내는 기준이 느슨해지거나 엄격해지면 여기에서 드러납니다.",
            "It shows where the filter has become laxer or stricter.",
            "기간 안에 모은 시민의 글 가운데 광고·스팸·정치로 분류된 글의 비율. 윌슨 95% 구간.",
            "Share of the period's citizens' posts that are hidden as ads, spam or politics. Wilson 95 % interval.",
            "fraction",
            "none",
            _hidden_posts_share,
        ),
        Metric(
            "answered_within_24h_share",
            1,
            FIRST_VERSION,
            "24시간 안에 답변한 비율",
            "Answered within 24 hours",
            "답을 못 받은 시민도 분모에 남아 있으므로, 어려운 질문을 미뤄도 높아지지 않습니다.",
            "Citizens without an answer stay in it, so leaving hard questions aside cannot raise it.",
            "질문한 날 기준 집단에서 24시간 안에 시 계정이 처음 직접 답한 비율. 카플란-마이어 추정, 미답변은 자료 "
            "마감 시각에서 중도절단. 날짜만 있는 글과 답변을 담지 않는 자료는 제외.",
            "Share of the period's questions that a city account answered directly within 24 hours, wall clock. "
            "Kaplan-Meier, unanswered ones censored at the data cut-off; posts known to the day only, and sources "
            "without answers, are left out.",
            "fraction",
            "up",
            _answered_within_24h_share,
        ),
        Metric(
            "unanswered_over_7_days",
            2,
            ROLLUP_VERSION,
            "7일 넘게 답이 없는 질문",
            "Unanswered for over 7 days",
            "쌓여 있는 일의 양이며, 흐름이 아니라 재고입니다.",
            "It is the pile of work left, a stock and not a flow.",
            "기간의 마지막 날에 답변이 없고 물은 날이 그날부터 7일 이상 앞선 질문 수. 나이는 한국 날짜로 셉니다(2판, "
            "2026-11-22부터; 1판은 시각으로 쟀습니다). 기간의 시작일은 쓰지 않습니다. n은 미답변 전체.",
            "Questions without an answer at the end of the period's last day that were asked 7 or more days before "
            "it, whenever that was. Ages are counted in calendar days, KST (version 2, from 2026-11-22; version 1 "
            "measured them to the second). n counts all unanswered ones.",
            "questions",
            "down",
            _unanswered_over_7_days,
        ),
        Metric(
            "answered_share",
            1,
            FIRST_VERSION,
            "답변한 비율",
            "Answered so far",
            "최근 질문은 아직 답할 시간이 없었으므로 늘 낮게 나옵니다. 기간을 비교할 때는 24시간 비율을 쓰세요.",
            "Recent questions had little time, so it is always low for them: compare periods by the 24-hour share.",
            "기간의 질문 가운데 자료 마감까지 시 계정이 직접 답한 비율. 윌슨 95% 구간.",
            "Share of the period's questions answered directly by a city account before the data cut-off. "
            "Wilson 95 % interval.",
            "fraction",
            "up",
            _answered_share,
        ),
        Metric(
            "median_response_hours",
            2,
            ROLLUP_VERSION,
            "첫 답변까지 걸린 시간(중앙값)",
            "Median time to first answer",
            "시민 절반이 답을 받기까지 걸린 시간입니다.",
            "It is the time within which half of the citizens have an answer.",
            "카플란-마이어 중앙값, 미답변 포함, 실제 시간, 1% 안의 정확도(2판, 2026-11-22부터). 절반이 답을 받지 "
            "못했으면 '도달하지 않음'.",
            "Kaplan-Meier median with the unanswered in it, wall clock, to within 1 % (version 2, from 2026-11-22); "
            "not reached where half never get an answer.",
            "hours",
            "down",
            _response_quantile(0.5),
        ),
        Metric(
            "p90_response_hours",
            2,
            ROLLUP_VERSION,
            "첫 답변까지 걸린 시간(90%)",
            "90th percentile of time to first answer",
            "오래 기다린 시민이 얼마나 기다렸는지 보여 줍니다.",
            "It shows how long those wait who wait long.",
            "카플란-마이어 90% 분위수, 미답변 포함, 실제 시간, 1% 안의 정확도(2판, 2026-11-22부터).",
            "Kaplan-Meier 90 % quantile with the unanswered in it, wall clock, to within 1 % (version 2, from "
            "2026-11-22).",
            "hours",
            "down",
            _response_quantile(0.9),
        ),
        Metric(
            "direct_reply_median_hours",
            1,
            FIRST_VERSION,
            "직접 답글까지의 중앙값(답한 글만)",
            "Median of direct replies (answered only)",
            "다른 기관이 흔히 내는 숫자와 견주기 위한 것입니다. 답을 못 받은 시민이 빠져 있어 실제보다 짧습니다.",
            "It is what others publish, for contrast: those who got no answer are missing, so it is too short.",
            "시민 글마다 계정의 첫 직접 답글까지 걸린 시간의 중앙값. 답이 있는 글만, 분류와 관계없이.",
            "Median time from a citizen's post to the first direct reply by an account, answered posts only, any "
            "class. Exact binomial 95 % interval.",
            "hours",
            "none",
            _direct_reply_median_hours,
        ),
    )
}


def metric(reader: Reader, name: str, where: PostFilter) -> MetricValue:
    """Compute one KPI over the posts of ``where``.

    Raises
    ------
    UnknownMetric
        No row of METRICS is called ``name``; the message lists them.
    """
    row = METRICS.get(name)
    if row is None:
        raise UnknownMetric(f"no metric {name!r}; known: {', '.join(METRICS)}")
    sample = row.compute(reader, where)
    as_of = data_extent(reader, where.synthetic).as_of
    return MetricValue(
        metric=row.id,
        version=row.version,
        value=sample.value,
        low=sample.low,
        high=sample.high,
        n=sample.n,
        unit=row.unit,
        start=where.start,
        end=where.end,
        as_of=as_of,
    )
