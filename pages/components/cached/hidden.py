"""What the page of the filter reads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db import queries
from db.queries import CopyCounts
from db.records import PostFilter
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def hidden_reasons(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return HIDDEN_REASONS."""
    return queries.hidden_reasons(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def reviews(where: PostFilter, load_id: int, status: str) -> pd.DataFrame:
    """Return REVIEWS in one status, newest first."""
    return queries.reviews(reader(), where, status)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def review_counts(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return REVIEW_COUNTS."""
    return queries.review_counts(reader(), where)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@translated
def filter_rules(load_id: int) -> pd.DataFrame:
    """Return FILTER_RULES, in the order in which they are asked."""
    return queries.filter_rules(reader())


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def copy_groups(where: PostFilter, load_id: int) -> pd.DataFrame:
    """Return COPY_GROUPS, the largest first."""
    return queries.copy_groups(reader(), where)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def copy_counts(where: PostFilter, load_id: int) -> CopyCounts:
    """Return how many questions there are with and without copies."""
    return queries.copy_counts(reader(), where)
