"""What compares departments reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from db import queries
from db.queries import DepartmentFunnel
from db.records import PostFilter
from pages.components import charts
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def department_funnel(where: PostFilter, load_id: int, target: str, adjusted: bool) -> DepartmentFunnel:
    """Return all departments beside one another; the filter of departments plays no part, and is in no key."""
    return _department_funnel(replace(where, departments=()), load_id, target, adjusted)


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def _department_funnel(where: PostFilter, load_id: int, target: str, adjusted: bool) -> DepartmentFunnel:
    return queries.department_funnel(reader(), where, target, adjusted=adjusted)


@st.cache_resource(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
def department_funnel_figure(where: PostFilter, load_id: int, target: str, adjusted: bool, lang: str) -> Figure:
    """Return the funnel, the departments of ``where`` named. Shared by all visitors: nobody may change it."""
    found = department_funnel(where, load_id, target, adjusted)
    chosen: Collection[str] = where.departments
    return charts.department_funnel(found.departments, found.limits, lang, chosen)
