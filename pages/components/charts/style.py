"""What all figures share: colours, layout, axes, the Korean locale."""

from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.components.charts.labels import label

# The chart colours of .streamlit/config.toml (light); each has at least 4.5:1 on white.
PALETTE = ("#0b5cad", "#c2410c", "#047857", "#7c3aed", "#b45309", "#be123c", "#0e7490", "#4d7c0f")
MUTED = "#8b95a1"  # what is no category of its own; legible on white and on the dark background
GRID = "rgba(139,149,161,0.25)"

PLATFORM_COLOURS = {
    "x": "#0b5cad",
    "facebook": "#c2410c",
    "me2day": "#047857",
    "blog": "#7c3aed",
    "youtube": "#be123c",
    "threads": "#4d7c0f",
    "instagram": "#b45309",
    "mastodon": "#0e7490",
    # Eight colours, more platforms: these are imports of their own and seldom share a chart with the ones above.
    "seoul_suggestions": "#0e7490",
    "petitions": "#b45309",
    "minwon": "#4d7c0f",
    "naver": "#047857",
    "kakao": "#7c3aed",
    "file": MUTED,
}
CLASS_COLOURS = {
    "question": "#0b5cad",
    "opinion": "#0e7490",
    "praise": "#047857",
    "ad": "#b45309",
    "spam": "#be123c",
    "political": "#7c3aed",
    "duplicate": "#4d7c0f",
    "repost": "#c2410c",
    "other": MUTED,
}
PARTIAL_PATTERN = "/"

ROW_PX = 28  # one line of a name
TALL_ROW_PX = 36  # two lines of a wrapped name
FRAME_PX = 96  # axis, its title and one row of legend
TIME_HEIGHT = 340
WEEK_BAR_MS = 6 * 86_400_000  # of the seven days between two bars

_KO_LOCALE = {
    "moduleType": "locale",
    "name": "ko",
    "dictionary": {
        "Download plot": "그림 내려받기",
        "Download plot as a PNG": "그림으로 내려받기(PNG)",
        "Sorry, there was a problem downloading your image!": "그림을 내려받지 못했습니다.",
    },
    "format": {
        "days": ["일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"],
        "shortDays": ["일", "월", "화", "수", "목", "금", "토"],
        "months": [f"{month}월" for month in range(1, 13)],
        "shortMonths": [f"{month}월" for month in range(1, 13)],
        "date": "%Y-%m-%d",
        "periods": ["오전", "오후"],
        "dateTime": "%Y-%m-%d %H:%M",
        "year": "%Y년",
        "month": "%Y년 %b",
        "dayMonth": "%b %-d일",
        "dayMonthYear": "%Y년 %b %-d일",
    },
}
MAX_DATE_TICKS = 4  # names of days that stand side by side on a phone


_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def locale_config(lang: str) -> dict[str, Any]:
    """Return the ``config`` of st.plotly_chart: locale, a mode bar with the PNG button alone, responsive."""
    config: dict[str, Any] = {
        "responsive": True,
        "displaylogo": False,
        "scrollZoom": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": "minwon-window", "scale": 2},
    }
    if lang == "ko":
        config |= {"locale": "ko", "locales": {"ko": _KO_LOCALE}}
    return config


LOCALE_CONFIG = locale_config


def platform_colour(platform: str) -> str:
    """Return the colour of a platform, the same on every page; unknown ones get one by their name."""
    return PLATFORM_COLOURS.get(platform) or PALETTE[zlib.crc32(platform.encode()) % len(PALETTE)]


