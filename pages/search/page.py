"""What did citizens ask, and what exactly did the city answer?"""

import streamlit as st

from db.records import SearchRequest
from pages.components import cards, facets, filters, posts
from pages.components.context import open_page

page = open_page("search")
where = filters.top_row(page)
query = filters.query(page)
st.caption(page.text("search.box.hint"))
sort = filters.sort(page)
st.header(page.text("search.results.title"), anchor=False)
with cards.loading(page):
    facets.row(page, SearchRequest(where, query=query))
    posts.listing(page, SearchRequest(where, query=query, sort=sort), "search_results")
