"""Cite a number: a button on every chart and KPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from db.records import PostFilter
from pages.components import cached, export, formats, readings

if TYPE_CHECKING:
    from pages.components.context import Page

# The figure of db.figures that a card shows. A card without a row cannot be cited.
CARDS = {
    "overview.volume": "posts_by_day",
    "overview.week": "expected_by_issue",
    "overview.distinctive": "distinctive_terms",
    "overview.top": "top_terms",
    "overview.classes": "classes",
    "departments.volume": "department_volume",
    "departments.funnel": "department_funnel",
    "departments.answered": "department_answered_share",
    "departments.words": "department_terms",
    "departments.receiving": "receiving_volume",
    "departments.districts": "district_volume",
    "platforms.share": "platform_weeks",
    "platforms.totals": "platform_totals",
    "platforms.small": "platform_weeks",
    "issues.standing": "standing_issues",
    "issues.issue_trend": "term_trend",
    "issues.incident_course": "term_trend",
    "issues.trend": "term_trend",
    "issues.ranked": "distinctive_terms_15",
    "response.curve": "response_curve",
    "response.histogram": "response_histogram",
    "response.weeks": "unanswered_weeks",
    "response.course": "by_week",
    "response.reply_curves": "reply_curve",
    "response.reply_kinds": "reply_kinds",
    "response.replies_by_department": "replies_by_department",
    "response.chance": "ever_answered",
    "response.ages": "unanswered_ages",
    "filter.classes": "hidden_reasons",
    "filter.reasons": "hidden_reasons",
    "filter.judged": "class_reasons",
    "methods.classes": "classes",
    "methods.reasons": "class_reasons",
}


def card(page: Page, where: PostFilter | None, key: str, frame: pd.DataFrame, variant: str = "") -> None:
    """Draw the button that cites what a card shows; nothing where it cannot be cited.

    Parameters
    ----------
    variant : the end of the figure's name, where a card shows one of several by the visitor's choice
    """
    if key not in CARDS or where is None:
        return
    name = CARDS[key] + variant
    terms = readings.all_terms(frame["term"]) if cached.CITABLE[name].needs_terms else ()
    _button(page, where, key, name, terms)


def same_accounts(same: bool) -> str:
    """Return the variant of a platform's figure, of all accounts or of those connected throughout."""
    return "_same_accounts" if same else ""


def funnel(target: str, adjusted: bool) -> str:
    """Return the variant of the departments' funnel."""
    return f"_{target}_adjusted" if adjusted else f"_{target}"


def metric(page: Page, where: PostFilter, name: str) -> None:
    """Draw the button that cites a KPI."""
    _button(page, where, f"kpi-{name}", name, ())


def _button(page: Page, where: PostFilter, key: str, name: str, terms: tuple[str, ...]) -> None:
    # Only a popover that is open reads anything: a page with ten cards would otherwise read each of them twice.
    popover = st.popover(
        page.text("cite.button"),
        key=f"cite-{key}",
        on_change="rerun",
        type="tertiary",
        icon=":material/format_quote:",
        help=page.text("cite.help"),
    )
    if popover.open:
        with popover:
            described(page, cached.frozen(where, page.load_id, name, terms), key)


def described(page: Page, frozen: cached.Frozen, key: str) -> None:
    """Draw how a figure is cited, and the file that proves it."""
    where = frozen.query.where
    citation = dict(zip(("ko", "en"), cached.figure_citation(frozen), strict=True))[page.lang]
    st.caption(page.text("cite.line", period=formats.period(where.start, where.end)))
    st.code(citation, language=None, wrap_lines=True)
    st.caption(page.text("cite.id"))
    st.code(frozen.id, language=None, wrap_lines=True)
    st.download_button(
        page.text("cite.download"),
        data=lambda: cached.figure_bundle(frozen),
        file_name=export.file_name(frozen.figure, where.start, where.end, "zip"),
        mime="application/zip",
        key=f"bundle-{key}",
        on_click="ignore",
        icon=":material/folder_zip:",
    )
    st.caption(page.text("cite.check"))
    st.code("python -m db frozen FILE.zip", language="bash")
