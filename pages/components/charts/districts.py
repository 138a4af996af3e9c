"""Where the matters lie that citizens write about."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.components.charts import style, text
from pages.components.charts.labels import label


def district_bars(volume: pd.DataFrame, lang: str) -> go.Figure:
    """Draw questions by the district they name, most first; ``customdata`` is the district code.

    Parameters
    ----------
    volume : DataFrame, DISTRICT_VOLUME
    lang : "ko" or "en"
    """
    codes = text.keys(volume["district"])
    names = style.name_in(lang, volume["name_ko"].tolist(), volume["name_en"].tolist(), codes)
    row_names = [text.wrapped(name, lines=1) for name in names]
    questions = [int(count) for count in volume["questions"]]
    hovers = [
        label(
            lang,
            "district.hover",
            name=text.plain(name),
            n=text.number(row.questions),
            share=text.percent(row.share),
            interval=text.interval(row.low, row.high),
            named=text.number(row.named),
            authors=text.number(row.authors),
        )
        for name, row in zip(names, text.rows(volume), strict=True)
    ]
    bars = go.Bar(
        x=questions,
        y=codes,
        orientation="h",
        customdata=codes,
        marker={"color": style.PALETTE[0], "line": {"width": 0}},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = [
        label(lang, "district.end", n=text.number(row.questions), share=text.percent(row.share))
        for row in text.rows(volume)
    ]
    return style.figure(
        [bars, style.end_labels(codes, questions, ends, customdata=codes)],
        style.rows_height(row_names, row_px=26),
        legend=False,
        bargap=0.3,
        xaxis=style.share_axis(label(lang, "axis.questions"), questions, room=1.45, nticks=4),
        yaxis=style.row_axis(label(lang, "axis.district"), codes, row_names),
    )
