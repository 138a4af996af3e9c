"""Departments beside one another, with what chance and the usual unrest between them explain."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label
from pages.components.text import word

_HEIGHT = 440
_LIMIT_COLOUR = style.MUTED
_TICKS = tuple(lead * 10**power for power in range(7) for lead in (1, 2, 5))
_ROOM = 0.12  # of a decade, at both ends of the axis of questions
_NAME_WIDTH = 14
_SIDES = {"above_95": "top", "above_998": "top", "below_95": "bottom", "below_998": "bottom"}
WITHIN, FEW = "within", "too_few"
# How departments are drawn, by verdict: the name in the legend, colour, sign, size.
_GROUPS = (
    ("funnel.few", (FEW,), style.MUTED, "circle-open", 8),
    ("funnel.within", (WITHIN,), style.PALETTE[0], "circle", 9),
    ("funnel.outside_95", ("above_95", "below_95"), style.PALETTE[1], "diamond", 11),
    ("funnel.outside_998", ("above_998", "below_998"), style.PALETTE[5], "square", 11),
)


def department_funnel(
    departments: pd.DataFrame, limits: pd.DataFrame, lang: str, chosen: Collection[str] = ()
) -> go.Figure:
    """Draw each department's share answered in time by its number of questions, inside the limits of a funnel.

    Only those outside are named, and the chosen ones; those with few questions are greyed. Where departments have
    expectations of their own there is no one funnel, and each stands before a bar of its own limits. ``customdata`` is the
    department code.

    Parameters
    ----------
    departments : DataFrame, DEPARTMENT_FUNNEL
    limits : DataFrame, FUNNEL_LIMITS, empty where each department has its own
    lang : "ko" or "en"
    chosen : codes of departments that are named whatever the verdict
    """
    names = style.name_in(
        lang,
        departments["name_ko"].tolist(),
        departments["name_en"].tolist(),
        departments["department"].tolist(),
    )
    rows = departments.assign(name=[text.plain(name) for name in names])
    traces: list[Any] = _curves(limits, lang) if len(limits) else _bars(rows, lang)
    sizes = [float(size) for size in (*rows["questions"], *limits["questions"]) if size > 0]
    low, high = (math.log10(min(sizes)), math.log10(max(sizes))) if sizes else (0.0, 1.0)
    middle = 10 ** ((low + high) / 2)
    for name, verdicts, colour, symbol, size in _GROUPS:
        part = rows[rows["verdict"].isin(verdicts)]
        if part.empty:
            continue
        is_named = [(name != "funnel.within" and name != "funnel.few") or code in chosen for code in part["department"]]
        traces.append(
            go.Scatter(
                x=[int(count) for count in part["questions"]],
                y=text.percents(part["share"]),
                mode="markers+text",
                name=label(lang, name),
                customdata=text.keys(part["department"]),
                marker={"color": colour, "size": size, "symbol": symbol, "line": {"width": 1.5, "color": colour}},
                text=[
                    text.wrapped(each, line_width=_NAME_WIDTH) if named else ""
                    for each, named in zip(part["name"], is_named, strict=True)
                ],
                # Towards the middle, so that no name is cut at the edge of a phone, and off the limits.
                textposition=[
                    f"{_SIDES.get(row.verdict, 'middle')} {'right' if row.questions < middle else 'left'}"
                    for row in text.rows(part)
                ],
                textfont={"size": 11},
                hovertext=[_hover(row, lang) for row in text.rows(part)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    ticks = [tick for tick in _TICKS if 10 ** (low - _ROOM) <= tick <= 10 ** (high + _ROOM)]
    return style.figure(
        traces,
        _HEIGHT,
        hovermode="closest",
        xaxis=style.value_axis(
            label(lang, "axis.questions_log"),
            type="log",
            range=[low - _ROOM, high + _ROOM],
            rangemode="normal",
            tickvals=ticks,
            ticktext=[text.number(tick) for tick in ticks],
            tickangle=0,
        ),
        yaxis=style.value_axis(label(lang, "axis.answered_in_time"), range=[-3, 103]),
    )


def _curves(limits: pd.DataFrame, lang: str) -> list[go.Scatter]:
    x = [int(count) for count in limits["questions"]]
    common: dict[str, Any] = {"x": x, "mode": "lines", "hoverinfo": "skip"}
    solid, dotted = {"color": _LIMIT_COLOUR, "width": 1.5}, {"color": _LIMIT_COLOUR, "width": 1, "dash": "dot"}
    return [
        go.Scatter(y=text.percents(limits["low_95"]), showlegend=False, line=solid, **common),
        go.Scatter(
            y=text.percents(limits["high_95"]),
            name=label(lang, "funnel.limits_95"),
            line=solid,
            fill="tonexty",
            fillcolor=style.faded(_LIMIT_COLOUR, 0.16),
            **common,
        ),
        go.Scatter(y=text.percents(limits["low_998"]), showlegend=False, line=dotted, **common),
        go.Scatter(y=text.percents(limits["high_998"]), name=label(lang, "funnel.limits_998"), line=dotted, **common),
        go.Scatter(
            y=text.percents(limits["expected_share"]),
            name=label(lang, "funnel.overall", share=text.percent(limits["expected_share"].iloc[0])),
            line={"color": style.PALETTE[2], "width": 1.5, "dash": "dash"},
            **common,
        ),
    ]


def _bars(rows: pd.DataFrame, lang: str) -> list[go.Scatter]:
    """Return the limits of each department: a bar for 95 %, a thin line for 99.8 %, and a stroke at what is expected.

    None of those that are not judged.
    """
    rows = rows[rows["verdict"] != FEW]
    traces = []
    for level, width, alpha in (("998", 1, 0.6), ("95", 7, 0.35)):
        colour = style.faded(_LIMIT_COLOUR, alpha)
        x: list[int | None] = []
        y: list[float | None] = []
        for row in text.rows(rows):
            x += [int(row.questions), int(row.questions), None]
            y += [*text.percents([getattr(row, f"low_{level}"), getattr(row, f"high_{level}")]), None]
        traces.append(
            go.Scatter(
                x=x,
                y=y,
                mode="lines",
                name=label(lang, f"funnel.limits_{level}"),
                line={"color": colour, "width": width},
                hoverinfo="skip",
            )
        )
    traces.append(
        go.Scatter(
            x=[int(count) for count in rows["questions"]],
            y=text.percents(rows["expected_share"]),
            mode="markers",
            name=label(lang, "funnel.expected"),
            marker={"symbol": "line-ew", "size": 10, "line": {"width": 2, "color": style.PALETTE[2]}},
            hoverinfo="skip",
        )
    )
    return traces


def _hover(row: Any, lang: str) -> str:
    return label(
        lang,
        "funnel.hover",
        name=row.name,
        questions=text.number(row.questions),
        in_time=text.number(row.in_time),
        share=text.percent(row.share),
        interval=text.interval(row.low, row.high),
        expected=text.percent(row.expected_share),
        limits=text.interval(row.low_95, row.high_95),
        verdict=text.plain(word("verdict", row.verdict, lang)),
    )
