"""The boxes a page is made of: KPI cards, chart cards, tables, empty and error states."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from db.records import HIDDEN_CLASSES, MetricValue, PostFilter
from pages.components import cached, charts, citing, export, formats, readings, tables
from pages.components.text import strings, text

if TYPE_CHECKING:
    from pages.components.context import Page

LOG = logging.getLogger(__name__)
KPI_COLUMNS = 4
# Four across on a desktop, two on a phone; 190 would give one there.
_KPI_MIN_WIDTH = 150
_TABLE_HEIGHT = 320  # px, about eight rows; longer tables scroll
_FEW_ROWS = 9
_SETUP_COMMANDS = (
    "python -m data_sources demo --posts 20000 --seed 7",
    "python -m data_sources import-file PATH --preset generic",
)


@contextmanager
def calm_errors(lang: str) -> Iterator[None]:
    """Draw one sentence and what to do where the store cannot be read, instead of a stack trace."""
    try:
        yield
    except cached.StoreSlow:
        LOG.exception("a query took too long")
        st.error(text("error.slow", lang), icon=":material/hourglass_disabled:")
        st.caption(text("error.slow_what", lang))
    except cached.StoreUnavailable:
        LOG.exception("the store cannot be read")
        st.error(text("error.store", lang), icon=":material/cloud_off:")
        st.caption(text("error.store_what", lang))
        st.code("python -m db upgrade\npython -m db check", language="bash")


@contextmanager
def loading(page: Page) -> Iterator[None]:
    """Say that data is being read while the block runs."""
    with st.spinner(page.text("common.loading")):
        yield


def empty_store(lang: str) -> None:
    """Say that there is no post yet, and the two commands that change it."""
    st.info(text("empty.store", lang), icon=":material/inbox:")
    st.caption(text("empty.store_what", lang))
    st.code("\n".join(_SETUP_COMMANDS), language="bash")


def empty_state(page: Page, filters_in_force: str, reset: Any) -> None:
    """Say which filters removed everything, with a button that removes them."""
    with st.container(border=True, key="empty-state"):
        st.header(page.text("empty.title"), anchor=False)
        st.markdown(page.text("empty.filters", names=filters_in_force))
        st.caption(page.text("empty.extent", period=formats.period(page.first_day, page.last_day)))
        st.button(page.text("empty.reset"), on_click=reset, type="primary", icon=":material/filter_alt_off:")


def kpi_row(
    page: Page,
    values: list[MetricValue],
    counts: cached.ResponseCoverage,
    notes: dict[str, str] | None = None,
    where: PostFilter | None = None,
    key: str = "kpis",
) -> None:
    """Draw KPI cards: value, interval, sample size, definition behind the question mark.

    Parameters
    ----------
    counts : ResponseCoverage
        Where no question of the period can have an answer, a 0 of answers would be a lie: a dash is drawn.
    notes : dict of str to str
        A sentence for a card that has no interval, by metric id; trusted text only.
    where : PostFilter
        What the values speak of; with it each of them can be cited.
    key : tells two rows on one page apart
    """
    with st.grid(KPI_COLUMNS, min_column_width=_KPI_MIN_WIDTH, key=key):
        for value in values:
            name = _in(cached.METRICS[value.metric], "name", page.lang)
            shown, note = _value(page, value), (notes or {}).get(value.metric) or _precision(page, value)
            if cached.METRICS[value.metric].needs_answers and not value.n and not counts.answerable:
                shown, note = formats.MISSING, page.text("kpi.no_answers")
            cite = None if where is None else partial(citing.metric, page, where, value.metric)
            number(name, shown, note, _definition(page, value), cite)


def number(name: str, value: str, note: str, explanation: str, cite: Callable[[], None] | None = None) -> None:
    """Draw one number: name, value, what it is of, and what it means behind the question mark.

    The label of ``st.metric`` is cut off on a phone, so it stands above as text.
    """
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(name, help=explanation)
        st.metric(name, value, label_visibility="collapsed")
        st.caption(note)
        if cite is not None:
            cite()


def class_note(page: Page, classes: pd.DataFrame) -> str:
    """Return in one line how the collected posts split into classes; the parts sum to the whole."""
    counts = dict(zip(classes["post_class"], classes["posts"], strict=True))
    shown = {name: int(counts.pop(name, 0)) for name in ("question", "opinion", "praise")}
    hidden = sum(int(counts.pop(name, 0)) for name in HIDDEN_CLASSES)
    parts = {**shown, "hidden": hidden, "rest": int(sum(counts.values()))}
    return page.text("kpi.classes", **{name: formats.number(count) for name, count in parts.items()})


def chart(
    page: Page,
    where: PostFilter,
    key: str,
    figure: cached.Figure,
    frame: pd.DataFrame,
    *,
    clickable: bool = False,
    notes: Sequence[str] = (),
    variant: str = "",
) -> Any:
    """Draw a chart with its header, unit and source, the same numbers as a table, and their CSV.

    Parameters
    ----------
    key : str
        ``<page>.<section>``; its strings ``.title``, ``.caption`` and ``.alt`` are drawn.
    frame : DataFrame
        What the figure shows, as the store handed it out.
    notes : sequence of str
        Sentences above the figure that say what is to be seen in it.
    variant : str
        Which of several figures of db.figures it is, by the visitor's choice; see citing.card.

    Returns
    -------
    The selection event of a clickable chart, else None
    """
    with st.container(border=True, gap="xsmall", key=f"card-{key.replace('.', '-')}"):
        st.header(page.text(f"{key}.title"), anchor=False)
        st.caption(page.text(f"{key}.caption"))
        newest_only(page, frame)
        if frame.empty:
            st.caption(_nothing(page, key))
            return None
        for note in notes:
            st.text(note)
        options: dict[str, Any] = {"config": charts.LOCALE_CONFIG(page.lang), "alt": page.text(f"{key}.alt")}
        event = None
        if clickable:
            chart_key = f"chart-{key}-{st.session_state.get('chart_clicks', 0)}"
            event = st.plotly_chart(figure, key=chart_key, on_select="rerun", selection_mode="points", **options)
        else:
            st.plotly_chart(figure, key=f"chart-{key}", **options)
        as_table(page, where, key, frame, variant)
    return event


def picture(page: Page, key: str, png: bytes, frame: pd.DataFrame) -> None:
    """Draw a card that is a picture; its numbers are in the card beside it."""
    with st.container(border=True, gap="xsmall", key=f"card-{key.replace('.', '-')}"):
        st.header(page.text(f"{key}.title"), anchor=False)
        st.caption(page.text(f"{key}.caption"))
        newest_only(page, frame)
        if frame.empty:
            st.caption(_nothing(page, key))
            return
        st.image(png, width="stretch", alt=page.text(f"{key}.alt"))


def prose(page: Page, key: str) -> None:
    """Draw a card that is text of ours, markdown allowed."""
    with st.container(border=True):
        st.header(page.text(f"{key}.title"), anchor=False)
        st.markdown(page.text(f"{key}.body"))


def coverage(page: Page, counts: cached.ResponseCoverage) -> None:
    """Say in one sentence which questions the response times speak of and which they cannot."""
    numbers = {name: formats.number(value) for name, value in asdict(counts).items()}
    no_answers = formats.number(counts.unanswerable)
    st.caption(page.text("response.coverage", no_answers=no_answers, **numbers))
    if counts.removed:
        st.caption(page.text("response.removed", removed=numbers["removed"]))
    st.caption(page.text("response.clock"))


def districts_named(page: Page, volume: pd.DataFrame) -> None:
    """Say how many questions name a district and how many do not; nothing where none does."""
    if not volume.empty:
        named, asked = int(volume["named"].iloc[0]), int(volume["asked"].iloc[0])
        counts = {"named": named, "asked": asked, "others": asked - named}
        st.caption(
            page.text("departments.districts.named", **{name: formats.number(count) for name, count in counts.items()})
        )


def definitions(page: Page, key: str, frame: pd.DataFrame) -> None:
    """Draw the definitions of the KPIs as text, and their CSV."""
    with st.container(border=True):
        st.header(page.text(f"{key}.title"), anchor=False)
        st.caption(page.text(f"{key}.caption"))
        for row in frame.to_dict("records"):
            name, definition, why = (row[f"{field}_{page.lang}"] for field in ("name", "definition", "why"))
            st.markdown(f"**{name}** · `{row['metric']}` · v{row['version']}  \n{definition} {why}")
        download(page, None, key, frame)


def as_table(page: Page, where: PostFilter, key: str, frame: pd.DataFrame, variant: str = "") -> None:
    """Draw the switch that shows a chart's numbers, and the button that takes them along."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        is_shown = st.toggle(page.text("common.as_table"), key=f"table-{key}")
        citing.card(page, where, key, frame, variant)
        download(page, where, key, frame)
    if is_shown:  # a table nobody asked for costs nothing
        dataframe(page, key, frame)


