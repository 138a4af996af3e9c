"""Stores of the project's own schema with invented posts: filled once for each size, kept under the cache.

The rows are written in bulk; roll-ups, inverted index and full-text index are then made of them by the project's own
:func:`db.rollups.rebuild`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import time
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.schema import CreateTable

from data_sources.loader import load
from db.engine import open_engine
from db.migrate import upgrade
from db.records import RunVersions
from db.schema import classifications, metadata, posts, questions
from db.writes import finish_run, start_run
from nlp import annotate
from tests.benchmarks import city_rows, invented
from tests.benchmarks.servers import Server
from tests.benchmarks.sinks import Sink, postgresql_sink, sqlite_sink
from tests.builders import ListConnector

BULK = (posts, questions, classifications)  # their further indexes are made once all rows are there


def say(line: str) -> None:
    """Report progress."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def version() -> str:
    """Return what a cached store depends on, in six letters: the schema, and which posts are invented."""
    parts = [str(CreateTable(table)) for table in metadata.sorted_tables]
    return hashlib.blake2b("".join([*parts, invented.VERSION]).encode(), digest_size=3).hexdigest()


def sqlite_store(posts: int, folder: Path) -> Path:
    """Return the file of a store with ``posts`` invented posts, filled on first use."""
    path = folder / f"city_{posts}_{version()}.db"
    if path.exists():
        _add_indexes(open_engine(f"sqlite:///{path}"))
        return path
    for stale in folder.glob(f"city_{posts}_*"):
        if not stale.name.startswith(path.stem):
            stale.unlink()
    rows = path.with_suffix(".rows")
    if not rows.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        for leftover in folder.glob(f"{part.name}*"):
            leftover.unlink()
        engine = open_engine(f"sqlite:///{part}")
        run_id = _open_run(engine)
        engine.dispose()
        with sqlite_sink(part) as sink:
            last_id = _fill(sink, posts, run_id, f"SQLite, {posts:,} posts")
        _close_run(open_engine(f"sqlite:///{part}"), run_id, last_id)
        part.rename(rows)
    _derive(open_engine(f"sqlite:///{rows}"), f"SQLite, {posts:,} posts")
    rows.rename(path)
    return path


def postgresql_store(posts: int, server: Server) -> str:
    """Return the address of a store with ``posts`` invented posts, filled on first use."""
    name = f"city_{posts}_{version()}"
    if server.has(name):
        _add_indexes(open_engine(server.uri(name)))
        return server.uri(name)
    for stale in server.databases():
        if stale.startswith(f"city_{posts}_") and not stale.startswith(name):
            server.drop(stale)
    rows, part = f"{name}_rows", f"{name}_part"
    server.wait_for_disk(False)
    if not server.has(rows):
        server.create(part)
        engine = open_engine(server.uri(part))
        run_id = _open_run(engine)
        with engine.begin() as connection:
            for index in (index for table in BULK for index in table.indexes):
                index.drop(connection)
        engine.dispose()
        with postgresql_sink(server.uri(part)) as sink:
            last_id = _fill(sink, posts, run_id, f"PostgreSQL, {posts:,} posts")
        with engine.begin() as connection:
            for index in (index for table in BULK for index in table.indexes):
                say(f"PostgreSQL, {posts:,} posts: index {index.name}")
                index.create(connection)
            for table in ("departments", "accounts", "load_runs"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                )
        _close_run(engine, run_id, last_id)
        engine.dispose()
        server.rename(part, rows)
    engine = open_engine(server.uri(rows))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    _derive(engine, f"PostgreSQL, {posts:,} posts")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    server.rename(rows, name)
    server.wait_for_disk(True)
    return server.uri(name)


def _add_indexes(engine: Engine) -> None:
    """Give a cached store the indexes that the schema has gained since; its tables are those of its version."""
    with engine.begin() as connection:
        for index in (index for table in metadata.sorted_tables for index in table.indexes):
            index.create(connection, checkfirst=True)
    engine.dispose()


def _open_run(engine: Engine) -> int:
    """Make an empty store and a run in it; registry and term groups are there already as the loader writes them."""
    upgrade(engine)
    load(ListConnector([], origin="synthetic"), engine)
    versions = annotate.versions()
    with engine.begin() as connection:
        return start_run(
            connection,
            "bench",
            "bench:invented",
            "synthetic",
            RunVersions("bench", versions.tokenizer, versions.dictionary, versions.rules),
            dt.datetime.now(dt.UTC),
        )


def _close_run(engine: Engine, run_id: int, last_id: int) -> None:
    """End the run; posts are numbered from 1, so the last id is how many there are."""
    with engine.begin() as connection:
        finish_run(connection, run_id, "done", dt.datetime.now(dt.UTC))
        connection.execute(
            text("UPDATE load_runs SET read = :rows, inserted = :rows WHERE id = :run"),
            {"rows": last_id, "run": run_id},
        )
    engine.dispose()


def _fill(sink: Sink, posts: int, run_id: int, what: str) -> int:
    """Write the rows; return the last post's id."""
    for table, columns in (
        ("departments", city_rows.departments()),
        ("accounts", city_rows.accounts()),
        ("terms", city_rows.terms()),
    ):
        sink.write(table, columns)
    rows = city_rows.CityRows(run_id, annotate.versions().rules)
    started = time.perf_counter()
    for chunk in invented.chunks(posts):
        for table, columns in rows.tables(chunk):
            sink.write(table, columns)
        done = chunk.first + len(chunk)
        say(f"{what}: {done:,} written, {done / (time.perf_counter() - started):,.0f} a second")
    return rows.last_id


def _derive(engine: Engine, what: str) -> None:
    from db import rollups

    started = time.perf_counter()
    last = [started]

    def progress(done: int, total: int) -> None:
        if time.perf_counter() - last[0] > 10:
            last[0] = time.perf_counter()
            say(f"{what}: roll-ups and indexes, {done:,} of {total:,}, {last[0] - started:,.0f} s")

    rollups.rebuild(engine, progress)
    say(f"{what}: roll-ups and indexes took {time.perf_counter() - started:,.0f} s")
    engine.dispose()
