"""Who has to answer, whom the citizens wrote to, and what waits where."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from db.records import AGE_BANDS, UNASSIGNED
from pages.components.charts import style, text
from pages.components.charts.labels import label

# Fewer cases than these are greyed: docs/metrics.md.
MIN_QUESTIONS = 20
MIN_ANSWERS = 5
MAX_ACCOUNTS = 20
MAX_AGE_ROWS = 15
REST = "rest"
AGE_COLOUR = style.PALETTE[5]
AGE_ALPHAS = (0.2, 0.38, 0.56, 0.78, 1.0)  # light to full: older is darker on a light page


def department_bars(volume: pd.DataFrame, lang: str) -> go.Figure:
    """Draw questions by responsible department, stacked by how the responsibility is known.

    Descending, unassigned questions last in grey; ``customdata`` is the department code.

    Parameters
    ----------
    volume : DataFrame, DEPARTMENT_VOLUME
    lang : "ko" or "en"
    """
    ranked = _unassigned_last(volume.sort_values("questions", ascending=False, kind="stable"))
    codes = text.keys(ranked["department"])
    names = _names(ranked, lang)
    row_names = [text.wrapped(name) for name in names]
    counted = ranked["by_reply"] + ranked["by_rule"] + ranked["by_receiving_account"]
    rest = (ranked["questions"] - counted).clip(lower=0)
    # What is left of a department is the classifier's; nothing else names one.
    is_nobodys = ranked["department"] == UNASSIGNED
    traces = []
    for source, counts, colour in (
        ("by_reply", ranked["by_reply"], style.PALETTE[0]),
        ("by_rule", ranked["by_rule"], style.PALETTE[6]),
        ("by_classifier", rest.mask(is_nobodys, 0), style.PALETTE[3]),
        ("by_receiving_account", ranked["by_receiving_account"], style.PALETTE[4]),
        ("unassigned", rest.where(is_nobodys, 0), style.MUTED),
    ):
        if source == "by_classifier" and not counts.any():
            continue  # it is off unless somebody trained one
        source_name = label(lang, f"department.{source}")
        hovers = [
            label(
                lang,
                "department.hover",
                name=text.plain(name),
                questions=text.number(questions),
                source=source_name,
                n=text.number(count),
                share=text.share_of(count, questions),
            )
            for name, questions, count in zip(names, ranked["questions"], counts, strict=True)
        ]
        traces.append(
            go.Bar(
                x=[int(count) for count in counts],
                y=codes,
                orientation="h",
                name=source_name,
                customdata=codes,
                marker={"color": colour, "line": {"width": 0}},
                hovertext=hovers,
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    questions = [int(count) for count in ranked["questions"]]
    traces.append(
        style.end_labels(codes, questions, [text.number(count) for count in questions], customdata=codes),
    )
    return style.figure(
        traces,
        style.rows_height(row_names),
        barmode="stack",
        bargap=0.3,
        xaxis=style.share_axis(label(lang, "axis.questions"), questions, room=1.18),
        yaxis=style.row_axis(label(lang, "axis.department"), codes, row_names),
    )


def answered_share_intervals(volume: pd.DataFrame, lang: str) -> go.Figure:
    """Draw each department's share of answered questions as a dot with its Wilson interval, by name.

    By name and not by value: this is no ranking. Departments with few cases are greyed; where no answer can
    be observed there is no dot but a note. Unassigned questions belong to no department and count only in
    the line of all questions.

    Parameters
    ----------
    volume : DataFrame, DEPARTMENT_VOLUME
    lang : "ko" or "en"
    """
    rows = volume[volume["department"] != UNASSIGNED]
    rows = rows.assign(name=[text.plain(name) for name in _names(rows, lang)])
    rows = rows.sort_values("name", key=lambda column: column.astype(str).str.casefold(), kind="stable")
    codes = text.keys(rows["department"])
    row_names = [text.wrapped(name) for name in rows["name"]]
    few = (rows["answerable"] < MIN_QUESTIONS) | (rows["answered"] < MIN_ANSWERS)
    seen = rows["answered_share"].notna()
    traces = []
    for part, name, colour, symbol in (
        (rows[seen & ~few], label(lang, "department.enough"), style.PALETTE[0], "circle"),
        (
            rows[seen & few],
            label(lang, "department.few", questions=MIN_QUESTIONS, answers=MIN_ANSWERS),
            style.MUTED,
            "circle-open",
        ),
    ):
        traces.append(
            go.Scatter(
                x=text.percents(part["answered_share"]),
                y=text.keys(part["department"]),
                mode="markers",
                name=name,
                customdata=text.keys(part["department"]),
                marker={"color": colour, "size": 9, "symbol": symbol, "line": {"width": 1.5, "color": colour}},
                error_x=style.error_bars(part["answered_share"], part["low"], part["high"], colour),
                hovertext=[_answered_hover(row, lang) for row in text.rows(part)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    unseen = text.keys(rows[~seen]["department"])
    if unseen:
        note = label(lang, "department.nothing")
        traces.append(style.end_labels(unseen, [0] * len(unseen), [note] * len(unseen)))
    traces.extend(_overall_line(volume, codes, lang))
    return style.figure(
        traces,
        style.rows_height(row_names) + 24,  # a second row of legend
        xaxis=style.value_axis(label(lang, "axis.answered_share"), range=[-2, 102]),
        yaxis=style.row_axis(label(lang, "axis.department"), codes, row_names)
        | {"showgrid": True, "gridcolor": style.GRID},
    )


def _answered_hover(row: Any, lang: str) -> str:
    return label(
        lang,
        "department.share_hover",
        name=row.name,
        answered=text.number(row.answered),
        answerable=text.number(row.answerable),
        share=text.percent(row.answered_share),
        interval=text.interval(row.low, row.high),
    )


def _overall_line(volume: pd.DataFrame, codes: list[str], lang: str) -> list[go.Scatter]:
    answered, answerable = int(volume["answered"].sum()), int(volume["answerable"].sum())
    if not answerable or not codes:
        return []
    share = answered / answerable
    hover = label(
        lang,
        "department.overall_hover",
        answered=text.number(answered),
        answerable=text.number(answerable),
        share=text.share_of(answered, answerable),
    )
    line = go.Scatter(
        x=[share * 100, share * 100],
        y=[codes[0], codes[-1]],
        mode="lines",
        name=label(lang, "department.overall", share=text.percent(share)),
        line={"color": style.PALETTE[1], "width": 1.5, "dash": "dash"},
        hovertext=[hover, hover],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    return [line]


def receiving_bars(volume: pd.DataFrame, lang: str) -> go.Figure:
    """Draw citizens' posts by the account they were addressed to, the small ones together.

    Parameters
    ----------
    volume : DataFrame, RECEIVING_VOLUME
    lang : "ko" or "en"
    """
    named = volume[volume["handle"] != ""].sort_values("posts", ascending=False, kind="stable")
    nameless = volume[volume["handle"] == ""]
    # A rest of one account would hide a name and save no row.
    shown = named if len(named) <= MAX_ACCOUNTS + 1 else named.head(MAX_ACCOUNTS)
    rest = named.iloc[len(shown) :]
    names = style.name_in(lang, shown["name_ko"].tolist(), shown["name_en"].tolist(), shown["handle"].tolist())
    rows = [
        (
            text.plain(f"{platform}:{handle}", limit=200),
            text.plain(name),
            f"@{text.plain(handle)} · {text.plain(platform)}",
            posts,
            share,
        )
        for platform, handle, name, posts, share in zip(
            shown["platform"], shown["handle"], names, shown["posts"], shown["share"], strict=True
        )
    ]
    if len(rest):
        name = label(lang, "receiving.rest", n=len(rest))
        rows.append((REST, name, "", int(rest["posts"].sum()), float(rest["share"].sum(skipna=False))))
    if len(nameless):
        name = label(lang, "receiving.none")
        rows.append(("", name, "", int(nameless["posts"].sum()), float(nameless["share"].sum(skipna=False))))
    keys = [row[0] for row in rows]
    row_names = [text.wrapped(row[1]) for row in rows]
    posts = [int(row[3]) for row in rows]
    hovers = [
        label(
            lang,
            "receiving.hover",
            name=name,
            handle=handle,
            n=text.number(count),
            share=text.share_of(count, text.total_of(count, share) or 0),
            total=text.count_or_dash(text.total_of(count, share)),
        ).replace("<br><br>", "<br>")
        for _, name, handle, count, share in rows
    ]
    bars = go.Bar(
        x=posts,
        y=keys,
        orientation="h",
        marker={
            "color": [style.MUTED if key in (REST, "") else style.PALETTE[0] for key in keys],
            "line": {"width": 0},
        },
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = style.end_labels(keys, posts, [f"{text.number(row[3])} ({text.percent(row[4])})" for row in rows])
    return style.figure(
        [bars, ends],
        style.rows_height(row_names),
        legend=False,
        bargap=0.3,
        xaxis=style.share_axis(label(lang, "axis.posts"), posts, room=1.6, nticks=4),
        yaxis=style.row_axis(label(lang, "axis.account"), keys, row_names),
    )


def unanswered_ages(ages: pd.DataFrame, lang: str) -> go.Figure:
    """Draw the questions unanswered at the cut-off by department, stacked by age; darker is older.

    The departments beyond MAX_AGE_ROWS are one row, unassigned questions the last.

    Parameters
    ----------
    ages : DataFrame, UNANSWERED_AGES
    lang : "ko" or "en"
    """
    ages = ages.assign(department=text.keys(ages["department"]))
    totals = ages.groupby("department", sort=False)["questions"].sum().sort_values(ascending=False, kind="stable")
    ranked = [code for code in totals.index if code != UNASSIGNED]
    shown = ranked if len(ranked) <= MAX_AGE_ROWS + 1 else ranked[:MAX_AGE_ROWS]
    folded = set(ranked[len(shown) :])
    rows = ages.assign(row=[REST if code in folded else code for code in ages["department"]])
    first = rows.drop_duplicates("department").set_index("department")
    names = dict(
        zip(
            first.index,
            style.name_in(lang, first["name_ko"].tolist(), first["name_en"].tolist(), first.index.tolist()),
            strict=True,
        )
    )
    names[REST] = label(lang, "age.rest", n=len(folded))
    names[UNASSIGNED] = label(lang, "department.unassigned")
    keys = [*shown, *([REST] if folded else []), *([UNASSIGNED] if UNASSIGNED in totals.index else [])]
    counts = rows.groupby(["row", "band"])["questions"].sum()
    row_totals = {key: int(counts.loc[key].sum()) for key in keys}
    traces = []
    for position, ((band, _, _), alpha) in enumerate(zip(AGE_BANDS, AGE_ALPHAS, strict=True), start=1):
        band_name = label(lang, f"age.{position}")
        values = [int(counts.get((key, band), 0)) for key in keys]
        hovers = [
            label(
                lang,
                "age.hover",
                name=text.plain(names[key]),
                band=band_name,
                n=text.number(value),
                share=text.share_of(value, row_totals[key]),
                total=text.number(row_totals[key]),
            )
            for key, value in zip(keys, values, strict=True)
        ]
        traces.append(
            go.Bar(
                x=values,
                y=keys,
                orientation="h",
                name=band_name,
                customdata=keys,
                marker={"color": style.faded(AGE_COLOUR, alpha), "line": {"width": 0}},
                hovertext=hovers,
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    ends = [row_totals[key] for key in keys]
    row_names = [text.wrapped(names[key]) for key in keys]
    traces.append(style.end_labels(keys, ends, [text.number(end) for end in ends]))
    return style.figure(
        traces,
        style.rows_height(row_names),
        barmode="stack",
        bargap=0.3,
        xaxis=style.share_axis(label(lang, "axis.questions"), ends, room=1.18),
        yaxis=style.row_axis(label(lang, "axis.department"), keys, row_names),
    )


def _unassigned_last(volume: pd.DataFrame) -> pd.DataFrame:
    unassigned = volume["department"] == UNASSIGNED
    return pd.concat([volume[~unassigned], volume[unassigned]])


def _names(volume: pd.DataFrame, lang: str) -> list[object]:
    codes = volume["department"].tolist()
    names = style.name_in(lang, volume["name_ko"].tolist(), volume["name_en"].tolist(), codes)
    return [
        label(lang, "department.unassigned") if code == UNASSIGNED else name
        for code, name in zip(codes, names, strict=True)
    ]
