"""Are the roll-ups and indexes what the rows say? ``check`` looks, ``rebuild`` makes them so; 13 weeks at a time.

Each block is read from one state of the store, so both may run while others load and read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Integer, Table, and_, delete, func, select, type_coerce

from db import schema
from db.bulk import insert_rows, insert_tuples
from db.dialects import dialect_of
from db.rollups import histograms, terms
from db.rollups.copies import group_faults
from db.rollups.counts import COUNTS
from db.rollups.recount import Recount
from db.rollups.spans import BLOCK, WEEK, start_of
from db.schema import posts
from db.snapshot import Snapshot
from db.state import REBUILD_NEEDED, clear_state, raise_load_id
from db.timeline import timeline_range
from db.transactions import writing

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps there are."""

FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2499, 12, 31)
SEARCH_STEPS = 1


class Difference(NamedTuple):
    """Where a roll-up or an index is not what the rows say."""

    table: str
    key: str
    stored: object
    computed: object

    def __str__(self) -> str:
        return f"{self.table} {self.key}: stored {self.stored}, the rows say {self.computed}"


class Verification:
    """A check in progress: iterate to get the differences; ``checked`` counts the rows compared so far."""

    def __init__(self, engine: Engine, progress: Progress | None = None) -> None:
        self._engine = engine
        self._progress = progress or _silent
        self.checked = 0
        self.wrong = 0

    def __iter__(self) -> Iterator[Difference]:
        blocks = _blocks(self._engine)
        steps = len(blocks) + SEARCH_STEPS
        for done, start in enumerate(blocks):
            self._progress(done, steps)
            with _reading(self._engine) as connection:
                yield from self._counted(self._block(connection, start))
        self._progress(len(blocks), steps)
        # SQLite's own check of the full-text index counts as a change, and a change must lock before it reads.
        with writing(self._engine) as connection:
            self.checked += connection.scalar(select(func.count()).select_from(schema.search_texts)) or 0
            yield from self._counted(self._words(connection))
            self.checked += connection.scalar(select(func.count()).select_from(schema.post_copies)) or 0
            yield from self._counted(Difference("post_copies", *fault) for fault in group_faults(connection))
        self._progress(steps, steps)

    def _counted(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        for difference in differences:
            self.wrong += 1
            yield difference

    def _block(self, connection: Connection, start: dt.date) -> Iterator[Difference]:
        recount = Recount(connection, start)
        for rollup in COUNTS:
            size = len(rollup.key)
            rows = connection.execute(
                select(*(_raw(rollup.table.c[name]) for name in rollup.columns)).where(*_of_block(rollup.table, start))
            )
            stored = {tuple(row[:size]): list(row[size:]) for row in rows}
            computed = recount.counts[rollup.table.name]
            yield from self._compared(rollup.table, rollup.key, stored, computed, rollup.shown)
        table = schema.response_histograms
        rows = connection.execute(
            select(*(table.c[name] for name in (*histograms.KEY, *histograms.COLUMNS))).where(*_of_block(table, start))
        )
        size = len(histograms.KEY)
        packed = {tuple(row[:size]): dict(zip(histograms.COLUMNS, row[size:], strict=True)) for row in rows}
        yield from self._compared(table, histograms.KEY, packed, recount.histograms)
        yield from self._terms(connection, start, recount)

    def _terms(self, connection: Connection, start: dt.date, recount: Recount) -> Iterator[Difference]:
        table = schema.term_counts
        names = terms.COLUMNS[: -len(terms.MEASURES)]
        size = len(names)
        rows = connection.execute(
            select(*(_raw(table.c[name]) for name in terms.COLUMNS)).where(*_of_block(table, start))
        )
        stored = {tuple(row[:size]): list(row[size:]) for row in rows}
        computed = {row[:size]: list(row[size:]) for row in recount.term_counts}
        yield from self._compared(table, names, stored, computed)
        index = schema.post_terms
        entries = {tuple(row) for row in connection.execute(
            select(*(_raw(index.c[name]) for name in terms.ENTRY)).where(*_of_block(index, start))
        )}  # fmt: skip
        expected = set(recount.entries)
        self.checked += len(entries | expected)
        for entry in sorted(entries ^ expected):
            yield Difference(index.name, _named(terms.ENTRY, entry), entry in entries, entry in expected)

    def _compared(
        self,
        table: Table,
        names: Iterable[str],
        stored: Mapping[Any, Any],
        computed: Mapping[Any, Any],
        shown: Callable[[Any], object] = lambda values: values,
    ) -> Iterator[Difference]:
        keys = stored.keys() | computed.keys()
        self.checked += len(keys)
        for key in sorted((key for key in keys if stored.get(key) != computed.get(key)), key=repr):
            yield Difference(table.name, _named(names, key), shown(stored.get(key)), shown(computed.get(key)))

    def _words(self, connection: Connection) -> Iterator[Difference]:
        """Compare the searchable texts with the posts, and the full-text index with the texts."""
        findable = and_(posts.c.is_inbound, posts.c.removed_at.is_(None), posts.c.is_risk.is_(False))
        texts = schema.search_texts.c.timeline_id
        lacking = select(posts.c.timeline_id).outerjoin(schema.search_texts, texts == posts.c.timeline_id).where(
            findable, texts.is_(None)
        )  # fmt: skip
        surplus = (
            select(texts).outerjoin(posts, and_(posts.c.timeline_id == texts, findable)).where(posts.c.id.is_(None))
        )
        for place in connection.scalars(lacking):
            yield Difference("search_texts", f"timeline_id={place}", "nothing", "a post that may be found")
        for place in connection.scalars(surplus):
            yield Difference("search_texts", f"timeline_id={place}", "words", "no post that may be found")
        for line in dialect_of(connection).search.differences(connection):
            yield Difference("post_search", line, "the index", "search_texts")


def check(engine: Engine, progress: Progress | None = None) -> Verification:
    """Return a check of everything that is derived; iterate over it to run it."""
    return Verification(engine, progress)


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Compute everything derived anew, in place; return how many posts were read.

    A block is replaced in one transaction, so readers see the old one or the new one. Where it is cut off it can be
    run again; a mark REBUILD_NEEDED that a migration left stays until it is through.
    """
    tell = progress or _silent
    blocks = _blocks(engine)
    steps = len(blocks) + SEARCH_STEPS
    read = 0
    for done, start in enumerate(blocks):
        tell(done, steps)
        with writing(engine) as connection:
            read += _replace_block(connection, start)
    tell(len(blocks), steps)
    with writing(engine) as connection:
        dialect_of(connection).search.rebuild(connection)
        clear_state(connection, REBUILD_NEEDED)
    tell(steps, steps)
    return read


def _replace_block(connection: Connection, start: dt.date) -> int:
    recount = Recount(connection, start)
    replaced = (*(rollup.table for rollup in COUNTS), schema.response_histograms, schema.term_counts, schema.post_terms)
    for table in replaced:
        connection.execute(delete(table).where(*_of_block(table, start)))
    for rollup in COUNTS:
        insert_tuples(connection, rollup.table, rollup.columns, rollup.rows(recount.counts[rollup.table.name]))
    insert_rows(
        connection,
        schema.response_histograms,
        [{**dict(zip(histograms.KEY, key, strict=True)), **row} for key, row in recount.histograms.items()],
    )
    insert_tuples(connection, schema.term_counts, terms.COLUMNS, sorted(recount.term_counts))
    insert_tuples(connection, schema.post_terms, terms.ENTRY, recount.entries)
    raise_load_id(connection)
    return recount.posts


def _blocks(engine: Engine) -> list[dt.date]:
    """Return the first days of all blocks that hold posts or rows of a roll-up."""
    bounds: list[dt.date | None] = []
    with _reading(engine) as connection:
        for is_synthetic in (False, True):
            low, high = timeline_range(is_synthetic, FIRST_DAY, LAST_DAY)
            for outermost in (func.min, func.max):
                place = select(outermost(posts.c.timeline_id)).where(posts.c.timeline_id.between(low, high))
                day = connection.scalar(
                    select(posts.c.created_day).where(posts.c.timeline_id == place.scalar_subquery())
                )
                bounds.append(day)
        columns = [_day_column(rollup.table) for rollup in COUNTS]
        columns += [schema.response_histograms.c.start, schema.term_counts.c.start, schema.post_terms.c.week]
        for column in columns:
            bounds += connection.execute(select(func.min(column), func.max(column))).one()
    days = [day for day in bounds if day is not None]
    if not days:
        return []
    first, last = start_of(min(days), BLOCK), start_of(max(days), BLOCK)
    return [first + dt.timedelta(days=offset) for offset in range(0, (last - first).days + 1, BLOCK)]


def _day_column(table: Table) -> ColumnElement[dt.date]:
    """Return the column that says in which block a row lies."""
    for name in ("start", "asked_day", "week"):
        if name in table.c:
            return table.c[name]
    raise LookupError(table.name)


def _of_block(table: Table, start: dt.date) -> list[ColumnElement[bool]]:
    day = _day_column(table)
    inside = day.between(start, start + dt.timedelta(days=BLOCK - 1))
    if "span" not in table.c:
        return [table.c.is_synthetic.in_([False, True]), inside] if "start" in table.c else [inside]
    # Every value of the key's leading columns is named, so that the days are a range of the index.
    return [table.c.is_synthetic.in_([False, True]), table.c.span.in_([1, WEEK, BLOCK]), inside]


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a Day as its ordinal: millions of dates would only be made to be compared."""
    return type_coerce(column, Integer) if isinstance(column.type, schema.Day) else column


def _named(names: Iterable[str], key: Iterable[object]) -> str:
    return " ".join(f"{name}={value}" for name, value in zip(names, key, strict=True))


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    with Snapshot(engine) as snapshot, snapshot.connect() as connection:
        yield connection


def _silent(done: int, steps: int) -> None:
    """Show nothing."""
