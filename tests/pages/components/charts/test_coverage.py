from __future__ import annotations

import pandas as pd

from db import frames
from pages.components import charts, readings
from tests.pages.components.charts.conftest import table
from tests.pages.components.charts.test_volume import daily


def coverage(
    days: int, first: str = "2026-03-02", gaps: tuple[int, ...] = (), unread: tuple[int, ...] = ()
) -> pd.DataFrame:
    """``days`` days of 5 accounts, 2 of which wrote; on the first one a run that could not read 3 rows, and a new account."""
    rows = [
        (day, 5, int(i == 0), 2, int(i in unread), 10, i not in gaps, i not in gaps, int(i == 0), 3 * int(i == 0))
        for i, day in enumerate(pd.date_range(first, periods=days))
    ]
    return table(frames.COVERAGE, rows)


def test_the_strip_shows_accounts_runs_and_gaps_under_the_series() -> None:
    known = coverage(4, gaps=(2,))
    fig = charts.volume(readings.known_days(daily(4), known), "en", coverage=known)
    questions = fig.data[0]
    assert questions.y == (6, 6, None, 6)
    writing, idle, gap, read = fig.data[-4:]
    assert [trace.yaxis for trace in (writing, idle, gap, read)] == ["y2"] * 4
    assert (writing.y, idle.y, gap.y) == ((2, 2, None, 2), (3, 3, None, 3), (None, None, 5, None))
    assert read.x == ("2026-03-02",)
    assert read.hovertext == ("load runs: 1, rows not readable: 3",)
    assert writing.hovertext[:2] == (
        "accounts connected: 5, that wrote: 2 · newly connected: 1",
        "accounts connected: 5, that wrote: 2",
    )
    assert fig.layout.yaxis2.title.text == "accounts (n)"
    assert fig.layout.yaxis2.domain[1] < fig.layout.yaxis.domain[0]


def test_by_week_the_strip_has_the_most_accounts_of_a_day_and_sums_the_rest() -> None:
    known = coverage(14, gaps=(8,))
    weeks = table(
        frames.PLATFORM_WEEKS,
        [("2026-03-02", "x", 70, 1.0, 0.9, 1.0, True), ("2026-03-09", "x", 60, 1.0, 0.9, 1.0, True)],
    )
    totals = table(frames.PLATFORM_TOTALS, [("x", "트위터(X)", "Twitter (X)", 130, 1.0, 0.97, 1.0, 5, 0)])
    fig = charts.platform_share(readings.known_weeks(weeks, known), totals, "ko", known)
    whole, hatched = fig.data[:2]
    assert (whole.y, hatched.y) == ((100, None), (None, 100))  # the second week has a day nobody knows of
    writing, _, gap, _ = fig.data[-4:]
    assert writing.x == ("2026-03-02", "2026-03-09")
    assert (writing.y, gap.y) == ((2, None), (None, 5))
    assert gap.hovertext[1] == "수집이 빈 날 1일"


def test_where_there_is_nothing_to_tell_there_is_no_strip() -> None:
    bare = coverage(3).assign(connected=0, writing=0, runs=0)
    fig = charts.volume(daily(3), "ko", coverage=bare)
    assert fig.to_json() == charts.volume(daily(3), "ko").to_json()


def test_days_between_known_ones_are_missing_and_those_outside_are_not() -> None:
    assert readings.missing_days(coverage(6, gaps=(0, 2, 3, 5))) == 2
    assert readings.missing_days(coverage(2, gaps=(0, 1))) == 0


def test_days_of_which_a_part_was_not_read_are_marked() -> None:
    known = coverage(4, unread=(1,))
    fig = charts.volume(readings.known_days(daily(4), known), "en", coverage=known)
    mark = fig.data[-1]
    assert (mark.name, mark.x, mark.yaxis) == ("not read for part of it", ("2026-03-03",), "y2")
    assert mark.hovertext == ("accounts not read for a part of the day (rate limit, outage …): 1",)
