"""How many questions must each department answer, how many has it answered, and which districts do they name?"""

import streamlit as st

from pages.components import cached, cards, clicks, comparison, filters
from pages.components.context import open_page

page = open_page("departments")
where = filters.top_row(page)
view = filters.view(page, "departments", ("responsible", "compared", "receiving", "districts", "words"))
with cards.loading(page):
    volume = cached.department_volume(where, page.load_id)
    receiving = cached.receiving_volume(where, page.load_id)
if receiving.empty:
    filters.nothing_found(page, where)
    st.stop()

if view == "responsible":
    st.caption(page.text("departments.volume.sources"))
    figure = cached.figure("departments", where, page.load_id, page.lang)
    clicked = cards.chart(page, where, "departments.volume", figure, volume, clickable=True)
    clicks.filter_by_department(page, clicked)
    figure = cached.figure("answered_share", where, page.load_id, page.lang)
    cards.chart(page, where, "departments.answered", figure, volume)
elif view == "compared":
    comparison.funnel(page, where)
elif view == "words":
    st.caption(page.text("departments.words.what"))
    if not where.departments:
        filters.one_department(page, "departments.words")
        st.stop()
    words = cached.department_terms(where, page.load_id)
    figure = cached.figure("department_terms", where, page.load_id, page.lang)
    clicked = cards.chart(page, where, "departments.words", figure, words, clickable=True)
    clicks.open_term(page, clicked, words)
elif view == "receiving":
    figure = cached.figure("receiving", where, page.load_id, page.lang)
    cards.chart(page, where, "departments.receiving", figure, receiving)
else:
    with cards.loading(page):
        districts = cached.district_volume(where, page.load_id)
        figure = cached.figure("districts", where, page.load_id, page.lang)
    cards.districts_named(page, districts)
    clicked = cards.chart(page, where, "departments.districts", figure, districts, clickable=True)
    clicks.open_district(page, clicked, districts)
