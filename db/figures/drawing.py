"""A frozen figure as SVG: no browser, no date, no random ids; the same figure gives the same bytes.

Letters are outlines of the bundled font, so that Hangul looks the same wherever the file is opened.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure as Picture

from db.figures.figure import BARS, LINES, NUMBER, Drawing
from db.figures.record import Frozen, figure_named

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "Pretendard-Bold.otf"
WIDTH, HEIGHT, HEIGHT_PER_BAR = 9.0, 5.0, 0.26  # inches
MAX_BARS, MAX_LINES, MAX_LABEL = 60, 10, 36  # what is beyond is in the CSV, and the picture says so
INK, PALE = "#1f2933", "#6b7785"
# Okabe and Ito: told apart by readers who see colours differently.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8f98")
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "minwon-window",  # ids of clip paths, else random
    "svg.fonttype": "path",
    "text.parse_math": False,  # a word may hold a dollar sign
    "axes.unicode_minus": False,
    **dict.fromkeys(
        ("font.weight", "axes.titleweight", "axes.labelweight", "figure.labelweight"), 700
    ),  # the font's only one
}
_ONE_AT_A_TIME = Lock()  # the settings are the process's, and matplotlib is not made for threads


def svg(frozen: Frozen) -> bytes:
    """Return the figure as SVG, title and units in both languages.

    Raises
    ------
    UnknownFigure
        This version of the code does not know how it is drawn.
    """
    row = figure_named(frozen.figure)
    with _ONE_AT_A_TIME, matplotlib.rc_context(_SETTINGS):
        font_manager.fontManager.addfont(str(FONT))
        matplotlib.rcParams["font.family"] = font_manager.FontProperties(fname=str(FONT)).get_name()
        picture = Picture(figsize=(WIDTH, _height(frozen, row.drawing)), layout="constrained")
        axes = picture.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK, labelsize=8)
        axes.set_title(f"{row.title_ko} / {row.title_en}", loc="left", fontsize=12, color=INK)
        _DRAW[row.drawing.kind](axes, frozen, row.drawing)
        picture.supxlabel(_source(frozen), x=0.01, ha="left", fontsize=7, color=PALE)
        file = io.BytesIO()
        picture.savefig(file, format="svg", metadata={"Date": None, "Creator": "Minwon Window"})
    return file.getvalue()


def _source(frozen: Frozen) -> str:
    where = frozen.query.where
    period = f"{where.start.isoformat()} – {where.end.isoformat()}"
    invented = " · 가상 데이터 / synthetic data" if where.synthetic else ""
    shown = [*where.departments, *where.platforms, *where.classes]
    narrowed = f" · {', '.join(shown)}" if shown else ""
    return _short(f"민원창 Minwon Window · {period}{narrowed}{invented} · SHA-256 {frozen.id[:16]}…", 150)


def _height(frozen: Frozen, drawing: Drawing) -> float:
    return max(HEIGHT, 1.4 + HEIGHT_PER_BAR * min(len(frozen.rows), MAX_BARS)) if drawing.kind == BARS else HEIGHT


def _bars(axes: Axes, frozen: Frozen, drawing: Drawing) -> None:
    [measure] = drawing.measures
    rows = _named(frozen, drawing, measure)
    shown = rows[:MAX_BARS]
    places = range(len(shown))
    values = [row[measure] for _, row in shown]
    axes.barh(places, values, color=COLOURS[0], height=0.7)
    if drawing.interval:
        low, high = drawing.interval
        for place, (_, row) in zip(places, shown, strict=True):
            if row.get(low) is not None and row.get(high) is not None:
                axes.plot([row[low], row[high]], [place, place], color=INK, linewidth=1)
    axes.set_yticks(list(places), [name for name, _ in shown])
    axes.invert_yaxis()
    if any(drawing.along_unit):
        axes.set_ylabel(_both(drawing.along_unit), fontsize=9, color=INK)
    axes.set_xlabel(_both(drawing.unit) + _left_out(len(rows) - len(shown)), fontsize=9, color=INK)


def _lines(axes: Axes, frozen: Frozen, drawing: Drawing) -> None:
    lines = _by_line(frozen, drawing)
    for (name, points), colour in zip(list(lines.items())[:MAX_LINES], COLOURS * 2, strict=False):
        along = [place for place, *_ in points]
        marker = "o" if len(points) < 3 else None
        axes.plot(along, [value for _, value, *_ in points], color=colour, linewidth=1.5, label=name, marker=marker)
        if drawing.interval:
            low, high = ([point[end] for point in points] for end in (2, 3))
            axes.fill_between(along, low, high, color=colour, alpha=0.15, linewidth=0)
    if drawing.is_logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda hours, _: f"{hours:g}")
    elif drawing.along != "hours":
        axes.xaxis.set_major_locator(AutoDateLocator(maxticks=8))
        axes.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))
    axes.set_ylim(bottom=0)
    axes.set_xlabel(_both(drawing.along_unit) + _left_out(len(lines) - MAX_LINES), fontsize=9, color=INK)
    axes.set_ylabel(_both(drawing.unit), fontsize=9, color=INK)
    axes.legend(fontsize=8, frameon=False)


def _number(axes: Axes, frozen: Frozen, drawing: Drawing) -> None:
    row = dict(zip([name for name, _, _ in frozen.columns], frozen.rows[0], strict=True))
    low, high = row["low"], row["high"]
    known = [value for value in (low, row["value"], high) if value is not None]
    if low is not None and high is not None:
        axes.plot([low, high], [0, 0], color=COLOURS[0], linewidth=3)
    if row["value"] is not None:
        axes.plot([row["value"]], [0], marker="o", markersize=10, color=COLOURS[0])
    if known:
        axes.set_xlim(0, max(max(known) * 1.2, 1e-9))
    axes.set_yticks([])
    shown = "–" if row["value"] is None else f"{row['value']:.6g}"
    interval = f" [{low:.6g}, {high:.6g}]" if low is not None and high is not None else ""
    axes.text(0.02, 0.8, f"{shown}{interval}   n={row['n']:,}", transform=axes.transAxes, fontsize=16, color=INK)
    axes.set_xlabel(_both(drawing.unit), fontsize=9, color=INK)


_DRAW: dict[str, Callable[[Axes, Frozen, Drawing], None]] = {LINES: _lines, BARS: _bars, NUMBER: _number}


def _rows(frozen: Frozen) -> list[dict[str, Any]]:
    names = [name for name, _, _ in frozen.columns]
    return [dict(zip(names, row, strict=True)) for row in frozen.rows]


def _name(row: dict[str, Any], drawing: Drawing) -> str:
    values = [row[name] for name in drawing.names if row[name] not in (None, "")]
    if any(isinstance(value, float) for value in values):  # both ends of an interval
        return "–".join("∞" if value == "inf" else f"{value:g}" for value in values)
    parts = [_both(drawing.words[value]) if value in drawing.words else str(value) for value in values]
    return _short(" / ".join(dict.fromkeys(parts)))


def _named(frozen: Frozen, drawing: Drawing, measure: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows by the name of their bar; those of one name are added up, and what has no value is left out."""
    found: dict[str, dict[str, Any]] = {}
    for row in _rows(frozen):
        value = row[measure]
        if value is None:
            continue
        name = _name(row, drawing)
        if name in found:
            found[name][measure] += value
        else:
            found[name] = row
    return list(found.items())


