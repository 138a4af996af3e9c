"""Which words the questions use, and how their use moves."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label

MAX_BARS = 15
MAX_TREND_TERMS = 5  # more lines with bands cannot be told apart
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")


def keyword_bars(terms: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the terms of most questions, ranked, as shares with 95 % intervals; ``customdata`` is the term.

    Parameters
    ----------
    terms : DataFrame, TERMS
        The first MAX_BARS rows by ``questions`` are drawn.
    lang : "ko" or "en"
    """
    top = terms.sort_values("questions", ascending=False, kind="stable").head(MAX_BARS)
    keys = text.keys(top["term"])
    hovers = [
        label(
            lang,
            "term.hover",
            name=text.plain(row.term),
            n=text.number(row.questions),
            share=text.percent(row.share),
            interval=text.interval(row.low, row.high),
            total=text.count_or_dash(text.total_of(row.questions, row.share)),
            authors=text.number(row.authors),
        )
        for row in text.rows(top)
    ]
    bars = go.Bar(
        x=text.percents(top["share"]),
        y=keys,
        orientation="h",
        customdata=keys,
        marker={"color": style.faded(style.PALETTE[0], 0.6), "line": {"width": 0}},  # the interval shows on it
        error_x=style.error_bars(top["share"], top["low"], top["high"], style.PALETTE[0]),
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    return style.figure(
        [bars],
        style.rows_height(keys, row_px=26),
        legend=False,
        bargap=0.35,
        xaxis=style.share_axis(label(lang, "axis.share_of_questions"), text.percents(top["high"]), room=1.05),
        yaxis=style.row_axis(label(lang, "axis.term"), keys, [text.wrapped(term, lines=1) for term in top["term"]]),
    )


def distinctive_bars(terms: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the terms that set this period apart from the others, ranked by z; ``customdata`` is the term.

    Parameters
    ----------
    terms : DataFrame, DISTINCTIVE_TERMS
        The first MAX_BARS rows by ``z`` are drawn.
    lang : "ko" or "en"
    """
    return _bars_by_z(terms, lang, "term.distinctive_hover", "baseline")


def department_term_bars(terms: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the terms that set departments apart from all others, ranked by z; ``customdata`` is the term.

    Parameters
    ----------
    terms : DataFrame, DEPARTMENT_TERMS
        The first MAX_BARS rows by ``z`` are drawn.
    lang : "ko" or "en"
    """
    return _bars_by_z(terms, lang, "term.department_hover", "others")


def _bars_by_z(terms: pd.DataFrame, lang: str, hover: str, other: str) -> go.Figure:
    """Draw terms ranked by z; the columns of the side they are compared with begin with ``other``."""
    top = terms.sort_values("z", ascending=False, kind="stable").head(MAX_BARS)
    keys = text.keys(top["term"])
    hovers = [
        label(
            lang,
            hover,
            name=text.plain(row.term),
            z=f"{row.z:.1f}",
            n=text.number(row.questions),
            share=text.bracketed(row.share, row.low, row.high, digits=2),
            baseline=text.number(getattr(row, f"{other}_questions")),
            baseline_share=text.bracketed(
                getattr(row, f"{other}_share"), getattr(row, f"{other}_low"), getattr(row, f"{other}_high"), digits=2
            ),
        )
        for row in text.rows(top)
    ]
    z = [None if math.isnan(value) else value for value in top["z"]]
    bars = go.Bar(
        x=z,
        y=keys,
        orientation="h",
        customdata=keys,
        marker={"color": style.PALETTE[6], "line": {"width": 0}},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    shown = [(key, value) for key, value in zip(keys, z, strict=True) if value is not None]
    ends = style.end_labels(
        [key for key, _ in shown], [value for _, value in shown], [f"{value:.1f}" for _, value in shown]
    )
    return style.figure(
        [bars, ends],
        style.rows_height(keys, row_px=26),
        legend=False,
        bargap=0.35,
        xaxis=style.share_axis(label(lang, "axis.distinctiveness"), z, room=1.15),
        yaxis=style.row_axis(label(lang, "axis.term"), keys, [text.wrapped(term, lines=1) for term in top["term"]]),
    )


def term_trend(trend: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the share of questions that contain each term, over time, with 95 % bands.

    Buckets without questions are gaps; partial buckets have hollow markers and dashed connections.

    Parameters
    ----------
    trend : DataFrame, TERM_TREND
        The first MAX_TREND_TERMS terms in order of appearance are drawn.
    lang : "ko" or "en"
    """
    terms = list(dict.fromkeys(trend["term"]))[:MAX_TREND_TERMS]
    bands: list[go.Scatter] = []
    lines: list[go.Scatter] = []
    for term, colour, symbol in zip(terms, style.PALETTE, _SYMBOLS, strict=False):
        rows = trend[trend["term"] == term].sort_values("bucket", kind="stable")
        bands.extend(_band(rows, colour, term))
        lines.extend(_lines(rows, colour, symbol, term, lang))
    buckets = sorted(set(text.days(trend["bucket"])))
    drawn = trend[trend["term"].isin(terms)]
    unit = "week" if _is_weekly(trend["bucket"]) else "day"
    if not drawn["whole"].all():
        swatch = go.Scatter(
            x=[None],
            y=[None],
            name=label(lang, "term.partial"),
            mode="lines+markers",
            line={"color": style.MUTED, "dash": "dot"},
            marker={
                "color": style.MUTED,
                "symbol": "circle-open",
                "size": 8,
                "line": {"width": 1.5, "color": style.MUTED},
            },
            hoverinfo="skip",
        )
        lines.append(swatch)
    return style.figure(
        [*bands, *lines],
        style.TIME_HEIGHT,
        hovermode="x unified",
        xaxis=style.date_axis(lang, label(lang, f"axis.{unit}"), buckets, label(lang, f"volume.{unit}_title")),
        yaxis=style.value_axis(label(lang, "axis.share_of_questions")),
    )


def _is_weekly(buckets: pd.Series) -> bool:
    steps = buckets.drop_duplicates().sort_values().diff().dropna()
    return not steps.empty and bool(steps.min() >= pd.Timedelta(days=7))


def _band(rows: pd.DataFrame, colour: str, term: object) -> list[go.Scatter]:
    """Return one polygon per unbroken run; a run of one bucket becomes an upright line."""
    x: list[str | None] = []
    y: list[float | None] = []
    low, high, day = text.percents(rows["low"]), text.percents(rows["high"]), text.days(rows["bucket"])
    for known, run in itertools.groupby(range(len(rows)), key=lambda i: low[i] is not None and high[i] is not None):
        if not known:
            continue
        run_of = list(run)
        if x:
            x.append(None)
            y.append(None)
        x.extend(day[i] for i in [*run_of, *reversed(run_of)])
        y.extend([*(low[i] for i in run_of), *(high[i] for i in reversed(run_of))])
    if not x:
        return []
    return [
        go.Scatter(
            x=x,
            y=y,
            fill="toself",
            mode="lines",
            line={"width": 1, "color": style.faded(colour, 0.18)},
            fillcolor=style.faded(colour, 0.12),
            legendgroup=text.plain(term),
            hoverinfo="skip",
            showlegend=False,
        )
    ]


def _lines(rows: pd.DataFrame, colour: str, symbol: str, term: object, lang: str) -> list[go.Scatter]:
    """Return the line of whole buckets, for partial ones dashes and hollow markers, and the hover points of all.

    The hover points are one unseen trace: with two, a phone's hover box would list a term once for each, and the
    nearest point of the other trace with it.
    """
    name = text.plain(term, limit=24)
    day, share, whole = text.days(rows["bucket"]), text.percents(rows["share"]), rows["whole"].tolist()
    common = {"name": name, "legendgroup": text.plain(term), "connectgaps": False}
    unseen = {"showlegend": False, "hoverinfo": "skip"}
    traces = [
        go.Scatter(
            x=day,
            y=[value if is_whole else None for value, is_whole in zip(share, whole, strict=True)],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"color": colour, "symbol": symbol, "size": 5},
            hoverinfo="skip",
            **common,
        )
    ]
    partial = [i for i, is_whole in enumerate(whole) if not is_whole and share[i] is not None]
    if partial:
        dashed = [i for i in range(len(rows) - 1) if not (whole[i] and whole[i + 1])]
        traces.append(
            go.Scatter(
                x=_pairs(day, dashed),
                y=_pairs(share, dashed),
                mode="lines",
                line={"color": colour, "width": 2, "dash": "dot"},
                **unseen,
                **common,
            )
        )
        hollow = {"color": colour, "symbol": f"{symbol}-open", "size": 8, "line": {"width": 1.5, "color": colour}}
        traces.append(
            go.Scatter(
                x=[day[i] for i in partial],
                y=[share[i] for i in partial],
                mode="markers",
                marker=hollow,
                **unseen,
                **common,
            )
        )
    traces.append(
        go.Scatter(
            x=day,
            y=share,
            mode="markers",
            marker={"color": colour, "opacity": 0},
            showlegend=False,
            hovertext=[_trend_hover(row, name, lang) for row in text.rows(rows)],
            hovertemplate="%{hovertext}<extra></extra>",
            **common,
        )
    )
    return traces


def _pairs(values: Sequence[Any], starts: Sequence[int]) -> list[Any]:
    """Return the values at each start and behind it, parted by None: one line piece each."""
    return [value for i in starts for value in (values[i], values[i + 1], None)]


def _trend_hover(row: Any, name: str, lang: str) -> str:
    hover = label(
        lang,
        "term.trend_hover",
        name=name,
        share=text.percent(row.share),
        interval=text.interval(row.low, row.high),
        n=text.number(row.questions),
        total=text.number(row.total),
    )
    return hover if row.whole else f"{hover} {label(lang, 'term.partial_short')}"
