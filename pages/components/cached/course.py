"""What the course of a KPI reads."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from db.metrics import METRICS, weeks
from db.metrics.weeks import BY_WEEK as BY_WEEK
from db.records import PostFilter
from pages.components import charts
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def metric_weeks(name: str, where: PostFilter, load_id: int, version: int) -> pd.DataFrame:
    """Return METRIC_WEEKS of a KPI; an earlier version reads questions one by one, so only for who asks for it."""
    return weeks.metric_weeks(reader(), name, where, version)


@st.cache_resource(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
def metric_weeks_figure(name: str, where: PostFilter, load_id: int, lang: str, earlier: int | None) -> Figure:
    """Return a KPI by week, and over it the same by an ``earlier`` version where one is named."""
    row = METRICS[name]
    changes = [(revision.version + 1, revision.valid_until) for revision in row.earlier]
    over = None if earlier is None else metric_weeks(name, where, load_id, earlier)
    return charts.kpi_weeks(
        metric_weeks(name, where, load_id, row.version), row.unit, lang, changes=changes, earlier=over
    )
