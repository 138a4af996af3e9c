"""The figures that can be frozen and cited: one row each, and every KPI of METRICS. The only list of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from db import frames, queries
from db.figures.figure import BARS, LINES, Drawing, Figure, FigureQuery
from db.figures.kpis import OF_KPIS
from db.figures.words import CLASSES, REPLIES, TARGETS, UNITS
from db.snapshot import Reader

SHOWN_TERMS, RANKED_TERMS = 10, 15  # as many as the cards show
_POSTS, _QUESTIONS, _SHARE = UNITS["posts"], UNITS["questions"], UNITS["fraction"]
_DAY = ("날짜 (한국)", "day (KST)")
_NAMES = ("name_ko", "name_en")
_INTERVAL = ("low", "high")
_ACCOUNTS = (("", "", "", False), ("_same_accounts", ", 같은 계정만", ", the same accounts alone", True))
_Z = {"z": ("두드러짐 z", "distinctiveness z")}

Query = Callable[..., pd.DataFrame]


def _of(query: Query, *arguments: Any) -> Callable[[Reader, FigureQuery], pd.DataFrame]:
    return lambda reader, asked: query(reader, asked.where, *arguments)


def _bars(measure: str, unit: tuple[str, str], *names: str, **more: Any) -> Drawing:
    return Drawing(BARS, {measure: unit}, unit, names=names or _NAMES, **more)


def _known_days(reader: Reader, asked: FigureQuery) -> pd.DataFrame:
    """Return POSTS_BY_DAY with the days left out of the data on which nothing was read: the page draws a gap there too."""
    return queries.posts_by_day(reader, asked.where).assign(in_data=queries.coverage(reader, asked.where)["in_data"])


def _of_accounts(query: Query, same_accounts: bool, reader: Reader, asked: FigureQuery) -> pd.DataFrame:
    return query(reader, asked.where, same_accounts=same_accounts)


def _funnel(target: str, adjusted: bool) -> Callable[[Reader, FigureQuery], pd.DataFrame]:
    return lambda reader, asked: queries.department_funnel(reader, asked.where, target, adjusted=adjusted).departments


TABLES = (
    Figure(
        "posts_by_day",
        "날마다 모은 글과 질문",
        "Posts and questions by day",
        frames.POSTS_BY_DAY,
        _known_days,
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
    *(
        Figure(
            f"platform_weeks{name}",
            f"주마다 플랫폼의 비율{ko}",
            f"Platforms' shares by week{en}",
            frames.PLATFORM_WEEKS,
            partial(_of_accounts, queries.platform_weeks, same),
            Drawing(
                LINES,
                {"share": ("글의 비율", "share of posts")},
                _SHARE,
                along="week",
                along_unit=("주 (월요일)", "week (Monday)"),
                names=("platform",),
            ),
        )
        for name, ko, en, same in _ACCOUNTS
    ),
    *(
        Figure(
            f"platform_totals{name}",
            f"플랫폼별 글{ko}",
            f"Posts by platform{en}",
            frames.PLATFORM_TOTALS,
            partial(_of_accounts, queries.platform_totals, same),
            _bars("posts", _POSTS),
        )
        for name, ko, en, same in _ACCOUNTS
    ),
    *(
        Figure(
            f"department_funnel_{target}{name}",
            f"{ko} 안에 답변한 비율, 부서별{own_ko}",
            f"Share answered within {en} by department{own_en}",
            frames.DEPARTMENT_FUNNEL,
            _funnel(target, adjusted),
            _bars("share", _SHARE, *_NAMES, interval=_INTERVAL),
        )
        for target, (ko, en) in TARGETS.items()
        for name, own_ko, own_en, adjusted in (
            ("", "", "", False),
            ("_adjusted", ", 현안 구성을 고려", ", mix of issues allowed for", True),
        )
    ),
    Figure(
        "volume_expectation",
        "예상과 견준 질문",
        "Questions against what was expected",
        frames.VOLUME_EXPECTATION,
        _of(queries.volume_expectation),
        Drawing(
            LINES,
            {"questions": ("질문", "questions"), "expected": ("예상", "expected")},
            _QUESTIONS,
            along="day",
            along_unit=_DAY,
        ),
    ),
    Figure(
        "expected_by_issue",
        "지난 온전한 주의 현안별 질문",
        "Questions by issue in the last whole week",
        frames.EXPECTED_BY_ISSUE,
        _of(queries.expected_by_issue),
        _bars("questions", _QUESTIONS, "issue", words={"all": ("모든 질문", "all questions")}),
    ),
    Figure(
        "unanswered_weeks",
        "주마다 답변을 기다리던 질문",
        "Questions waiting at the end of each week",
        frames.UNANSWERED_WEEKS,
        _of(queries.unanswered_weeks),
        Drawing(
            LINES,
            {"questions": ("질문", "questions")},
            _QUESTIONS,
            along="day",
            along_unit=_DAY,
            names=("band",),
            is_zero_unsaid=True,
        ),
        of_stock=True,
    ),
    Figure(
        "ever_answered",
        "기다린 시간에 따라 답변받을 가능성",
        "Chance of an answer by the time waited",
        frames.EVER_ANSWERED,
        _of(queries.ever_answered),
        Drawing(
            LINES,
            {"chance": ("답변받을 가능성", "chance of an answer")},
            ("가능성 (0–1)", "chance (0–1)"),
            along="hours",
            along_unit=("기다린 시간 (시간)", "hours waited"),
            interval=_INTERVAL,
        ),
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
        "reply_curve",
        "시간이 지나며 아무 답글이나 받은 비율",
        "Share with any reply as time passes",
        frames.RESPONSE_CURVE,
        _of(queries.reply_curve),
        Drawing(
            LINES,
            {"answered_share": ("답글을 받은 비율", "share with a reply")},
            _SHARE,
            along="hours",
            along_unit=("질문한 뒤 (시간)", "hours since the question"),
            interval=_INTERVAL,
            is_logarithmic=True,
        ),
    ),
    Figure(
        "reply_kinds",
        "답글의 종류",
        "Kinds of replies",
        frames.REPLY_KINDS,
        _of(queries.reply_kinds),
        _bars("share", _SHARE, "reason", interval=_INTERVAL, words=REPLIES),
    ),
    Figure(
        "replies_by_department",
        "부서별 답글의 종류",
        "Kinds of replies by department",
        frames.REPLIES_BY_DEPARTMENT,
        _of(queries.replies_by_department),
        _bars("answer_share", _SHARE, *_NAMES, interval=("answer_low", "answer_high")),
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


FIGURES: dict[str, Figure] = {row.name: row for row in (*TABLES, *OF_KPIS)}
