"""What waits, how it aged, and how likely it is still to be answered."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from db.records import AGE_BANDS
from pages.components.charts import style, text
from pages.components.charts.departments import AGE_ALPHAS, AGE_COLOUR
from pages.components.charts.labels import label
from pages.components.charts.response import time_name


def unanswered_weeks(weeks: pd.DataFrame, lang: str) -> go.Figure:
    """Draw what was unanswered at the end of every seventh day, stacked by age; the oldest stand at the bottom, darkest.

    Parameters
    ----------
    weeks : DataFrame, UNANSWERED_WEEKS
    lang : "ko" or "en"
    """
    totals = weeks.groupby("day")["questions"].sum()
    x = text.days(totals.index.to_series())
    traces: list[Any] = []
    bands = list(enumerate(zip(AGE_BANDS, AGE_ALPHAS, strict=True), start=1))
    for place, ((band, _, _), alpha) in reversed(bands):
        name = label(lang, f"age.{place}")
        counts = weeks[weeks["band"] == band].groupby("day")["questions"].sum().reindex(totals.index, fill_value=0)
        hovers = [
            label(
                lang,
                "backlog.hover",
                band=name,
                n=text.number(count),
                share=text.share_of(count, total),
                total=text.number(total),
            )
            for count, total in zip(counts, totals, strict=True)
        ]
        traces += style.week_bars(
            x, counts.tolist(), [False] * len(x), name=name, colour=style.faded(AGE_COLOUR, alpha), hovers=hovers
        )
    return style.figure(
        traces,
        style.TIME_HEIGHT,
        barmode="stack",
        hovermode="x unified",
        xaxis=style.date_axis(lang, label(lang, "axis.end_of_day"), x, label(lang, "volume.day_title")),
        yaxis=style.value_axis(label(lang, "axis.unanswered")),
    )


def ever_answered(chances: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the chance of being answered at all by how long a question has waited, with its 95 % interval.

    Parameters
    ----------
    chances : DataFrame, EVER_ANSWERED
    lang : "ko" or "en"
    """
    rows = chances.sort_values("hours", kind="stable")
    names = [age_name(hours, lang) for hours in rows["hours"]]
    known = rows["chance"].notna()
    seen = rows[known]
    seen_names = [name for name, is_known in zip(names, known, strict=True) if is_known]
    unseen = [name for name, is_known in zip(names, known, strict=True) if not is_known]
    dots = go.Scatter(
        x=text.percents(seen["chance"]),
        y=seen_names,
        mode="markers",
        name=label(lang, "backlog.chance"),
        marker={"color": style.PALETTE[0], "size": 10},
        error_x=style.error_bars(seen["chance"], seen["low"], seen["high"], style.PALETTE[0]),
        hovertext=[
            label(
                lang,
                "backlog.chance_hover",
                age=name,
                share=text.percent(row.chance),
                interval=text.interval(row.low, row.high),
                n=text.number(row.at_risk),
            )
            for name, row in zip(seen_names, text.rows(seen), strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = style.end_labels(
        seen_names, [each * 100 for each in seen["high"]], [text.percent(each) for each in seen["chance"]]
    )
    traces = [dots, ends]
    if unseen:
        traces.append(style.end_labels(unseen, [0] * len(unseen), [label(lang, "backlog.too_few")] * len(unseen)))
    return style.figure(
        traces,
        style.rows_height(names, row_px=32),
        legend=False,
        xaxis=style.value_axis(label(lang, "axis.chance"), range=[-2, 118], tickvals=[0, 20, 40, 60, 80, 100]),
        yaxis=style.row_axis(label(lang, "axis.waited"), names, names),
    )


def age_name(hours: float, lang: str) -> str:
    """Return how long a question has waited, in words."""
    return (
        label(lang, "backlog.just_asked") if hours == 0 else label(lang, "backlog.after", time=time_name(hours, lang))
    )
