"""What the backlog reads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db import queries
from db.records import PostFilter
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def unanswered_weeks(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return UNANSWERED_WEEKS."""
    return queries.unanswered_weeks(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def oldest_unanswered(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return SEARCH_RESULTS of the questions that have waited longest."""
    return queries.oldest_unanswered(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def ever_answered(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return EVER_ANSWERED."""
    return queries.ever_answered(reader(), where)
