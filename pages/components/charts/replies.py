"""What the city replied: by kind, and how much sooner any reply comes than an answer."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from db.records import REPLY_KINDS
from pages.components.charts import style, text
from pages.components.charts.labels import label
from pages.components.charts.response import FIRST_HOUR_SHOWN, LAST_HOUR_SHOWN, TICK_HOURS, time_name, visible_steps

_KINDS = (*REPLY_KINDS, "default.answer")


def reply_kinds(kinds: pd.DataFrame, lang: str) -> go.Figure:
    """Draw each kind of reply as a bar with its share and 95 % interval; what is no answer is hatched.

    Parameters
    ----------
    kinds : DataFrame, REPLY_KINDS
    lang : "ko" or "en"
    """
    names = [label(lang, f"reply.{reason}") if reason in _KINDS else text.plain(reason) for reason in kinds["reason"]]
    total = text.number(kinds["replies"].sum())
    is_answer = [reason in ("answer.substantive", "default.answer") for reason in kinds["reason"]]
    bars = go.Bar(
        x=text.percents(kinds["share"]),
        y=names,
        orientation="h",
        marker={
            "color": [style.PALETTE[0] if each else style.PALETTE[1] for each in is_answer],
            "pattern": {"shape": ["" if each else style.PARTIAL_PATTERN for each in is_answer], "fgcolor": "#ffffff", "fillmode": "overlay"},
            "line": {"width": 0},
        },
        error_x=style.error_bars(kinds["share"], kinds["low"], kinds["high"], style.MUTED),
        hovertext=[
            label(lang, "reply.hover", name=name, n=text.number(row.replies), share=text.percent(row.share),
                  interval=text.interval(row.low, row.high), total=total)
            for name, row in zip(names, text.rows(kinds), strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    ends = style.end_labels(
        names, [(high or 0) * 100 for high in kinds["high"]], [text.percent(share) for share in kinds["share"]]
    )
    return style.figure(
        [bars, ends],
        style.rows_height(names),
        legend=False,
        bargap=0.3,
        xaxis=style.value_axis(label(lang, "axis.share_of_replies"), range=[0, 118], tickvals=[0, 20, 40, 60, 80, 100]),
        yaxis=style.row_axis(label(lang, "axis.reply_kind"), names, names),
    )


def reply_curves(answers: pd.DataFrame, replies: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the share with an answer, and with any reply, within each time (Kaplan-Meier), as steps.

    Parameters
    ----------
    answers, replies : DataFrame, RESPONSE_CURVE
    lang : "ko" or "en"
    """
    traces: list[Any] = []
    for frame, name, colour, dash in (
        (answers, label(lang, "reply.answers"), style.PALETTE[0], None),
        (replies, label(lang, "reply.any"), style.PALETTE[1], "dash"),
    ):
        steps = visible_steps(frame[frame["answered_share"].notna()].sort_values("hours", kind="stable"))
        traces.append(
            go.Scatter(
                x=steps["hours"].tolist(),
                y=text.percents(steps["answered_share"]),
                mode="lines",
                name=name,
                line={"color": colour, "width": 2.5, "shape": "hv", "dash": dash},
                hovertext=[
                    label(lang, "reply.curve_hover", name=name, time=time_name(row.hours, lang), share=text.percent(row.answered_share),
                          interval=text.interval(row.low, row.high))
                    for row in text.rows(steps)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    return style.figure(
        traces,
        style.TIME_HEIGHT,
        hovermode="closest",
        xaxis=style.value_axis(
            label(lang, "axis.reply_hours"),
            type="log",
            range=[math.log10(FIRST_HOUR_SHOWN), math.log10(LAST_HOUR_SHOWN) + 0.02],
            rangemode="normal",
            tickvals=list(TICK_HOURS),
            ticktext=[time_name(hour, lang) for hour in TICK_HOURS],
            tickangle=0,
        ),
        yaxis=style.value_axis(label(lang, "axis.replied_within"), range=[0, 101]),
    )
