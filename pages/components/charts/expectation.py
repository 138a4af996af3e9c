"""What was to be expected beside what came: the band in a chart of volume, and the steps from one to the other."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components import readings
from pages.components.charts import style, text
from pages.components.charts.labels import label
from pages.components.text import word

ALL = "all"
MAX_ISSUES = 6  # further steps are shorter than their labels
_ROOM = 0.05  # of what is expected, on either side of the steps
_BAND = style.faded(style.PALETTE[3], 0.16)
_MORE, _LESS = style.PALETTE[1], style.PALETTE[0]
_STEPS = {
    ("more", True): "expectation.more",
    ("less", True): "expectation.less",
    ("more", False): "expectation.more_by_chance",
    ("less", False): "expectation.less_by_chance",
}
_MARK = style.PALETTE[5]


def band(expectation: pd.DataFrame, lang: str) -> list[go.Scatter]:
    """Return the band that holds 95 % of days or weeks, the expected number in it, and marks of what lies outside.

    Parameters
    ----------
    expectation : DataFrame, VOLUME_EXPECTATION
    lang : "ko" or "en"
    """
    if expectation.empty:
        return []
    x = text.days(expectation["day"])
    quiet: dict[str, Any] = {"x": x, "mode": "lines", "hoverinfo": "skip", "connectgaps": False}
    edge = {"width": 0}
    traces = [
        go.Scatter(y=_numbers(expectation["expected_low"]), line=edge, showlegend=False, **quiet),
        go.Scatter(
            y=_numbers(expectation["expected_high"]),
            line=edge,
            fill="tonexty",
            fillcolor=_BAND,
            name=label(lang, "expectation.band"),
            **quiet,
        ),
        go.Scatter(
            x=x,
            y=_numbers(expectation["expected"]),
            mode="lines",
            connectgaps=False,
            line={"color": style.PALETTE[3], "width": 1.5, "dash": "dot"},
            name=label(lang, "expectation.expected"),
            hovertext=[_hover(row, lang) for row in text.rows(expectation)],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
    ]
    outside = readings.outside(expectation)
    if len(outside):
        traces.append(
            go.Scatter(
                x=text.days(outside["day"]),
                y=outside["questions"].tolist(),
                mode="markers",
                marker={"symbol": "diamond", "size": 8, "color": _MARK, "line": {"width": 1, "color": "#ffffff"}},
                name=label(lang, "expectation.outside"),
                hoverinfo="skip",
            )
        )
    return traces


def week_steps(issues: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the steps from the questions expected of a week to those that came, one for each matter.

    Steps within the band of their matter are pale. What the matters leave, and the smaller ones, are the last step.

    Parameters
    ----------
    issues : DataFrame, EXPECTED_BY_ISSUE
    lang : "ko" or "en"
    """
    everything = issues[issues["issue"] == ALL]
    steps = _steps(issues, lang) if len(everything) else []
    keys = [step["key"] for step in steps]
    names = [text.wrapped(step["name"]) for step in steps]
    traces: list[Any] = []
    for kind, colour in (("more", _MORE), ("less", _LESS)):
        for is_clear in (True, False):
            own = [step for step in steps if step["kind"] == kind and step["is_clear"] == is_clear]
            if own:
                traces.append(_bars(own, kind, is_clear, colour, lang))
    for kind in ("expected", "actual"):
        traces += [_point(step, lang) for step in steps if step["kind"] == kind]
    if steps:
        traces.append(
            style.end_labels(
                keys,
                [max(step["from"], step["to"]) for step in steps],
                [step["end"] for step in steps],
            )
        )
    edges = [step[end] for step in steps for end in ("from", "to")]
    # Room for the labels, and so much that a difference of one in a hundred does not fill the picture.
    room = max((max(edges) - min(edges)) * 0.25, _ROOM * steps[0]["to"], 1) if edges else 0
    shown = [max(0, min(edges) - room), max(edges) + 1.5 * room] if edges else [0, 1]
    return style.figure(
        traces,
        style.rows_height(names) + 40,
        barmode="overlay",
        bargap=0.35,
        xaxis=style.value_axis(label(lang, "axis.questions"), range=shown, rangemode="normal", nticks=5),
        yaxis=style.row_axis(label(lang, "axis.issue"), keys, names),
    )


