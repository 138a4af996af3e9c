"""What was to be expected, said in sentences, and the week in which it is told by matter."""

from __future__ import annotations

from typing import Any

from db.records import PostFilter
from pages.components import cached, cards, formats, readings
from pages.components.context import Page

CHANCE = 0.05  # of days lie outside a band that holds 95 %


def sentences(page: Page, where: PostFilter) -> tuple[str, ...]:
    """Return how many days or weeks of the period lie outside their band, and the one furthest outside; nothing of no past."""
    expectation = cached.volume_expectation(where, page.load_id)
    compared = expectation[expectation["comparable"]]
    if compared.empty:
        return ()
    unit = "week" if compared["days"].iloc[0] > 1 else "day"
    outside = readings.outside(expectation)
    counted = page.text(
        f"expectation.{unit}s",
        n=formats.number(len(compared)),
        outside=formats.number(len(outside)),
        chance=formats.number(max(round(CHANCE * len(compared)), 1)),
    )
    if outside.empty:
        return (counted,)
    return (counted, _said(page, f"expectation.furthest_{unit}", outside.iloc[0], outside["day"].iloc[0]))


def week(page: Page, where: PostFilter) -> None:
    """Draw the steps from the questions expected of the last whole week to those that came; nothing where none are expected."""
    issues = cached.expected_by_issue(where, page.load_id)
    if issues.empty:
        return
    everything = issues.iloc[0]
    is_outside = not everything["expected_low"] <= everything["questions"] <= everything["expected_high"]
    sentence = _said(
        page, "expectation.week_outside" if is_outside else "expectation.week_inside", everything, everything["week"]
    )
    figure = cached.figure("week_steps", where, page.load_id, page.lang)
    cards.chart(page, where, "overview.week", figure, issues, notes=(sentence,))


def _said(page: Page, key: str, row: Any, day: Any) -> str:
    return page.text(
        key,
        day=day.date().isoformat(),
        n=formats.number(row["questions"]),
        ratio=f"{row['questions'] / row['expected']:.1f}" if row["expected"] > 0 else formats.MISSING,
        expected=formats.number(row["expected"]),
        low=formats.number(row["expected_low"]),
        high=formats.number(row["expected_high"]),
    )
