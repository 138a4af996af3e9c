"""The place where an id says whether a figure that somebody cited is still the same."""

from __future__ import annotations

import re

import streamlit as st

from pages.components import cached, citing, filters, urlstate
from pages.components.context import Page
from pages.components.selection import parse_terms

ID_DIGITS = 64
_ID = re.compile(r"[0-9a-f]{12,64}")  # the beginning is enough, as the store has it


def opened(page: Page) -> None:
    """Draw the place where an id is typed, or comes with the address, and what has become of its figure."""
    with st.container(border=True, key="card-methods-frozen"):
        st.header(page.text("methods.frozen.title"), anchor=False)
        st.caption(page.text("methods.frozen.caption"))
        key = f"frozen-{page.lang}"
        asked = (st.query_params.get("frozen") or "").strip().lower()
        st.session_state[key] = asked if _ID.fullmatch(asked) else ""
        st.text_input(
            page.text("methods.frozen.label"),
            key=key,
            on_change=lambda: urlstate.write("frozen", st.session_state[key].strip().lower() or None),
            max_chars=ID_DIGITS,
        )
        if not asked:
            return
        if not _ID.fullmatch(asked):
            st.caption(page.text("methods.frozen.no_id"))
            return
        kept = cached.kept_figure(asked, page.load_id)
        if kept is not None:
            changes = cached.changes_of(asked, page.load_id)
            _outcome(page, changes)
            if changes is not None:
                citing.described(page, kept, f"kept-{kept.id}")
        else:
            _by_address(page, asked)


def _by_address(page: Page, figure_id: str) -> None:
    """Compare an id nobody kept with the figure its address asks for: the same content has the same id."""
    name = st.query_params.get("figure")
    if name not in cached.CITABLE:
        st.info(page.text("methods.frozen.unknown"), icon=":material/help:")
        return
    where = filters.selection(page).where
    terms = parse_terms(urlstate.read_all().get("term", [])) if cached.CITABLE[name].needs_terms else ()
    if cached.CITABLE[name].needs_terms and not terms:
        st.info(page.text("methods.frozen.unknown"), icon=":material/help:")
        return
    now = cached.frozen(where, page.load_id, name, terms)
    if now.id.startswith(figure_id):
        _outcome(page, [])
        citing.described(page, now, f"now-{now.id}")
    else:
        st.warning(page.text("methods.frozen.other"), icon=":material/difference:")


def _outcome(page: Page, changes: list[cached.Change] | None) -> None:
    if changes is None:
        st.info(page.text("methods.frozen.made_no_more"), icon=":material/help:")
    elif not changes:
        st.success(page.text("methods.frozen.same"), icon=":material/check_circle:")
    else:
        st.warning(page.text("methods.frozen.changed"), icon=":material/difference:")
        for change in changes:
            st.text("· " + page.text(f"frozen.change.{change.kind}", **change.values))
