from __future__ import annotations

import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import NAN, table


def test_the_backlog_stacks_the_oldest_at_the_bottom() -> None:
    rows = [
        ("2026-03-03", "<=1", 3),
        ("2026-03-03", ">30", 7),
        ("2026-03-10", "<=1", 0),
        ("2026-03-10", ">30", 9),
    ]
    fig = charts.unanswered_weeks(table(frames.UNANSWERED_WEEKS, rows), "ko")
    assert [trace.name for trace in fig.data] == ["30일 초과", "7–30일", "3–7일", "1–3일", "1일 이하"]
    assert fig.data[0].y == (7, 9)
    assert fig.data[-1].y == (3, 0)
    assert fig.data[0].hovertext[0] == "30일 초과: 7건 (70.0% [39.7–89.2%], 미답변 10건 중)"
    assert fig.layout.barmode == "stack"


def test_chances_have_intervals_and_unknown_ones_no_dot() -> None:
    rows = [
        (0.0, 100, 0.6, 0.5, 0.7, 2400.0),
        (3.0, 80, 0.5, 0.4, 0.6, 2400.0),
        (72.0, 40, 0.1, 0.05, 0.2, 2400.0),
        (720.0, 0, NAN, NAN, NAN, 2400.0),
    ]
    fig = charts.ever_answered(table(frames.EVER_ANSWERED, rows), "ko")
    dots, ends, unknown = fig.data
    assert fig.layout.yaxis.categoryarray == ("막 물었을 때", "3시간 기다린 뒤", "3일 기다린 뒤", "30일 기다린 뒤")
    assert dots.x == pytest.approx((60, 50, 10))
    assert dots.error_x.array == pytest.approx((10, 10, 10))
    assert ends.text == (" 60.0%", " 50.0%", " 10.0%")
    assert unknown.y == ("30일 기다린 뒤",)
    assert dots.hovertext[1] == "3시간 기다린 뒤: 50.0%<br>95% 구간 40.0–60.0%<br>그때까지 답을 기다린 질문 n = 80"
