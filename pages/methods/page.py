"""How are the numbers made, and what is missing from them?"""

import streamlit as st

from pages.components import cached, cards, definitions, filters, frozen
from pages.components.context import open_page

page = open_page("methods", needs_data=False)
cards.prose(page, "methods.reading")
frozen.opened(page)
cards.definitions(page, "methods.definitions", definitions.metric_definitions())

where = filters.top_row(page)
left, right = st.columns(2)
with left:
    cards.table(page, where, "methods.classes", cached.classes(where, page.load_id))
with right:
    cards.table(page, where, "methods.reasons", cached.class_reasons(where, page.load_id))

cards.table(page, None, "methods.groups", cached.term_groups(page.load_id))
cards.table(page, None, "methods.runs", cached.load_runs(page.load_id))
cards.table(page, None, "methods.rejects", cached.reject_reasons(page.load_id))
cards.table(page, None, "methods.platforms", cached.platform_policies(page.load_id))
left, right = st.columns(2)
with left:
    cards.prose(page, "methods.synthetic")
with right:
    cards.prose(page, "methods.privacy")
