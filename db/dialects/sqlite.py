"""SQLite, embedded: write-ahead log, full-text search by FTS5."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, Insert, NullPool, QueuePool, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DisconnectionError

from db.dialects.base import Fault, Limits, SearchIndex, Target, on_conflict
from db.dialects.sqlite_search import SQLiteSearch

WRITER_CACHE_KIB = 65_536  # page cache of a load: the upper levels of every index of ten million posts fit
# Of one reader: the roll-ups of a year fit, and all connections of a pool of 20 together stay below 350 MB.
READER_CACHE_KIB = 16_384
# How long the log may grow before it is written back: 64 MiB, so that a load does not rewrite the same
# index pages again and again. Readers are not affected.
CHECKPOINT_PAGES = 16_384
READER_SETTINGS = ("query_only = ON", f"cache_size = -{READER_CACHE_KIB}", "temp_store = MEMORY")
WRITER_SETTINGS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",  # what is deleted is overwritten, not only given free; Debian's SQLite does so by itself
    f"cache_size = -{WRITER_CACHE_KIB}",
    "temp_store = MEMORY",
    f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
)
VARIABLES_AT_ONCE = 2_000  # of one INSERT; SQLite takes 32,766, and nothing is gained by more
# A statement with thousands of values in a list takes a megabyte, and hardly one of that length comes again.
WRITER_STATEMENTS_KEPT = 16
ONLY_READS = "only_reads"  # the option of a writer's connection that wants no lock

# How many steps of SQLite's machine lie between two looks at the clock: some ten milliseconds.
STEPS_BETWEEN_LOOKS = 1_000_000

FAULTS = {
    sqlite3.SQLITE_CANTOPEN: Fault.NO_STORE,
    sqlite3.SQLITE_PERM: Fault.NO_STORE,
    sqlite3.SQLITE_NOTADB: Fault.NO_DATABASE,
    sqlite3.SQLITE_CORRUPT: Fault.NO_DATABASE,
    sqlite3.SQLITE_IOERR: Fault.NO_DATABASE,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_BUSY: Fault.BUSY,
    sqlite3.SQLITE_LOCKED: Fault.BUSY,
    sqlite3.SQLITE_PROTOCOL: Fault.BUSY,
    sqlite3.SQLITE_INTERRUPT: Fault.TIMEOUT,
}


class SQLite:
    """The default engine: one file, one writer, readers beside it."""

    sync_driver = "sqlite"
    search: SearchIndex = SQLiteSearch()

    def connect(self, url: URL, *, readonly: bool, limits: Limits) -> Engine:
        is_file = bool(url.database) and url.database != ":memory:"
        path = Path(str(url.database))
        if readonly and is_file:
            url = _readonly(url)
        elif is_file and "uri" not in url.query:
            with suppress(OSError):  # what is wrong with the place SQLite says itself, as an OperationalError
                path.parent.mkdir(parents=True, exist_ok=True)
        arguments = {"timeout": limits.lock_timeout_s}
        if readonly and is_file:
            # A page opens a snapshot at every run, and what its connection has read is still there for the next one.
            # No reader waits for a connection: those beyond the pool's are closed when they are given back.
            engine = create_engine(
                url,
                poolclass=QueuePool,
                pool_size=limits.pool_size,
                max_overflow=-1,
                pool_use_lifo=True,
                connect_args=arguments | {"check_same_thread": False},  # one thread after the other
            )
            _renew_where_replaced(engine, path)
        else:
            kept = arguments | {"cached_statements": WRITER_STATEMENTS_KEPT}
            engine = create_engine(url, poolclass=NullPool, connect_args=kept)
        settings = READER_SETTINGS if readonly else WRITER_SETTINGS

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, record: Any) -> None:
            connection.isolation_level = None  # transactions are begun below, not by the driver
            cursor = connection.cursor()
            for setting in settings:
                cursor.execute(f"PRAGMA {setting}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # A deferred transaction that reads first cannot wait for another writer; it fails at once.
            only_reads = readonly or connection.get_execution_options().get(ONLY_READS)
            connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

        if readonly and limits.query_timeout_s:
            _bound(engine, limits.query_timeout_s)
        return engine

    def fault(self, error: BaseException) -> Fault | None:
        # What the module raises by itself, without asking the library, has no code.
        code = getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.Error) else None
        return None if code is None else FAULTS.get(code & 0xFF)

    def hold_still(self, connection: Connection) -> None:
        # A transaction of the write-ahead log sees one state from its first query on, and waits for nobody.
        connection.execution_options(**{ONLY_READS: True})

    def before_migration(self, connection: Connection) -> None:
        # A table that is rebuilt is dropped, which would delete what refers to its rows; the pragma is deaf
        # inside a transaction.
        driver_connection: Any = connection.connection.driver_connection
        driver_connection.execute("PRAGMA foreign_keys = OFF")

    def lock_writer(self, connection: Connection) -> None:
        """Do nothing: BEGIN IMMEDIATE already made this transaction the only writer."""

    def erase_deleted(self, engine: Engine) -> bool:
        # Rows are overwritten as they are deleted. The search index keeps what is deleted until its parts are merged,
        # and the log keeps old pages until it is written back and cut to nothing.
        self.search.purge(engine)
        connection = engine.raw_connection()
        try:
            busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return not busy

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        return on_conflict(insert(table), keys, update)

    def continue_ids(self, connection: Connection, table: Table) -> None:
        """Do nothing: a new id is one above the largest."""

    def insert_rows(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]]) -> None:
        self._insert(connection, target, rows, "")

    def upsert_rows(
        self,
        connection: Connection,
        target: Target,
        rows: list[tuple[Any, ...]],
        keys: Sequence[str],
        update: Sequence[str],
    ) -> None:
        self._insert(connection, target, rows, target.overwrite(keys, update))

    def add_counts(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]], measures: int) -> None:
        self._insert(connection, target, rows, target.add(measures))
        emptied = [row[:-measures] for row in rows if min(row[-measures:]) < 0 or not any(row[-measures:])]
        if emptied:
            conditions = [f"{key} = ?" for key in target.columns[:-measures]]
            conditions += [f"{count} = 0" for count in target.columns[-measures:]]
            connection.exec_driver_sql(f"DELETE FROM {target.table} WHERE {' AND '.join(conditions)}", emptied)

    def _insert(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]], conflict: str) -> None:
        # One statement for many rows takes a quarter off a statement for each.
        at_once = max(VARIABLES_AT_ONCE // len(target.columns), 1)
        whole = len(rows) // at_once * at_once
        for start in range(0, whole, at_once):
            values = tuple(chain.from_iterable(rows[start : start + at_once]))
            connection.exec_driver_sql(_insertion(target, at_once, conflict), values)
        if whole < len(rows):
            connection.exec_driver_sql(_insertion(target, 1, conflict), rows[whole:])

    def create_search(self, connection: Connection) -> None:
        self.search.create(connection)


@lru_cache(maxsize=256)
def _insertion(target: Target, rows: int, conflict: str) -> str:
    row = f"({', '.join('?' * len(target.columns))})"
    return f"{target.insert} VALUES {', '.join([row] * rows)} {conflict}"


def _readonly(url: URL) -> URL:
    """Return the address of the same file, opened so that neither it nor a file in its place can be made."""
    if "uri" in url.query:
        return url.update_query_dict({"mode": "ro"})
    return url.set(database=f"file:{quote(str(url.database))}").update_query_dict({"mode": "ro", "uri": "true"})


def _renew_where_replaced(engine: Engine, path: Path) -> None:
    """Give out no connection to a file that has been removed or replaced by another since it was opened."""

    @event.listens_for(engine, "connect")
    def _note(connection: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _compare(connection: Any, record: Any, proxy: Any) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other one, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _bound(engine: Engine, seconds: float) -> None:
    """Interrupt every statement of ``engine`` that takes longer than ``seconds``."""

    @event.listens_for(engine, "before_cursor_execute")
    def _start(connection: Connection, cursor: Any, *statement: Any) -> None:
        ends = time.monotonic() + seconds
        cursor.connection.set_progress_handler(lambda: time.monotonic() > ends, STEPS_BETWEEN_LOOKS)
