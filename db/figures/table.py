"""The figures that can be frozen and cited: one row each, and every KPI of METRICS. The only list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from db import frames, queries
from db.figures.figure import BARS, LINES, NUMBER, Drawing, Figure, FigureQuery
from db.frames import METRIC_VALUES
from db.metrics import METRICS, Metric, metric
from db.records import PostFilter
from db.snapshot import Reader

SHOWN_TERMS, RANKED_TERMS = 10, 15  # as many as the cards show
STOCK_METRICS = ("unanswered_over_7_days",)
UNITS = {
    "posts": ("글", "posts"),
    "questions": ("질문", "questions"),
    "fraction": ("비율 (0–1)", "share (0–1)"),
    "hours": ("시간", "hours"),
    "working_hours": ("근무시간", "working hours"),
}
CLASSES = {
    "question": ("민원·질문", "question"),
    "opinion": ("의견", "opinion"),
    "praise": ("칭찬", "praise"),
    "ad": ("광고", "advertisement"),
    "spam": ("스팸", "spam"),
    "political": ("정치", "political"),
    "duplicate": ("중복", "duplicate"),
    "repost": ("공유", "repost"),
    "other": ("기타", "other"),
}
_POSTS, _QUESTIONS, _SHARE = UNITS["posts"], UNITS["questions"], UNITS["fraction"]
_DAY = ("날짜 (한국)", "day (KST)")
_NAMES = ("name_ko", "name_en")
_INTERVAL = ("low", "high")
_Z = {"z": ("두드러짐 z", "distinctiveness z")}

Query = Callable[..., pd.DataFrame]


def _of(query: Query, *arguments: Any) -> Callable[[Reader, FigureQuery], pd.DataFrame]:
    return lambda reader, asked: query(reader, asked.where, *arguments)


def _bars(measure: str, unit: tuple[str, str], *names: str, **more: Any) -> Drawing:
    return Drawing(BARS, {measure: unit}, unit, names=names or _NAMES, **more)


TABLES = (
    Figure(
        "posts_by_day",
        "날마다 모은 글과 질문",
        "Posts and questions by day",
        frames.POSTS_BY_DAY,
        _of(queries.posts_by_day),
        Drawing(
            LINES,
            {
                "posts": ("시민의 글", "citizens' posts"),
                "questions": ("질문", "questions"),
                "hidden": ("광고·스팸·정치", "ads, spam, political"),
                "answers": ("시의 답변", "city's answers"),
            },
            _POSTS,
            along="day",
            along_unit=_DAY,
            drawn_if="in_data",
        ),
    ),
    Figure(
        "classes",
        "모은 글의 분류",
        "Classes of the posts collected",
        frames.CLASSES,
        _of(queries.classes),
        _bars("posts", _POSTS, "post_class", words=CLASSES),
    ),
    Figure(
        "class_reasons",
        "분류한 까닭",
        "Reasons for a class",
        frames.CLASS_REASONS,
        _of(queries.class_reasons),
        _bars("posts", _POSTS, "reason"),
    ),
    Figure(
        "hidden_reasons",
        "숨긴 글의 추이",
        "Hidden posts over time",
        frames.HIDDEN_REASONS,
        _of(queries.hidden_reasons),
        Drawing(
            LINES,
            {"posts": ("숨긴 글", "hidden posts")},
            _POSTS,
            along="bucket",
            along_unit=_DAY,
            names=("post_class",),
            words=CLASSES,
            is_zero_unsaid=True,
        ),
    ),
    Figure(
        "top_terms",
        "질문에 가장 많이 나온 낱말",
        "Terms most questions contain",
        frames.TERMS,
        _of(queries.top_terms, SHOWN_TERMS),
        _bars("questions", _QUESTIONS, "term"),
    ),
    *(
        Figure(
            name,
            "이 기간을 두드러지게 하는 낱말",
            "Terms that set the period apart",
            frames.DISTINCTIVE_TERMS,
            _of(queries.distinctive_terms, shown),
            Drawing(BARS, _Z, _Z["z"], names=("term",)),
        )
        for name, shown in (("distinctive_terms", SHOWN_TERMS), ("distinctive_terms_15", RANKED_TERMS))
    ),
    Figure(
        "department_terms",
        "이 부서를 두드러지게 하는 낱말",
        "Terms that set the departments apart",
        frames.DEPARTMENT_TERMS,
        _of(queries.department_terms),
        Drawing(BARS, _Z, _Z["z"], names=("term",)),
    ),
    Figure(
        "term_trend",
        "낱말이 나온 질문의 비율",
        "Share of questions with a term",
        frames.TERM_TREND,
        lambda reader, asked: queries.term_trend(reader, asked.where, asked.terms),
        Drawing(
            LINES,
            {"share": ("질문의 비율", "share of questions")},
            _SHARE,
            along="bucket",
            along_unit=_DAY,
            names=("term",),
            interval=_INTERVAL,
        ),
        needs_terms=True,
    ),
    Figure(
        "standing_issues",
        "상시 현안을 말한 질문의 비율",
        "Share of questions on the standing issues",
        frames.STANDING_ISSUES,
        _of(queries.standing_issues),
        _bars("share", _SHARE, "issue", interval=_INTERVAL),
    ),
    Figure(
        "department_volume",
        "담당 부서별 질문",
        "Questions by responsible department",
        frames.DEPARTMENT_VOLUME,
        _of(queries.department_volume),
        _bars("questions", _QUESTIONS),
    ),
    Figure(
        "department_answered_share",
        "담당 부서별 답변한 비율",
        "Share answered by responsible department",
        frames.DEPARTMENT_VOLUME,
        _of(queries.department_volume),
        _bars("answered_share", _SHARE, *_NAMES, interval=_INTERVAL),
    ),
    Figure(
        "receiving_volume",
        "글을 받은 계정",
        "Posts by receiving account",
        frames.RECEIVING_VOLUME,
        _of(queries.receiving_volume),
        _bars("posts", _POSTS, "handle", "name_ko"),
    ),
    Figure(
        "district_volume",
        "글에 나온 자치구별 질문",
        "Questions by district named",
        frames.DISTRICT_VOLUME,
        _of(queries.district_volume),
        _bars("questions", _QUESTIONS),
    ),
    Figure(
        "platform_weeks",
        "주마다 플랫폼의 비율",
        "Platforms' shares by week",
        frames.PLATFORM_WEEKS,
        _of(queries.platform_weeks),
        Drawing(
            LINES,
            {"share": ("글의 비율", "share of posts")},
            _SHARE,
            along="week",
            along_unit=("주 (월요일)", "week (Monday)"),
            names=("platform",),
        ),
    ),
    Figure(
        "platform_totals",
        "플랫폼별 글",
        "Posts by platform",
        frames.PLATFORM_TOTALS,
        _of(queries.platform_totals),
        _bars("posts", _POSTS),
    ),
    Figure(
        "response_curve",
        "시간이 지나며 답변받은 비율",
        "Share answered as time passes",
        frames.RESPONSE_CURVE,
        _of(queries.response_curve),
        Drawing(
            LINES,
            {"answered_share": ("답변받은 비율", "share answered")},
            _SHARE,
            along="hours",
            along_unit=("질문한 뒤 (시간)", "hours since the question"),
            interval=_INTERVAL,
            is_logarithmic=True,
        ),
    ),
    Figure(
        "response_histogram",
        "첫 답변까지 걸린 시간",
        "Time to the first answer",
        frames.RESPONSE_HISTOGRAM,
        _of(queries.response_histogram),
        _bars("questions", _QUESTIONS, "from_hours", "to_hours", along_unit=("걸린 시간 (시간)", "time taken (hours)")),
    ),
    Figure(
        "unanswered_ages",
        "답변을 기다리는 질문의 나이",
        "Age of the questions waiting",
        frames.UNANSWERED_AGES,
        _of(queries.unanswered_ages),
        _bars("questions", _QUESTIONS, "band", along_unit=("기다린 날수", "days waited")),
        of_stock=True,
    ),
)


def _values(name: str, reader: Reader, where: PostFilter) -> pd.DataFrame:
    found = metric(reader, name, where)
    return METRIC_VALUES.frame([(found.metric, found.value, found.low, found.high, found.n, found.unit)])


def _of_metric(row: Metric) -> Figure:
    unit = UNITS.get(row.unit, (row.unit, row.unit))
    return Figure(
        row.id,
        row.name_ko,
        row.name_en,
        METRIC_VALUES,
        lambda reader, asked: _values(row.id, reader, asked.where),
        Drawing(NUMBER, {"value": unit}, unit, names=("metric",), interval=_INTERVAL),
        version=row.version,
        of_stock=row.id in STOCK_METRICS,
    )


FIGURES: dict[str, Figure] = {row.name: row for row in (*TABLES, *map(_of_metric, METRICS.values()))}
