"""The standing issues: a card for each on the issues page, and a page of its own behind ``?issue=NAME``.

Their names and words are the project's own (nlp/resources/term_groups.toml), not a citizen's.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from db.records import PostFilter, SearchRequest
from pages.components import cached, cards, formats, incidents, posts, readings, speakers, urlstate
from pages.components.context import Page
from pages.components.text import word

PARAMETER = "issue"
COLUMNS, MIN_CARD_WIDTH = 3, 240  # three across on a desktop, one on a phone: the sentences need the room
COLUMNS_OF_ONE, MIN_NUMBER_WIDTH = 4, 150


def overview(page: Page, where: PostFilter) -> None:
    """Draw a card for each standing issue: its share, what changed, its course, and the way to its own page."""
    issues = cached.standing_issues(where, page.load_id)
    if issues.empty:
        return
    names = tuple(issues["issue"])
    trend = cached.term_trend(where, page.load_id, names)
    with st.container(border=True, gap="small", key="card-issues-standing"):
        st.header(page.text("issues.standing.title"), anchor=False)
        st.caption(page.text("issues.standing.caption"))
        cards.newest_only(page, issues)
        with st.grid(COLUMNS, min_column_width=MIN_CARD_WIDTH, key="standing-issues"):
            for row in issues.to_dict("records"):
                _card(page, row, trend)
        cards.as_table(page, where, "issues.standing", issues)


def detail(page: Page, where: PostFilter) -> bool:
    """Draw the page of the standing issue the URL names; return whether it names one."""
    asked = st.query_params.get(PARAMETER)
    if asked is None:
        return False
    groups = cached.term_groups(page.load_id)
    if asked not in readings.hot_groups(groups):
        st.caption(page.text("issues.standing.unknown"))
        return False
    st.button(page.text("issues.standing.back"), on_click=_close, icon=":material/arrow_back:", type="tertiary")
    words = readings.words_of(groups, asked)
    is_sensitive = readings.is_sensitive(asked)
    with st.container(border=True, gap="small", key="card-issues-issue"):
        st.header(_name(page, asked), anchor=False)
        st.caption(page.text("issues.standing.words", words=", ".join(words)))
        if is_sensitive:
            st.info(page.text("issues.standing.sensitive"), icon=":material/shield_person:")
        _numbers(page, where, asked)
    trend = cached.term_trend(where, page.load_id, (asked,))
    figure = cached.term_trend_figure(where, page.load_id, (asked,), page.lang)
    cards.chart(page, where, "issues.issue_trend", figure, trend)
    speakers.card(page, where, "issues.speakers", (asked,))
    incidents.concerning(page, where, (asked, *words))
    if not is_sensitive:
        with st.container(border=True):
            st.header(page.text("issues.issue_posts.title"), anchor=False)
            st.caption(page.text("issues.issue_posts.caption"))
            posts.listing(page, SearchRequest(where, term=asked, limit=10), "issue_posts")
    return True


def _card(page: Page, row: dict[Any, Any], trend: pd.DataFrame) -> None:
    name = row["issue"]
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.subheader(_name(page, name), anchor=False)
        course = readings.shares_over_time(trend, name)
        st.metric(
            _name(page, name),
            formats.share(row["share"]),
            label_visibility="collapsed",
            chart_data=course if len(course) > 1 else None,
        )
        st.caption(_interval(page, row))
        st.caption(_change(page, row))
        st.button(
            page.text("issues.standing.open"),
            key=f"issue-{name}",
            on_click=_open,
            args=(name,),
            icon=":material/search_insights:",
            type="tertiary",
        )


def _numbers(page: Page, where: PostFilter, name: str) -> None:
    issues = cached.standing_issues(where, page.load_id)
    cards.newest_only(page, issues)
    [row] = issues[issues["issue"] == name].to_dict("records")
    answers = cached.issue_answers(where, page.load_id, name)
    note = "issues.standing.answered_newest" if answers.is_newest_only else "issues.standing.answered_note"
    answered = page.text(
        note, n=formats.number(answers.answerable), low=formats.share(answers.low), high=formats.share(answers.high)
    )
    with st.grid(COLUMNS_OF_ONE, min_column_width=MIN_NUMBER_WIDTH, key="standing-issue"):
        for label, value, said in (
            (
                "questions",
                formats.number(row["questions"]),
                page.text("issues.standing.of", n=formats.number(row["total"])),
            ),
            ("share", formats.share(row["share"]), _interval(page, row)),
            ("change", formats.points(row["change"], page.lang), _change(page, row)),
            ("answered", formats.share(answers.share), answered if answers.answerable else page.text("kpi.no_answers")),
        ):
            cards.number(page.text(f"issues.standing.{label}"), value, said, page.text(f"issues.standing.{label}_help"))


def _interval(page: Page, row: dict[Any, Any]) -> str:
    low, high = formats.share(row["low"]), formats.share(row["high"])
    return page.text("issues.standing.interval", k=formats.number(row["questions"]), low=low, high=high)


def _change(page: Page, row: dict[Any, Any]) -> str:
    if pd.isna(row["change"]):
        return page.text("issues.standing.no_before")
    way = "unclear" if row["change_low"] <= 0 <= row["change_high"] else "more" if row["change"] > 0 else "less"
    return page.text(
        f"issues.standing.{way}",
        change=formats.points(row["change"], page.lang),
        low=formats.points(row["change_low"], page.lang),
        high=formats.points(row["change_high"], page.lang),
        before=formats.share(row["before_share"]),
    )


def _name(page: Page, issue: str) -> str:
    return word("standing_issue", issue, page.lang)


def _open(name: str) -> None:
    urlstate.write(PARAMETER, name)
    urlstate.write(incidents.PARAMETER)


def _close() -> None:
    urlstate.write(PARAMETER)
