"""What the city's replies read."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db import queries
from db.records import PostFilter
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def reply_kinds(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return REPLY_KINDS, answers first."""
    return queries.reply_kinds(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def replies_by_department(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return REPLIES_BY_DEPARTMENT, most first."""
    return queries.replies_by_department(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def reply_curve(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return RESPONSE_CURVE of the first reply of any kind."""
    return queries.reply_curve(reader(), where)
