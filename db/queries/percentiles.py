"""Response times of every department in every week, worked out for all of them at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.frames import RESPONSE_PERCENTILES
from db.intervals import ROUNDING
from db.packing import BUCKET_EDGES_S, bucket_middles_s, bucket_of
from db.queries.counts import question_days
from db.queries.extent import data_extent
from db.queries.histograms import (
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    Histograms,
    Ints,
    joined_histograms,
    read_histograms,
)
from db.queries.names import NOBODY, department_names
from db.records import KST, PostFilter
from db.rollups.spans import SHORT_SPANS, WEEK, dates
from db.snapshot import Reader

Floats = npt.NDArray[np.float64]

TARGET_S = 24 * SECONDS_PER_HOUR
PARTS = {"median_hours": 0.5, "p90_hours": 0.9}
_DAY_S = 24 * SECONDS_PER_HOUR
_EPOCH = dt.date(1970, 1, 1)
_EPOCH_S = dt.datetime.combine(_EPOCH, dt.time(), KST).timestamp()
LAST_BUCKET = len(BUCKET_EDGES_S) - 1
# Cell, bucket and count side by side in one number: such numbers are sorted faster than rows.
_COUNT_BITS = 32
_BUCKET_BITS = (LAST_BUCKET + 1).bit_length()
_BUCKET = (1 << _BUCKET_BITS) - 1
_COUNT = (1 << _COUNT_BITS) - 1


def response_percentiles(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Return, for each week and department, how soon its questions got their first answer.

    Kaplan-Meier as in :func:`db.queries.response_curve`, by the week in which the question was asked; of a week that
    the period cuts only the days inside it. Columns RESPONSE_PERCENTILES, by week and department.
    """
    as_of = data_extent(reader, where.synthetic).as_of
    histograms = read_histograms(reader, where, ("answered", "removed"), SHORT_SPANS)
    if as_of is None or not len(histograms.starts):
        return RESPONSE_PERCENTILES.frame()
    keys, cell_of_row = np.unique(_weeks(histograms.starts) | histograms.departments, return_inverse=True)
    answers = _Answers(histograms, cell_of_row, len(keys))
    n = _timed_questions(reader, where, keys)
    # Who waits has waited since the end of the week at least. Where that is longer than the slowest answer took, nobody
    # left before it, and the share after each answer is a plain quotient: the many who wait need not be read.
    week_ends = (keys >> _COUNT_BITS) + WEEK
    waited_s = as_of.timestamp() - (week_ends - _EPOCH.toordinal()) * _DAY_S - _EPOCH_S
    is_mixed = answers.last(bucket_middles_s()) >= waited_s
    is_mixed[cell_of_row[np.fromiter(map(bool, histograms.packed["removed"]), bool)]] = True
    estimates = _quotients(answers, n, np.where(n > answers.totals, waited_s, -1.0))
    mixed = np.flatnonzero(is_mixed)
    if len(mixed):
        exact = _exact(reader, where, keys[mixed], as_of)
        for name, values in estimates.items():
            values[mixed] = exact[name]
    return _named(reader, keys, estimates)


def _weeks(starts: Ints) -> Ints:
    """Return the Mondays of the days, as the upper half of a cell's key; the ordinal 1 was a Monday."""
    return (starts - (starts - 1) % WEEK) << _COUNT_BITS


def _named(reader: Reader, keys: Ints, estimates: dict[str, npt.NDArray[Any]]) -> pd.DataFrame:
    with reader.connect() as connection:
        names = department_names(connection)
    named = [names.get(id_, NOBODY) for id_ in (keys & _COUNT).tolist()]
    frame = pd.DataFrame(named, columns=["department", "name_ko", "name_en"])
    frame["week"] = dates(keys >> _COUNT_BITS)
    frame = frame.assign(**estimates)
    return RESPONSE_PERCENTILES.cast(frame.sort_values(["week", "department"], ignore_index=True))


def _timed_questions(reader: Reader, where: PostFilter, keys: Ints) -> Ints:
    """Return how many timed questions each cell holds, those who wait and those removed included."""
    with reader.connect() as connection:
        asked = question_days(connection, where, ("department_id",), "timed")
    ids = np.fromiter((id_ for (id_,) in asked.keys), dtype=np.int64, count=len(asked.keys))
    is_timed = asked.counts > 0
    cells = np.searchsorted(keys, _weeks(asked.days[is_timed]) | ids[asked.rows[is_timed]])
    return np.bincount(cells, weights=asked.counts[is_timed], minlength=len(keys)).astype(np.int64)


