"""Departments beside one another, and what each verdict means in words. No list of the worst: the order is that of names."""

from __future__ import annotations

from typing import Any

import streamlit as st

from db.records import EXPECTED_OUTSIDE, PostFilter
from pages.components import cached, cards, citing, clicks, filters, formats
from pages.components.context import Page
from pages.components.text import word

KEY = "departments.funnel"
_OUTSIDE = ("above_998", "above_95", "below_95", "below_998")
_NOT_NAMED = ("within", "too_few")


def funnel(page: Page, where: PostFilter) -> None:
    """Draw all departments in a funnel by the target and the adjustment the URL names, and what it says."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        target = filters.target(page)
        adjusted = filters.by_mix(page)
    with cards.loading(page):
        found = cached.department_funnel(where, page.load_id, target, adjusted)
        figure = cached.department_funnel_figure(where, page.load_id, target, adjusted, page.lang)
    if found.departments.empty or found.until is None:
        st.caption(page.text(f"{KEY}.empty"))
        return
    name = page.text(f"target.{target}")
    st.caption(
        page.text(
            f"{KEY}.due",
            target=name,
            until=found.until.isoformat(),
            n=formats.number(int(found.departments["questions"].sum())),
            unassigned=formats.number(found.unassigned),
        )
    )
    if adjusted:
        st.caption(page.text(f"{KEY}.adjusted"))
    if found.read is not None:
        st.caption(page.text("words.newest", n=formats.number(found.read)))
    for line in _sentences(page, found, where.departments):
        st.text(line)
    variant = citing.funnel(target, adjusted)
    clicked = cards.chart(page, where, KEY, figure, found.departments, clickable=True, variant=variant)
    clicks.filter_by_department(page, clicked)


def _sentences(page: Page, found: cached.DepartmentFunnel, chosen: tuple[str, ...]) -> list[str]:
    """Return how many lie outside and how many would by chance, who they are, and where the chosen ones stand."""
    rows = [row | {"name": row[f"name_{page.lang}"] or row["name_ko"]} for row in found.departments.to_dict("records")]
    rows.sort(key=lambda row: str(row["name"]).casefold())
    by_verdict = {verdict: [row for row in rows if row["verdict"] == verdict] for verdict in (*_OUTSIDE, *_NOT_NAMED)}
    judged = len(rows) - len(by_verdict["too_few"])
    outside = sum(len(by_verdict[verdict]) for verdict in _OUTSIDE)
    by_chance = f"{judged * EXPECTED_OUTSIDE:.1f}"
    lines = [page.text(f"{KEY}.by_chance", judged=judged, by_chance=by_chance, outside=outside)]
    unrest = "wide" if found.dispersion else "plain"
    lines.append(page.text(f"{KEY}.{unrest}", dispersion=f"{found.dispersion:.3f}"))
    lines += [_standing(page, row) for row in rows if row["department"] in chosen]
    for verdict in _OUTSIDE:
        if by_verdict[verdict]:
            names = ", ".join(str(row["name"]) for row in by_verdict[verdict])
            lines.append(page.text(f"{KEY}.named", verdict=word("verdict", verdict, page.lang), names=names))
    for verdict in _NOT_NAMED:
        if by_verdict[verdict]:
            count = len(by_verdict[verdict])
            lines.append(page.text(f"{KEY}.counted", verdict=word("verdict", verdict, page.lang), n=count))
    return lines


def _standing(page: Page, row: dict[Any, Any]) -> str:
    return page.text(
        f"{KEY}.standing",
        name=row["name"],
        in_time=formats.number(row["in_time"]),
        n=formats.number(row["questions"]),
        share=formats.share(row["share"]),
        low=formats.share(row["low"]),
        high=formats.share(row["high"]),
        expected=formats.share(row["expected_share"]),
        verdict=word("verdict", row["verdict"], page.lang),
    )