def _by_line(frozen: Frozen, drawing: Drawing) -> dict[str, list[tuple[Any, ...]]]:
    """Return the points of each line: place, value, low and high, NaN where there is a gap."""
    lines: dict[str, dict[Any, list[float]]] = {}
    for row in _rows(frozen):
        place = _place(row[drawing.along])
        is_gap = drawing.drawn_if is not None and not row[drawing.drawn_if]
        for measure, words in drawing.measures.items():
            name = _name(row, drawing) if drawing.names else _both(words)
            ends = [row[end] for end in drawing.interval] if drawing.interval else []
            values = [math.nan if is_gap or value is None else float(value) for value in (row[measure], *ends)]
            points = lines.setdefault(name, {})
            # Rows of one line and place, such as the reasons of a class, are counts that add up.
            points[place] = (
                [old + new for old, new in zip(points[place], values, strict=True)] if place in points else values
            )
    if drawing.is_zero_unsaid:
        places = _without_gaps({place for points in lines.values() for place in points})
        lines = {name: {place: points.get(place, [0.0]) for place in places} for name, points in lines.items()}
    return {name: [(place, *values) for place, values in points.items()] for name, points in lines.items()}


def _without_gaps(days: set[dt.date]) -> list[dt.date]:
    """Return the days from the first to the last, as far apart as the nearest two: days, weeks or quarters."""
    ordered = sorted(days)
    step = min((later - earlier for earlier, later in pairwise(ordered)), default=dt.timedelta(days=1))
    return [ordered[0] + number * step for number in range((ordered[-1] - ordered[0]) // step + 1)] if ordered else []


def _place(written: Any) -> Any:
    return dt.date.fromisoformat(written) if isinstance(written, str) else written


def _both(words: tuple[str, str]) -> str:
    korean, english = words
    return korean if korean == english else f"{korean} / {english}"


def _short(text: str, limit: int = MAX_LABEL) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _left_out(more: int) -> str:
    return f" · CSV: +{more}" if more > 0 else ""
