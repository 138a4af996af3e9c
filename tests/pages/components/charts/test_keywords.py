from __future__ import annotations

import pandas as pd
import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import NAN, table


def test_keyword_bars_rank_shares_with_intervals() -> None:
    terms = table(frames.TERMS, [("버스", 10, 0.1, 0.05, 0.18, 9), ("아리수", 20, 0.2, 0.13, 0.29, 15)])
    fig = charts.keyword_bars(terms, "ko")
    bars = fig.data[0]
    assert bars.customdata == ("아리수", "버스")
    assert bars.x == (20.0, 10.0)
    assert bars.error_x.array == pytest.approx((9.0, 8.0))
    assert bars.error_x.arrayminus == pytest.approx((7.0, 5.0))
    assert bars.hovertext[0] == "아리수<br>질문 20건, 20.0%<br>95% 구간 13.0–29.0%<br>n = 100<br>작성자 15명 이상"
    assert fig.layout.yaxis.categoryarray == ("아리수", "버스")
    assert tuple(fig.layout.yaxis.range) == (1.5, -0.5)  # first on top


def test_keyword_bars_show_fifteen_terms() -> None:
    terms = table(frames.TERMS, [(f"낱말{i}", 100 - i, 0.1, 0.05, 0.2, 9) for i in range(30)])
    assert charts.keyword_bars(terms, "en").data[0].customdata == tuple(f"낱말{i}" for i in range(15))


def test_distinctive_bars_rank_by_z_and_never_draw_nan_as_zero() -> None:
    terms = table(
        frames.DISTINCTIVE_TERMS,
        [
            ("버스", 5, 50, 0.05, 0.02, 0.11, 0.04, 0.03, 0.05, 1.5),
            ("아리수", 9, 0, 0.09, 0.048, 0.162, NAN, NAN, NAN, 7.25),
            ("길", 1, 1, 0.01, 0.0, 0.05, 0.01, 0.0, 0.05, NAN),
        ],
    )
    bars = charts.distinctive_bars(terms, "en").data[0]
    assert bars.customdata == ("아리수", "버스", "길")
    assert bars.x == (7.25, 1.5, None)
    assert bars.hovertext[0] == (
        "아리수<br>z = 7.2<br>this period: 9 questions, 9.00% [4.80–16.20%]<br>other periods: 0 questions, –"
    )


def test_term_trend_draws_gaps_partial_buckets_and_bands(trend: pd.DataFrame) -> None:
    fig = charts.term_trend(trend, "ko")
    band, line, dashed, hollow, hover, swatch = fig.data
    assert line.y == (None, 20.0, None, 30.0)
    assert line.connectgaps is False
    assert dashed.x == ("2026-03-02", "2026-03-09", None)
    assert dashed.y == (10.0, 20.0, None)
    assert (hollow.x, hollow.y, hollow.marker.symbol) == (("2026-03-02",), (10.0,), "circle-open")
    assert hover.y == (10.0, 20.0, None, 30.0)
    assert hover.hovertext[0] == "아리수 10.0% [2.0–40.0%] · 1/10건 (일부)"
    assert band.x == ("2026-03-02", "2026-03-09", "2026-03-09", "2026-03-02", None, "2026-03-23", "2026-03-23")
    assert band.y == pytest.approx((2.0, 6.0, 51.0, 40.0, None, 11.0, 60.0))
    assert swatch.name == "일부만 집계된 기간"
    assert fig.layout.xaxis.title.text.startswith("주")


def test_term_trend_draws_five_terms_and_names_days(trend: pd.DataFrame) -> None:
    days = pd.concat([trend.assign(term=f"낱말{i}") for i in range(7)])
    days["bucket"] = pd.Timestamp("2026-03-02") + (days["bucket"] - pd.Timestamp("2026-03-02")) / 7
    fig = charts.term_trend(frames.TERM_TREND.cast(days), "en")
    named = {trace.name for trace in fig.data if trace.showlegend is not False}
    assert named == {"낱말0", "낱말1", "낱말2", "낱말3", "낱말4", "partial period"}
    assert fig.layout.xaxis.title.text == "date (days, KST)"
