from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table

NAN = float("nan")
DAYS = [pd.Timestamp("2026-11-09"), pd.Timestamp("2026-11-16"), pd.Timestamp("2026-11-23")]
ROWS = [
    (DAYS[0], 0.25, 0.2, 0.31, 120, 2, True),
    (DAYS[1], NAN, NAN, NAN, 0, 2, True),
    (DAYS[2], 0.5, 0.4, NAN, 30, 2, False),
]
CHANGES = [(2, dt.date(2026, 11, 18))]


def test_a_share_is_drawn_in_percent_with_its_interval_and_unknown_weeks_are_gaps() -> None:
    figure = charts.kpi_weeks(table(frames.METRIC_WEEKS, ROWS), "fraction", "en")
    line = figure.data[0]
    assert line.y == (25.0, None, 50.0)
    assert line.connectgaps is False
    assert line.error_y.array == pytest.approx((6.0, 0.0, 0.0))
    assert line.error_y.arrayminus == pytest.approx((5.0, 0.0, 10.0))
    assert line.marker.symbol == ("circle", "circle", "circle-open")
    assert line.hovertext[0] == "Today's definition (version 2): 25.0%<br>95% interval 20.0%–31.0%<br>n = 120"
    assert line.hovertext[1] == "Today's definition (version 2): not reached or not known (n = 0)"
    assert figure.layout.yaxis.title.text == "Share (%)"
    assert [each.name for each in figure.data] == ["Today's definition (version 2)", "week of fewer than 7 days"]


def test_a_change_of_the_definition_is_a_line_where_it_lies_in_the_weeks() -> None:
    weeks = table(frames.METRIC_WEEKS, ROWS)
    figure = charts.kpi_weeks(weeks, "fraction", "ko", changes=CHANGES)
    [line] = figure.layout.shapes
    assert (line.x0, line.x1) == ("2026-11-18", "2026-11-18")
    assert [each.text for each in figure.layout.annotations] == ["2판부터"]
    assert not charts.kpi_weeks(weeks, "fraction", "ko", changes=[(2, dt.date(2026, 12, 1))]).layout.shapes


def test_the_earlier_definition_is_dashed_under_todays() -> None:
    weeks = table(frames.METRIC_WEEKS, ROWS)
    earlier = table(frames.METRIC_WEEKS, [(*row[:5], 1, row[6]) for row in ROWS])
    figure = charts.kpi_weeks(weeks, "questions", "ko", earlier=earlier)
    assert [(each.name, each.line.dash) for each in figure.data[:2]] == [
        ("이전 정의(1판)", "dash"), ("지금 정의(2판)", None)
    ]  # fmt: skip
