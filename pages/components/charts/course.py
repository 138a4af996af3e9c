"""A KPI week by week, with the days on which its definition changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label

_AXES = {"fraction": "axis.kpi_share", "hours": "axis.kpi_hours", "working_hours": "axis.kpi_working_hours"}
_EARLIER_DASH = "dash"
Changes = Sequence[tuple[int, dt.date]]


def kpi_weeks(
    weeks: pd.DataFrame, unit: str, lang: str, *, changes: Changes = (), earlier: pd.DataFrame | None = None
) -> go.Figure:
    """Draw a KPI of each week with its 95 % interval; weeks of fewer than seven days are hollow, unknown ones are gaps.

    Parameters
    ----------
    weeks : DataFrame, METRIC_WEEKS
    unit : of the KPI, as in METRICS
    lang : "ko" or "en"
    changes : versions of the definition and the day each became valid; those within the weeks are upright lines
    earlier : DataFrame, METRIC_WEEKS by an earlier version, drawn over it
    """
    traces: list[Any] = []
    for rows, colour, dash in ((earlier, style.PALETTE[1], _EARLIER_DASH), (weeks, style.PALETTE[0], None)):
        if rows is not None and not rows.empty:
            traces.append(_line(rows, unit, lang, colour, dash))
    days = text.days(weeks["week"])
    if not weeks["whole"].all():
        traces.append(
            go.Scatter(
                x=[None], y=[None], mode="markers", name=label(lang, "course.partial"), hoverinfo="skip",
                marker={"color": style.MUTED, "symbol": "circle-open", "size": 8},
            )
        )  # fmt: skip
    figure = style.figure(
        traces,
        style.TIME_HEIGHT,
        hovermode="x unified",
        xaxis=style.date_axis(lang, label(lang, "axis.week"), days, label(lang, "volume.week_title")),
        yaxis=style.value_axis(label(lang, _AXES.get(unit, "axis.questions"))),
    )
    for version, day in changes:
        if days and days[0] <= day.isoformat() <= _last_day(days):
            figure.add_vline(x=day.isoformat(), line={"color": style.MUTED, "dash": "dot", "width": 1.5})
            figure.add_annotation(
                x=day.isoformat(), y=1, yref="paper", yanchor="top", xanchor="right", showarrow=False,
                text=label(lang, "course.changed", version=version), font={"color": style.MUTED},
            )  # fmt: skip
    return figure


def _last_day(days: Sequence[str]) -> str:
    return (dt.date.fromisoformat(days[-1]) + dt.timedelta(days=6)).isoformat()


def _line(rows: pd.DataFrame, unit: str, lang: str, colour: str, dash: str | None) -> go.Scatter:
    scale = 100.0 if unit == "fraction" else 1.0
    value, low, high = (rows[name] * scale for name in ("value", "value_low", "value_high"))
    name = label(lang, "course.earlier" if dash else "course.now", version=int(rows["version"].iloc[0]))
    return go.Scatter(
        x=text.days(rows["week"]),
        y=[None if pd.isna(each) else each for each in value],
        mode="lines+markers",
        name=name,
        connectgaps=False,
        line={"color": colour, "width": 2, "dash": dash},
        marker={"color": colour, "size": 7, "symbol": ["circle" if each else "circle-open" for each in rows["whole"]]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (high - value).fillna(0).tolist(),
            "arrayminus": (value - low).fillna(0).tolist(),
            "color": style.faded(colour, 0.45),
            "thickness": 1.5,
            "width": 3,
        },
        hovertext=[_hover(row, unit, lang, name) for row in text.rows(rows)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(row: Any, unit: str, lang: str, name: str) -> str:
    if pd.isna(row.value):
        return label(lang, "course.unknown", name=name, n=text.number(row.n))
    shown = _shown(row.value, unit)
    if pd.isna(row.value_low):
        return label(lang, "course.hover_count", name=name, value=shown, n=text.number(row.n))
    high = label(lang, "course.open") if pd.isna(row.value_high) else _shown(row.value_high, unit)
    return label(
        lang, "course.hover", name=name, value=shown, low=_shown(row.value_low, unit), high=high, n=text.number(row.n)
    )


def _shown(value: float, unit: str) -> str:
    if unit == "fraction":
        return text.percent(value)
    return text.number(value) if unit in ("questions", "posts") else f"{value:,.1f}"
