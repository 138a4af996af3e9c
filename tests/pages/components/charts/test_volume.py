from __future__ import annotations

import pandas as pd

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table


def daily(days: int, first: str = "2026-03-02", outside: int = 0) -> pd.DataFrame:
    """``days`` days of 10 posts, 6 questions, 1 hidden, 4 answers; the first ``outside`` ones lie before the data."""
    rows = []
    for i, day in enumerate(pd.date_range(first, periods=days)):
        inside = i >= outside
        rows.append((day, 10 * inside, 6 * inside, 1 * inside, 4 * inside, inside))
    return table(frames.POSTS_BY_DAY, rows)


def test_volume_draws_days_outside_the_data_as_gaps() -> None:
    fig = charts.volume(daily(4, outside=2), "ko")
    questions, others, answers = fig.data
    assert questions.x == ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")
    assert questions.y == (None, None, 6, 6)
    assert others.y == (None, None, 4, 4)
    assert answers.y == (None, None, 4, 4)
    assert answers.connectgaps is False
    assert [trace.name for trace in fig.data] == ["질문", "그 밖의 글", "답변"]


def test_volume_draws_no_line_of_answers_where_the_source_carries_none() -> None:
    names = [trace.name for trace in charts.volume(daily(4).assign(answers=0), "en").data]
    assert names == ["questions", "other posts"]


def test_volume_says_count_share_and_hidden_posts_on_hover() -> None:
    questions, others, _ = charts.volume(daily(1), "ko").data
    assert questions.hovertext == ("질문 6건 (글 10건의 60.0% [31.3–83.2%])",)
    assert others.hovertext == ("그 밖의 글 4건 (이 중 숨긴 글 1건)",)


def test_volume_stays_daily_up_to_190_days() -> None:
    assert len(charts.volume(daily(190), "en").data[0].x) == 190


def test_volume_beyond_190_days_sums_weeks_and_hatches_partial_ones() -> None:
    fig = charts.volume(daily(191, first="2026-03-04", outside=7), "en")  # a Wednesday; data from the next one
    whole, hatched = fig.data[0], fig.data[1]
    assert whole.x[:3] == ("2026-03-02", "2026-03-09", "2026-03-16")
    assert whole.y[:3] == (None, None, 42)
    assert hatched.y[:3] == (None, 30, None)
    assert hatched.marker.pattern.shape == "/"
    assert hatched.showlegend is False
    answers = next(trace for trace in fig.data if trace.name == "answers")
    assert answers.marker.symbol[:3] == ("circle", "circle-open", "circle")
    assert answers.hovertext[1] == "answers: 20<br>partial week: 5 of 7 days"
    assert fig.data[-1].name == "partial week"


def test_class_split_keeps_all_classes_and_marks_the_hidden_ones() -> None:
    classes = table(
        frames.CLASSES, [("ad", 2, 0.2, 0.06, 0.51), ("question", 7, 0.7, 0.4, 0.89), ("repost", 1, 0.1, 0.02, 0.4)]
    )
    fig = charts.class_split(classes, "ko")
    bars = fig.data[0]
    assert bars.y == ("question", "ad", "repost")
    assert bars.x == (70.0, 20.0, 10.0)
    assert bars.marker.pattern.shape == ("", "/", "")
    assert bars.marker.color == ("#0b5cad", "#b45309", "#c2410c")
    assert fig.layout.yaxis.ticktext == ("질문", "광고 (숨김)", "재게시")
    assert bars.hovertext[0] == "질문<br>7건, 모은 글의 70.0% [39.7–89.2%]<br>n = 10"
