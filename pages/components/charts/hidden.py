"""How many posts were hidden when, as what and why."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from db.records import HIDDEN_CLASSES
from pages.components.charts import style, text
from pages.components.charts.labels import label
from pages.components.text import word

MAX_REASONS = 6  # colours that can be told apart; the others are one
REST = "rest"
_COLOURS = [style.PALETTE[place] for place in (0, 1, 2, 3, 5, 6)]  # without the two that lie near another
_LEGEND_PX = 80  # of a long legend, which on a phone has a line for each reason
_AXES = {1: "axis.day", 7: "axis.week", 91: "axis.block"}
_HOVER_TITLES = {1: "volume.day_title", 7: "volume.week_title", 91: "hidden.block_title"}
_BAR_MS = {1: None, 7: style.WEEK_BAR_MS, 91: 84 * 86_400_000}  # of the time between two bars


def hidden_classes(hidden: pd.DataFrame, lang: str) -> go.Figure:
    """Draw hidden posts by class as stacked bars; intervals that are cut are hatched.

    Parameters
    ----------
    hidden : DataFrame, HIDDEN_REASONS
    lang : "ko" or "en"
    """
    names = {key: label(lang, f"class.{key}") for key in HIDDEN_CLASSES if key in set(hidden["post_class"])}
    return _stacked(hidden, hidden["post_class"], names, style.CLASS_COLOURS, lang)


def hidden_reasons(hidden: pd.DataFrame, lang: str) -> go.Figure:
    """Draw hidden posts by reason as stacked bars, the most frequent reasons first and the others as one.

    Parameters
    ----------
    hidden : DataFrame, HIDDEN_REASONS
    lang : "ko" or "en"
    """
    totals = hidden.groupby("reason")["posts"].sum().sort_values(ascending=False, kind="stable")
    shown = [str(reason) for reason in totals.index[:MAX_REASONS]]
    names = {reason: text.plain(word("reason", reason, lang)) for reason in shown}
    colours = dict(zip(shown, _COLOURS, strict=False)) | {REST: style.MUTED}
    if len(totals) > MAX_REASONS:
        names[REST] = label(lang, "hidden.rest")
    figure = _stacked(hidden, hidden["reason"].where(hidden["reason"].isin(shown), REST), names, colours, lang)
    return figure.update_layout(height=style.TIME_HEIGHT + _LEGEND_PX)


def _stacked(
    hidden: pd.DataFrame, series: pd.Series, names: dict[str, str], colours: dict[str, str], lang: str
) -> go.Figure:
    buckets = hidden.groupby("bucket").agg(collected=("collected", "first"), whole=("whole", "first"))
    x, partial = text.days(buckets.index.to_series()), (~buckets["whole"]).tolist()
    days = int(hidden["days"].iloc[0]) if len(hidden) else 1
    traces: list[Any] = []
    for key, name in names.items():
        counts = hidden[series == key].groupby("bucket")["posts"].sum().reindex(buckets.index, fill_value=0)
        hovers = [
            label(
                lang,
                "hidden.hover",
                name=name,
                n=text.number(count),
                total=text.number(collected),
                share=share,
            )
            for count, collected, share in zip(
                counts, buckets["collected"], text.shares_of(counts, buckets["collected"]), strict=True
            )
        ]
        traces += style.week_bars(
            x, counts.tolist(), partial, name=name, colour=colours[key], hovers=hovers, width_ms=_BAR_MS.get(days)
        )
    if any(partial):
        traces.append(style.partial_swatch(lang))
    return style.figure(
        traces,
        style.TIME_HEIGHT,
        barmode="stack",
        bargap=0.15,
        hovermode="x unified",
        xaxis=style.date_axis(
            lang, label(lang, _AXES.get(days, "axis.day")), x, label(lang, _HOVER_TITLES.get(days, "volume.day_title"))
        ),
        yaxis=style.value_axis(label(lang, "axis.hidden_posts")),
    )
