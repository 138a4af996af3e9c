"""The row of filters above a page; its state is the URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zlib import crc32

import streamlit as st

from db.records import NEWEST, POST_CLASSES, RESPONSE_TARGETS, SORTS, PostFilter
from pages.components import cards, formats, urlstate
from pages.components.context import Page
from pages.components.selection import (
    CUSTOM,
    EARLIEST,
    MAX_TERM_LENGTH,
    MAX_TERMS,
    PERIODS,
    Selection,
    default_period,
    latest_day,
    parse,
    parse_query,
    parse_terms,
)
from pages.components.text import word

# Narrower columns would cut Korean labels on a phone; wider ones would put one filter per row there.
_MIN_COLUMN_WIDTH = 150
FILTER_PARAMS = ("period", "start", "end", "department", "platform", "class")


def selection(page: Page) -> Selection:
    """Return what the URL asks for on this page."""
    return parse(
        urlstate.read_all(),
        first_day=page.first_day,
        last_day=page.last_day,
        today=page.today,
        departments=page.department_codes,
        platforms=page.platform_codes,
        origins=page.origins,
        synthetic=page.synthetic,
    )


def top_row(page: Page) -> PostFilter:
    """Draw the filters and return the filter record; values the URL cannot mean are named and left out."""
    chosen = selection(page)
    with st.grid(6 if chosen.period == CUSTOM else 4, min_column_width=_MIN_COLUMN_WIDTH, key="filters"):
        _period(page, chosen)
        if chosen.period == CUSTOM:
            _day(page, "start", chosen.where.start)
            _day(page, "end", chosen.where.end)
        _codes(page, "department", page.department_codes, chosen.where.departments)
        _codes(page, "platform", page.platform_codes, chosen.where.platforms)
        _codes(page, "class", POST_CLASSES, chosen.where.classes)
    if chosen.ignored:
        names = ", ".join(page.text(f"filter.{name}") for name in chosen.ignored)
        st.caption(page.text("filter.ignored", names=names))
    return chosen.where


def reset() -> None:
    """Remove every filter from the URL; language and data origin stay."""
    for name in FILTER_PARAMS:
        urlstate.write(name)


def nothing_found(page: Page, where: PostFilter) -> None:
    """Draw the empty state: which filters removed everything, and a button that resets them."""
    cards.empty_state(page, _names_in_force(page, where), reset)


def _names_in_force(page: Page, where: PostFilter) -> str:
    parts = [f"{page.text('filter.period')} {formats.period(where.start, where.end)}"]
    parts += [page.text("filter.department")] if where.departments else []
    parts += [page.text("filter.platform")] if where.platforms else []
    parts += [page.text("filter.class")] if where.classes else []
    return ", ".join(parts)


def terms(page: Page, options: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of terms to compare; the URL holds them, ``default`` is taken where it holds none."""
    asked = parse_terms(urlstate.read_all().get("term", []))
    chosen = asked or default[:MAX_TERMS]
    key = f"terms-{page.lang}"
    st.session_state[key] = list(chosen)
    st.multiselect(
        page.text("issues.terms.label"),
        list(dict.fromkeys([*chosen, *options])),
        key=key,
        on_change=_write_terms,
        args=(key, default),
        max_selections=MAX_TERMS,
        accept_new_options=True,
        placeholder=page.text("issues.terms.placeholder", n=MAX_TERMS, length=MAX_TERM_LENGTH),
    )
    return chosen


def query(page: Page) -> str:
    """Draw the search box and return the query of the URL."""
    asked = parse_query(urlstate.read_all().get("q", []))
    key = f"query-{page.lang}"
    st.session_state[key] = asked
    st.text_input(
        page.text("search.box.label"),
        key=key,
        type="search",
        placeholder=page.text("search.box.placeholder"),
        help=page.text("search.box.help"),
        on_change=_write_query,
        args=(key,),
    )
    return asked


