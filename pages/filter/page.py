"""What is hidden, and why?"""

import streamlit as st

from pages.components import audit, cached, cards, filters
from pages.components.context import open_page

KPIS = ("collected_posts", "hidden_posts", "hidden_posts_share")

page = open_page("filter")
where = filters.top_row(page)
view = filters.view(page, "filter", audit.VIEWS)
with cards.loading(page):
    kpis = [cached.metric(name, where, page.load_id) for name in KPIS]
    coverage = cached.response_coverage(where, page.load_id)
    classes = cached.classes(where, page.load_id)
if classes.empty:
    filters.nothing_found(page, where)
    st.stop()

cards.kpi_row(page, kpis, coverage, {"collected_posts": cards.class_note(page, classes)}, where)
audit.DRAW[view](page, where)
