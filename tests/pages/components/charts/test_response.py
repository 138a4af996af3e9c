from __future__ import annotations

import itertools
import math

import pytest

from db import frames
from db.records import RESPONSE_HOURS_EDGES
from pages.components import charts
from pages.components.charts.response import interval_name, time_name
from tests.pages.components.charts.conftest import NAN, table

EDGES = [*map(float, RESPONSE_HOURS_EDGES), math.inf]


def test_histogram_names_every_interval() -> None:
    korean = [interval_name(start, end, "ko") for start, end in itertools.pairwise(EDGES)]
    assert korean == [
        "1시간 안", "1–3시간", "3–6시간", "6–12시간", "12–24시간", "1–2일", "2–3일", "3–7일", "7–30일", "30일 넘음"
    ]  # fmt: skip
    assert interval_name(3.0, 6.0, "en") == "3–6 h"
    assert interval_name(12.0, math.inf, "en") == "over 12 h"


def test_histogram_draws_counts_with_shares() -> None:
    histogram = table(frames.RESPONSE_HISTOGRAM, [(0.0, 1.0, 3), (1.0, 3.0, 0), (3.0, math.inf, 9)])
    bars, ends = charts.response_histogram(histogram, "ko").data
    assert bars.y == ("1시간 안", "1–3시간", "3시간 넘음")
    assert bars.x == (3, 0, 9)
    assert ends.text == (" 3 (25.0%)", " 0 (0.0%)", " 9 (75.0%)")
    assert bars.hovertext[0] == "1시간 안<br>질문 3건, 답변된 질문의 25.0% [8.9–53.2%]<br>n = 12"


def test_curve_is_a_step_line_with_exact_marks() -> None:
    curve = table(
        frames.RESPONSE_CURVE,
        [
            (0.1, 0.05, 0.01, 0.1, 100),
            (0.4, 0.1, 0.05, 0.2, 95),
            (20.0, 0.5, 0.4, 0.6, 90),
            (30.0, 0.6, 0.5, 0.7, 50),
            (1000.0, 0.9, 0.8, 0.95, 20),
        ],
    )
    low, high, line, marks = charts.response_curve(curve, "ko").data
    assert line.x == (0.5, 20.0, 30.0, 720.0)
    assert line.y == (10.0, 50.0, 60.0, 60.0)
    assert line.line.shape == "hv"
    assert low.y == (5.0, 40.0, 50.0, 50.0)
    assert high.y == pytest.approx((20.0, 60.0, 70.0, 70.0))
    assert (marks.x, marks.y) == ((24, 168), (50.0, 60.0))
    assert marks.text == ("24시간 50.0%", "7일 60.0%")
    assert marks.hovertext[0] == "24시간 안: 50.0%<br>95% 구간 40.0–60.0%<br>그때까지 답을 기다린 질문 n = 90"


def test_curve_marks_nothing_beyond_the_data() -> None:
    curve = table(frames.RESPONSE_CURVE, [(2.0, 0.2, 0.1, 0.3, 10), (25.0, 0.4, NAN, NAN, 8)])
    low, _, line, marks = charts.response_curve(curve, "en").data
    assert line.x == (2.0, 25.0)
    assert marks.x == (24,)
    assert low.x == (2.0,)


def test_curve_of_many_answers_stays_small_and_ends_true() -> None:
    curve = table(frames.RESPONSE_CURVE, [(1 + i / 100, i / 20_000, NAN, NAN, 20_000 - i) for i in range(20_000)])
    line = charts.response_curve(curve, "en").data[2]
    assert len(line.x) < 500
    assert line.y[-1] == pytest.approx(19_999 / 200)


@pytest.mark.parametrize(
    ("hours", "korean", "english"),
    [
        (0.5, "30분", "30 min"),
        (6, "6시간", "6 h"),
        (24, "24시간", "24 h"),
        (72, "3일", "3 d"),
        (60.0, "2.5일", "2.5 d"),
    ],
)
def test_times_are_named_in_their_natural_unit(hours: float, korean: str, english: str) -> None:
    assert (time_name(hours, "ko"), time_name(hours, "en")) == (korean, english)