def dataframe(page: Page, key: str, frame: pd.DataFrame) -> None:
    """Draw a table of the store: translated headers, shares in percent, plain text columns."""
    shown = tables.readable(frame, page.lang, platforms=page.platform_names)
    percent = st.column_config.NumberColumn(format="%.1f%%")
    count = st.column_config.NumberColumn(format="localized")
    shares = tables.share_headers(page.lang)
    st.dataframe(
        shown,
        hide_index=True,
        column_config={name: percent if name in shares else count for name in shown.select_dtypes("number").columns},
        height="content" if len(shown) <= _FEW_ROWS else _TABLE_HEIGHT,
        placeholder=formats.MISSING,
        alt=page.text(f"{key}.title"),
    )


def table(page: Page, where: PostFilter | None, key: str, frame: pd.DataFrame) -> None:
    """Draw a card that is a table: header, unit and source, rows, CSV."""
    with st.container(border=True, gap="xsmall", key=f"card-{key.replace('.', '-')}"):
        st.header(page.text(f"{key}.title"), anchor=False)
        st.caption(page.text(f"{key}.caption"))
        if frame.empty:
            st.caption(_nothing(page, key))
            return
        dataframe(page, key, frame)
        with st.container(horizontal=True, vertical_alignment="center"):
            download(page, where, key, frame)
            citing.card(page, where, key, frame)


