"""Is every published number what the rows say?"""

import streamlit as st

from pages.components import cached, cards, checks
from pages.components.context import open_page

page = open_page("selfcheck")
result = cached.self_check(page.synthetic, page.load_id)
if result.empty:
    checks.never(page)
    st.stop()

checks.verdict(page, result)
cards.table(page, None, "selfcheck.metrics", checks.table(page, result, "metric"))
cards.table(page, None, "selfcheck.sums", checks.table(page, result, "sum"))
checks.how(page)
