from __future__ import annotations

import pandas as pd
import pytest

from db import frames
from pages.components import charts, readings
from tests.pages.components.charts.conftest import NAN, table
from tests.pages.components.charts.test_volume import daily


def expectation(*rows: tuple[object, ...]) -> pd.DataFrame:
    return table(frames.VOLUME_EXPECTATION, rows)


THREE_DAYS = expectation(
    ("2026-03-02", 1, 6, 5.0, 2.0, 9.0, True),
    ("2026-03-03", 1, 16, 10.0, 8.0, 14.0, True),
    ("2026-03-04", 1, 1, 5.0, 2.0, 9.0, False),  # not over yet
)


def test_the_band_lies_over_the_bars_and_marks_what_is_outside() -> None:
    fig = charts.volume(daily(3), "ko", THREE_DAYS)
    low, high, expected, outside = fig.data[-4:]
    assert (low.y, high.y, expected.y) == ((2, 8, 2), (9, 14, 9), (5, 10, 5))
    assert high.fill == "tonexty"
    assert (outside.x, outside.y) == (("2026-03-03",), (16,))
    assert expected.hovertext == (
        "예상 질문 5건, 범위 2–9건 · 예상의 1.2배",
        "예상 질문 10건, 범위 8–14건 · 예상의 1.6배",
        "예상 질문 5건, 범위 2–9건",
    )


def test_without_a_past_no_band_is_drawn() -> None:
    assert len(charts.volume(daily(3), "en", expectation()).data) == len(charts.volume(daily(3), "en").data)


def test_the_furthest_outside_comes_first_and_what_is_not_over_is_nowhere() -> None:
    rows = expectation(
        ("2026-03-02", 1, 16, 10.0, 8.0, 14.0, True),
        ("2026-03-03", 1, 3, 10.0, 8.0, 14.0, True),
        ("2026-03-04", 1, 99, 10.0, 8.0, 14.0, False),
        ("2026-03-05", 1, 14, 10.0, 8.0, 14.0, True),
    )
    assert readings.outside(rows)["questions"].tolist() == [3, 16]


def test_a_day_that_is_not_over_is_hatched() -> None:
    rows = daily(3).assign(whole=[True, True, False])
    whole, hatched = charts.volume(rows, "ko").data[:2]
    assert (whole.y, hatched.y) == ((6, 6, None), (None, None, 6))
    assert hatched.marker.pattern.shape == "/"
    assert [trace.name for trace in charts.volume(rows, "ko").data][-1] == "아직 끝나지 않은 날"


ISSUES = table(
    frames.EXPECTED_BY_ISSUE,
    [
        ("2026-03-02", "all", 130, 100.0, 80.0, 120.0),
        ("2026-03-02", "아리수", 45, 20.0, 10.0, 30.0),
        ("2026-03-02", "버스", 8, 10.0, 5.0, 15.0),
        ("2026-03-02", "화장실", 1, NAN, NAN, NAN),
    ],
)


def test_the_steps_lead_from_the_expected_to_the_actual() -> None:
    fig = charts.week_steps(ISSUES, "en")
    more, rest, less = (trace for trace in fig.data if trace.type == "bar")
    assert (more.base, more.x) == ((100,), (25,))
    assert (less.base, less.x) == ((125,), (-2,))
    assert (rest.base, rest.x) == ((123,), (7,))  # 130 is reached
    assert (more.name, rest.name, less.name) == (
        "more than expected",
        "more, but within chance",
        "fewer, but within chance",
    )
    expected, actual = (trace for trace in fig.data if trace.type == "scatter" and trace.mode == "markers")
    assert (expected.x, actual.x) == ((100,), (130,))
    assert expected.hovertext == ("all questions, expected: 100<br>95% band 80–120",)
    assert fig.layout.yaxis.ticktext == (
        "expected",
        "Tap water (아리수)",
        "Buses (버스)",
        "other questions",
        "asked",
    )
    ends = next(trace for trace in fig.data if trace.type == "scatter" and trace.mode == "text")
    assert [each.strip() for each in ends.text] == ["100", "+25", "-2", "+7", "130"]


def test_small_steps_are_one_with_what_no_issue_explains() -> None:
    rows = [("2026-03-02", f"issue {n}", 10 + n, 10.0, 5.0, 15.0) for n in range(9, 0, -1)]
    many = table(frames.EXPECTED_BY_ISSUE, [("2026-03-02", "all", 145, 100.0, 80.0, 120.0), *rows])
    bars = [trace for trace in charts.week_steps(many, "ko").data if trace.type == "bar"]
    steps = {key: width for bar in bars for key, width in zip(bar.y, bar.x, strict=True)}
    assert len(steps) == 7
    assert steps["rest"] == pytest.approx(45 - (9 + 8 + 7 + 6 + 5 + 4))
