"""Where do citizens ask, and which accounts are connected?"""

import streamlit as st

from pages.components import cached, cards, citing, coverage, filters, readings
from pages.components.context import open_page

page = open_page("platforms")
where = filters.top_row(page)
same = coverage.same_accounts(page)
variant = citing.same_accounts(same)
with cards.loading(page):
    known = cached.coverage(where, page.load_id)
    weeks = readings.known_weeks(cached.platform_weeks(where, page.load_id, same), known)
    totals = cached.platform_totals(where, page.load_id, same)
    accounts = cached.accounts(page.synthetic, page.load_id)
    gaps = cached.account_gaps(page.synthetic, page.load_id)
if cached.classes(where, page.load_id).empty:
    filters.nothing_found(page, where)
    st.stop()

left, right = st.columns([3, 2])
with left:
    figure = cached.platform_figure("share", where, page.load_id, page.lang, same)
    cards.chart(page, where, "platforms.share", figure, weeks, notes=coverage.sentences(page, known), variant=variant)
with right:
    figure = cached.platform_figure("totals", where, page.load_id, page.lang, same)
    cards.chart(page, where, "platforms.totals", figure, totals, variant=variant)

figure = cached.platform_figure("small", where, page.load_id, page.lang, same)
cards.chart(page, where, "platforms.small", figure, weeks, variant=variant)

coverage.concentration(page, where, accounts)
cards.table(page, where, "platforms.coverage", known)
cards.table(page, None, "platforms.pending", readings.accounts_with_status(accounts, "pending"))
cards.table(page, None, "platforms.accounts", readings.accounts_with_status(accounts, "connected"))
if readings.is_any_read_live(accounts):
    cards.table(page, None, "platforms.gaps", gaps)
else:
    st.caption(page.text("platforms.gaps.never"))
