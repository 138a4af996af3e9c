"""Incidents as people read them: what surges, how much was expected, and the posts behind it.

A title is made of citizens' words: it goes through ``st.text`` only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from db.records import EXPECTED_FALSE_FINDINGS_PER_DAY, PostFilter, SearchRequest
from pages.components import cached, cards, formats, navigation, posts, readings, speakers, urlstate
from pages.components.context import Page
from pages.components.text import word

ISSUES, PARAMETER = "issues", "incident"
SHOWN = 8  # more are in the table
SHOWN_ON_OVERVIEW = 3
MAX_TREND_WORDS = 5
# What is drawn around an incident: enough of what was usual, and what came after.
DAYS_BEFORE, DAYS_AFTER = 42, 14
# By whether the whole volume surged, and whether less than one question was expected: of that, times say nothing.
_SENTENCES = {
    (False, False): "issues.incident.sentence",
    (False, True): "issues.incident.sentence_rare",
    (True, False): "issues.incident.sentence_volume",
    (True, True): "issues.incident.sentence_volume_rare",
}
_COLORS: dict[str, Any] = {"new": "red", "acknowledged": "orange", "explained": "blue", "closed": "gray"}


def latest(page: Page, where: PostFilter) -> None:
    """Draw the incidents of the period that are still open, the latest first, with a way to all of them."""
    found = cached.incidents(where, page.load_id)
    still_open = readings.open_incidents(found)
    with st.container(border=True, gap="xsmall", key="card-overview-incidents"):
        st.header(page.text("overview.incidents.title"), anchor=False)
        st.caption(page.text("overview.incidents.caption"))
        if still_open.empty:
            st.caption(page.text("overview.incidents.empty"))
        for row in still_open.head(SHOWN_ON_OVERVIEW).to_dict("records"):
            _row(page, row, "overview")


def listing(page: Page, where: PostFilter) -> None:
    """Draw the incidents of the period, the latest first, all of them as a table and as CSV."""
    found = cached.incidents(where, page.load_id)
    with st.container(border=True, gap="xsmall", key="card-issues-incidents"):
        st.header(page.text("issues.incidents.title"), anchor=False)
        st.caption(page.text("issues.incidents.caption", false=_false_findings(where)))
        if found.empty:
            st.caption(page.text("issues.incidents.empty"))
            return
        for row in found.head(SHOWN).to_dict("records"):
            _row(page, row, ISSUES)
        if len(found) > SHOWN:
            st.caption(page.text("issues.incidents.more", n=formats.number(len(found) - SHOWN)))
        cards.as_table(page, where, "issues.incidents", found)


def concerning(page: Page, where: PostFilter, words: tuple[str, ...]) -> None:
    """Draw the incidents of the period that one of ``words`` belongs to, the latest first."""
    found = cached.incidents(where, page.load_id, words)
    with st.container(border=True, gap="xsmall", key="card-issues-concerning"):
        st.header(page.text("issues.concerning.title"), anchor=False)
        st.caption(page.text("issues.concerning.caption"))
        if found.empty:
            st.caption(page.text("issues.concerning.empty"))
            return
        for row in found.head(SHOWN).to_dict("records"):
            _row(page, row, ISSUES)
        cards.as_table(page, where, "issues.concerning", found)


def detail(page: Page, where: PostFilter) -> None:
    """Draw the incident the URL names: expectation, words, course, examples, and the way to all of its posts."""
    number = _asked()
    if number is None:
        return
    found = cached.incident(number, page.load_id)
    with st.container(border=True, key="card-issues-incident"):
        st.button(page.text("issues.incident.close"), on_click=_close, icon=":material/close:", type="tertiary")
        if found.empty:
            st.caption(page.text("issues.incident.unknown"))
            return
        [row] = found.to_dict("records")
        _heading(page, row)
        st.markdown(page.text(_sentence(row), **_numbers(row)))
        if isinstance(row["note"], str):
            st.caption(page.text("issues.incident.note"))
            st.text(row["note"])
        words = cached.incident_terms(number, page.load_id)
        if not words.empty:
            _course(page, where, row, words)
        st.caption(
            page.text(
                "issues.incident.made_by",
                number=number,
                found=row["found_day"].date().isoformat(),
                p=f"{row['p_value']:.1g}",
                detection=row["detection_version"],
                rules=row["rules_version"],
            )
        )
        speakers.card(
            page, _window(where, row), "issues.incident_speakers", readings.first_terms(words, MAX_TREND_WORDS)
        )
        if row["is_sensitive"]:
            st.info(page.text("issues.incident.sensitive"), icon=":material/shield_person:")
            return
        _posts(page, where, row, words)


def _course(page: Page, where: PostFilter, row: dict[Any, Any], words: pd.DataFrame) -> None:
    """Draw how its words went before, during and after it."""
    around = replace(
        where,
        start=max(page.first_day, row["first_day"].date() - dt.timedelta(days=DAYS_BEFORE)),
        end=min(page.last_day, row["last_day"].date() + dt.timedelta(days=DAYS_AFTER)),
        departments=(),
        platforms=(),
        classes=(),
    )
    terms = readings.first_terms(words, MAX_TREND_WORDS)
    trend = cached.term_trend(around, page.load_id, terms)
    figure = cached.term_trend_figure(around, page.load_id, terms, page.lang)
    cards.chart(page, around, "issues.incident_course", figure, trend)
    cards.table(page, around, "issues.incident_words", words)


def _posts(page: Page, where: PostFilter, row: dict[Any, Any], words: pd.DataFrame) -> None:
    examples = cached.incident_examples(row["incident"], page.load_id)
    if not examples.empty:
        st.subheader(page.text("issues.incident.examples"), anchor=False)
        posts.some(page, examples, "incident_examples")
    st.subheader(page.text("issues.incident.all_posts"), anchor=False)
    window = _window(where, row)
    term = "" if words.empty else str(words["term"].iloc[0])
    posts.listing(page, SearchRequest(window, term=term, limit=10), "incident_posts")


def _window(where: PostFilter, row: dict[Any, Any]) -> PostFilter:
    """Return the filter of an incident's most surprising window: all questions of the city on these days."""
    return replace(
        where,
        start=row["peak_first_day"].date(),
        end=row["peak_last_day"].date(),
        departments=(),
        platforms=(),
        classes=("question",),
    )


