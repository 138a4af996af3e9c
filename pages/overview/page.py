"""How much do citizens ask, and how often does the city answer in time?"""

import streamlit as st

from pages.components import cached, cards, clicks, expectation, filters, incidents, readings
from pages.components.context import open_page

KPIS = ("collected_posts", "questions", "answered_within_24h_share", "unanswered_over_7_days")

page = open_page("overview")
where = filters.top_row(page)
with cards.loading(page):
    kpis = [cached.metric(name, where, page.load_id) for name in KPIS]
    coverage = cached.response_coverage(where, page.load_id)
    classes = cached.classes(where, page.load_id)
    known = cached.coverage(where, page.load_id)
    daily = readings.known_days(cached.posts_by_day(where, page.load_id), known)
    distinctive = cached.distinctive_terms(where, page.load_id, 10)
    top = cached.top_terms(where, page.load_id, 10)
if classes.empty:
    filters.nothing_found(page, where)
    st.stop()

cards.kpi_row(page, kpis, coverage, {"collected_posts": cards.class_note(page, classes)}, where)
incidents.latest(page, where)
figure = cached.figure("volume", where, page.load_id, page.lang)
table = readings.with_expectation(daily, cached.volume_expectation(where, page.load_id))
cards.chart(page, where, "overview.volume", figure, table, notes=expectation.sentences(page, where))
expectation.week(page, where)

left, right = st.columns(2)
with left:
    figure = cached.figure("distinctive", where, page.load_id, page.lang)
    clicked = cards.chart(page, where, "overview.distinctive", figure, distinctive, clickable=True)
    clicks.open_term(page, clicked, distinctive)
with right:
    figure = cached.figure("keywords", where, page.load_id, page.lang)
    clicked = cards.chart(page, where, "overview.top", figure, top, clickable=True)
    clicks.open_term(page, clicked, top)

cards.chart(page, where, "overview.classes", cached.figure("class_split", where, page.load_id, page.lang), classes)
