"""What was to be expected, and what stands behind a series."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db import queries
from db.records import PostFilter
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def volume_expectation(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return VOLUME_EXPECTATION."""
    return queries.volume_expectation(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def expected_by_issue(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return EXPECTED_BY_ISSUE of the last whole week."""
    return queries.expected_by_issue(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def coverage(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return COVERAGE."""
    return queries.coverage(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def platform_authors(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return PLATFORM_AUTHORS of the newest posts."""
    return queries.platform_authors(reader(), where)
