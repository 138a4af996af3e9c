"""Who is speaking: behind a word, an incident or a standing issue, on request, for it reads questions one by one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from db.records import PostFilter
from pages.components import cached, cards, filters, formats, readings
from pages.components.context import Page

PARAMETER, SHOWN = "speakers", "shown"  # in the URL


def card(page: Page, where: PostFilter, key: str, terms: Sequence[str]) -> None:
    """Draw the switch, and behind it how many people speak of each of ``terms`` and how much the loudest of them and copies weigh.

    Parameters
    ----------
    key : which card it is, ``issues.speakers`` or another with strings of its own
    """
    if not terms or not filters.switch(page, PARAMETER, SHOWN, "issues.speakers_switch", f"-{key}"):
        return
    with cards.loading(page):
        found = cached.speakers(where, page.load_id, tuple(terms))
    cards.table(page, where, key, found)
    cards.newest_only(page, found)
    for row in readings.loudest(found):
        numbers = {name: formats.number(row[name]) for name in ("questions", "speakers", "loudest_authors", "copies")}
        shares = {name: formats.share(row[name]) for name in ("loudest_share", "copy_share")}
        st.text(page.text("issues.speakers.sentence", term=row["term"], **numbers, **shares))
    hidden = len(set(terms)) - len(found)
    if hidden:
        st.caption(page.text("issues.speakers.few", n=formats.number(hidden)))