def faded(colour: str, alpha: float) -> str:
    """Return ``#rrggbb`` as rgba with ``alpha``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def figure(traces: Sequence[Any], height: int, *, legend: bool = True, **layout: Any) -> go.Figure:
    """Return a figure of the house: transparent, no title, legend on top, nothing to drag."""
    fig = go.Figure(data=list(traces))
    fig.update_layout(
        height=height,
        autosize=True,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 4, "r": 12, "t": 8, "b": 4, "pad": 2},
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        # A drag over a figure must scroll the page on a phone.
        dragmode=False,
        hoverlabel={"align": "left", "namelength": -1},
        separators=".,",
    )
    fig.update_layout(**layout)
    return fig


def value_axis(title: str, **more: Any) -> dict[str, Any]:
    """Return an axis of numbers that starts at 0; ``title`` ends with the unit."""
    axis = {
        "title": {"text": title, "standoff": 8},
        "rangemode": "tozero",
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "nticks": 6,
        "tickformat": ",~r" if "%" in title else ",d",
    }
    return axis | more


def date_axis(lang: str, title: str, buckets: Sequence[str], hover_title: str) -> dict[str, Any]:
    """Return a date axis that names up to MAX_DATE_TICKS of ``buckets`` (ISO days) in the language's form.

    Own ticks, because plotly's stand on Sundays where our weeks begin on Mondays, and become hours on short spans.
    """
    shown = list(buckets[:: max(1, math.ceil(len(buckets) / MAX_DATE_TICKS))])
    years = [None, *(day[:4] for day in shown)]
    names = [
        label(lang, "date.day_year" if day[:4] != year_before else "date.day", **_date_parts(day))
        for day, year_before in zip(shown, years, strict=False)
    ]
    return {
        "type": "date",
        "title": {"text": title, "standoff": 8},
        "showgrid": False,
        "fixedrange": True,
        "automargin": True,
        "hoverformat": hover_title,
        "tickmode": "array",
        "tickvals": shown,
        "ticktext": names,
        "tickangle": 0,
    }


def _date_parts(day: str) -> dict[str, object]:
    date = dt.date.fromisoformat(day)
    return {"year": date.year, "month": date.month, "month_name": _MONTHS_EN[date.month - 1], "day": date.day}


def row_axis(title: str, keys: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the axis of horizontal rows, first key on top; ``keys`` are distinct, ``names`` need not be."""
    return {
        "type": "category",
        "title": {"text": title, "standoff": 6},
        "categoryorder": "array",
        "categoryarray": list(keys),
        "tickmode": "array",
        "tickvals": list(keys),
        "ticktext": list(names),
        # Half a row of air at both ends; reversed, because plotly counts categories upwards.
        "range": [max(len(keys), 1) - 0.5, -0.5],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def rows_height(names: Sequence[str], row_px: int = ROW_PX) -> int:
    """Return the height in px of a figure with a horizontal row for each of ``names``."""
    if any("<br>" in name for name in names):
        row_px = TALL_ROW_PX
    return FRAME_PX + row_px * max(len(names), 3)


def end_labels(keys: Sequence[str], values: Sequence[float], texts: Sequence[str], **more: Any) -> go.Scatter:
    """Return the texts behind the ends of horizontal bars."""
    return go.Scatter(
        x=list(values),
        y=list(keys),
        text=[f" {text}" for text in texts],
        mode="text",
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
        **more,
    )


def name_in(lang: str, names_ko: Sequence[object], names_en: Sequence[object], codes: Sequence[object]) -> list[object]:
    """Return the names in ``lang``; a missing one falls back to the other language, then to the code."""
    first, second = (names_ko, names_en) if lang == "ko" else (names_en, names_ko)
    return [a if _given(a) else b if _given(b) else code for a, b, code in zip(first, second, codes, strict=True)]


def _given(name: object) -> bool:
    return isinstance(name, str) and bool(name.strip())


def week_bars(
    x: Sequence[str],
    y: Sequence[float | None],
    partial: Sequence[bool],
    *,
    name: str,
    colour: str,
    hovers: Sequence[str],
    width_ms: int | None = WEEK_BAR_MS,
) -> list[go.Bar]:
    """Return upright bars of ``name``; partial ones are hatched and a trace of their own, if there are any.

    Two traces, because a legend shows the first bar's pattern as if it were everyone's.
    """
    common: dict[str, Any] = {
        "x": list(x),
        "name": name,
        "width": width_ms,
        "hovertext": list(hovers),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    whole_y = [None if is_partial else value for value, is_partial in zip(y, partial, strict=True)]
    bars = [go.Bar(y=whole_y, marker={"color": colour, "line": {"width": 0}}, **common)]
    if any(partial):
        partial_y = [value if is_partial else None for value, is_partial in zip(y, partial, strict=True)]
        hatched = {"color": colour, "pattern": {"shape": PARTIAL_PATTERN, "solidity": 0.4}, "line": {"width": 0}}
        bars.append(go.Bar(y=partial_y, marker=hatched, showlegend=False, **common))
    return bars


def partial_swatch(lang: str, key: str = "platform.partial") -> go.Bar:
    """Return an empty trace whose legend entry, the label ``key``, explains the hatching."""
    return go.Bar(
        x=[None],
        y=[None],
        name=label(lang, key),
        marker={"color": MUTED, "pattern": {"shape": PARTIAL_PATTERN}},
        hoverinfo="skip",
    )


def share_axis(title: str, tops: Sequence[float | None], *, room: float = 1.25, **more: Any) -> dict[str, Any]:
    """Return an axis of percentages up to the highest of ``tops``, with room for the texts behind the bars."""
    highest = max((top for top in tops if top is not None), default=0) or 1
    return value_axis(title, range=[0, highest * room], **more)


def error_bars(
    shares: Iterable[float], lows: Iterable[float], highs: Iterable[float], colour: str = MUTED
) -> dict[str, Any]:
    """Return the interval around horizontal points in percent; NaN draws none."""
    rows = list(zip(shares, lows, highs, strict=True))
    return {
        "type": "data",
        "symmetric": False,
        "array": [None if high != high or share != share else max(0.0, high - share) * 100 for share, _, high in rows],
        "arrayminus": [None if low != low or share != share else max(0.0, share - low) * 100 for share, low, _ in rows],
        "color": colour,
        "thickness": 1.5,
        "width": 3,
    }
