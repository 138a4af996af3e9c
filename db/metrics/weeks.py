"""A KPI week by week, by today's definition or by an earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from db.frames import METRIC_WEEKS
from db.metrics import metric
from db.queries.extent import data_extent
from db.records import PostFilter
from db.rollups.spans import WEEK, start_of
from db.snapshot import Reader

MAX_WEEKS = 53  # the newest of a period
# The KPIs that are shown week by week, and so can be cited that way.
BY_WEEK = (
    "answered_within_24h_share",
    "median_response_hours",
    "p90_response_hours",
    "unanswered_over_7_days",
    "answered_within_3_working_hours_share",
    "median_working_hours",
    "questions",
)


def metric_weeks(reader: Reader, name: str, where: PostFilter, version: int | None = None) -> pd.DataFrame:
    """Return a KPI of each week from Monday in the period, the newest MAX_WEEKS at most. Columns METRIC_WEEKS.

    Weeks without any data are left out: a gap, not a zero. A week that the period or the data cut is of fewer days and not ``whole``.

    Raises
    ------
    UnknownMetric
        There is no KPI of that name, or it has no such version.
    """
    extent = data_extent(reader, where.synthetic)
    if extent.first_day is None or extent.last_day is None:
        return METRIC_WEEKS.frame()
    first, last = max(where.start, extent.first_day), min(where.end, extent.last_day)
    rows = []
    for monday in _mondays(first, last):
        days = replace(where, start=max(monday, first), end=min(monday + dt.timedelta(days=WEEK - 1), last))
        found = metric(reader, name, days, version)
        is_whole = (days.end - days.start).days + 1 == WEEK
        rows.append((monday, found.value, found.low, found.high, found.n, found.version, is_whole))
    return METRIC_WEEKS.frame(rows)


def _mondays(first: dt.date, last: dt.date) -> list[dt.date]:
    if last < first:
        return []
    begin = start_of(first, WEEK)
    weeks = (start_of(last, WEEK) - begin).days // WEEK + 1
    return [begin + dt.timedelta(days=WEEK * number) for number in range(weeks)][-MAX_WEEKS:]
