"""How live sources fare, and what of the accounts was not read."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from db import queries
from db.queries import SourceHealth
from pages.components.cached.store import TTL, engine, reader, translated

DAYS_OF_GAPS = 91


@translated
def source_health() -> list[SourceHealth]:
    """Return how every live source fares now; not cached, because a monitor asks."""
    return queries.source_health(engine(), dt.datetime.now(dt.UTC))


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@translated
def account_gaps(synthetic: bool, load_id: int) -> pd.DataFrame:
    """Return ACCOUNT_GAPS of the last 91 days."""
    return queries.account_gaps(reader(), synthetic, dt.datetime.now(dt.UTC) - dt.timedelta(days=DAYS_OF_GAPS))
