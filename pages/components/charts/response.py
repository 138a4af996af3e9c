"""How long the first answer takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label

DAY_HOURS = 24
FIRST_HOUR_SHOWN = 0.5  # a log axis has no 0; the share answered sooner is the curve's height at its left end
LAST_HOUR_SHOWN = 30 * DAY_HOURS
MARK_HOURS = (24, 7 * DAY_HOURS)
TICK_HOURS = (1, 6, 24, 72, 168, 720)
_STEPS_PER_DECADE = 60  # two pixels on a phone, four at 700 px; with every step the figure weighs megabytes


def response_histogram(histogram: pd.DataFrame, lang: str) -> go.Figure:
    """Draw how many questions got their first answer within each interval of time, fastest on top.

    Parameters
    ----------
    histogram : DataFrame, RESPONSE_HISTOGRAM
    lang : "ko" or "en"
    """
    ranked = histogram.sort_values("from_hours", kind="stable")
    names = [
        interval_name(start, end, lang) for start, end in zip(ranked["from_hours"], ranked["to_hours"], strict=True)
    ]
    counts = [int(count) for count in ranked["questions"]]
    total = sum(counts)
    shares = [count / total if total else math.nan for count in counts]
    hovers = [
        label(
            lang,
            "wait.hover",
            name=name,
            n=text.number(count),
            share=text.share_of(count, total),
            total=text.number(total),
        )
        for name, count in zip(names, counts, strict=True)
    ]
    bars = go.Bar(
        x=counts,
        y=names,
        orientation="h",
        marker={"color": style.PALETTE[0], "line": {"width": 0}},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = style.end_labels(
        names,
        counts,
        [f"{text.number(count)} ({text.percent(share)})" for count, share in zip(counts, shares, strict=True)],
    )
    return style.figure(
        [bars, ends],
        style.rows_height(names, row_px=26),
        legend=False,
        bargap=0.2,
        xaxis=style.share_axis(label(lang, "axis.questions"), counts, room=1.45, nticks=5),
        yaxis=style.row_axis(label(lang, "axis.wait"), names, names),
    )


def interval_name(from_hours: float, to_hours: float, lang: str) -> str:
    """Return an interval of hours in words, in days where both edges are whole days."""
    if from_hours == 0 and not math.isinf(to_hours):
        return label(lang, "wait.first", to=f"{to_hours:g}")
    unit, size = "hours", 1
    if from_hours and from_hours % DAY_HOURS == 0 and (math.isinf(to_hours) or to_hours % DAY_HOURS == 0):
        unit, size = "days", DAY_HOURS
    if math.isinf(to_hours):
        return label(lang, f"wait.last_{unit}", **{"from": f"{from_hours / size:g}"})
    return label(lang, f"wait.{unit}", **{"from": f"{from_hours / size:g}", "to": f"{to_hours / size:g}"})


def response_curve(curve: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the share answered within each time (Kaplan-Meier) as steps with a 95 % band.

    The line begins at half an hour and ends at 30 days or with the data. Steps closer than four pixels are drawn
    as one; the marks at 24 hours and 7 days are exact, and left out where the data end sooner.

    Parameters
    ----------
    curve : DataFrame, RESPONSE_CURVE
    lang : "ko" or "en"
    """
    known = curve[curve["answered_share"].notna()].sort_values("hours", kind="stable")
    steps = visible_steps(known)
    hours = steps["hours"].tolist()
    traces: list[go.Scatter] = [*_curve_band(steps, lang)]
    traces.append(
        go.Scatter(
            x=hours,
            y=text.percents(steps["answered_share"]),
            mode="lines",
            name=label(lang, "wait.curve"),
            line={"color": style.PALETTE[0], "width": 2.5, "shape": "hv"},
            hovertext=[_curve_hover(row.hours, row, lang) for row in text.rows(steps)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    marks = [(hour, known[known["hours"] <= hour].iloc[-1]) for hour in MARK_HOURS if _is_observed(known, hour)]
    traces.append(
        go.Scatter(
            x=[hour for hour, _ in marks],
            y=[float(row["answered_share"]) * 100 for _, row in marks],
            mode="markers+text",
            name=label(lang, "wait.marks"),
            marker={"color": style.PALETTE[1], "size": 10, "symbol": "diamond"},
            text=[
                label(lang, "wait.mark", time=time_name(hour, lang), share=text.percent(row["answered_share"]))
                for hour, row in marks
            ],
            textposition="top left",
            textfont={"size": 13},
            hovertext=[_curve_hover(hour, row, lang) for hour, row in marks],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    return style.figure(
        traces,
        360,
        hovermode="closest",
        xaxis=style.value_axis(
            label(lang, "axis.hours"),
            type="log",
            range=[math.log10(FIRST_HOUR_SHOWN), math.log10(LAST_HOUR_SHOWN) + 0.02],
            rangemode="normal",
            tickvals=list(TICK_HOURS),
            ticktext=[time_name(hour, lang) for hour in TICK_HOURS],
            tickangle=0,
        ),
        yaxis=style.value_axis(label(lang, "axis.answered_within"), range=[0, 101]),
    )


def time_name(hours: float, lang: str) -> str:
    """Return a time in hours, below one hour in minutes, whole days beyond 24 hours in days."""
    if hours < 1:
        return label(lang, "wait.minute", n=f"{hours * 60:.0f}")
    if hours > DAY_HOURS and hours % DAY_HOURS == 0:
        return label(lang, "wait.day", n=f"{hours / DAY_HOURS:g}")
    if hours > 2 * DAY_HOURS:
        return label(lang, "wait.day", n=f"{hours / DAY_HOURS:.1f}")
    return label(lang, "wait.hour", n=f"{hours:.1f}".removesuffix(".0"))


def _is_observed(known: pd.DataFrame, hour: float) -> bool:
    return bool((known["hours"] <= hour).any() and (known["hours"] >= hour).any())


def visible_steps(known: pd.DataFrame) -> pd.DataFrame:
    """Cut the curve to the axis and keep the last step of every few pixels."""
    if known.empty:
        return known
    before, after = known[known["hours"] <= FIRST_HOUR_SHOWN], known[known["hours"] > FIRST_HOUR_SHOWN]
    inside = after[after["hours"] <= LAST_HOUR_SHOWN]
    pixel = np.floor(np.log10(inside["hours"].astype(float)) * _STEPS_PER_DECADE)
    parts = [before.tail(1).assign(hours=FIRST_HOUR_SHOWN), inside[~pixel.duplicated(keep="last")]]
    if len(inside) < len(after):
        last = pd.concat([before, inside]).tail(1)
        parts.append(last.assign(hours=float(LAST_HOUR_SHOWN)))
    return pd.concat(parts)


def _curve_band(steps: pd.DataFrame, lang: str) -> list[go.Scatter]:
    banded = steps[steps["low"].notna() & steps["high"].notna()]
    common = {
        "x": banded["hours"].tolist(),
        "mode": "lines",
        "line": {"width": 0, "shape": "hv", "color": style.PALETTE[0]},
        "hoverinfo": "skip",
    }
    return [
        go.Scatter(y=text.percents(banded["low"]), showlegend=False, **common),
        go.Scatter(
            y=text.percents(banded["high"]),
            name=label(lang, "wait.band"),
            fill="tonexty",
            fillcolor=style.faded(style.PALETTE[0], 0.18),
            **common,
        ),
    ]


def _curve_hover(hour: float, row: Any, lang: str) -> str:
    return label(
        lang,
        "wait.curve_hover",
        time=time_name(hour, lang),
        share=text.percent(row.answered_share),
        interval=text.interval(row.low, row.high),
        n=text.number(row.at_risk),
    )
