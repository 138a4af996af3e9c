"""SQLite, embedded: write-ahead log, full-text search by FTS5."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    NullPool,
    Select,
    Table,
    create_engine,
    event,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.sqlite import insert

from db.dialects.base import SearchQuery, on_conflict

CACHE_KIB = 65_536  # page cache of one connection: the facet index of a million posts fits
# How long the log may grow before it is written back: 64 MiB, so that a load does not rewrite the same
# index pages again and again. Readers are not affected.
CHECKPOINT_PAGES = 16_384


class SQLite:
    """The default engine: one file, one writer, readers beside it."""

    sync_driver = "sqlite"

    def connect(self, url: URL, *, readonly: bool, timeout_s: float) -> Engine:
        if url.database and url.database != ":memory:":
            with suppress(OSError):  # what is wrong with the place SQLite says itself, as an OperationalError
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # Connections are cheap here, and a file handle kept in a pool would outlive a test's folder.
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": timeout_s})

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, record: Any) -> None:
            connection.isolation_level = None  # transactions are begun below, not by the driver
            cursor = connection.cursor()
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            cursor.execute("PRAGMA temp_store = MEMORY")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            if readonly:
                cursor.execute("PRAGMA query_only = ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # A deferred transaction that reads first cannot wait for another writer; it fails at once.
            connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

        return engine

    def lock_writer(self, connection: Connection) -> None:
        """Do nothing: BEGIN IMMEDIATE already made this transaction the only writer."""

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        return on_conflict(insert(table), keys, update)

    def create_search(self, connection: Connection) -> None:
        connection.execute(
            text("CREATE VIRTUAL TABLE post_search USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')")
        )

    def drop_search(self, connection: Connection) -> None:
        connection.execute(text("DROP TABLE post_search"))

    def write_search(self, connection: Connection, rows: Sequence[dict[str, Any]], replaced: Sequence[int]) -> None:
        if replaced:
            connection.exec_driver_sql("DELETE FROM post_search WHERE rowid = ?", [(post_id,) for post_id in replaced])
        if rows:
            connection.exec_driver_sql(
                "INSERT INTO post_search (rowid, tokens) VALUES (?, ?)",
                [(row["post_id"], row["tokens"]) for row in rows],
            )

    def matches(self, post_id: ColumnElement[int], query: SearchQuery) -> ColumnElement[bool]:
        parts = [f"{_quoted(word)} *" for word in query.words] + [_quoted(phrase) for phrase in query.phrases]
        excluded = [f"{_quoted(word)} *" for word in query.excluded]
        found: Select[int] = select(literal_column("rowid")).select_from(table("post_search"))
        matches = literal_column("post_search").op("MATCH")
        if not parts:  # FTS5 knows NOT only between two queries
            return post_id.not_in(found.where(matches(" OR ".join(excluded))))
        match = " AND ".join(parts)
        for word in excluded:
            match = f"({match}) NOT {word}"
        return post_id.in_(found.where(matches(match)))


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
