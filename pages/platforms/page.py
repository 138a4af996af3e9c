"""Where do citizens ask, and which accounts are connected?"""

import streamlit as st

from pages.components import cached, cards, filters, readings
from pages.components.context import open_page

page = open_page("platforms")
where = filters.top_row(page)
with cards.loading(page):
    weeks = cached.platform_weeks(where, page.load_id)
    totals = cached.platform_totals(where, page.load_id)
    accounts = cached.accounts(page.synthetic, page.load_id)
if weeks.empty:
    filters.nothing_found(page, where)
    st.stop()

left, right = st.columns([3, 2])
with left:
    figure = cached.figure("platform_share", where, page.load_id, page.lang)
    cards.chart(page, where, "platforms.share", figure, weeks)
with right:
    figure = cached.figure("platform_totals", where, page.load_id, page.lang)
    cards.chart(page, where, "platforms.totals", figure, totals)

figure = cached.figure("platform_small", where, page.load_id, page.lang)
cards.chart(page, where, "platforms.small", figure, weeks)

cards.accounts_connected(page, accounts)
cards.table(page, None, "platforms.pending", readings.accounts_with_status(accounts, "pending"))
cards.table(page, None, "platforms.accounts", readings.accounts_with_status(accounts, "connected"))
