"""How the result of a search divides, with counts; a choice narrows it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from zlib import crc32

import streamlit as st

from db.records import SearchRequest
from pages.components import cached, formats, urlstate
from pages.components.context import Page

_MIN_COLUMN_WIDTH = 150  # as the filters above: two in a row on a phone


def row(page: Page, request: SearchRequest) -> None:
    """Draw a choice for each facet that still divides the result; they describe the result as it is."""
    counts = cached.search_counts(request, page.load_id)
    divided = {
        str(facet): dict(zip(rows["value"], rows["posts"], strict=True))
        for facet, rows in counts.facets.groupby("facet", sort=False)
        if len(rows) > 1
    }
    if not divided or counts.period is None:
        return
    with st.grid(len(divided), min_column_width=_MIN_COLUMN_WIDTH, key="facets"):
        for facet, posts in divided.items():
            # Another result is another widget, so that nothing stays chosen.
            key = f"facet-{facet}-{crc32(repr((page.lang, request)).encode())}"
            st.selectbox(
                page.text(f"search.facet.{facet}"),
                list(posts),
                index=None,
                key=key,
                format_func=partial(_label, page, facet, posts),
                placeholder=page.text("search.facet.choose"),
                on_change=_narrow,
                args=(page, request, counts.period, facet, key),
            )


def _label(page: Page, facet: str, posts: dict[str, int], value: str) -> str:
    name = value
    if facet == "answered":
        name = page.text(f"search.facet.answered_{value}")
    elif facet != "year":
        name = page.name_of(facet, value)
    return f"{name} ({formats.number(posts[value])})"


def _narrow(page: Page, request: SearchRequest, period: tuple[dt.date, dt.date], facet: str, key: str) -> None:
    """Write the choice where it has a filter of its own, else into the query."""
    value = st.session_state[key]
    if value is None:
        return
    if facet == "answered":
        _add_to_query(request, page.text(f"search.facet.answered_{value}_typed"))
    elif facet == "year":
        start = max(period[0], dt.date(int(value), 1, 1)).isoformat()
        end = min(period[1], dt.date(int(value), 12, 31)).isoformat()
        if period == (request.where.start, request.where.end):
            urlstate.write("period")
            urlstate.write("start", start)
            urlstate.write("end", end)
        else:  # typed days take the place of the filter's
            _add_to_query(request, f"from:{start} to:{end}")
    else:
        urlstate.write(facet, value)


def _add_to_query(request: SearchRequest, part: str) -> None:
    urlstate.write("q", f"{request.query} {part}".strip())
