"""Words by day as the detection of incidents reads them: once for each day, kept while it walks from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Integer, bindparam, select, type_coerce

from db.districts import NAMES_A_DISTRICT
from db.packing import unpack_ids
from db.queries.counts import question_days
from db.records import PostFilter
from db.rollups.reading import Ints
from db.rollups.spans import DAY, WEEK, start_of
from db.schema import post_terms, posts, questions, term_counts, term_groups, terms

_START = type_coerce(term_counts.c.start, Integer)
_WORDS = (
    select(_START, term_counts.c.term_id, term_counts.c.listed)
    .where(
        term_counts.c.is_synthetic == bindparam("kind"),
        term_counts.c.span == DAY,
        _START.between(bindparam("first"), bindparam("last")),
        # A district is no word: the false alarms are calibrated on words and term groups.
        term_counts.c.term_id > NAMES_A_DISTRICT,
    )
    .order_by(_START, term_counts.c.term_id)
)
_WEEK = type_coerce(post_terms.c.week, Integer)
_POSTS = (
    select(post_terms.c.term_id, post_terms.c.post_id, post_terms.c.author)
    .join(questions, questions.c.post_id == post_terms.c.post_id)
    .where(
        _WEEK.in_(bindparam("weeks", expanding=True)),
        post_terms.c.term_id.in_(bindparam("ids", expanding=True)),
        questions.c.asked_day.between(bindparam("first"), bindparam("last")),
        questions.c.is_synthetic == bindparam("kind"),
        questions.c.is_risk.is_(False),
    )
)
_READ_AT_ONCE = 128  # days


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions by word and day: ``ids`` ascending, a row of ``counts`` for each, a column for each day."""

    ids: Ints
    counts: Ints
    totals: Ints


class DailyWords:
    """The words of consecutive days of one kind of data, for whoever asks for later and later days."""

    def __init__(self, connection: Connection, synthetic: bool, first: dt.date, last: dt.date) -> None:
        self._connection = connection
        self._synthetic = synthetic
        self._first = first.toordinal()
        asked = question_days(connection, PostFilter(first, last, synthetic=synthetic), (), "questions")
        self._totals = asked.by_day(first, (last - first).days + 1)
        self._last = last.toordinal()
        self._words: dict[int, tuple[Ints, Ints]] = {}  # day -> ids ascending, questions with each
        self._courses: list[_Courses] = []
        self._read_until = self._first - 1

    def window(self, last: dt.date, days: int) -> tuple[Ints, Ints]:
        """Return the words of the ``days`` days up to ``last`` and in how many questions each was."""
        ordinals = range(last.toordinal() - days + 1, last.toordinal() + 1)
        self._read(ordinals[-1])
        parts = [self._words[day] for day in ordinals if day in self._words]
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        ids, places = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
        counts = np.bincount(places, np.concatenate([part[1] for part in parts]), len(ids))
        return ids, counts.astype(np.int64)

    def past(self, ids: Ints, first: dt.date, last: dt.date) -> Counts:
        """Return the questions with each of ``ids``, ascending, on each day from ``first`` to ``last``."""
        low, high = max(first.toordinal(), self._first), last.toordinal()
        self._read(high)
        counts = np.zeros((len(ids), high - low + 1), dtype=np.int64)
        for courses in self._courses:
            courses.fill(ids, low, counts)
        return Counts(ids, counts, self._totals[low - self._first : high - self._first + 1])

    def forget_before(self, day: dt.date) -> None:
        """Let go of the words of earlier days; their totals stay."""
        for known in [each for each in self._words if each < day.toordinal()]:
            del self._words[known]
        self._courses = [courses for courses in self._courses if courses.last >= day.toordinal()]

    def _read(self, until: int) -> None:
        if until <= self._read_until:
            return
        low, high = self._read_until + 1, min(max(until, self._read_until + _READ_AT_ONCE), self._last)
        with self._connection.execute(_WORDS, {"kind": self._synthetic, "first": low, "last": high}) as result:
            rows = np.array(result.cursor.fetchall(), dtype=np.int64).reshape(-1, 3)
        days, begins = np.unique(rows[:, 0], return_index=True)
        for day, part in zip(days.tolist(), np.split(rows, begins[1:]) if len(days) else (), strict=True):
            self._words[day] = (part[:, 1], part[:, 2])
        if len(rows):
            self._courses.append(_Courses(rows))
        self._read_until = high


class _Courses:
    """The same rows by word: few words are asked for, each over a year of days."""

    def __init__(self, rows: Ints) -> None:
        by_word = rows[np.argsort(rows[:, 1], kind="stable")]
        self.last = int(rows[-1, 0])
        self._ids, begins = np.unique(by_word[:, 1], return_index=True)
        self._ends = np.append(begins, len(rows))
        self._days, self._counts = by_word[:, 0].astype(np.int32), by_word[:, 2].astype(np.int32)

    def fill(self, ids: Ints, low: int, counts: Ints) -> None:
        """Write the questions with each of ``ids`` into its row of ``counts``, whose columns are the days from ``low`` on."""
        places = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        known = np.flatnonzero(self._ids[places] == ids)
        begins, ends = self._ends[places[known]], self._ends[places[known] + 1]
        lengths = ends - begins
        # Where each entry of each word stands: one word after the other.
        entries = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(lengths.sum())
        rows, days = np.repeat(known, lengths), self._days[entries] - low
        shown = (days >= 0) & (days < counts.shape[1])
        counts[rows[shown], days[shown]] = self._counts[entries[shown]]


def posts_with_terms(
    connection: Connection, synthetic: bool, ids: Sequence[int], first: dt.date, last: dt.date
) -> dict[int, dict[int, int]]:
    """Return for each of ``ids`` the listed questions of these days that hold it, and the author of each.

    The order is that of ``ids``; an author is a number, see :func:`db.packing.author_number`.
    """
    found: dict[int, dict[int, int]] = {id_: {} for id_ in ids}
    weeks = sorted({start_of(day, WEEK).toordinal() for day in _days(first, last)})
    given = {"weeks": weeks, "ids": list(ids), "first": first, "last": last, "kind": synthetic}
    for id_, post_id, author in connection.execute(_POSTS, given).all() if ids else ():
        found[id_][post_id] = author
    return found


def words_of_posts(connection: Connection, post_ids: Collection[int]) -> list[frozenset[int]]:
    """Return the words of each of these posts, term groups and districts left out."""
    rows = connection.scalars(select(posts.c.term_ids).where(posts.c.id.in_(sorted(post_ids))))
    return [frozenset(id_ for id_ in unpack_ids(packed) if id_ > 0) for packed in rows]


def terms_of_groups(connection: Connection) -> list[set[int]]:
    """Return for each term group the ids of its words and its own."""
    rows = connection.execute(
        select(term_groups.c.name, terms.c.id).join(terms, terms.c.term.in_((term_groups.c.term, term_groups.c.name)))
    )
    found: dict[str, set[int]] = {}
    for name, id_ in rows:
        found.setdefault(name, set()).add(id_)
    return list(found.values())


def names_of_terms(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the terms and term groups by their ids."""
    if not ids:
        return {}
    return dict(connection.execute(select(terms.c.id, terms.c.term).where(terms.c.id.in_(sorted(ids)))).all())


def watched_terms(connection: Connection) -> list[int]:
    """Return the ids of the words that term groups are named after: what the city watches."""
    named = select(term_groups.c.name).distinct()
    return list(connection.scalars(select(terms.c.id).where(terms.c.term.in_(named), terms.c.is_group.is_(False))))


def _days(first: dt.date, last: dt.date) -> Collection[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
