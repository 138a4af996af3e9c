"""Departments beside one another: who answers in time more or less often than chance and the usual unrest explain."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.calendar import read_clocks
from db.frames import DEPARTMENT_FUNNEL, FUNNEL_LIMITS
from db.funnel import ALARM, ALERT, MIN_QUESTIONS, Floats, Funnel, Ints, funnel
from db.intervals import wilson
from db.packing import bucket_of
from db.queries.counts import question_sums
from db.queries.extent import data_extent
from db.queries.histograms import SECONDS_PER_HOUR, Histograms, read_histograms
from db.queries.mix import expected_by_mix, newest_outcomes
from db.queries.names import NOBODY, department_names
from db.records import KST, RESPONSE_TARGETS, PostFilter, ResponseTarget
from db.rollups.counts import NONE
from db.rollups.histograms import ANSWERED, REMOVED, WALL
from db.snapshot import Reader

_DRAWN = 60  # sizes at which the limits are worked out: two pixels on a phone apart


@dataclass(frozen=True, slots=True)
class DepartmentFunnel:
    """Departments compared by one target.

    ``departments`` has the columns DEPARTMENT_FUNNEL, most questions first; ``limits`` FUNNEL_LIMITS, for the funnel around
    the share of all, and none where each department has an expectation of its own. ``dispersion`` is 0 where departments
    differ by no more than chance. ``until`` is the last day whose questions take part, None where there is no such day;
    ``unassigned`` how many of these nobody is responsible for. ``read`` is how many of the newest questions were read, where
    there are more.
    """

    departments: pd.DataFrame
    limits: pd.DataFrame
    dispersion: float
    until: dt.date | None
    unassigned: int
    read: int | None = None


@dataclass(frozen=True, slots=True)
class _Tally:
    """Of each department: questions whose time had passed, those answered in it, and what is to be expected."""

    questions: Counter[int]
    in_time: Counter[int]
    expected: dict[int, float] | None = None
    read: int | None = None


def department_funnel(reader: Reader, where: PostFilter, target: str, *, adjusted: bool = False) -> DepartmentFunnel:
    """Compare all departments by the share of their questions that was answered within ``target``, of RESPONSE_TARGETS.

    All departments take part, whatever ``where`` says of them. Only days count all of whose questions had had the time at
    the cut-off, so that the share is a plain proportion; questions their authors removed before it was over are left out. Those
    nobody is responsible for are left out too: whoever answers one becomes responsible, so that they are the unanswered ones.

    Parameters
    ----------
    adjusted : compare with what the mix of issues lets expect (:mod:`db.queries.mix`), over the newest questions
    """
    wanted = RESPONSE_TARGETS[target]
    as_of = data_extent(reader, where.synthetic).as_of
    with reader.connect() as connection:
        until = None if as_of is None else min(where.end, _last_due_day(connection, where, as_of, wanted))
        names = department_names(connection)
    if until is None or until < where.start:
        return DepartmentFunnel(DEPARTMENT_FUNNEL.frame(), FUNNEL_LIMITS.frame(), 0.0, None, 0)
    due = replace(where, end=until, departments=())
    tally = _by_mix(reader, due, wanted) if adjusted else _counted(reader, due, wanted)
    unassigned = tally.questions.pop(NONE, 0)
    ids = [id_ for id_, count in tally.questions.items() if count]
    ids.sort(key=lambda id_: (-tally.questions[id_], names.get(id_, NOBODY)))
    questions = np.array([tally.questions[id_] for id_ in ids], dtype=np.int64)
    in_time = np.array([tally.in_time[id_] for id_ in ids], dtype=np.int64)
    expected = None if tally.expected is None else np.array([tally.expected[id_] for id_ in ids])
    found = funnel(in_time, questions, expected)
    low, high = wilson(in_time, questions)
    departments = DEPARTMENT_FUNNEL.of(
        {
            **dict(zip(("department", "name_ko", "name_en"), _columns([names.get(id_, NOBODY) for id_ in ids]), strict=True)),
            "questions": questions, "in_time": in_time, "share": in_time / questions, "low": low, "high": high,
            "expected_share": found.expected, **_limits(found, questions, found.expected), "verdict": found.verdicts,
        }
    )  # fmt: skip
    limits = FUNNEL_LIMITS.frame() if adjusted else _around_all(found, questions)
    return DepartmentFunnel(departments, limits, found.dispersion, until, unassigned, tally.read)


def _columns(names: list[tuple[str, str, str]]) -> list[list[str]]:
    return [[name[place] for name in names] for place in range(3)]


def _around_all(found: Funnel, questions: Ints) -> pd.DataFrame:
    """Return the limits around the share of all from the smallest department that is judged to the largest of all."""
    if not len(questions):
        return FUNNEL_LIMITS.frame()
    largest = max(int(questions.max()), 2 * MIN_QUESTIONS)
    sizes = np.unique(np.geomspace(MIN_QUESTIONS, largest, _DRAWN).round().astype(np.int64))
    expected = np.full(len(sizes), found.expected[0])
    return FUNNEL_LIMITS.of({"questions": sizes, "expected_share": expected, **_limits(found, sizes, expected)})


def _limits(found: Funnel, questions: Ints, expected: Floats) -> dict[str, Floats]:
    limits = found.limits(questions, expected)
    (low_95, high_95), (low_998, high_998) = limits[ALERT], limits[ALARM]
    return {"low_95": low_95, "high_95": high_95, "low_998": low_998, "high_998": high_998}


def _last_due_day(connection: Connection, where: PostFilter, as_of: dt.datetime, target: ResponseTarget) -> dt.date:
    """Return the last KST day at whose end the target still lay before the cut-off, for every department."""
    if target.clock == WALL:
        return (as_of - dt.timedelta(hours=target.hours)).astimezone(KST).date() - dt.timedelta(days=1)
    clocks = read_clocks(connection)
    last = as_of.astimezone(KST).date()
    for clock in (clocks[None], *(clocks[id_] for id_ in clocks)):
        while last >= where.start and clock.between(_end_of(last), as_of) < target.hours * SECONDS_PER_HOUR:
            last -= dt.timedelta(days=1)
    return last


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), KST)


def _counted(reader: Reader, due: PostFilter, target: ResponseTarget) -> _Tally:
    """Count from the roll-ups: who waits has waited long enough, so only answers and removals are read."""
    columns = (ANSWERED[target.clock], REMOVED[target.clock])
    histograms = read_histograms(reader, due, columns)
    last = bucket_of(target.hours * SECONDS_PER_HOUR)
    in_time, removed = (_within(histograms, column, last) for column in columns)
    with reader.connect() as connection:
        timed = question_sums(connection, due, ("department_id",), ("timed",))
    return _Tally(Counter({id_: count - removed[id_] for (id_,), (count,) in timed.items()}), in_time)


def _within(histograms: Histograms, column: str, last: int) -> Counter[int]:
    """Return by department how many are in a bucket up to ``last``."""
    rows, buckets, counts = histograms.pairs(column)
    is_within = buckets <= last
    found: Counter[int] = Counter()
    ids, places = np.unique(histograms.departments[rows[is_within]], return_inverse=True)
    for id_, count in zip(ids.tolist(), np.bincount(places, counts[is_within], len(ids)).tolist(), strict=True):
        found[id_] = int(count)
    return found


def _by_mix(reader: Reader, due: PostFilter, target: ResponseTarget) -> _Tally:
    outcomes, read = newest_outcomes(reader, due, target)
    ids = outcomes["department_id"].to_numpy()
    in_time = outcomes["is_in_time"].to_numpy(dtype=bool)
    return _Tally(Counter(ids.tolist()), Counter(ids[in_time].tolist()), expected_by_mix(outcomes), read)
