"""What the city replied: kinds of replies with their rules, and the wait for an answer beside the wait for any reply."""

from __future__ import annotations

import streamlit as st

from db.records import PostFilter
from pages.components import cached, cards, formats, readings
from pages.components.context import Page

WAITS = ("answered_within_24h_share", "replied_within_24h_share", "median_response_hours", "median_reply_hours")
KINDS = ("template_replies_share", "hand_off_replies_share", "automatic_replies_share", "implausibly_fast_share")


def draw(page: Page, where: PostFilter, coverage: cached.ResponseCoverage) -> None:
    """Draw both waits, the kinds of replies in all and by department, and the rules that tell them apart."""
    with cards.loading(page):
        kinds = cached.reply_kinds(where, page.load_id)
        by_department = cached.replies_by_department(where, page.load_id)
        curve = cached.reply_curve(where, page.load_id)
        shares = [cached.metric(name, where, page.load_id) for name in KINDS]
        waits = [cached.metric(name, where, page.load_id) for name in WAITS]
        rules = readings.rules_of(cached.filter_rules(page.load_id), of_replies=True)
    none, total = readings.replies_that_are_no_answers(kinds)
    if total:
        st.text(
            page.text(
                "response.replies.sentence",
                none=formats.number(none),
                n=formats.number(total),
                share=formats.share(none / total),
            )
        )
    cards.kpi_row(page, waits, coverage, where=where, key="waits")
    figure = cached.figure("reply_curves", where, page.load_id, page.lang)
    cards.chart(page, where, "response.reply_curves", figure, curve)
    cards.kpi_row(page, shares, coverage, where=where, key="kinds")
    cards.chart(
        page, where, "response.reply_kinds", cached.figure("reply_kinds", where, page.load_id, page.lang), kinds
    )
    cards.table(page, where, "response.replies_by_department", by_department)
    cards.table(page, None, "response.reply_rules", rules)