def sort(page: Page) -> str:
    """Draw the switch between the newest and the best results first and return the order of the URL."""
    asked = st.query_params.get("sort")
    chosen = asked if asked in SORTS else NEWEST
    key = f"sort-{page.lang}"
    st.session_state[key] = chosen
    st.segmented_control(
        page.text("search.sort.label"),
        SORTS,
        key=key,
        required=True,
        format_func=lambda code: page.text(f"search.sort.{code}"),
        on_change=_write_sort,
        args=(key,),
    )
    return chosen


def view(page: Page, page_id: str, views: tuple[str, ...]) -> str:
    """Draw the switch between the views of a page; the first is the default."""
    asked = st.query_params.get("view")
    chosen = asked if asked in views else views[0]
    key = f"view-{page.lang}"
    st.session_state[key] = chosen
    st.segmented_control(
        page.text(f"{page_id}.view.label"),
        views,
        key=key,
        required=True,
        format_func=lambda code: page.text(f"{page_id}.view.{code}"),
        on_change=_write_view,
        args=(key, views[0]),
    )
    return chosen


def target(page: Page) -> str:
    """Draw the choice of the time within which questions are to be answered and return the URL's, else the first."""
    targets = tuple(RESPONSE_TARGETS)
    asked = st.query_params.get("target")
    chosen = asked if asked in RESPONSE_TARGETS else targets[0]
    key = f"target-{page.lang}"
    st.session_state[key] = chosen
    st.selectbox(
        page.text("departments.funnel.target"),
        targets,
        key=key,
        format_func=lambda code: page.text(f"target.{code}"),
        on_change=lambda: urlstate.write(
            "target", None if st.session_state[key] == targets[0] else st.session_state[key]
        ),
    )
    return chosen


def by_mix(page: Page) -> bool:
    """Draw the switch that compares with what the mix of issues lets expect, and return whether the URL asks for it."""
    key = f"mix-{page.lang}"
    st.session_state[key] = st.query_params.get("mix") == "1"
    return st.toggle(
        page.text("departments.funnel.mix"),
        key=key,
        help=page.text("departments.funnel.mix_help"),
        on_change=lambda: urlstate.write("mix", "1" if st.session_state[key] else None),
    )


def one_department(page: Page, key: str) -> str | None:
    """Draw the choice of one department where no filter names any; what is chosen becomes the filter."""
    return st.selectbox(
        page.text(f"{key}.label"),
        page.department_codes,
        index=None,
        key=f"{key}-{page.lang}",
        format_func=lambda code: page.name_of("department", code),
        placeholder=page.text(f"{key}.placeholder"),
        on_change=_write_department,
        args=(f"{key}-{page.lang}",),
    )


def reason(page: Page, reasons: tuple[str, ...]) -> str:
    """Draw the choice of a reason and return the URL's, the first where it names none of ``reasons``."""
    asked = st.query_params.get("reason")
    chosen = asked if asked in reasons else reasons[0]
    # The options are part of the identity, so that a reason no longer on screen is not kept.
    key = f"reason-{page.lang}-{crc32(chr(10).join(reasons).encode())}"
    st.session_state[key] = chosen
    st.selectbox(
        page.text("filter.posts.label"),
        reasons,
        key=key,
        format_func=lambda code: f"{word('reason', code, page.lang)} ({code})",
        on_change=lambda: urlstate.write("reason", st.session_state[key]),
    )
    return chosen


def kpi(page: Page, names: Mapping[str, str]) -> str:
    """Draw the choice of a KPI, from ids to names, and return the URL's, else the first."""
    ids = list(names)
    chosen = st.query_params.get("kpi", ids[0])
    if chosen not in names:
        chosen = ids[0]
    key = f"kpi-{page.lang}"
    st.session_state[key] = chosen
    st.selectbox(
        page.text("response.course.label"),
        ids,
        key=key,
        format_func=lambda name: names[name],
        on_change=lambda: urlstate.write("kpi", None if st.session_state[key] == ids[0] else st.session_state[key]),
    )
    return chosen


