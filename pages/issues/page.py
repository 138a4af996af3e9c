"""What surges, which words are rising, and what posts stand behind them?"""

import streamlit as st

from db.records import SearchRequest
from pages.components import cached, cards, clicks, compared, filters, incidents, posts, speakers, standing
from pages.components.context import open_page

page = open_page("issues")
where = filters.top_row(page)
with cards.loading(page):
    classes = cached.classes(where, page.load_id)
    default = compared.default_terms(where, page.load_id)
    offered = compared.offered_terms(where, page.load_id)
    distinctive = cached.distinctive_terms(where, page.load_id, 15)
if classes.empty:
    filters.nothing_found(page, where)
    st.stop()

incidents.detail(page, where)
if standing.detail(page, where):
    st.stop()
standing.overview(page, where)
incidents.listing(page, where)
terms = filters.terms(page, offered, default)
with cards.loading(page):
    trend = cached.term_trend(where, page.load_id, terms)
    figure = cached.term_trend_figure(where, page.load_id, terms, page.lang)
cards.chart(page, where, "issues.trend", figure, trend)
speakers.card(page, where, "issues.speakers", terms)

left, right = st.columns(2)
with left:
    cards.picture(page, "issues.cloud", cached.word_cloud(where, page.load_id, page.lang), distinctive)
with right:
    figure = cached.figure("distinctive_long", where, page.load_id, page.lang)
    clicked = cards.chart(page, where, "issues.ranked", figure, distinctive, clickable=True)
    clicks.open_term(page, clicked, distinctive)

with st.container(border=True):
    st.header(page.text("issues.posts.title"), anchor=False)
    st.caption(page.text("issues.posts.caption"))
    term = filters.one_of(page, "issues.posts", terms)
    if term:
        posts.listing(page, SearchRequest(where, term=term, limit=10), "issues_posts")
