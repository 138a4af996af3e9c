"""What waits for an answer: how the backlog grew and aged, its oldest questions, and how likely they are to be answered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.records import PostFilter
from pages.components import cached, cards, formats, posts
from pages.components.context import Page


def draw(page: Page, where: PostFilter, ages: pd.DataFrame) -> None:
    """Draw the backlog.

    Parameters
    ----------
    ages : DataFrame, UNANSWERED_AGES
    """
    with cards.loading(page):
        weeks = cached.unanswered_weeks(where, page.load_id)
        chances = cached.ever_answered(where, page.load_id)
        oldest = cached.oldest_unanswered(where, page.load_id)
    figure = cached.figure("unanswered_weeks", where, page.load_id, page.lang)
    cards.chart(page, where, "response.weeks", figure, weeks)
    cards.chart(page, where, "response.ages", cached.figure("unanswered_ages", where, page.load_id, page.lang), ages)
    if not chances.empty:
        horizon = formats.hours(float(chances["horizon_hours"].iloc[0]), page.lang)
        st.caption(page.text("response.chance.horizon", horizon=horizon))
    figure = cached.figure("ever_answered", where, page.load_id, page.lang)
    cards.chart(page, where, "response.chance", figure, chances)
    _oldest(page, where, oldest)


def _oldest(page: Page, where: PostFilter, oldest: pd.DataFrame) -> None:
    with st.container(border=True, gap="xsmall", key="card-response-oldest"):
        st.header(page.text("response.oldest.title"), anchor=False)
        st.caption(page.text("response.oldest.caption"))
        if oldest.empty:
            st.caption(page.text("response.oldest.empty"))
            return
        cards.as_table(page, where, "response.oldest", posts.exportable(oldest))
        posts.some(page, oldest, "response_oldest")
