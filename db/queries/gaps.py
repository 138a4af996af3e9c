"""Which days the store knows of: a day on which nothing was read is a gap, and no day without posts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from db.queries.counts import post_days
from db.queries.extent import last_whole_day
from db.records import PostFilter
from db.rollups.reading import days_with_posts
from db.working_clock import FIRST_DAY, LAST_DAY, working_days

# So many posts must be missing: on a holiday a third of them would still come, and no post at all in one of a thousand.
MISSING_POSTS = 20
AROUND_DAYS = 182  # looked at before and after the period, since a gap may have begun long before
_SUNDAY = 6
_WEEKS = 4  # before and after a gap, from which its posts are expected

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def known_days(connection: Connection, where: PostFilter) -> tuple[Bools, Bools]:
    """Return for each day of ``where`` whether the store knows of it, and whether it knows all of it.

    Unknown are days before the first and after the last post of the store, and days on which the platforms of ``where``
    brought nothing although far more was to be expected. The day on which the newest post was read may not have been over.
    """
    ordinals = np.arange(where.start.toordinal(), where.end.toordinal() + 1)
    extent = days_with_posts(connection, where.synthetic)
    if extent is None or not len(ordinals):
        return np.zeros(len(ordinals), dtype=bool), np.zeros(len(ordinals), dtype=bool)
    first, last = (day.toordinal() for day in extent)
    start = dt.date.fromordinal(max(int(ordinals[0]) - AROUND_DAYS, first))
    end = dt.date.fromordinal(min(int(ordinals[-1]) + AROUND_DAYS, last))
    is_known = (ordinals >= first) & (ordinals <= last)
    if start <= end:
        everything = replace(where, start=start, end=end, departments=(), classes=())
        days = (end - start).days + 1
        counts = post_days(connection, everything).by_day(start, days)
        missing = start.toordinal() + np.flatnonzero(gap_days(counts, start))
        is_known &= ~np.isin(ordinals, missing)
    whole = last_whole_day(connection, where.synthetic)
    return is_known, is_known & (ordinals <= (whole.toordinal() if whole else 0))


def gap_days(counts: Ints, first: dt.date) -> Bools:
    """Return which days are gaps: stretches without a single post where MISSING_POSTS or more were to be expected.

    What is to be expected of a day is the median of the four days of its kind before the stretch, or after it, whichever
    is less; a public holiday is measured by Sundays.

    Parameters
    ----------
    counts : posts of consecutive days from ``first`` on
    """
    found = np.zeros(len(counts), dtype=bool)
    is_empty = counts == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_empty.astype(np.int8), [0]])))
    most = int(counts.max(initial=0))
    kinds = _kinds(first, len(counts))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if (end - begin) * most < MISSING_POSTS:
            continue
        usual = _usual(counts, kinds, begin, end)
        found[begin:end] = usual[np.minimum(kinds[begin:end], _SUNDAY)].sum() >= MISSING_POSTS
    return found


def _usual(counts: Ints, kinds: Ints, begin: int, end: int) -> npt.NDArray[np.float64]:
    """Return the usual posts of each kind of day around a stretch."""
    usual = np.zeros(_SUNDAY + 1)
    for kind in range(_SUNDAY + 1):
        before = counts[:begin][kinds[:begin] == kind][-_WEEKS:]
        after = counts[end:][kinds[end:] == kind][:_WEEKS]
        usual[kind] = min((float(np.median(side)) for side in (before, after) if len(side)), default=0.0)
    return usual


def _kinds(first: dt.date, days: int) -> Ints:
    """Return the weekday of each day, 0 a Monday; 7 of a public holiday, which no other day is measured by."""
    ordinals = first.toordinal() + np.arange(days)
    weekdays = (ordinals - 1) % 7
    places = np.clip(ordinals - FIRST_DAY.toordinal(), 0, (LAST_DAY - FIRST_DAY).days)
    is_holiday = (weekdays < 5) & ~working_days({})[places]
    return np.where(is_holiday, _SUNDAY + 1, weekdays)