def _row(page: Page, row: dict[Any, Any], key: str) -> None:
    with st.container(border=True, gap="xsmall"):
        _heading(page, row)
        st.markdown(page.text(_sentence(row), **_numbers(row)))
        label, icon = page.text("issues.incident.open"), ":material/search_insights:"
        button = f"incident-{key}-{row['incident']}"
        if key == ISSUES:
            st.button(label, key=button, on_click=_open, args=(row["incident"],), icon=icon, type="tertiary")
        elif st.button(label, key=button, icon=icon, type="tertiary"):
            st.switch_page(
                navigation.row(ISSUES).script, query_params=urlstate.with_changes(incident=str(row["incident"]))
            )


def _heading(page: Page, row: dict[Any, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(
            word("incident_status", row["incident_status"], page.lang),
            color=_COLORS.get(row["incident_status"], "gray"),
        )
        st.badge(word("incident_kind", row["incident_kind"], page.lang), color="violet")
        st.text(row["title"] or page.text("issues.incident.volume_title"), width="content")


def _sentence(row: dict[Any, Any]) -> str:
    return _SENTENCES[row["incident_kind"] == "volume", _is_rare(row)]


def _is_rare(row: dict[Any, Any]) -> bool:
    return round(row["expected"], 1) < 1  # as it is shown: "fewer than one, 1.0" would be neither


def _numbers(row: dict[Any, Any]) -> dict[str, str]:
    """Return what was observed and what was expected as the sentences want it; nothing of it comes from a citizen."""
    return {
        "period": formats.period(row["peak_first_day"].date(), row["peak_last_day"].date()),
        "observed": formats.number(row["observed"]),
        "questions": formats.number(row["questions"]),
        "authors": formats.number(row["authors"]),
        "expected": f"{row['expected']:.1f}",
        "low": f"{row['expected_low']:.0f}",
        "high": f"{row['expected_high']:.0f}",
        "times": f"{row['observed'] / row['expected']:.1f}" if not _is_rare(row) else "",
    }


def _false_findings(where: PostFilter) -> str:
    return f"{EXPECTED_FALSE_FINDINGS_PER_DAY * ((where.end - where.start).days + 1):.1f}"


def _asked() -> int | None:
    asked = st.query_params.get(PARAMETER, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _open(number: int) -> None:
    urlstate.write(PARAMETER, str(number))


def _close() -> None:
    urlstate.write(PARAMETER)
