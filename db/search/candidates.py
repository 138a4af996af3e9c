"""Posts that may be meant, newest first, in batches: from the index that has the fewest others beside them.

Every batch says down to which timeline id everything was looked at, so that a reading that stops can go on there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, select

from db.dialects import dialect_of
from db.records import KST, PostFilter
from db.rollups.reading import day_counts
from db.rollups.spans import BLOCK, DAY, WEEK, start_of
from db.schema import class_counts, post_counts, post_terms, posts, questions, search_texts
from db.search.wanted import NOBODY, Wanted
from db.timeline import SEQUENCE_BITS, SYNTHETIC, timeline_range

FIRST_BATCH, LARGEST_BATCH = 64, 1024
_WIDEST_WINDOW = 256  # days or weeks


class Batch(NamedTuple):
    """Timeline ids, descending; down to ``low`` there is no other candidate."""

    timeline_ids: list[int]
    low: int


def candidates(connection: Connection, wanted: Wanted, before: int | None, first: int | None) -> Iterator[Batch]:
    """Yield candidates newest first; whoever reads them must still look at each, see :mod:`db.search.examining`.

    The first batch holds ``first`` of them, FIRST_BATCH unless told; later ones are larger.
    """
    first = first or FIRST_BATCH
    low, high = timeline_range(wanted.synthetic, wanted.start, wanted.end)
    if before is not None:
        high = min(high, before - 1)
    if wanted.is_impossible or low > high:
        return
    if wanted.text.wanted:
        index = dialect_of(connection).search
        yield from _in_batches(
            lambda top, limit: index.newest(connection, wanted.text, low, top, limit), low, high, first
        )
    elif wanted.term_id is not None:
        yield from _in_windows(_posts_with_terms(connection, [wanted.term_id]), wanted, low, high, WEEK)
    elif wanted.districts is not None:
        yield from _in_windows(_posts_with_terms(connection, sorted(wanted.districts)), wanted, low, high, WEEK)
    elif wanted.departments is not None:
        yield from _in_windows(_questions_of_departments(connection, wanted), wanted, low, high, 1)
    elif wanted.reasons is not None:
        for bottom, top in _days_with_reasons(connection, wanted, low, high):
            yield from _in_batches(_posts_of_filter(connection, wanted, bottom), bottom, top, first)
    elif wanted.platforms is not None or wanted.classes is not None:
        for bottom, top in _days_with_posts(connection, wanted, low, high):
            yield from _in_batches(_posts_of_filter(connection, wanted, bottom), bottom, top, first)
    else:
        yield from _in_batches(_all_posts(connection, low), low, high, first)


def _in_batches(newest: Callable[[int, int], list[int]], low: int, high: int, first: int) -> Iterator[Batch]:
    size = first
    while low <= high:
        found = newest(high, size)
        bottom = found[-1] if len(found) == size else low
        yield Batch(found, bottom)
        high = bottom - 1
        size = min(size * 4, max(first, LARGEST_BATCH))


def _in_windows(
    found_between: Callable[[dt.date, dt.date], list[int]], wanted: Wanted, low: int, high: int, unit: int
) -> Iterator[Batch]:
    """Yield what whole days or weeks hold, more of them at once where they hold little."""
    last = _day_of(high)
    units = 1
    while last >= wanted.start:
        first = max(wanted.start, start_of(last, unit) - dt.timedelta(days=(units - 1) * unit))
        bottom = max(low, timeline_range(wanted.synthetic, first, last)[0])
        # A set, since a post may name two of the districts asked for.
        found = sorted({each for each in found_between(first, last) if bottom <= each <= high}, reverse=True)
        yield Batch(found, bottom)
        last = first - dt.timedelta(days=1)
        high = bottom - 1
        units = min(units * 4, max(1, units * LARGEST_BATCH // max(1, len(found))), _WIDEST_WINDOW)


def _day_of(timeline_id: int) -> dt.date:
    seconds = (timeline_id & ~SYNTHETIC) >> SEQUENCE_BITS
    return dt.datetime.fromtimestamp(seconds, KST).date()


def _all_posts(connection: Connection, low: int) -> Callable[[int, int], list[int]]:
    place = search_texts.c.timeline_id
    return lambda top, limit: list(
        connection.scalars(select(place).where(place.between(low, top)).order_by(place.desc()).limit(limit))
    )


def _posts_of_filter(connection: Connection, wanted: Wanted, low: int) -> Callable[[int, int], list[int]]:
    place = posts.c.timeline_id
    conditions: list[ColumnElement[bool]] = [posts.c.is_inbound.is_(True)]
    if wanted.platforms is not None:
        conditions.append(posts.c.platform_id.in_(sorted(wanted.platforms)))
    if wanted.classes is not None:
        conditions.append(posts.c.post_class.in_(sorted(wanted.classes)))
    if wanted.reasons is not None:
        conditions.append(posts.c.reason.in_(sorted(wanted.reasons)))
    return lambda top, limit: list(
        connection.scalars(
            select(place).where(place.between(low, top), *conditions).order_by(place.desc()).limit(limit)
        )
    )


def _days_with_posts(connection: Connection, wanted: Wanted, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of timeline ids, newest first: runs of days that each hold a post of the filter.

    The roll-up knows them, so that a platform with ten posts in ten years is found without reading ten years.
    """
    conditions: list[ColumnElement[bool]] = []
    if wanted.platforms is not None:
        conditions.append(class_counts.c.platform_id.in_(sorted(wanted.platforms)))
    if wanted.classes is not None:
        conditions.append(class_counts.c.post_class.in_(sorted(wanted.classes)))
    period = PostFilter(wanted.start, wanted.end, synthetic=wanted.synthetic)
    posted = day_counts(connection, class_counts, period, (), "posts", conditions)
    days = [dt.date.fromordinal(day) for day in np.unique(posted.days)[::-1].tolist()]
    yield from _ranges(wanted, days, low, high)


