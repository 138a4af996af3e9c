"""What a click on a chart does. A clicked label is untrusted: it is only compared with known codes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.components import navigation, urlstate
from pages.components.context import Page
from pages.components.selection import parse_terms


def clicked(event: Any) -> str | None:
    """Return what the first clicked mark stands for: its ``customdata`` where it has some, else its label."""
    points = event["selection"]["points"] if event else []
    if not points:
        return None
    data = points[0].get("customdata")
    if isinstance(data, list | tuple):
        data = data[0] if data else None
    elif isinstance(data, dict):
        data = next(iter(data.values()), None)
    label = points[0].get("label") or points[0].get("y")
    return str(data if data is not None else label) if (data is not None or label is not None) else None


def filter_by_department(page: Page, event: Any) -> None:
    """Set the department filter to the clicked bar and run the page again."""
    code = _code_of(clicked(event), page.departments)
    if code is not None:
        _forget_click()
        urlstate.write("department", code)
        st.rerun()


def open_term(page: Page, event: Any, frame: pd.DataFrame) -> None:
    """Open the issues page with the clicked term, the filters kept."""
    label = clicked(event)
    term = next((each for each in frame["term"] if label in (each, _plain(each))), None)
    if term is not None and parse_terms([term]) == (term,):
        _forget_click()
        st.switch_page(navigation.row("issues").script, query_params=urlstate.with_changes(term=term))


def open_district(page: Page, event: Any, volume: pd.DataFrame) -> None:
    """Open the search for the questions that name the clicked district, the filters kept."""
    names = dict(zip(volume["district"], volume[f"name_{page.lang}"], strict=True))
    code = _code_of(clicked(event), names)
    if code is not None:
        _forget_click()
        query = page.text("departments.districts.query", name=names[code])
        st.switch_page(navigation.row("search").script, query_params=urlstate.with_changes(q=query))


def _code_of(label: str | None, names: dict[str, str]) -> str | None:
    """Charts show names without angle brackets, and may hand out the code itself."""
    if label in names:
        return label
    return next((code for code, name in names.items() if label in (name, _plain(name))), None)


def _plain(text: str) -> str:
    return text.replace("<", "").replace(">", "")


def _forget_click() -> None:
    """Give clickable charts a new identity, so that coming back does not repeat the click."""
    st.session_state["chart_clicks"] = st.session_state.get("chart_clicks", 0) + 1
