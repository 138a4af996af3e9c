from __future__ import annotations

import pandas as pd
import pytest

from pages.components import charts


def test_platform_share_stacks_weeks_with_gaps_and_hatched_partial_weeks(
    platform_weeks_frame: pd.DataFrame, platform_totals_frame: pd.DataFrame
) -> None:
    fig = charts.platform_share(platform_weeks_frame, platform_totals_frame, "ko")
    x, x_partial, facebook, facebook_partial, swatch = fig.data
    assert x.x == ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23")
    assert (x.name, facebook.name) == ("트위터(X)", "페이스북")  # largest first
    assert x.y == (None, 100.0, None, 75.0)
    assert facebook.y == (None, 0.0, None, 25.0)
    assert x_partial.y == (90.0, None, None, None)
    assert facebook_partial.y == (10.0, None, None, None)
    assert x_partial.marker.pattern.shape == "/"
    assert x_partial.hovertext[0] == "트위터(X) 90.0% [59.6–98.2%] (9건, n = 10) · 일부만 집계된 주"
    assert swatch.name == "일부만 집계된 주"
    assert (x.marker.color, facebook.marker.color) == ("#0b5cad", "#c2410c")


def test_platform_small_leaves_out_the_largest(
    platform_weeks_frame: pd.DataFrame, platform_totals_frame: pd.DataFrame
) -> None:
    fig = charts.platform_small(platform_weeks_frame, platform_totals_frame, "en")
    assert [trace.name for trace in fig.data] == ["Facebook", "Facebook", "partial week"]
    assert fig.data[0].y == (None, 0.0, None, 25.0)
    assert fig.layout.yaxis.title.text == "share without Twitter (X) (%)"


def test_platform_totals_draw_share_and_interval(platform_totals_frame: pd.DataFrame) -> None:
    bars = charts.platform_totals(platform_totals_frame, "en").data[0]
    assert bars.y == ("x", "facebook")
    assert bars.x == (90.0, 10.0)
    assert bars.error_x.array == pytest.approx((3.0, 5.0))
    assert bars.hovertext[1] == (
        "Facebook<br>20 posts, 10.0%<br>95% interval 7.0–15.0%<br>n = 200<br>accounts connected: 5, pending: 1"
    )
