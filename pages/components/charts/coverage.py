"""The thin strip under a series: which accounts stood behind it, and where nothing was collected."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label

_STRIP_PX = 110
_TOP, _BOTTOM = 0.34, 0.17  # of the plot's height: where the series begins, where the strip ends
_GAP = style.PALETTE[5]


def with_strip(figure: go.Figure, coverage: pd.DataFrame, lang: str, *, weekly: bool) -> go.Figure:
    """Put the strip of COVERAGE under a figure over the same days, and return the figure.

    Where there is nothing to tell (no account, no gap, no load run in these days) the figure stays as it is.
    """
    buckets = _by_week(coverage) if weekly else coverage.assign(missing=(~coverage["in_data"]).astype("int64"), days=1)
    if not buckets[["connected", "writing", "runs", "unread", "missing"]].to_numpy().any():
        return figure
    top = max(int(buckets["connected"].max()), int(buckets["writing"].max()), 1)
    x = text.days(buckets["day"])
    hovers = [_hover(row, lang, weekly) for row in text.rows(buckets)]
    width = style.WEEK_BAR_MS if weekly else None
    is_gap = buckets["missing"] > 0
    common: dict[str, Any] = {"x": x, "yaxis": "y2", "width": width, "legend": "legend2"}
    writing = buckets["writing"].where(~is_gap)
    idle = (buckets["connected"] - buckets["writing"]).clip(lower=0).where(~is_gap)
    figure.add_traces(
        [
            go.Bar(
                y=_values(writing),
                name=label(lang, "coverage.writing"),
                marker={"color": style.PALETTE[2], "line": {"width": 0}},
                hovertext=hovers,
                hovertemplate="%{hovertext}<extra></extra>",
                **common,
            ),
            go.Bar(
                y=_values(idle),
                name=label(lang, "coverage.connected"),
                marker={"color": style.faded(style.PALETTE[2], 0.3), "line": {"width": 0}},
                hoverinfo="skip",
                **common,
            ),
        ]
    )
    if is_gap.any():
        figure.add_trace(
            go.Bar(
                y=[top if missing else None for missing in is_gap],
                name=label(lang, "coverage.gap"),
                marker={
                    "color": style.faded(_GAP, 0.6),
                    "pattern": {"shape": "x", "solidity": 0.3},
                    "line": {"width": 0},
                },
                hovertext=[label(lang, "coverage.gap_hover", days=row.missing) for row in text.rows(buckets)],
                hovertemplate="%{hovertext}<extra></extra>",
                **common,
            )
        )
    read = buckets[buckets["runs"] > 0]
    if len(read):
        figure.add_trace(
            go.Scatter(
                x=text.days(read["day"]),
                y=[top * 1.25] * len(read),
                yaxis="y2",
                legend="legend2",
                mode="markers",
                marker={"symbol": "triangle-down", "size": 8, "color": style.PALETTE[0]},
                name=label(lang, "coverage.read"),
                hovertext=[
                    label(lang, "coverage.read_hover", runs=row.runs, rejected=text.number(row.rejected))
                    for row in text.rows(read)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    unread = buckets[buckets["unread"] > 0]
    if len(unread):
        figure.add_trace(
            go.Scatter(
                x=text.days(unread["day"]),
                y=[top * 1.25] * len(unread),
                yaxis="y2",
                legend="legend2",
                mode="markers",
                marker={"symbol": "x", "size": 8, "color": _GAP},
                name=label(lang, "coverage.unread"),
                hovertext=[label(lang, "coverage.unread_hover", n=row.unread) for row in text.rows(unread)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    figure.update_layout(
        height=figure.layout.height + _STRIP_PX,
        hoversubplots="axis",
        yaxis_domain=[_TOP, 1],
        yaxis2=style.value_axis(
            label(lang, "axis.accounts"), domain=[0, _BOTTOM], range=[0, top * 1.45], nticks=3, anchor="x"
        ),
        xaxis_anchor="y2",
        legend2={
            "orientation": "h", "x": 0, "xanchor": "left", "y": _BOTTOM + 0.01, "yanchor": "bottom",
            "traceorder": "normal", "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    return figure


def _by_week(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return COVERAGE by weeks from Monday: the most accounts of a day, the sums of the rest; ``missing`` days of ``days``."""
    monday = coverage["day"] - pd.to_timedelta(coverage["day"].dt.day_of_week, unit="D")
    return (
        coverage.assign(day=monday, missing=(~coverage["in_data"]).astype("int64"), days=1)
        .groupby("day", as_index=False)
        .agg(
            {
                "connected": "max", "added": "sum", "writing": "max", "unread": "max", "runs": "sum", "rejected": "sum",
                "missing": "sum", "days": "sum",
            }
        )
    )  # fmt: skip


def _hover(row: Any, lang: str, weekly: bool) -> str:
    hover = label(
        lang, "coverage.week_hover" if weekly else "coverage.hover", connected=row.connected, writing=row.writing
    )
    return f"{hover} · {label(lang, 'coverage.added', n=row.added)}" if row.added else hover


def _values(series: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in series]
