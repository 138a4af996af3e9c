"""What stands behind a series: which accounts were connected, which wrote, what was read when, and where nothing was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select

from db.frames import COVERAGE
from db.operations.sources import read_gaps
from db.queries.counts import post_days
from db.queries.gaps import Ints, known_days
from db.queries.periods import of_cities
from db.records import KST, PostFilter
from db.rollups.counts import NONE
from db.rollups.reading import day_counts
from db.rollups.spans import dates
from db.schema import accounts, city_post_counts, departments, load_runs
from db.snapshot import Reader


def coverage(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return what stands behind each day of the period. Columns COVERAGE.

    An account without a known first day counts as connected since ever, a pending one never, a retired one up to the
    last day that is known of it. Accounts are those of the departments and platforms of ``where``; a load run is of no
    platform, so all of this kind of data count.
    """
    days = (where.end - where.start).days + 1
    with reader.connect() as connection:
        owned = [(start, end) for start, end in connection.execute(_connections(where))]
        written = day_counts(
            connection, city_post_counts, where, ("account_id",), "posts", of_cities(city_post_counts, where)
        )
        posted = post_days(connection, where).by_day(where.start, days)
        is_known, is_whole = known_days(connection, where)
        unread = _unread(connection, where)
        runs = [(started_at, rejected) for started_at, rejected in connection.execute(_runs(where))]
    numbers, account = written.codes(0)
    by_account = np.array(numbers, dtype=np.int64)[account] if numbers else np.empty(0, np.int64)
    has_written = (written.counts > 0) & (by_account != NONE)
    pairs = np.unique(np.stack([written.days[has_written], by_account[has_written]]), axis=1)
    run_days = [moment.astimezone(KST).date().toordinal() for moment, _ in runs]
    first = where.start.toordinal()
    return COVERAGE.of(
        {
            "day": dates(first + np.arange(days)),
            "connected": _connected(owned, first, days),
            "added": _counted((start.toordinal() for start, _ in owned if start is not None), first, days),
            "writing": _counted(pairs[0].tolist(), first, days),
            "unread": unread,
            "posts": posted,
            "in_data": is_known,
            "whole": is_whole,
            "runs": _counted(run_days, first, days),
            "rejected": np.bincount(
                np.array(run_days, dtype=np.int64) - first, [rejected for _, rejected in runs], days
            ).astype(np.int64),
        }
    )


def connected_throughout(connection: Connection, where: PostFilter) -> list[int]:
    """Return the ids of the accounts that were connected on every day of the period."""
    statement = select(accounts.c.id).where(
        _was_connected(where),
        or_(accounts.c.connected_from.is_(None), accounts.c.connected_from <= where.start),
        or_(accounts.c.connected_to.is_(None), accounts.c.connected_to >= where.end),
    )
    return list(connection.scalars(statement.order_by(accounts.c.id)))


def _connections(where: PostFilter) -> Select[Any]:
    return select(accounts.c.connected_from, accounts.c.connected_to).where(_was_connected(where))


def _was_connected(where: PostFilter) -> ColumnElement[bool]:
    """Return the condition on ``accounts`` that one is of ``where`` and was connected at a time that is known."""
    conditions: list[ColumnElement[bool]] = [
        accounts.c.is_synthetic.is_(where.synthetic),
        or_(
            accounts.c.status == "connected",
            and_(accounts.c.status == "retired", accounts.c.connected_to.is_not(None)),
        ),
    ]
    if where.platforms:
        conditions.append(accounts.c.platform_id.in_(where.platforms))
    if where.departments:
        named = select(departments.c.id).where(departments.c.code.in_(where.departments))
        conditions.append(accounts.c.department_id.in_(named))
    return and_(*conditions) if where.start <= where.end else false()


def _unread(connection: Connection, where: PostFilter) -> Ints:
    """Return for each day how many accounts were not read for a part of it."""
    days, first = (where.end - where.start).days + 1, where.start.toordinal()
    begin, end = _moments(where)
    found: set[tuple[int, int]] = set()
    for gap in read_gaps(connection, _was_connected(where), begin, end):
        # A gap that ends at midnight takes nothing of the day that begins.
        from_day, to_day = (
            moment.astimezone(KST).date().toordinal() - first
            for moment in (gap.start_at, gap.end_at - dt.timedelta(microseconds=1))
        )
        found |= {(day, gap.account_id) for day in range(max(from_day, 0), min(to_day, days - 1) + 1)}
    return np.bincount([day for day, _ in found], minlength=days).astype(np.int64)


def _moments(where: PostFilter) -> tuple[dt.datetime, dt.datetime]:
    """Return when the period begins and ends."""
    begin, end = (
        dt.datetime.combine(day, dt.time(), KST).astimezone(dt.UTC)
        for day in (where.start, where.end + dt.timedelta(days=1))
    )
    return begin, end


def _runs(where: PostFilter) -> Select[Any]:
    begin, end = _moments(where)
    is_invented = load_runs.c.origin == "synthetic"
    return select(load_runs.c.started_at, load_runs.c.rejected).where(
        is_invented if where.synthetic else ~is_invented, load_runs.c.started_at >= begin, load_runs.c.started_at < end
    )


def _connected(owned: Iterable[tuple[dt.date | None, dt.date | None]], first: int, days: int) -> Ints:
    steps = np.zeros(days + 1, dtype=np.int64)
    for start, end in owned:
        begin = 0 if start is None else min(max(start.toordinal() - first, 0), days)
        after = days if end is None else min(max(end.toordinal() + 1 - first, 0), days)
        if begin < after:
            steps[begin] += 1
            steps[after] -= 1
    return np.cumsum(steps)[:days]


def _counted(ordinals: Iterable[int], first: int, days: int) -> Ints:
    places = np.fromiter(ordinals, dtype=np.int64) - first
    return np.bincount(places[(places >= 0) & (places < days)], minlength=days)