def _exact(reader: Reader, where: PostFilter, keys: Ints, as_of: dt.datetime) -> dict[str, npt.NDArray[Any]]:
    """Return the estimates of the cells ``keys``, ascending, with those who left in them."""
    parts = []
    for week in np.unique(keys >> _COUNT_BITS).tolist():
        monday = dt.date.fromordinal(week)
        parts.append(replace(where, start=max(where.start, monday), end=min(where.end, monday + dt.timedelta(days=6))))
    histograms = joined_histograms([read_histograms(reader, part, spans=SHORT_SPANS) for part in parts])
    cell_keys = _weeks(histograms.starts) | histograms.departments
    wanted = np.isin(cell_keys, keys)
    histograms = histograms.only(wanted)
    cell_of_row = np.searchsorted(keys, cell_keys[wanted])
    answers = _Answers(histograms, cell_of_row, len(keys))
    left = _Left(histograms, cell_of_row, len(keys), as_of)
    return _estimates(answers, left)


class _Answers:
    """The answered questions of all cells as one run of steps, by cell and time.

    Two steps of one time need not be merged: nobody leaves between them, so the product over both is the same.
    """

    def __init__(self, histograms: Histograms, cell_of_row: Ints, cells: int) -> None:
        rows, buckets, counts = histograms.pairs("answered")
        # Each row is in order already, which this way of sorting makes use of.
        steps = np.sort(_side_by_side(cell_of_row[rows], np.minimum(buckets, LAST_BUCKET), counts), kind="stable")
        self.place = steps >> _COUNT_BITS  # cell and bucket
        self.count = steps & _COUNT
        bounds = np.searchsorted(self.place, np.arange(cells + 1) << _BUCKET_BITS)
        self.begins, self.ends = bounds[:-1], bounds[1:]
        self.running = np.concatenate([[0], np.cumsum(self.count)])  # answered before each step, over all cells
        self.totals = self.running[self.ends] - self.running[self.begins]

    @property
    def cell(self) -> Ints:
        """Return the cell of each step."""
        return self.place >> _BUCKET_BITS

    @property
    def bucket(self) -> Ints:
        """Return the bucket of each step."""
        return self.place & _BUCKET

    @property
    def before(self) -> Ints:
        """Return how many of its cell were answered before each step."""
        return self.running[:-1] - self.running[self.begins][self.cell]

    def last(self, values: Floats | Ints) -> Floats:
        """Return of the ``values`` by bucket that of each cell's slowest answer; -1 where there is none."""
        slowest = np.full(len(self.ends), -1.0)
        some = self.ends > self.begins
        slowest[some] = values[self.place[self.ends[some] - 1] & _BUCKET]
        return slowest


def _quotients(answers: _Answers, n: Ints, waited_s: Floats) -> dict[str, npt.NDArray[Any]]:
    """Return the estimates of cells that nobody left before their slowest answer; ``waited_s`` is -1 where nobody waits."""
    base = answers.running[answers.begins]
    hours = {}
    for name, part in PARTS.items():
        needed = np.ceil(part * n - ROUNDING * n).astype(np.int64)
        at = np.searchsorted(answers.running[1:], base + needed)
        hours[name] = np.full(len(n), np.nan)
        reached = at < answers.ends
        hours[name][reached] = bucket_middles_s()[answers.place[at[reached]] & _BUCKET] / SECONDS_PER_HOUR
    in_time = np.searchsorted(answers.place, np.arange(len(n)) << _BUCKET_BITS | bucket_of(TARGET_S), side="right")
    longest = np.maximum(answers.last(BUCKET_EDGES_S), waited_s)
    return {
        "questions": n,
        "answered": answers.totals,
        "within_24h_share": _known((answers.running[in_time] - base) / n, longest, answers.totals == n),
        **hours,
    }


def _known(within: Floats, longest_s: Floats, all_answered: npt.NDArray[np.bool_]) -> Floats:
    """Return the shares answered within TARGET_S, NaN where nobody was observed as long, unless all were answered."""
    return np.where((longest_s >= TARGET_S) | all_answered, within, np.nan)


