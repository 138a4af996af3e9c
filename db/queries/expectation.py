"""How many questions were to be expected, of all kinds and of each matter: from the two years before, by the roll-ups."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.expected import Expected, Ints, expect
from db.frames import EXPECTED_BY_ISSUE, VOLUME_EXPECTATION
from db.queries.counts import question_days
from db.queries.gaps import Bools, known_days
from db.queries.periods import QUESTION, said_in_each
from db.records import DAYS_DRAWN_AS_DAYS, PostFilter
from db.rollups.spans import DAY, WEEK, dates, start_of
from db.schema import term_groups, terms
from db.snapshot import Reader

BASELINE_DAYS = 728  # 104 weeks: each season, Seollal and Chuseok twice
GUARD_DAYS = 7  # what begins slowly must not be its own past
ALL = "all"


def volume_expectation(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return what was to be expected of each day of the period, of each week where it is long. Columns VOLUME_EXPECTATION.

    The past are the BASELINE_DAYS before the period less a guard band, from the first question of the filter on. Empty where
    less than eight weeks of it are known, and where the filter leaves questions out.
    """
    if where.classes and QUESTION not in where.classes:
        return VOLUME_EXPECTATION.frame()
    span = DAY if (where.end - where.start).days + 1 <= DAYS_DRAWN_AS_DAYS else WEEK
    first = start_of(where.start, span)
    with reader.connect() as connection:
        starts, counts, is_whole = _buckets(connection, where, first, where.end, span)
    place = int(np.searchsorted(starts, first.toordinal()))
    told = _expect(starts, counts, is_whole, place, span)
    if np.isnan(told.expected).all():
        return VOLUME_EXPECTATION.frame()
    targets = starts[place:]
    inside = (targets >= where.start.toordinal()) & (targets + span - 1 <= where.end.toordinal())
    return VOLUME_EXPECTATION.of(
        {
            "day": dates(targets),
            "days": np.full(len(targets), span),
            "questions": counts[place:],
            "expected": told.expected,
            "expected_low": told.low,
            "expected_high": told.high,
            "comparable": is_whole[place:] & inside & ~np.isnan(told.expected),
        }
    )


def expected_by_issue(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return questions and what was to be expected in the last whole week of the period. Columns EXPECTED_BY_ISSUE.

    All questions first, then each term group by its own past, the furthest from it first. A question may be of several
    groups. Over the whole city alone: within a department or a platform no roll-up knows words.
    """
    if where.departments or where.platforms or (where.classes and QUESTION not in where.classes):
        return EXPECTED_BY_ISSUE.frame()
    with reader.connect() as connection:
        week = _last_whole_week(connection, where)
        if week is None:
            return EXPECTED_BY_ISSUE.frame()
        starts, counts, is_whole = _buckets(connection, where, week, week + dt.timedelta(days=WEEK - 1), WEEK)
        named = select(terms.c.id, terms.c.term).where(
            terms.c.is_group.is_(True), terms.c.term.in_(select(term_groups.c.name).distinct())
        )
        groups: dict[int, str] = dict(connection.execute(named).all())
        period = replace(where, start=dt.date.fromordinal(int(starts[0])), end=week + dt.timedelta(days=WEEK - 1))
        said = said_in_each(connection, period, list(groups), "questions", (WEEK,))
    place = len(starts) - 1
    rows = [_row(week, ALL, counts, _expect(starts, counts, is_whole, place, WEEK))]
    if np.isnan(rows[0][3]):
        return EXPECTED_BY_ISSUE.frame()
    # A group's past begins where that of all questions does: a matter nobody spoke of was expected of nobody.
    begin = int(np.argmax(counts > 0))
    for id_, name in groups.items():
        own = said[said[:, 1] == id_]
        counted = np.bincount((own[:, 0] - starts[0]) // WEEK, own[:, 2], len(starts)).astype(np.int64)
        told = _expect(starts[begin:], counted[begin:], is_whole[begin:], place - begin, WEEK, is_begun=True)
        rows.append(_row(week, name, counted, told))
    ordered = sorted(rows[1:], key=lambda row: (-abs(row[2] - row[3]), row[1]))
    return EXPECTED_BY_ISSUE.frame([rows[0], *ordered])


def _row(week: dt.date, issue: str, counts: Ints, told: Expected) -> tuple[dt.date, str, int, float, float, float]:
    return (week, issue, int(counts[-1]), float(told.expected[0]), float(told.low[0]), float(told.high[0]))


def _buckets(
    connection: Connection, where: PostFilter, first: dt.date, last: dt.date, span: int
) -> tuple[Ints, Ints, Bools]:
    """Return first days, questions and whether all of it is known, of each bucket from the past before ``first`` to ``last``."""
    begin = first - dt.timedelta(days=GUARD_DAYS + BASELINE_DAYS)
    buckets = -(-((last - begin).days + 1) // span)
    period = replace(where, start=begin, end=begin + dt.timedelta(days=buckets * span - 1))
    counted = question_days(connection, period, (), "questions").by_day(begin, buckets * span)
    _, is_whole = known_days(connection, period)
    starts: Ints = begin.toordinal() + span * np.arange(buckets, dtype=np.int64)
    counts: Ints = counted.reshape(-1, span).sum(axis=1)
    is_known: Bools = np.asarray(is_whole.reshape(-1, span).all(axis=1), dtype=bool)
    return starts, counts, is_known


def _expect(starts: Ints, counts: Ints, is_whole: Bools, place: int, span: int, *, is_begun: bool = False) -> Expected:
    """Return what is expected of the buckets from ``place`` on, of those before the guard band."""
    past = slice(0, place - GUARD_DAYS // span)
    is_known = is_whole[past].copy()
    if not is_begun:
        is_known &= np.cumsum(counts[past]) > 0
    return expect(starts[past][is_known], counts[past][is_known], starts[place:], span)


def _last_whole_week(connection: Connection, where: PostFilter) -> dt.date | None:
    """Return the Monday of the last week that lies in the period and is known whole."""
    _, is_whole = known_days(connection, where)
    first = where.start + dt.timedelta(days=-where.start.weekday() % WEEK)
    skipped = (first - where.start).days
    weeks = (len(is_whole) - skipped) // WEEK
    if weeks <= 0:
        return None
    whole = np.flatnonzero(is_whole[skipped : skipped + weeks * WEEK].reshape(-1, WEEK).all(axis=1))
    return first + dt.timedelta(days=WEEK * int(whole[-1])) if len(whole) else None