def _days_with_reasons(connection: Connection, wanted: Wanted, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the same of days that hold a post with one of the reasons: 13 weeks after 13 weeks, those that hold any."""
    count = post_counts.c
    conditions = [count.is_synthetic.is_(wanted.synthetic), count.reason.in_(sorted(wanted.reasons or ()))]
    if wanted.platforms is not None:
        conditions.append(count.platform_id.in_(sorted(wanted.platforms)))
    if wanted.classes is not None:
        conditions.append(count.post_class.in_(sorted(wanted.classes)))

    def starts(span: int, first: dt.date, last: dt.date) -> list[dt.date]:
        rows = select(count.start).where(count.span == span, count.start.between(first, last), *conditions)
        return list(connection.scalars(rows.distinct().order_by(count.start.desc())))

    newest = min(wanted.end, _day_of(high))
    for block in starts(BLOCK, start_of(wanted.start, BLOCK), newest):
        first = max(block, wanted.start)
        days = starts(DAY, first, min(block + dt.timedelta(days=BLOCK - 1), newest))
        yield from _ranges(wanted, days, low, high)


def _ranges(wanted: Wanted, days: Sequence[dt.date], low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of timeline ids of runs of ``days``, which are descending."""
    runs: list[list[dt.date]] = []
    for day in days:
        if runs and runs[-1][0] - day == dt.timedelta(days=1):
            runs[-1][0] = day
        else:
            runs.append([day, day])
    for first, last in runs:
        bottom, top = timeline_range(wanted.synthetic, first, last)
        if bottom <= high:
            yield max(bottom, low), min(top, high)


def _posts_with_terms(connection: Connection, term_ids: Sequence[int]) -> Callable[[dt.date, dt.date], list[int]]:
    def found_between(first: dt.date, last: dt.date) -> list[int]:
        monday, weeks = start_of(first, WEEK), []
        while monday <= last:
            weeks.append(monday)
            monday += dt.timedelta(days=WEEK)
        return list(
            connection.scalars(
                select(posts.c.timeline_id)
                .join(post_terms, post_terms.c.post_id == posts.c.id)
                .where(post_terms.c.term_id.in_(term_ids), post_terms.c.week.in_(weeks))
            )
        )

    return found_between


def _questions_of_departments(connection: Connection, wanted: Wanted) -> Callable[[dt.date, dt.date], list[int]]:
    chosen = wanted.departments or frozenset()
    responsible: list[ColumnElement[bool]] = []
    if named := sorted(chosen - {NOBODY}):
        responsible.append(questions.c.department_id.in_(named))
    if NOBODY in chosen:
        responsible.append(questions.c.department_id.is_(None))

    def found_between(first: dt.date, last: dt.date) -> list[int]:
        return [
            timeline_id
            # One after the other, so that each is a range of the index.
            for condition in responsible
            for timeline_id in connection.scalars(
                select(posts.c.timeline_id)
                .join(questions, questions.c.post_id == posts.c.id)
                .where(
                    questions.c.is_synthetic.is_(wanted.synthetic),
                    condition,
                    questions.c.asked_day.between(first, last),
                )
            )
        ]

    return found_between
