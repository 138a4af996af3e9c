"""What the filter hides and why, as people read it: counts, posts, doubts, copies and the rules themselves."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from db.records import HIDDEN, KEPT, OPEN, PostFilter, SearchRequest
from pages.components import cached, cards, filters, formats, posts, readings
from pages.components.context import Page

VIEWS = ("hidden", "posts", "review", "copies", "rules")
SHOWN_REVIEWS = 20  # more are in the table
SHOWN_GROUPS = 10


def hidden(page: Page, where: PostFilter) -> None:
    """Draw hidden posts over time by class and by reason, and how many posts each reason judged."""
    with cards.loading(page):
        found = cached.hidden_reasons(where, page.load_id)
    figure = cached.figure("hidden_classes", where, page.load_id, page.lang)
    cards.chart(page, where, "filter.classes", figure, readings.summed_over_reasons(found))
    figure = cached.figure("hidden_reasons", where, page.load_id, page.lang)
    cards.chart(page, where, "filter.reasons", figure, found)
    cards.table(page, where, "filter.judged", cached.class_reasons(where, page.load_id))


def posts_of_reason(page: Page, where: PostFilter) -> None:
    """Draw the posts that one reason sent to their class, newest first."""
    reasons = readings.reasons_of_rules(cached.class_reasons(where, page.load_id))
    with st.container(border=True):
        st.header(page.text("filter.posts.title"), anchor=False)
        st.caption(page.text("filter.posts.caption"))
        if not reasons:
            st.caption(page.text("filter.posts.empty"))
            return
        reason = filters.reason(page, reasons)
        st.caption(page.text("filter.posts.search"))
        st.code(f"reason:{reason}", language=None)
        with cards.loading(page):
            posts.listing(page, SearchRequest(where, query=f"reason:{reason}", limit=10), "filter_posts")


def review(page: Page, where: PostFilter) -> None:
    """Draw the posts that wait for a person, and what became of those somebody has looked at."""
    with cards.loading(page):
        waiting = cached.reviews(where, page.load_id, OPEN)
        counts = readings.by_status(cached.review_counts(where, page.load_id))
    with st.container(border=True, gap="xsmall", key="card-filter-review"):
        st.header(page.text("filter.review.title"), anchor=False)
        st.caption(page.text("filter.review.caption"))
        numbers = {status: formats.number(counts.get(status, 0)) for status in (OPEN, HIDDEN, KEPT)}
        st.caption(page.text("filter.review.counts", **numbers))
        if waiting.empty:
            st.caption(page.text("filter.review.empty"))
        else:
            posts.some(page, waiting.head(SHOWN_REVIEWS), "filter_review")
            if len(waiting) > SHOWN_REVIEWS:
                st.caption(page.text("filter.review.more", n=formats.number(len(waiting) - SHOWN_REVIEWS)))
            cards.as_table(page, where, "filter.review", readings.review_table(posts.exportable(waiting)))
        st.caption(page.text("filter.review.how"))
        st.code("python -m db reviews\npython -m db review PLATFORM ID --hide", language="bash")
    decided = [cached.reviews(where, page.load_id, status) for status in (HIDDEN, KEPT)]
    table = readings.review_table(posts.exportable(pd.concat(decided, ignore_index=True)))
    cards.table(page, where, "filter.decided", table)


def copies(page: Page, where: PostFilter) -> None:
    """Draw the texts that were said most often, and the questions with and without copies."""
    with cards.loading(page):
        groups = cached.copy_groups(where, page.load_id)
        counts = cached.copy_counts(where, page.load_id)
    with st.container(border=True, gap="xsmall", key="card-filter-copies"):
        st.header(page.text("filter.copies.title"), anchor=False)
        st.caption(page.text("filter.copies.caption"))
        st.text(
            page.text(
                "filter.copies.counts",
                questions=formats.number(counts.questions),
                without=formats.number(counts.without_copies),
                repeated=formats.number(counts.repeated),
            )
        )
        if counts.is_capped:
            st.caption(page.text("filter.copies.capped"))
        if groups.empty:
            st.caption(page.text("filter.copies.empty"))
            return
        for row in groups.head(SHOWN_GROUPS).to_dict("records"):
            _group(page, row)
        cards.as_table(page, where, "filter.copies", posts.exportable(groups))


def rules(page: Page, where: PostFilter) -> None:
    """Draw the rules of the filter in the order in which they are asked, with the posts their reasons judged."""
    found = readings.rules_of(cached.filter_rules(page.load_id), of_replies=False)
    if not found.empty:
        version = str(found["rules_version"].iloc[0])
        key = "filter.rules.version_model" if "+" in version else "filter.rules.version"
        st.caption(page.text(key, version=version))
    cards.table(page, where, "filter.rules", readings.with_posts(found, cached.class_reasons(where, page.load_id)))


DRAW = {"hidden": hidden, "posts": posts_of_reason, "review": review, "copies": copies, "rules": rules}


def _group(page: Page, row: dict[Any, Any]) -> None:
    with st.container(border=True, gap="xsmall"):
        st.text(
            page.text(
                "filter.copies.group" if row["is_inbound"] else "filter.copies.city_group",
                posts=formats.number(row["posts"]),
                authors=formats.number(row["authors"]),
                questions=formats.number(row["questions"]),
                period=formats.period(*(row[end].tz_convert(formats.KST).date() for end in ("first_at", "last_at"))),
            )
        )
        if isinstance(row["text"], str):
            st.text(row["text"])
        else:
            st.caption(page.text("posts.text_withheld"))
        address = posts.safe_link(row["url"])
        if address is not None:
            st.link_button(
                page.text("posts.open"), address, key=f"copy-{row['post_id']}", type="tertiary",
                icon=":material/open_in_new:",
            )  # fmt: skip