def _steps(issues: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    whole = issues[issues["issue"] == ALL].iloc[0]
    said = issues[(issues["issue"] != ALL) & issues["expected"].notna()].head(MAX_ISSUES)
    start = {
        "key": "expected", "kind": "expected", "is_clear": True, "name": label(lang, "expectation.expected"),
        "from": whole["expected"], "to": whole["expected"],

        "end": f"  {text.number(round(whole['expected']))}",
        "hover": label(lang, "expectation.week_hover", expected=text.number(round(whole["expected"])),
                       low=text.number(whole["expected_low"]), high=text.number(whole["expected_high"])),
    }  # fmt: skip
    steps = [start]
    at = float(whole["expected"])
    for row in text.rows(said):
        change = row.questions - row.expected
        hover = label(
            lang,
            "expectation.step_hover",
            name=text.plain(word("standing_issue", row.issue, lang)),
            n=text.number(row.questions),
            expected=text.number(round(row.expected)),
            low=text.number(row.expected_low),
            high=text.number(row.expected_high),
        )
        name = word("standing_issue", row.issue, lang)
        is_clear = not row.expected_low <= row.questions <= row.expected_high
        steps.append(_step(f"issue {text.plain(row.issue)}", name, at, change, hover, is_clear))
        at += change
    rest = float(whole["questions"]) - at
    rest_hover = label(lang, "expectation.rest_hover", change=f"{rest:+,.0f}")
    steps.append(_step("rest", label(lang, "expectation.rest"), at, rest, rest_hover, False))
    n = text.number(whole["questions"])
    return [
        *steps,
        {
            "key": "actual", "kind": "actual", "is_clear": True, "name": label(lang, "expectation.actual"),
            "from": whole["questions"], "to": whole["questions"], "end": f"  {n}",
            "hover": label(lang, "expectation.actual_hover", n=n),
        },
    ]  # fmt: skip


def _step(key: str, name: str, start: float, change: float, hover: str, is_clear: bool) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "more" if change >= 0 else "less",
        "is_clear": is_clear,
        "name": name,
        "from": start,
        "to": start + change,
        "end": f"{change:+,.0f}",
        "hover": hover,
    }


def _bars(steps: list[dict[str, Any]], kind: str, is_clear: bool, colour: str, lang: str) -> go.Bar:
    return go.Bar(
        x=[step["to"] - step["from"] for step in steps],
        base=[step["from"] for step in steps],
        y=[step["key"] for step in steps],
        orientation="h",
        name=label(lang, _STEPS[kind, is_clear]),
        marker={"color": colour if is_clear else style.faded(colour, 0.35), "line": {"width": 0}},
        hovertext=[step["hover"] for step in steps],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _point(step: dict[str, Any], lang: str) -> go.Scatter:
    return go.Scatter(
        x=[step["to"]],
        y=[step["key"]],
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": style.PALETTE[3] if step["kind"] == "expected" else _MARK},
        showlegend=False,
        hovertext=[step["hover"]],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(row: Any, lang: str) -> str:
    if row.expected != row.expected:
        return label(lang, "expectation.nothing")
    parts = {
        "expected": text.number(round(row.expected)),
        "low": text.number(row.expected_low),
        "high": text.number(row.expected_high),
    }
    if not row.comparable or row.expected <= 0:
        return label(lang, "expectation.hover", **parts)
    return label(lang, "expectation.hover_ratio", ratio=f"{row.questions / row.expected:.1f}", **parts)


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if value != value else float(value) for value in values]
