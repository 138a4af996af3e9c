"""How long do citizens wait for the first answer, and what still waits?"""

import streamlit as st

from pages.components import backlog, cached, cards, course, filters, replies
from pages.components.context import open_page

KPIS = ("answered_within_24h_share", "median_response_hours", "p90_response_hours", "unanswered_over_7_days")

page = open_page("response")
where = filters.top_row(page)
view = filters.view(page, "response", ("times", "replies", "backlog", "course"))
with cards.loading(page):
    coverage = cached.response_coverage(where, page.load_id)
    kpis = [cached.metric(name, where, page.load_id) for name in KPIS]
    ages = cached.unanswered_ages(where, page.load_id)
if not coverage.questions and ages.empty:
    filters.nothing_found(page, where)
    st.stop()

cards.coverage(page, coverage)
if view != "replies":  # it has rows of its own
    cards.kpi_row(page, kpis, coverage, where=where)
if not coverage.answerable and ages.empty:
    cards.prose(page, "response.no_answers")
elif view == "replies":
    replies.draw(page, where, coverage)
elif view == "backlog":
    backlog.draw(page, where, ages)
elif view == "course":
    course.draw(page, where)
else:
    with cards.loading(page):
        curve = cached.response_curve(where, page.load_id)
        histogram = cached.response_histogram(where, page.load_id)
    left, right = st.columns(2)
    with left:
        figure = cached.figure("response_curve", where, page.load_id, page.lang)
        cards.chart(page, where, "response.curve", figure, curve)
    with right:
        figure = cached.figure("response_histogram", where, page.load_id, page.lang)
        cards.chart(page, where, "response.histogram", figure, histogram)
