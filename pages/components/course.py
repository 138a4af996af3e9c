"""A KPI week by week: which one is the visitor's choice, and so is whether an earlier definition is drawn over it."""

from __future__ import annotations

import streamlit as st

from db.records import PostFilter
from pages.components import cached, cards, filters, formats
from pages.components.context import Page

EARLIER, SHOWN = "earlier", "shown"  # in the URL


def draw(page: Page, where: PostFilter) -> None:
    """Draw the choice, the chart, and what its definition was before."""
    name = filters.kpi(page, {each: getattr(cached.METRICS[each], f"name_{page.lang}") for each in cached.BY_WEEK})
    row = cached.METRICS[name]
    earlier = None
    if row.earlier and filters.switch(page, EARLIER, SHOWN, "response.earlier"):
        earlier = row.earlier[-1].version
    with cards.loading(page):
        weeks = cached.metric_weeks(name, where, page.load_id, row.version)
        figure = cached.metric_weeks_figure(name, where, page.load_id, page.lang, earlier)
    said = [
        page.text(
            "response.course.changed",
            version=revision.version + 1,
            day=revision.valid_until.isoformat(),
            change=getattr(revision, f"change_{page.lang}"),
        )
        for revision in row.earlier
    ]
    cards.chart(page, where, "response.course", figure, weeks, notes=said, variant=f"_{name}")
    if earlier is not None:
        cards.table(page, where, "response.course_earlier", cached.metric_weeks(name, where, page.load_id, earlier))
    definition = getattr(row, f"definition_{page.lang}")
    st.caption(
        page.text(
            "response.course.definition",
            definition=definition,
            version=row.version,
            period=formats.period(where.start, where.end),
        )
    )
