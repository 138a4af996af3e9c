"""How long answers took, as histograms: one row for each period, department and platform, packed into three columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from db.bulk import upsert_rows
from db.packing import add_to_histograms, bucket_of, pack_histogram
from db.rollups.counts import NONE
from db.rollups.facts import PostFact
from db.rollups.spans import DAY, SPANS, start_of
from db.schema import response_histograms

WALL, WORKING = CLOCKS = ("wall", "working")  # the clock that never stops, and that of db.working_clock
REPLY = "reply"  # the wall clock until the first reply of any kind, be it no answer
# Of each of them; those who wait are kept by the minute they asked, from which both clocks follow.
ANSWERED = {WALL: "answered", WORKING: "answered_working", REPLY: "replied"}
REMOVED = {WALL: "removed", WORKING: "removed_working", REPLY: "removed_unreplied"}
WAITING = {WALL: "waiting", WORKING: "waiting", REPLY: "unreplied"}
COLUMNS = (
    ANSWERED[WALL], WAITING[WALL], REMOVED[WALL], ANSWERED[WORKING], REMOVED[WORKING],
    ANSWERED[REPLY], WAITING[REPLY], REMOVED[REPLY],
)  # fmt: skip
_BY_MINUTE = set(WAITING.values())
KEY = tuple(column.name for column in response_histograms.primary_key.columns)
MINUTES_PER_DAY = 1440
_EMPTY = b""

Cell = tuple[Any, ...]  # is_synthetic, day, platform, department, column, bucket
Key = tuple[Any, ...]  # KEY
Histograms = dict[str, dict[int, int]]  # column -> bucket -> questions


def cells(facts: Iterable[PostFact]) -> Counter[Cell]:
    """Return how many questions fall into each bucket of each day's histograms."""
    found: Counter[Cell] = Counter()
    for fact in facts:
        if fact.question_id is None:
            continue
        of_day = (fact.is_synthetic, fact.created_day, fact.platform_id, fact.department_id or NONE)
        if fact.is_reply_timed:
            found[*of_day, *_ended(fact, REPLY, fact.first_reply_seconds)] += 1
        if not fact.is_timed:
            continue
        if fact.first_answer_seconds is not None:
            columns, seconds = ANSWERED, fact.first_answer_seconds
        elif fact.removed_at is not None:
            columns, seconds = REMOVED, int((fact.removed_at - fact.created_at).total_seconds())
        else:
            found[*of_day, WAITING[WALL], fact.minute_of_day] += 1
            continue
        found[*of_day, columns[WALL], bucket_of(seconds)] += 1
        if fact.closed_working_seconds is not None:
            found[*of_day, columns[WORKING], bucket_of(fact.closed_working_seconds)] += 1
    return found


def _ended(fact: PostFact, clock: str, seconds: int | None) -> tuple[str, int]:
    """Return the column and the bucket of a question by what ended its wait on the wall."""
    if seconds is not None:
        return ANSWERED[clock], bucket_of(seconds)
    if fact.removed_at is not None:
        return REMOVED[clock], bucket_of(int((fact.removed_at - fact.created_at).total_seconds()))
    return WAITING[clock], fact.minute_of_day


def keyed(day_cells: Mapping[Cell, int]) -> dict[Key, Histograms]:
    """Return the histograms by key, over every span, of day cells and their counts (which may be negative)."""
    by_day: dict[Key, Histograms] = {}
    for (*of_day, column, bucket), count in day_cells.items():
        if count:
            by_day.setdefault(tuple(of_day), {}).setdefault(column, {})[bucket] = count
    found: dict[Key, Histograms] = {}
    for (is_synthetic, day, *rest), histograms in by_day.items():
        for span in SPANS:
            start = start_of(day, span)
            minutes = (day - start).days * MINUTES_PER_DAY
            of_span = found.setdefault((is_synthetic, span, start, *rest), {})
            for column, counts in histograms.items():
                # Waiting questions are kept by the minute they were asked, counted from the start of the span.
                shift = minutes if column in _BY_MINUTE and span != DAY else 0
                histogram = of_span.setdefault(column, {})
                for bucket, count in counts.items():
                    histogram[bucket + shift] = histogram.get(bucket + shift, 0) + count
    return found


def packed(histograms: Histograms) -> dict[str, bytes]:
    """Return the columns of a row."""
    return {column: pack_histogram(histograms.get(column, {})) for column in COLUMNS}


def apply(connection: Connection, changes: Mapping[Key, Histograms]) -> None:
    """Add ``changes`` to the stored histograms."""
    if not changes:
        return
    stored = _stored(connection, changes)
    moved = [(key, column) for key, histograms in changes.items() for column in histograms]
    values = add_to_histograms(
        [stored.get(key, {}).get(column, _EMPTY) for key, column in moved],
        [changes[key][column] for key, column in moved],
    )
    for (key, column), value in zip(moved, values, strict=True):
        stored.setdefault(key, dict.fromkeys(COLUMNS, _EMPTY))[column] = value
    rows = [{**dict(zip(KEY, key, strict=True)), **stored[key]} for key in changes if any(stored[key].values())]
    emptied = [key for key in changes if not any(stored[key].values())]
    upsert_rows(connection, response_histograms, rows, KEY, COLUMNS)
    if emptied:
        of_key = (response_histograms.c[name] == bindparam(f"gone_{name}") for name in KEY)
        gone = [{f"gone_{name}": part for name, part in zip(KEY, key, strict=True)} for key in emptied]
        connection.execute(delete(response_histograms).where(*of_key), gone)


def _stored(connection: Connection, keys: Iterable[Key]) -> dict[Key, dict[str, bytes]]:
    """Return the stored rows of the starts that ``keys`` name; a page touches most cells of its few days anyway."""
    table = response_histograms
    starts: dict[tuple[bool, int], set[Any]] = {}
    for is_synthetic, span, start, *_ in keys:
        starts.setdefault((is_synthetic, span), set()).add(start)
    found: dict[Key, dict[str, bytes]] = {}
    for (is_synthetic, span), days in starts.items():
        rows = connection.execute(
            select(*(table.c[name] for name in (*KEY, *COLUMNS))).where(
                table.c.is_synthetic.is_(is_synthetic), table.c.span == span, table.c.start.in_(sorted(days))
            )
        ).all()
        for row in rows:
            found[tuple(row[: len(KEY)])] = dict(zip(COLUMNS, row[len(KEY) :], strict=True))
    return found
