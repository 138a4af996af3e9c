"""What holds for every figure: titles with units, no markup, empty frames, layout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from db import frames
from db.frames import FrameSchema
from pages.components import charts
from tests.pages.components.charts.conftest import HOSTILE

CHARTS: dict[str, tuple[Callable[..., go.Figure], tuple[FrameSchema, ...]]] = {
    "volume": (charts.volume, (frames.POSTS_BY_DAY,)),
    "week_steps": (charts.week_steps, (frames.EXPECTED_BY_ISSUE,)),
    "class_split": (charts.class_split, (frames.CLASSES,)),
    "hidden_classes": (charts.hidden_classes, (frames.HIDDEN_REASONS,)),
    "hidden_reasons": (charts.hidden_reasons, (frames.HIDDEN_REASONS,)),
    "keyword_bars": (charts.keyword_bars, (frames.TERMS,)),
    "distinctive_bars": (charts.distinctive_bars, (frames.DISTINCTIVE_TERMS,)),
    "department_term_bars": (charts.department_term_bars, (frames.DEPARTMENT_TERMS,)),
    "term_trend": (charts.term_trend, (frames.TERM_TREND,)),
    "department_bars": (charts.department_bars, (frames.DEPARTMENT_VOLUME,)),
    "answered_share_intervals": (charts.answered_share_intervals, (frames.DEPARTMENT_VOLUME,)),
    "receiving_bars": (charts.receiving_bars, (frames.RECEIVING_VOLUME,)),
    "district_bars": (charts.district_bars, (frames.DISTRICT_VOLUME,)),
    "unanswered_ages": (charts.unanswered_ages, (frames.UNANSWERED_AGES,)),
    "platform_share": (charts.platform_share, (frames.PLATFORM_WEEKS, frames.PLATFORM_TOTALS)),
    "platform_small": (charts.platform_small, (frames.PLATFORM_WEEKS, frames.PLATFORM_TOTALS)),
    "platform_totals": (charts.platform_totals, (frames.PLATFORM_TOTALS,)),
    "response_histogram": (charts.response_histogram, (frames.RESPONSE_HISTOGRAM,)),
    "department_funnel": (charts.department_funnel, (frames.DEPARTMENT_FUNNEL, frames.FUNNEL_LIMITS)),
    "unanswered_weeks": (charts.unanswered_weeks, (frames.UNANSWERED_WEEKS,)),
    "ever_answered": (charts.ever_answered, (frames.EVER_ANSWERED,)),
    "response_curve": (charts.response_curve, (frames.RESPONSE_CURVE,)),
    "reply_kinds": (charts.reply_kinds, (frames.REPLY_KINDS,)),
    "reply_curves": (charts.reply_curves, (frames.RESPONSE_CURVE, frames.RESPONSE_CURVE)),
    "kpi_weeks": (lambda weeks, lang: charts.kpi_weeks(weeks, "fraction", lang), (frames.METRIC_WEEKS,)),
}
_SAMPLES: dict[str, object] = {"datetime64[ns]": "2026-03-02", "int64": 30, "float64": 0.5, "bool": True}
_CODES = {"post_class": "question", "band": "1-3", "verdict": "below_95"}


def one_hostile_row(schema: FrameSchema) -> list[tuple[object, ...]]:
    row = [
        _CODES.get(name) or (HOSTILE if column.dtype == "object" else _SAMPLES[column.dtype])
        for name, column in schema.columns.items()
    ]
    return [tuple(row)]


def draw(name: str, lang: str, *, empty: bool = False) -> go.Figure:
    chart, schemas = CHARTS[name]
    return chart(*(schema.frame([] if empty else one_hostile_row(schema)) for schema in schemas), lang)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_axes_have_titles_and_values_have_units(name: str, lang: str) -> None:
    fig = draw(name, lang)
    for axis in (fig.layout.xaxis, fig.layout.yaxis):
        assert axis.title.text.strip() != ""
        if axis.type != "category":
            assert re.search(r"\([^()]+\)$", axis.title.text), axis.title.text


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_frame_gives_a_figure_without_values(name: str, lang: str) -> None:
    fig = draw(name, lang, empty=True)
    assert [value for trace in fig.data for value in (trace.x or ()) if value is not None] == []
    assert json.loads(fig.to_json())["layout"]["height"] >= 160


@pytest.mark.parametrize("name", CHARTS)
def test_hostile_text_reaches_no_figure(name: str) -> None:
    fig = draw(name, "en")
    written = fig.to_json().replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u002f", "/")
    assert set(re.findall(r"<[^>]*>?", written)) <= {"<br>", "<extra>", "</extra>"}


@pytest.mark.parametrize("name", CHARTS)
def test_figures_are_responsive_transparent_and_untitled(name: str) -> None:
    layout = draw(name, "ko").layout
    assert (layout.width, layout.title.text) == (None, None)
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == ("rgba(0,0,0,0)", "rgba(0,0,0,0)")
    assert layout.dragmode is False


@pytest.mark.parametrize("name", CHARTS)
def test_figures_are_svg(name: str) -> None:
    assert {trace.type for trace in draw(name, "ko").data} <= {"bar", "scatter"}
