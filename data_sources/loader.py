"""The composition point: pages of records go through the analysis into the store, one transaction each.

It alone knows connectors, nlp and db. Whatever happens in between, the store holds whole pages and the
cursor that belongs to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from sqlalchemy import Connection, Engine

from data_sources.base import Connector, LiveConnector, SourceError
from data_sources.collecting import collecting_by_page
from data_sources.live import store_live
from data_sources.preparing import Preparation, ReadPage, Record
from data_sources.pseudonyms import Pseudonyms, hash_key
from data_sources.reader import ReadingAhead
from data_sources.records import Page
from data_sources.registry import Registry, load_registry
from data_sources.resource_rows import district_rows, filter_rule_rows, term_group_rows
from data_sources.versions import versions
from db import writes
from db.dialects import dialect_of
from db.migrate import prepare
from db.records import KST, Counts
from db.transactions import one_writer, writing
from db.writes.directory import questions_of_accounts
from nlp.masking import mask_text

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = tuple[str, str]


class Progress(Protocol):
    """Told of every committed page."""

    def page(self, counts: Counts, fraction: float | None) -> None:
        """Show ``counts`` so far and, where known, how much of the source is read."""
        ...


class Silent:
    """Shows nothing."""

    def page(self, counts: Counts, fraction: float | None) -> None:
        """Do nothing."""


def load(
    connector: Connector,
    engine: Engine,
    *,
    registry: Registry | None = None,
    dry_run: bool = False,
    restart: bool = False,
    workers: int = 0,
    progress: Progress | None = None,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Counts:
    """Read all of ``connector`` into the store.

    Parameters
    ----------
    dry_run : bool
        Do everything, then roll it back: the counts say what would happen.
    restart : bool
        Read from the beginning even where an earlier run of the same source was cut off.
    workers : int
        Processes that read the next pages and analyse their texts while one is stored; a dry run has none. What is stored does not
        depend on it.

    Returns
    -------
    Counts
        Items read, and what became of them. Loading the same source again gives ``unchanged`` only.

    Raises
    ------
    SourceError
        The source could not be read (to its end). Pages read before it are stored.
    """
    prepare(engine)
    loader = _Loader(connector, engine, registry or load_registry(), progress or Silent(), now)
    return loader.rehearse() if dry_run else loader.run(restart, workers)


class _Loader:
    """One run of one connector."""

    def __init__(
        self,
        connector: Connector,
        engine: Engine,
        registry: Registry,
        progress: Progress,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._connector = connector
        self._engine = engine
        self._registry = registry
        self._progress = progress
        self._now = now
        self._pseudonyms = Pseudonyms(hash_key())
        self._counts = Counts()
        self._own_runs: set[int] = set()
        city_handles = {account.handle.lower() for account in registry.accounts}
        self._preparation = Preparation(self._pseudonyms, connector.origin, city_handles)
        self._versions = versions()

    def run(self, restart: bool, workers: int) -> Counts:
        connector = self._connector
        with writing(self._engine) as connection:
            self._sync_registry(connection)
            writes.sync_term_groups(connection, term_group_rows())
            writes.sync_districts(connection, district_rows())
            writes.sync_filter_rules(connection, filter_rule_rows())
            resumable = writes.mark_interrupted(connection, connector.source, self._now())
            # A file that was read to its end is read anew; a network goes on where it stood.
            goes_on = (resumable or connector.origin == "live") and not restart
            cursor = writes.read_cursor(connection, connector.source) if goes_on else None
            run_id = self._start_run(connection)
        try:
            with (
                one_writer(self._engine) as begin,
                collecting_by_page() as page_done,
                ReadingAhead(connector, self._engine, workers, self._preparation) as ahead,
            ):
                for read in ahead.of(self._pages(cursor)):
                    with begin() as connection:
                        self._store(connection, read, run_id)
                    self._progress.page(self._counts, read.page.fraction)
                    page_done()
        except SourceError as error:
            self._finish(run_id, "failed", str(error))
            raise
        except BaseException as error:
            # The cursor stands where the last whole page ended, so the next run goes on from there.
            self._finish(run_id, "interrupted", type(error).__name__)
            raise
        self._finish(run_id, "done")
        self._detect(connector.origin == "synthetic")
        return self._counts

    def _detect(self, synthetic: bool) -> None:
        with self._engine.connect() as connection:
            is_due = writes.undetected(connection, synthetic) is not None
        if is_due:
            from data_sources.detection import detect  # SciPy takes a second to load, and many a fetch brings nothing

            detect(self._engine, synthetic=synthetic, now=self._now)

    def _pages(self, cursor: str | None) -> Iterator[Page]:
        """Yield the pages after ``cursor``; all of a file again where the earlier run was cut off after its last (not of a paid network)."""
        page = None
        for page in self._connector.fetch(cursor):
            yield page
        if page is None and cursor is not None and self._connector.origin != "live":
            yield from self._connector.fetch(None)

    def rehearse(self) -> Counts:
        """Run in one transaction that is rolled back."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            dialect_of(connection).lock_writer(connection)
            self._sync_registry(connection)
            run_id = self._start_run(connection)
            for page in self._connector.fetch(None):
                self._store(connection, ReadPage(page, self._preparation.unprepared(page.records)), run_id)
                self._progress.page(self._counts, page.fraction)
            transaction.rollback()
        return self._counts

    def _start_run(self, connection: Connection) -> int:
        connector = self._connector
        run_id = writes.start_run(
            connection, connector.name, connector.source, connector.origin, self._versions, self._now()
        )
        self._own_runs = writes.runs_of(connection, connector.source)
        return run_id

    def _finish(self, run_id: int, status: str, error: str | None = None) -> None:
        with writing(self._engine) as connection:
            writes.finish_run(connection, run_id, status, self._now(), mask_text(error) if error else None)

    def _sync_registry(self, connection: Connection) -> None:
        registry = self._registry
        moved = writes.sync_registry(
            connection,
            [
                {"id": row.id, "name_ko": row.name_ko, "name_en": row.name_en, "url": row.url,
                 "display": row.display, "export": row.export}
                for row in registry.platforms
            ],
            [{"code": row.code, "name_ko": row.name_ko, "name_en": row.name_en} for row in registry.departments],
            [
                {"platform_id": row.platform, "handle": row.handle, "name_ko": row.name_ko, "name_en": row.name_en,
                 "department": row.department, "role": row.role, "status": row.status,
                 "connected_from": row.connected_from, "connected_to": row.connected_to,
                 "missing_ko": row.missing_ko, "missing_en": row.missing_en,
                 "is_synthetic": row.is_invented}
                for row in registry.accounts
            ],
        )  # fmt: skip
        if moved:
            writes.reroute(connection, questions_of_accounts(connection, moved))
        days = [
            {"day": row.day, "is_working_day": row.is_working_day, "name_ko": row.name_ko, "name_en": row.name_en}
            for row in registry.calendar
        ]
        if writes.sync_calendar(connection, {row.code: row.hours for row in registry.departments}, days):
            writes.recount_working_time(connection)

    def _store(self, connection: Connection, read: ReadPage, run_id: int) -> None:
        """Store one page: its posts and all derived from them, rejects, cursor and counts."""
        page = read.page
        stored = writes.stored_posts(connection, {_key(record) for record in read.records})
        changed, counts = self._changes(read, stored)
        directory = writes.AccountDirectory(connection)
        new_posts = self._preparation.prepared(list(changed.values()))
        directory.learn(new_posts, self._connector.origin == "synthetic")
        regrouped = questions_of_accounts(connection, sorted(directory.regrouped)) if directory.regrouped else []
        if new_posts or regrouped:
            context = writes.WriteContext(run_id, self._connector.origin, self._now(), self._versions.rules)
            known = {key: row for key, row in stored.items() if key in changed}
            writes.store_posts(connection, new_posts, known, context, directory, regrouped)
            days = [post.created_at.astimezone(KST).date() for post in new_posts if post.is_inbound]
            if days:
                writes.note_undetected(connection, self._connector.origin == "synthetic", min(days), max(days))
        writes.add_rejects(
            connection,
            [
                {"source": self._connector.source, "source_row": row.source_row, "reason": row.reason,
                 "detail": mask_text(row.detail), "raw": mask_text(row.raw), "load_run_id": run_id}
                for row in page.rejects
            ],
        )  # fmt: skip
        if self._connector.origin == "live":
            store_live(connection, page, cast("LiveConnector", self._connector), self._pseudonyms, self._now())
        self._counts.add(counts)
        writes.write_progress(connection, run_id, self._connector.source, page.cursor, self._counts, self._now())

    def _changes(self, read: ReadPage, stored: dict[Key, writes.StoredPost]) -> tuple[dict[Key, Record], Counts]:
        """Return what must be written, one post for each key, and the page's counts.

        Items are counted, not posts: a question and its answer from one row of a file are one item.
        """
        # Where the stored post came from this very source, its row is known too.
        state = {
            key: (row.version, row.fingerprint, row.source_row if row.load_run_id in self._own_runs else None)
            for key, row in stored.items()
        }
        changed: dict[Key, Record] = {}
        outcomes: dict[object, str] = {}
        for number, record in enumerate(read.records):
            key = _key(record)
            known = state.get(key)
            if known is None:
                outcome = "inserted"
            elif key in stored and stored[key].is_removed:
                outcome = "unchanged"  # what was removed at its author's wish does not come back with a file
            elif record.version < known[0] or record.fingerprint == known[1]:
                outcome = "unchanged"
            elif record.version == known[0] and (record.source_row or 0) < (known[2] or 0):
                # The source itself repeats this id with other words: its last row counts, whichever is read when.
                outcome = "unchanged"
            else:
                outcome = "updated"
            if outcome != "unchanged":
                state[key] = (record.version, record.fingerprint, record.source_row)
                changed[key] = record
            item = ("item", number) if record.source_row is None else record.source_row
            outcomes[item] = max(outcome, outcomes.get(item, "unchanged"), key=_WEIGHT.__getitem__)
        counts = Counts(rejected=len(read.page.rejects))
        for outcome in outcomes.values():
            setattr(counts, outcome, getattr(counts, outcome) + 1)
        counts.read = counts.inserted + counts.updated + counts.unchanged + counts.rejected
        return changed, counts


_WEIGHT = {"unchanged": 0, "updated": 1, "inserted": 2}


def _key(record: Record) -> Key:
    return (record.platform, record.platform_post_id)
