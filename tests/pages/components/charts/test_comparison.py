from __future__ import annotations

import pandas as pd
import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table


def _departments(**changes: object) -> pd.DataFrame:
    limits = (0.4, 0.6, 0.3, 0.7)
    rows = [
        ("road", "도로관리과", "Roads", 400, 100, 0.25, 0.21, 0.29, 0.5, *limits, "below_998"),
        ("park", "공원녹지과", "Parks", 200, 100, 0.5, 0.43, 0.57, 0.5, *limits, "within"),
        ("water", "상수도사업본부", "Waterworks", 100, 65, 0.65, 0.55, 0.74, 0.5, *limits, "above_95"),
        ("zoo", "서울대공원", "Zoo", 5, 0, 0.0, 0.0, 0.43, 0.5, 0.1, 0.9, 0.0, 1.0, "too_few"),
    ]
    return table(frames.DEPARTMENT_FUNNEL, rows).assign(**changes)


LIMITS = table(frames.FUNNEL_LIMITS, [(20, 0.5, 0.3, 0.7, 0.2, 0.8), (400, 0.5, 0.45, 0.55, 0.42, 0.58)])


def test_only_departments_outside_are_named() -> None:
    fig = charts.department_funnel(_departments(), LIMITS, "ko")
    dots = {trace.name: trace for trace in fig.data if trace.customdata}
    assert {name: trace.customdata for name, trace in dots.items()} == {
        "질문이 적음(판단하지 않음)": ("zoo",),
        "구별되지 않음": ("park",),
        "95% 한계 밖": ("water",),
        "99.8% 한계 밖": ("road",),
    }
    assert {name: trace.text for name, trace in dots.items()} == {
        "질문이 적음(판단하지 않음)": ("",),
        "구별되지 않음": ("",),
        "95% 한계 밖": ("상수도사업본부",),
        "99.8% 한계 밖": ("도로관리과",),
    }
    assert (dots["99.8% 한계 밖"].x, dots["99.8% 한계 밖"].y) == ((400,), (25.0,))
    assert dots["질문이 적음(판단하지 않음)"].marker.symbol == "circle-open"
    assert dots["99.8% 한계 밖"].hovertext[0] == (
        "도로관리과<br>질문 400건 중 100건 제때 답변, 25.0%<br>95% 구간 21.0–29.0%<br>"
        "기대 50.0%, 95% 한계 40.0–60.0%<br>기대보다 뚜렷이 낮음(99.8% 한계 밖)"
    )
    # A name is written towards the middle, and away from the limits.
    assert dots["99.8% 한계 밖"].textposition == ("bottom left",)
    assert dots["95% 한계 밖"].textposition == ("top left",)
    assert dots["질문이 적음(판단하지 않음)"].textposition == ("middle right",)


def test_a_chosen_department_is_named_whatever_its_verdict() -> None:
    fig = charts.department_funnel(_departments(), LIMITS, "en", ("park", "zoo"))
    named = [name for trace in fig.data if trace.customdata for name in trace.text]
    assert named == ["Zoo", "Parks", "Waterworks", "Roads"]


def test_the_funnel_is_drawn_from_its_limits() -> None:
    fig = charts.department_funnel(_departments(), LIMITS, "en")
    low_95, high_95, low_998, high_998, overall = fig.data[:5]
    assert [trace.y for trace in (low_95, high_95, low_998, high_998)] == [
        pytest.approx(each) for each in ((30, 45), (70, 55), (20, 42), (80, 58))
    ]
    assert overall.name == "all departments 50.0%"
    assert fig.layout.xaxis.type == "log"


def test_with_expectations_of_their_own_departments_stand_before_bars() -> None:
    mixed = _departments(expected_share=[0.3, 0.5, 0.6, 0.5])
    fig = charts.department_funnel(mixed, frames.FUNNEL_LIMITS.frame(), "en")
    thin, thick, expected = fig.data[:3]
    # Three of them: the one with few questions is not judged.
    assert thick.x == (400, 400, None, 200, 200, None, 100, 100, None)
    assert thick.y == pytest.approx((40, 60, None, 40, 60, None, 40, 60, None))
    assert thin.line.width < thick.line.width
    assert expected.y == pytest.approx((30, 50, 60))
