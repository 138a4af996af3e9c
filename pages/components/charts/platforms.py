"""Where the posts come from."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.coverage import with_strip
from pages.components.charts.labels import label


def platform_share(
    weeks: pd.DataFrame, totals: pd.DataFrame, lang: str, coverage: pd.DataFrame | None = None
) -> go.Figure:
    """Draw each platform's share of the week's posts as bars that stack to 100 %.

    Partial weeks are lighter and hatched; a week without posts is a gap.

    Parameters
    ----------
    weeks : DataFrame, PLATFORM_WEEKS
    totals : DataFrame, PLATFORM_TOTALS
        Gives the names and the order, largest platform first.
    lang : "ko" or "en"
    coverage : DataFrame, COVERAGE of the same period: the strip under the series
    """
    platforms = _platforms(totals, lang)
    axis = style.value_axis(label(lang, "axis.share_of_week"), range=[0, 100])
    figure = _stacked_weeks(weeks, platforms, axis, lang)
    return figure if coverage is None else with_strip(figure, coverage, lang, weekly=True)


def platform_small(weeks: pd.DataFrame, totals: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the same shares without the largest platform, on an axis of their own.

    Beside a platform of over 90 % the others are a line of one pixel.

    Parameters
    ----------
    weeks : DataFrame, PLATFORM_WEEKS
    totals : DataFrame, PLATFORM_TOTALS
    lang : "ko" or "en"
    """
    platforms = _platforms(totals, lang)
    largest = next(iter(platforms), None)
    name = platforms[largest] if largest is not None else label(lang, "none")
    axis = style.value_axis(label(lang, "axis.share_of_week_without", name=name))
    return _stacked_weeks(weeks, {key: value for key, value in platforms.items() if key != largest}, axis, lang)


def platform_totals(totals: pd.DataFrame, lang: str) -> go.Figure:
    """Draw each platform's share of all posts with its 95 % interval.

    Parameters
    ----------
    totals : DataFrame, PLATFORM_TOTALS
    lang : "ko" or "en"
    """
    ranked = totals.sort_values("posts", ascending=False, kind="stable")
    names = _platforms(totals, lang)
    keys = text.keys(ranked["platform"])
    row_names = [text.wrapped(names[key]) for key in keys]
    hovers = [
        label(
            lang,
            "platform.total_hover",
            name=names[key],
            n=text.number(row.posts),
            share=text.percent(row.share),
            interval=text.interval(row.low, row.high),
            total=text.count_or_dash(text.total_of(row.posts, row.share)),
            connected=text.number(row.connected),
            pending=text.number(row.pending),
        )
        for key, row in zip(keys, text.rows(ranked), strict=True)
    ]
    bars = go.Bar(
        x=text.percents(ranked["share"]),
        y=keys,
        orientation="h",
        customdata=keys,
        marker={"color": [style.platform_colour(key) for key in keys], "line": {"width": 0}},
        error_x=style.error_bars(ranked["share"], ranked["low"], ranked["high"]),
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    highs = text.percents(ranked["high"])
    ends = style.end_labels(keys, [high or 0 for high in highs], [text.percent(share) for share in ranked["share"]])
    return style.figure(
        [bars, ends],
        style.rows_height(row_names),
        legend=False,
        bargap=0.35,
        xaxis=style.share_axis(label(lang, "axis.share_of_posts"), highs, nticks=5),
        yaxis=style.row_axis(label(lang, "axis.platform"), keys, row_names),
    )


def _platforms(totals: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return id -> printable name, largest platform first."""
    ranked = totals.sort_values("posts", ascending=False, kind="stable")
    keys = text.keys(ranked["platform"])
    names = style.name_in(lang, ranked["name_ko"].tolist(), ranked["name_en"].tolist(), keys)
    return {key: text.plain(name, limit=24) for key, name in zip(keys, names, strict=True)}


def _stacked_weeks(weeks: pd.DataFrame, platforms: dict[str, str], axis: dict[str, object], lang: str) -> go.Figure:
    weeks = weeks.assign(platform=text.keys(weeks["platform"]))
    posts = weeks.pivot_table(index="week", columns="platform", values="posts", aggfunc="sum", observed=True)
    shares = weeks.pivot_table(index="week", columns="platform", values="share", aggfunc="sum", observed=True)
    shares = shares.reindex(index=posts.index)
    totals = posts.sum(axis=1)
    whole = weeks.groupby("week")["whole"].all().reindex(posts.index).astype(bool)
    x = text.days(posts.index.to_series())
    empty = [not total for total in totals]
    partial = [not is_whole for is_whole in whole]
    traces: list[go.Bar] = []
    # A platform with accounts but no post in the whole period would be a name in the legend and nothing else.
    for key, name in ((key, name) for key, name in platforms.items() if key in posts and posts[key].sum()):
        # A week that has posts but none of this platform has 0 of it; a week without any has no share.
        count = posts[key].fillna(0)
        share = shares[key].fillna(0)
        y = [None if none else value * 100 for none, value in zip(empty, share, strict=True)]
        hovers = [
            _week_hover(name, value, n, total, is_partial, lang)
            for value, n, total, is_partial in zip(text.shares_of(count, totals), count, totals, partial, strict=True)
        ]
        traces += style.week_bars(x, y, partial, name=name, colour=style.platform_colour(key), hovers=hovers)
    if any(partial) and traces:
        traces.append(style.partial_swatch(lang))
    return style.figure(
        traces,
        style.TIME_HEIGHT,
        barmode="stack",
        hovermode="x unified",
        xaxis=style.date_axis(lang, label(lang, "axis.week"), x, label(lang, "volume.week_title")),
        yaxis=axis,
    )


def _week_hover(name: str, share: str, count: float, total: float, is_partial: bool, lang: str) -> str:
    hover = label(
        lang,
        "platform.week_hover",
        name=name,
        share=share,
        n=text.number(count),
        total=text.number(total),
    )
    return f"{hover} · {label(lang, 'platform.partial')}" if is_partial else hover