class _Left:
    """Those who left unanswered: they still wait at the cut-off, or removed their question."""

    def __init__(self, histograms: Histograms, cell_of_row: Ints, cells: int, as_of: dt.datetime) -> None:
        self._histograms, self._cell_of_row, self._as_of_s = histograms, cell_of_row, as_of.timestamp()
        self.totals = np.zeros(cells, dtype=np.int64)
        self.earliest_s, self.latest_s = np.full(cells, np.inf), np.full(cells, -1.0)
        for column in ("waiting", "removed"):
            rows, *extremes, sums = histograms.summary(column)
            np.add.at(self.totals, cell_of_row[rows], sums)
            for buckets in extremes:
                seconds = self._seconds(column, rows, buckets)
                np.minimum.at(self.earliest_s, cell_of_row[rows], seconds)
                np.maximum.at(self.latest_s, cell_of_row[rows], seconds)

    def _seconds(self, column: str, rows: Ints, buckets: Ints) -> Floats:
        """Return how long those in a bucket of a row were observed."""
        if column == "removed":
            return bucket_middles_s()[np.minimum(buckets, LAST_BUCKET)]
        asked = (self._histograms.first_minutes[rows] + buckets) * SECONDS_PER_MINUTE
        return np.maximum(self._as_of_s - asked, 0)

    def before(self, cells: Ints, place: Ints) -> Ints:
        """Return how many of ``cells`` (ascending) left before each ``place``, a cell and bucket, within that cell."""
        wanted = np.flatnonzero(np.isin(self._cell_of_row, cells))
        steps = []
        for column in ("waiting", "removed"):
            rows, buckets, counts = self._histograms.pairs(column, wanted)
            # The first bucket whose answers come later than this.
            later = np.searchsorted(bucket_middles_s(), self._seconds(column, rows, buckets), side="right")
            steps.append(_side_by_side(self._cell_of_row[rows], later, counts))
        left = np.sort(np.concatenate(steps))
        running = np.concatenate([[0], np.cumsum(left & _COUNT)])
        left >>= _COUNT_BITS
        since = running[np.searchsorted(left, cells << _BUCKET_BITS)]
        return (
            running[np.searchsorted(left, place, side="right")] - since[np.searchsorted(cells, place >> _BUCKET_BITS)]
        )


def _side_by_side(cell: Ints, bucket: Ints, count: Ints) -> Ints:
    return (cell << _BUCKET_BITS | bucket) << _COUNT_BITS | count


def _estimates(answers: _Answers, left: _Left) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of numbers, one value for each cell."""
    n = answers.totals + left.totals
    share = _shares(answers, left, n)
    middles = bucket_middles_s()
    cells = np.arange(len(n))
    # Shares rise within a cell and lie between 0 and 1, so that two for each cell keep the cells apart.
    place = answers.cell * 2 + share
    hours = {}
    for name, part in PARTS.items():
        at = np.searchsorted(place, cells * 2 + part - ROUNDING)
        reached = at < answers.ends
        hours[name] = np.full(len(n), np.nan)
        hours[name][reached] = middles[answers.bucket[at[reached]]] / SECONDS_PER_HOUR
    in_time = np.searchsorted(answers.place, cells << _BUCKET_BITS | bucket_of(TARGET_S), side="right")
    within = np.where(in_time > answers.begins, np.concatenate([[0.0], share])[in_time], 0.0)
    longest = np.maximum(answers.last(BUCKET_EDGES_S), left.latest_s)
    return {
        "questions": n,
        "answered": answers.totals,
        "within_24h_share": _known(within, longest, answers.totals == n),
        **hours,
    }


def _shares(answers: _Answers, left: _Left, n: Ints) -> Floats:
    """Return the share answered after each step."""
    share = (answers.before + answers.count) / n[answers.cell]
    # Only where somebody left before the slowest answer it is more than a quotient.
    mixed = np.flatnonzero(left.earliest_s < answers.last(bucket_middles_s()))
    if not len(mixed):
        return share
    lengths = answers.ends[mixed] - answers.begins[mixed]
    row = np.repeat(np.arange(len(mixed)), lengths)
    column = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = answers.begins[mixed][row] + column
    at_risk = n[answers.cell[at]] - answers.before[at] - left.before(mixed, answers.place[at])
    waiting = np.ones((len(mixed), int(lengths.max())))
    waiting[row, column] = 1 - answers.count[at] / at_risk
    share[at] = 1 - np.cumprod(waiting, axis=1)[row, column]
    return share
