from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from db.rollups.spans import BLOCK, DAY, SPANS, WEEK, Stretch, cover, start_of

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1))


@given(start=DAYS, length=st.integers(-5, 1500), spans=st.sampled_from((SPANS, (DAY, WEEK), (DAY,))))
def test_a_cover_is_exactly_the_days_of_the_period(start: dt.date, length: int, spans: tuple[int, ...]) -> None:
    covered = []
    for stretch in cover(start, start + dt.timedelta(days=length), spans):
        assert stretch.span in spans
        assert (stretch.last - stretch.first).days % stretch.span == 0
        first = stretch.first
        while first <= stretch.last:
            assert start_of(first, stretch.span) == first
            covered += [first + dt.timedelta(days=day) for day in range(stretch.span)]
            first += dt.timedelta(days=stretch.span)
    assert sorted(covered) == [start + dt.timedelta(days=day) for day in range(length + 1)]


def test_a_year_is_days_weeks_and_three_blocks() -> None:
    assert cover(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == [
        Stretch(DAY, dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        Stretch(WEEK, dt.date(2026, 1, 5), dt.date(2026, 1, 26)),
        Stretch(BLOCK, dt.date(2026, 2, 2), dt.date(2026, 8, 3)),
        Stretch(WEEK, dt.date(2026, 11, 2), dt.date(2026, 12, 21)),
        Stretch(DAY, dt.date(2026, 12, 28), dt.date(2026, 12, 31)),
    ]


@given(day=DAYS)
def test_weeks_begin_on_monday_and_spans_nest(day: dt.date) -> None:
    week, block = start_of(day, WEEK), start_of(day, BLOCK)
    assert week.weekday() == 0
    assert start_of(week, BLOCK) == block == start_of(block, WEEK)
