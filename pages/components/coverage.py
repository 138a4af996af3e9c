"""What stands behind the numbers of the platforms: accounts, gaps, and how much lies in few hands."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.records import PostFilter
from pages.components import cached, cards, filters, formats, readings
from pages.components.context import Page

ACCOUNTS, SAME = "accounts", "same"
AUTHORS, SHOWN = "authors", "shown"
COLUMNS, MIN_WIDTH = 4, 150


def same_accounts(page: Page) -> bool:
    """Draw the choice of posts to the same accounts alone and return the URL's."""
    return filters.switch(page, ACCOUNTS, SAME, "platforms.same")


def sentences(page: Page, coverage: pd.DataFrame) -> tuple[str, ...]:
    """Return what changed behind the series: accounts connected newly, days without collection."""
    added, missing = int(coverage["added"].sum()), readings.missing_days(coverage)
    said = [page.text("platforms.added", n=formats.number(added))] if added else []
    return (*said, page.text("platforms.missing", n=formats.number(missing))) if missing else tuple(said)


def concentration(page: Page, where: PostFilter, accounts: pd.DataFrame) -> None:
    """Draw the accounts connected, how much lies on few platforms, and on request the same by authors."""
    by_posts = cached.metric("platform_concentration", where, page.load_id)
    connected, total = readings.connected(accounts)
    with st.grid(COLUMNS, min_column_width=MIN_WIDTH, key="platform-numbers"):
        cards.number(
            page.text("platforms.connected.label"),
            page.text("platforms.connected.value", connected=connected, total=total),
            page.text("platforms.connected.note", pending=total - connected, total=total),
            page.text("platforms.connected.help"),
        )
        _index(page, "posts", by_posts.value, by_posts.n)
    is_shown = filters.switch(page, AUTHORS, SHOWN, "platforms.authors_switch")
    if not is_shown:
        return
    with cards.loading(page):
        authors = cached.platform_authors(where, page.load_id)
    newest = readings.newest_only(authors)
    with st.grid(COLUMNS, min_column_width=MIN_WIDTH, key="platform-authors"):
        _index(
            page, "authors", authors.attrs.get("concentration"), int(authors["authors"].sum())
        )  # db.frames.CONCENTRATION
    key = "platforms.authors_all" if newest is None else "platforms.authors_newest"
    st.caption(page.text(key, n=formats.number(int(authors["posts"].sum()))))
    cards.table(page, where, "platforms.authors", authors)


def _index(page: Page, of: str, value: float | None, n: int) -> None:
    places = page.text("platforms.hhi.places", n=f"{1 / value:.1f}") if value else formats.MISSING
    note = page.text(f"platforms.hhi.{of}_note", n=formats.number(n), places=places)
    cards.number(page.text(f"platforms.hhi.{of}"), formats.index(value), note, page.text("platforms.hhi.help"))