def one_of(page: Page, key: str, terms: tuple[str, ...]) -> str | None:
    """Draw the choice of one of the terms on screen. Not in the URL: it begins with the first term there."""
    if not terms:
        return None
    # The options are part of the identity, so that a term no longer on screen is not kept.
    return st.selectbox(
        page.text(f"{key}.label"), terms, key=f"{key}-{page.lang}-{crc32(chr(10).join(terms).encode())}"
    )


def _period(page: Page, chosen: Selection) -> None:
    key = f"period-{page.lang}"
    st.session_state[key] = chosen.period
    st.selectbox(
        page.text("filter.period"),
        PERIODS,
        key=key,
        format_func=lambda code: page.text(f"period.{code}"),
        on_change=_write_period,
        args=(key, page, chosen),
    )


def _day(page: Page, name: str, value: dt.date) -> None:
    key = f"{name}-{page.lang}"
    st.session_state[key] = value
    st.date_input(
        page.text(f"filter.{name}"),
        key=key,
        min_value=EARLIEST,
        max_value=latest_day(page.last_day, page.today),
        format="YYYY-MM-DD",
        on_change=_write_days,
        args=(name, page.lang),
    )


def _codes(page: Page, name: str, known: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    key = f"{name}-{page.lang}"
    st.session_state[key] = list(chosen)
    st.multiselect(
        page.text(f"filter.{name}"),
        known,
        key=key,
        format_func=lambda code: page.name_of(name, code),
        on_change=_write_codes,
        args=(name, key),
        placeholder=page.text("filter.all"),
    )


def _write_period(key: str, page: Page, before: Selection) -> None:
    period = st.session_state[key]
    if period == CUSTOM:  # begins with the days that were on screen
        urlstate.write("period")
        urlstate.write("start", before.where.start.isoformat())
        urlstate.write("end", before.where.end.isoformat())
        return
    urlstate.write("start")
    urlstate.write("end")
    urlstate.write("period", None if period == default_period(page.first_day, page.last_day) else period)


def _write_days(changed: str, lang: str) -> None:
    days = {name: st.session_state[f"{name}-{lang}"] for name in ("start", "end")}
    if days[changed] is None:
        return
    if days["start"] > days["end"]:  # the day just chosen wins
        days = dict.fromkeys(days, days[changed])
    for name, value in days.items():
        urlstate.write(name, value.isoformat())


def _write_codes(name: str, key: str) -> None:
    urlstate.write(name, *st.session_state[key])


def _write_department(key: str) -> None:
    urlstate.write("department", st.session_state[key])


def _write_terms(key: str, default: tuple[str, ...]) -> None:
    chosen = parse_terms(st.session_state[key])
    urlstate.write("term", *(() if chosen == default else chosen))


def _write_view(key: str, default: str) -> None:
    chosen = st.session_state[key]
    urlstate.write("view", None if chosen == default else chosen)


def _write_sort(key: str) -> None:
    chosen = st.session_state[key]
    urlstate.write("sort", None if chosen == NEWEST else chosen)


def _write_query(key: str) -> None:
    urlstate.write("q", parse_query([st.session_state[key] or ""]) or None)


def switch(page: Page, parameter: str, value: str, key: str, place: str = "") -> bool:
    """Draw a switch whose state is a parameter of the URL; return whether it is on.

    Parameters
    ----------
    key : of its label and its help
    place : tells two switches of one parameter on one page apart
    """
    chosen = st.query_params.get(parameter) == value
    widget = f"{parameter}{place}-{page.lang}"
    st.session_state[widget] = chosen
    st.toggle(
        page.text(f"{key}.label"),
        key=widget,
        help=page.text(f"{key}.help"),
        on_change=lambda: urlstate.write(parameter, value if st.session_state[widget] else None),
    )
    return chosen
