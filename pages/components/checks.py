"""The last self-check as people read it: what was checked, when, and whether both ways agree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import cached, formats
from pages.components.context import Page
from pages.components.text import text

COMMAND = "python -m db selfcheck"


def never(page: Page) -> None:
    """Say that there was none yet, and the command that makes one."""
    with st.container(border=True, key="card-selfcheck-never"):
        st.header(page.text("selfcheck.never.title"), anchor=False)
        st.caption(page.text("selfcheck.never.what"))
        st.code(COMMAND, language="bash")


def verdict(page: Page, result: pd.DataFrame) -> None:
    """Say in one sentence whether everything agrees, of which days, when, and by which version."""
    red, first = int((~result["is_green"]).sum()), result.iloc[0]
    numbers = {"n": formats.number(len(result)), "red": formats.number(red)}
    if red:
        st.error(page.text("selfcheck.red", **numbers), icon=":material/error:")
    else:
        st.success(page.text("selfcheck.green", **numbers), icon=":material/check_circle:")
    st.caption(
        page.text(
            "selfcheck.seen",
            period=formats.period(first["first_day"].date(), first["last_day"].date()),
            at=formats.moment(first["checked_at"]),
            version=first["code_version"],
        )
    )
    if first["load_id"] != page.load_id:
        st.caption(page.text("selfcheck.older"))


def how(page: Page) -> None:
    """Say how it is made, and by which command anyone makes it again."""
    with st.container(border=True, key="card-selfcheck-how"):
        st.header(page.text("selfcheck.how.title"), anchor=False)
        st.caption(page.text("selfcheck.how.body"))
        st.code(f"{COMMAND} --from 2026-10-01 --to 2026-10-31", language="bash")


def table(page: Page, result: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the rows of one kind, those that differ first, values in their units."""
    rows = []
    of_kind = result[result["check_kind"] == kind]
    for row in of_kind.sort_values("is_green", kind="stable").to_dict("records"):
        unit = cached.METRICS[row["name"]].unit if row["name"] in cached.METRICS else "posts"
        rows.append(
            {
                "check_result": "green" if row["is_green"] else "red",
                "check": _name(row["name"], page.lang),
                "published_value": formats.measured(row["published"], unit, page.lang),
                "recomputed_value": formats.measured(row["recomputed"], unit, page.lang),
                "difference": _difference(row["difference"], unit, page.lang),
                "published_n": row["published_n"],
                "recomputed_n": row["recomputed_n"],
            }
        )
    return pd.DataFrame(rows)


def _name(name: str, lang: str) -> str:
    row = cached.METRICS.get(name)
    return text(f"selfcheck.sum.{name}", lang) if row is None else str(getattr(row, f"name_{lang}"))


def _difference(value: float, unit: str, lang: str) -> str:
    if pd.isna(value):
        return formats.MISSING
    if unit == "fraction":
        return text("unit.points", lang, n=f"{round(value * 100, 3) + 0.0:+.3f}")  # -0.000 would look like a difference
    if unit in formats.DURATIONS:
        return text(
            "unit.minutes" if unit == "hours" else "unit.working_minutes", lang, n=f"{round(value * 60, 1) + 0.0:+.1f}"
        )
    return f"{round(value, 3) + 0.0:+.3f}" if unit == "index" else f"{value:+,.0f}"
