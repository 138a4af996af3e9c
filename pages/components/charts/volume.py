"""How many posts there were when, and what they were."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from db.records import DAYS_DRAWN_AS_DAYS, HIDDEN_CLASSES, POST_CLASSES
from pages.components.charts import style, text
from pages.components.charts.coverage import with_strip
from pages.components.charts.expectation import band
from pages.components.charts.labels import label


def volume(
    daily: pd.DataFrame, lang: str, expectation: pd.DataFrame | None = None, coverage: pd.DataFrame | None = None
) -> go.Figure:
    """Draw citizens' questions and other posts as stacked bars and the city's answers as a line.

    Days outside the data are gaps. Beyond DAYS_DRAWN_AS_DAYS days the bars are weeks from Monday. A day that was not over,
    and a week with fewer than seven whole days, is hatched and its point on the line hollow.

    Parameters
    ----------
    daily : DataFrame, POSTS_BY_DAY, perhaps with a column ``whole`` of days that were over
    lang : "ko" or "en"
    expectation : DataFrame, VOLUME_EXPECTATION of the same period: the band of the questions, which are the lowest bars
    coverage : DataFrame, COVERAGE of the same period: the strip under the series
    """
    weekly = len(daily) > DAYS_DRAWN_AS_DAYS
    daily = daily.assign(days=(daily["whole"] if "whole" in daily else daily["in_data"]).astype("int64"))
    buckets = _by_week(daily) if weekly else daily
    in_data = buckets["in_data"].tolist()
    partial = [
        bool(inside) and days < (7 if weekly else 1) for inside, days in zip(in_data, buckets["days"], strict=True)
    ]
    x = text.days(buckets["day"])

    def drawn(values: pd.Series) -> list[int | None]:
        return [int(value) if inside else None for value, inside in zip(values, in_data, strict=True)]

    others = buckets["posts"] - buckets["questions"]
    hovers: dict[str, list[str]] = {"questions": [], "others": [], "answers": []}
    for row, is_partial in zip(text.rows(buckets), partial, strict=True):
        unfinished = label(lang, "volume.partial", days=row.days) if weekly else label(lang, "volume.partial_day")
        note = f"<br>{unfinished}" if is_partial else ""
        hovers["questions"].append(
            label(
                lang,
                "volume.questions_hover",
                n=text.number(row.questions),
                total=text.number(row.posts),
                share=text.share_of(row.questions, row.posts),
            )
        )
        hovers["others"].append(
            label(
                lang,
                "volume.others_hover",
                n=text.number(row.posts - row.questions),
                hidden=text.number(row.hidden),
            )
        )
        hovers["answers"].append(label(lang, "volume.answers_hover", n=text.number(row.answers)) + note)

    traces: list[go.Bar | go.Scatter] = []
    for name, values, colour in (
        ("questions", buckets["questions"], style.PALETTE[0]),
        ("others", others, style.faded(style.MUTED, 0.45)),
    ):
        traces += style.week_bars(
            x,
            drawn(values),
            partial,
            name=label(lang, f"volume.{name}"),
            colour=colour,
            hovers=hovers[name],
            width_ms=style.WEEK_BAR_MS if weekly else None,
        )
    # Sources such as a suggestion board carry no answers: a line along 0 would say that nobody answered.
    if buckets["answers"].sum():
        traces.append(
            go.Scatter(
                x=x,
                y=drawn(buckets["answers"]),
                name=label(lang, "volume.answers"),
                mode="lines+markers",
                connectgaps=False,
                line={"color": style.PALETTE[1], "width": 2},
                marker={
                    "color": style.PALETTE[1],
                    "size": [7 if is_partial else 4 for is_partial in partial],
                    "symbol": ["circle-open" if is_partial else "circle" for is_partial in partial],
                    "line": {"width": 1.5, "color": style.PALETTE[1]},
                },
                hovertext=hovers["answers"],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    if any(partial):
        traces.append(style.partial_swatch(lang, "platform.partial" if weekly else "volume.partial_day"))
    if expectation is not None:
        traces += band(expectation, lang)
    unit = "week" if weekly else "day"
    figure = style.figure(
        traces,
        style.TIME_HEIGHT,
        barmode="stack",
        bargap=0.15,
        hovermode="x unified",
        xaxis=style.date_axis(lang, label(lang, f"axis.{unit}"), x, label(lang, f"volume.{unit}_title")),
        yaxis=style.value_axis(label(lang, "axis.posts")),
    )
    return figure if coverage is None else with_strip(figure, coverage, lang, weekly=weekly)


def _by_week(daily: pd.DataFrame) -> pd.DataFrame:
    """Sum POSTS_BY_DAY over weeks from Monday; ``days`` counts the whole days, ``in_data`` says whether there is any."""
    monday = daily["day"] - pd.to_timedelta(daily["day"].dt.day_of_week, unit="D")
    counts = ["posts", "questions", "hidden", "answers"]
    inside = daily[counts].where(daily["in_data"], 0).assign(day=monday, days=daily["days"], in_data=daily["in_data"])
    weeks = inside.groupby("day", as_index=False).sum()
    return weeks.assign(in_data=weeks["in_data"] > 0)


def class_split(classes: pd.DataFrame, lang: str) -> go.Figure:
    """Draw each class of citizens' posts as a bar with its share; classes hidden from view are hatched.

    Parameters
    ----------
    classes : DataFrame, CLASSES
    lang : "ko" or "en"
    """
    order = {name: position for position, name in enumerate(POST_CLASSES)}
    ranked = classes.sort_values("post_class", key=lambda column: column.map(order), kind="stable")
    keys = ranked["post_class"].tolist()
    total = int(ranked["posts"].sum())
    names, hovers = [], []
    for key, posts in zip(keys, ranked["posts"], strict=True):
        hidden = key in HIDDEN_CLASSES
        name = label(lang, f"class.{key}")
        names.append(label(lang, "class.hidden", name=name) if hidden else name)
        hovers.append(
            label(
                lang,
                "class.hidden_hover" if hidden else "class.hover",
                name=name,
                n=text.number(posts),
                share=text.share_of(posts, total),
                total=text.number(total),
            )
        )
    shares = text.percents(ranked["share"])
    bars = go.Bar(
        x=shares,
        y=keys,
        orientation="h",
        customdata=keys,
        marker={
            "color": [style.CLASS_COLOURS[key] for key in keys],
            "pattern": {
                "shape": [style.PARTIAL_PATTERN if key in HIDDEN_CLASSES else "" for key in keys],
                "fgcolor": "#ffffff",
                "fillmode": "overlay",
            },
            "line": {"width": 0},
        },
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = style.end_labels(keys, [share or 0 for share in shares], [text.percent(share) for share in ranked["share"]])
    return style.figure(
        [bars, ends],
        style.rows_height(names),
        legend=False,
        bargap=0.3,
        xaxis=style.share_axis(label(lang, "axis.share_of_posts"), shares),
        yaxis=style.row_axis(label(lang, "axis.post_class"), keys, names),
    )
