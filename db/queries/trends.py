"""How often a word is said, over time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.frames import NEWEST_ONLY, TERM_TREND
from db.intervals import Counts, wilson
from db.queries.asked import newest_questions
from db.queries.counts import question_days
from db.queries.extent import data_extent
from db.queries.periods import QUESTION, said_in_each
from db.records import PostFilter
from db.rollups.spans import DAY, SHORT_SPANS, WEEK, start_of
from db.schema import term_groups, terms
from db.snapshot import Reader

DAILY_LIMIT_DAYS = 92  # beyond a quarter, days are too thin a bucket for a term


@dataclass(frozen=True, slots=True)
class _Series:
    """Questions by bucket, in all and by term id, from ``first`` on.

    ``read`` is how many of the newest questions were read, None where all were counted.
    """

    first: dt.date
    totals: Mapping[dt.date, int]
    said: Mapping[tuple[int, dt.date], int]
    read: int | None


def term_trend(reader: Reader, where: PostFilter, names: Sequence[str]) -> pd.DataFrame:
    """Return the share of questions that contain each term or term group. Columns TERM_TREND.

    Buckets are days, weeks from Monday where the period is longer than DAILY_LIMIT_DAYS. A bucket with
    no question has no share. Risk posts are counted here: a count shows nobody. Within a department or a platform
    the newest questions are read, and the buckets begin where the reading ended.
    """
    span = WEEK if (where.end - where.start).days + 1 > DAILY_LIMIT_DAYS else DAY
    extent = data_extent(reader, where.synthetic)
    if extent.first_day is None or extent.last_day is None or not names:
        return TERM_TREND.frame()
    # Beyond the data there is nothing to divide, so no bucket either: a gap, not a zero.
    inside = replace(where, start=max(where.start, extent.first_day), end=min(where.end, extent.last_day))
    if inside.start > inside.end:
        return TERM_TREND.frame()
    with reader.connect() as connection:
        ids = term_ids(connection, names)
        is_narrow = bool(where.departments or where.platforms)
        series = (_read if is_narrow else _counted)(connection, inside, list(ids.values()), span)
    days = [series.first + dt.timedelta(days=number) for number in range((inside.end - series.first).days + 1)]
    lengths = Counter(start_of(day, span) for day in days)
    result = pd.concat([_lines(name, id_, series, lengths, span) for name, id_ in ids.items()], ignore_index=True)
    result["share"] = (result["questions"] / result["total"]).where(result["total"] > 0)
    result["low"], result["high"] = wilson(result["questions"], result["total"])
    result = TERM_TREND.cast(result)
    if series.read is not None:
        result.attrs[NEWEST_ONLY] = series.read
    return result


def _lines(name: str, id_: int, series: _Series, lengths: Mapping[dt.date, int], span: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "bucket": pd.to_datetime(list(lengths)),
            "term": name,
            "questions": [series.said.get((id_, bucket), 0) for bucket in lengths],
            "total": [series.totals.get(bucket, 0) for bucket in lengths],
            "whole": [length == span for length in lengths.values()],
        }
    )


def term_ids(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Return the id of each name once, of the group where it names one; 0, which no question has, where it is new."""
    groups = set(connection.scalars(select(term_groups.c.name).where(term_groups.c.name.in_(names)).distinct()))
    rows = connection.execute(select(terms.c.term, terms.c.is_group, terms.c.id).where(terms.c.term.in_(names)))
    known = {(term, is_group): id_ for term, is_group, id_ in rows}
    return {name: known.get((name, name in groups), 0) for name in names}


def _counted(connection: Connection, where: PostFilter, ids: Sequence[int], span: int) -> _Series:
    spans = SHORT_SPANS if span == WEEK else (DAY,)
    asked = question_days(connection, where, (), "questions")
    totals: Counter[dt.date] = Counter()
    said: Counter[tuple[int, dt.date]] = Counter()
    starts, places = np.unique(asked.days - (asked.days - 1) % span, return_inverse=True)
    for start, count in zip(starts.tolist(), np.bincount(places, asked.counts).tolist(), strict=True):
        totals[dt.date.fromordinal(start)] = int(count)
    if QUESTION in (where.classes or (QUESTION,)):
        for start, id_, count in said_in_each(connection, where, ids, "questions", spans).tolist():
            said[id_, dt.date.fromordinal(start - (start - 1) % span)] += count
    return _Series(where.start, totals, said, None)


def _read(connection: Connection, where: PostFilter, ids: Sequence[int], span: int) -> _Series:
    asked = newest_questions(connection, where)
    buckets = [start_of(day, span) for day in asked.days]
    said: Counter[tuple[int, dt.date]] = Counter()
    for id_ in ids:
        found: Counts = asked.rows[asked.term_ids == id_]
        said.update((id_, buckets[row]) for row in np.unique(found).tolist())
    return _Series(asked.first_day, Counter(buckets), said, len(asked) if asked.is_cut else None)
