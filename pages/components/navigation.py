"""The pages, in menu order. A new page is a folder with a page.py and one row here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from pages.components import urlstate
from pages.components.text import LANGUAGES, text


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: ``<id>.title`` and ``<id>.question`` are its strings; the first row is the start page."""

    id: str
    url_path: str
    icon: str
    # URL parameters that only this page reads; they come back when the visitor does.
    params: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        return f"pages/{self.id}/page.py"


PAGES = (
    PageRow("overview", "overview", ":material/dashboard:"),
    PageRow("departments", "departments", ":material/apartment:", params=("view", "target", "mix")),
    PageRow("platforms", "platforms", ":material/hub:", params=("accounts", "authors")),
    PageRow("issues", "issues", ":material/trending_up:", params=("term", "incident", "issue", "speakers")),
    PageRow("response", "response", ":material/timer:", params=("view", "kpi", "earlier")),
    PageRow("search", "search", ":material/search:", params=("q", "sort")),
    PageRow("filter", "filter", ":material/filter_alt:", params=("view", "reason")),
    PageRow("methods", "methods", ":material/menu_book:", params=("frozen", "figure", "term")),
    PageRow("selfcheck", "selfcheck", ":material/fact_check:"),
)


def row(page_id: str) -> PageRow:
    """Return the row of a page; an unknown id raises LookupError."""
    for candidate in PAGES:
        if candidate.id == page_id:
            return candidate
    raise LookupError(f"no page {page_id!r}; known: {', '.join(each.id for each in PAGES)}")


def menu(lang: str) -> list[StreamlitPage]:
    """Return the menu entries, titles in ``lang``."""
    return [
        st.Page(
            each.script,
            title=text(f"{each.id}.title", lang),
            icon=each.icon,
            url_path=each.url_path,
            default=each is PAGES[0],
            help=text(f"{each.id}.question", lang),
        )
        for each in PAGES
    ]


def current(page: StreamlitPage) -> PageRow:
    """Return the row of the page Streamlit chose; the start page has an empty path there."""
    return next((each for each in PAGES if each.url_path == page.url_path), PAGES[0])


def language_switch(lang: str) -> None:
    """Draw the product's name and, at the right, the switch between languages."""
    key = f"language-{lang}"
    st.session_state[key] = lang
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.caption(f"**{text('app.name', lang)}** · {text('app.tagline', lang)}", width="content")
        st.segmented_control(
            text("app.language", lang),
            LANGUAGES,
            key=key,
            required=True,
            on_change=_choose_language,
            args=(key,),
            format_func=lambda code: text(f"lang.{code}", lang),
            label_visibility="collapsed",
        )


def _choose_language(key: str) -> None:
    urlstate.choose_language(st.session_state[key])