def download(page: Page, where: PostFilter | None, key: str, frame: pd.DataFrame) -> None:
    """Draw the button that hands out a table of the store as CSV, headers as on screen."""
    period = (where.start, where.end) if where else (None, None)
    st.download_button(
        page.text("common.download"),
        data=lambda: export.csv_bytes(tables.readable(frame, page.lang, platforms=page.platform_names, for_file=True)),
        file_name=export.file_name(key.replace(".", "_"), *period),
        mime="text/csv",
        key=f"csv-{key}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )


def newest_only(page: Page, frame: pd.DataFrame) -> None:
    """Say where a table of words speaks of the newest questions only."""
    newest = readings.newest_only(frame)
    if newest is not None:
        st.caption(page.text("words.newest", n=formats.number(newest)))


def _nothing(page: Page, key: str) -> str:
    """Return why a card is empty: its own reason where it has one."""
    return strings(page.lang).get(f"{key}.empty") or page.text("empty.card")


def _in(definition: Any, field: str, lang: str) -> str:
    return str(getattr(definition, f"{field}_{lang}"))


def _value(page: Page, value: MetricValue) -> str:
    if value.unit in formats.DURATIONS and not readings.is_reached(value):
        return page.text("kpi.not_reached")
    return formats.measured(value.value, value.unit, page.lang)


def _precision(page: Page, value: MetricValue) -> str:
    if value.unit in formats.DURATIONS and not readings.is_reached(value):
        return page.text("kpi.not_reached_note", n=formats.number(value.n))
    if value.low is not None and value.high is None and value.unit in formats.DURATIONS:
        low = formats.measured(value.low, value.unit, page.lang)
        return page.text("kpi.open_interval", low=low, n=formats.number(value.n))
    if value.low is None or value.high is None:
        own = f"kpi.note.{value.metric}"
        return page.text(own if own in strings(page.lang) else "kpi.count", n=formats.number(value.n))
    low, high = (formats.measured(bound, value.unit, page.lang) for bound in (value.low, value.high))
    return page.text("kpi.interval", low=low, high=high, n=formats.number(value.n))


def _definition(page: Page, value: MetricValue) -> str:
    return page.text(
        "kpi.definition",
        definition=_in(cached.METRICS[value.metric], "definition", page.lang),
        why=_in(cached.METRICS[value.metric], "why", page.lang),
        version=value.version,
        period=formats.period(value.start, value.end),
    )
