"""What the pages read of frozen figures and of the last self-check."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db import figures, queries
from db.figures import FIGURES as CITABLE
from db.figures import Change, FigureQuery, Frozen
from db.figures import bundle as figure_bundle
from db.figures import citation as figure_citation
from db.records import PostFilter
from pages.components.cached.store import MAX_ENTRIES, TTL, reader, translated

__all__ = [
    "CITABLE",
    "Change",
    "Frozen",
    "changes_of",
    "figure_bundle",
    "figure_citation",
    "frozen",
    "kept_figure",
    "self_check",
]


@st.cache_data(ttl=TTL, max_entries=MAX_ENTRIES, show_spinner=False)
@translated
def frozen(where: PostFilter, load_id: int, name: str, terms: tuple[str, ...]) -> Frozen:
    """Return the figure ``name`` of FIGURES as it is now, ready to be cited."""
    return figures.freeze(reader(), name, FigureQuery(where, terms))


@st.cache_data(ttl=TTL, max_entries=64, show_spinner=False)
@translated
def kept_figure(figure_id: str, load_id: int) -> Frozen | None:
    """Return the frozen figure that is kept under an id, or the beginning of one; None where there is none."""
    records = queries.frozen_figures(reader(), figure_id)["record"]
    return Frozen.from_json(records.iloc[0])[0] if len(records) == 1 else None


@st.cache_data(ttl=TTL, max_entries=64, show_spinner=False)
@translated
def changes_of(figure_id: str, load_id: int) -> list[Change] | None:
    """Return what has changed since a figure that is kept was frozen; None where it is made no more."""
    kept = kept_figure(figure_id, load_id)
    if kept is None or kept.figure not in CITABLE:
        return None
    return figures.changes(reader(), kept)


@st.cache_data(ttl=TTL, max_entries=8, show_spinner=False)
@translated
def self_check(synthetic: bool, load_id: int) -> pd.DataFrame:
    """Return SELF_CHECK, the last one."""
    return queries.self_check(reader(), synthetic)
