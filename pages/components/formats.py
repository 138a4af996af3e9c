"""Numbers, shares, durations and dates as people read them."""

from __future__ import annotations

import datetime as dt
import math
from zoneinfo import ZoneInfo

from db.records import HOURS_PER_WORKING_DAY
from pages.components.text import text

KST = ZoneInfo("Asia/Seoul")
MISSING = "–"


def number(value: float | None) -> str:
    """Return a count with thousands separators; a dash where there is none."""
    return MISSING if value is None or math.isnan(value) else f"{value:,.0f}"


def share(value: float | None) -> str:
    """Return a fraction of 1 as a percentage with one decimal; a dash where there is none."""
    return MISSING if value is None or math.isnan(value) else f"{value * 100:.1f}%"


def points(value: float | None, lang: str) -> str:
    """Return a difference of fractions in percentage points with its sign; a dash where there is none."""
    return MISSING if value is None or math.isnan(value) else text("unit.points", lang, n=f"{value * 100:+.1f}")


def hours(value: float | None, lang: str) -> str:
    """Return a duration in the unit people use: minutes below one hour, days from 48 hours."""
    if value is None or math.isnan(value):
        return MISSING
    if value < 1:
        return text("unit.minutes", lang, n=f"{value * 60:.0f}")
    if value < 48:
        return text("unit.hours", lang, n=f"{value:.1f}")
    return text("unit.days", lang, n=f"{value / 24:.1f}")


def working_hours(value: float | None, lang: str) -> str:
    """Return working time in the unit people use: minutes below one hour, days of eight hours from three of them."""
    if value is None or math.isnan(value):
        return MISSING
    if value < 1:
        return text("unit.working_minutes", lang, n=f"{value * 60:.0f}")
    if value < 3 * HOURS_PER_WORKING_DAY:
        return text("unit.working_hours", lang, n=f"{value:.1f}")
    return text("unit.working_days", lang, n=f"{value / HOURS_PER_WORKING_DAY:.1f}")


def size(value: float) -> str:
    """Return a number of bytes as KB or MB."""
    return f"{value / 1_000_000:.1f} MB" if value >= 1_000_000 else f"{max(value / 1000, 1):.0f} KB"


def moment(value: dt.datetime, *, day_only: bool = False) -> str:
    """Return an aware time as KST to the minute, or its day where the source knows no more."""
    local = value.astimezone(KST)
    return f"{local:%Y-%m-%d}" if day_only else f"{local:%Y-%m-%d %H:%M}"


def period(start: dt.date, end: dt.date) -> str:
    """Return both ends of a period, inclusive."""
    return f"{start.isoformat()} – {end.isoformat()}"


def measured(value: float | None, unit: str, lang: str) -> str:
    """Return a metric's value in its unit: ``fraction``, ``index``, ``hours``, ``working_hours``, anything else is a count."""
    if unit == "fraction":
        return share(value)
    if unit == "index":
        return index(value)
    if unit in DURATIONS:
        return DURATIONS[unit](value, lang)
    return number(value)


def index(value: float | None) -> str:
    """Return a number between 0 and 1 that is no share, with two decimals; a dash where there is none."""
    return MISSING if value is None or math.isnan(value) else f"{value:.2f}"


# How long something took, by the unit of its metric.
DURATIONS = {"hours": hours, "working_hours": working_hours}
