"""The same posts as plain rows, for those who count them anew at every question: Parquet, SQLite, PostgreSQL, DuckDB.

The tables are what a careful engineer would make of these questions: numbers for names, days and weeks worked out
once, an index that covers each question, the engine's own full-text index, statistics gathered.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks import invented
from tests.benchmarks.invented import Chunk
from tests.benchmarks.servers import Server
from tests.benchmarks.sinks import postgresql_sink, sqlite_sink
from tests.benchmarks.stores import say

VERSION = f"{invented.VERSION}b"  # of these tables; another one makes them anew
BATCH = 200_000

# Numbers stand for the names of platforms, classes, departments, their sources and accounts, 0 for none; answer_day and answered_s are
# empty where there is no answer.
POSTS = """
    id INTEGER PRIMARY KEY, created_s BIGINT NOT NULL, day INTEGER NOT NULL, week INTEGER NOT NULL,
    platform SMALLINT NOT NULL, post_class SMALLINT NOT NULL, account SMALLINT NOT NULL, department SMALLINT NOT NULL,
    source SMALLINT NOT NULL, answered_s INTEGER, answer_day INTEGER, text TEXT NOT NULL"""
# The nouns of questions: one row for each question and noun.
WORDS = "term INTEGER NOT NULL, day INTEGER NOT NULL, author INTEGER NOT NULL, post INTEGER NOT NULL"

QUESTION = f"post_class = {invented.QUESTION}"
INDEXES = (
    "CREATE INDEX questions_by_department_day ON posts_raw (department, day, source, answered_s) WHERE {question}",
    "CREATE INDEX questions_by_day_department ON posts_raw (day, department, source, answered_s) WHERE {question}",
    "CREATE INDEX posts_by_day ON posts_raw (day, post_class)",
    "CREATE INDEX answers_by_day ON posts_raw (answer_day) WHERE answer_day IS NOT NULL",
    "CREATE INDEX answers_by_department ON posts_raw (department, answer_day) WHERE answer_day IS NOT NULL",
    "CREATE INDEX posts_by_week ON posts_raw (week, platform)",
    "CREATE INDEX posts_by_class ON posts_raw (post_class)",
    "CREATE INDEX posts_by_account ON posts_raw (account)",
    "CREATE INDEX times ON posts_raw (week, department, answered_s, created_s) WHERE {question}",
    "CREATE INDEX open_questions ON posts_raw (department, day) WHERE {question} AND answered_s IS NULL",
)


def parquet(posts: int, folder: Path) -> tuple[Path, Path]:
    """Return the files of posts and of words, written on first use."""
    paths = (
        folder / f"raw_posts_{posts}_{VERSION}.parquet",
        folder / f"raw_words_{posts}_{VERSION}.parquet",
    )
    if all(path.exists() for path in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"raw_{kind}{posts}_" for kind in ("", "posts_", "words_", "facts_")]
    for stale in (path for name in names for path in folder.glob(f"{name}*")):
        if f"_{posts}_{VERSION}." not in stale.name:
            stale.unlink()
    words: list[dict[str, Any]] = []
    writer = None
    newest = 0
    for chunk in invented.chunks(posts):
        table = pa.table(_posts(chunk))
        writer = writer or pq.ParquetWriter(paths[0].with_suffix(".part"), table.schema)
        writer.write_table(table)
        words.append(_words(chunk))
        newest = max(newest, int(chunk.created_s.max()), int(chunk.answer_s.max()))
        say(f"Parquet, {posts:,} posts: {chunk.first + len(chunk):,} written")
    assert writer is not None
    writer.close()
    columns = {name: np.concatenate([part[name] for part in words]) for name in words[0]}
    order = np.argsort(columns["term"], kind="stable")  # the days of a term stay in order
    table = pa.table({name: column[order] for name, column in columns.items()})
    pq.write_table(table, paths[1].with_suffix(".part"), row_group_size=1_000_000)
    facts_path(posts, folder).write_text(json.dumps({"as_of_s": newest}))
    for path in paths:
        path.with_suffix(".part").rename(path)
    return paths


def facts_path(posts: int, folder: Path) -> Path:
    """Return the file that holds the moment of the newest post, the city's among them."""
    return folder / f"raw_facts_{posts}_{VERSION}.json"


def _posts(chunk: Chunk) -> dict[str, Any]:
    is_answered = chunk.answer_s >= 0
    day = chunk.day
    return {
        "id": chunk.numbers.astype(np.int32),
        "created_s": chunk.created_s,
        "day": day.astype(np.int32),
        "week": invented.week_of(day).astype(np.int32),
        "platform": chunk.platform.astype(np.int16),
        "post_class": chunk.post_class.astype(np.int16),
        "account": chunk.receiving.astype(np.int16),
        "department": chunk.department.astype(np.int16),
        "source": chunk.source.astype(np.int16),
        "answered_s": pa.array((chunk.answer_s - chunk.created_s).astype(np.int32), mask=~is_answered),
        "answer_day": pa.array(invented.day_of(chunk.answer_s).astype(np.int32), mask=~is_answered),
        "text": chunk.texts(),
    }


def _words(chunk: Chunk) -> dict[str, Any]:
    rows, words = chunk.nouns()
    is_asked = chunk.is_question[rows]
    rows, words = rows[is_asked], words[is_asked]
    return {
        "term": (words // 2 + 1).astype(np.int32),
        "day": chunk.day[rows].astype(np.int32),
        "author": chunk.author[rows].astype(np.int32),
        "post": chunk.numbers[rows].astype(np.int32),
    }


def sqlite_file(posts: int, folder: Path) -> Path:
    """Return SQLite's file, made on first use."""
    path = folder / f"raw_{posts}_{VERSION}.db"
    if path.exists():
        return path
    sources = parquet(posts, folder)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite_sink(part) as sink:
        connection = sqlite3.connect(part)
        connection.execute(f"CREATE TABLE posts_raw ({POSTS})")
        # One row for an author, a day and a term would do were it not for their other posts of that day.
        connection.execute(
            f"CREATE TABLE post_words_raw ({WORDS}, PRIMARY KEY (term, day, author, post)) WITHOUT ROWID"
        )
        connection.commit()
        connection.close()
        for table, source in zip(("posts_raw", "post_words_raw"), sources, strict=True):
            for done, batch in _batches(source):
                if table == "post_words_raw":
                    batch = _sorted(batch)
                sink.write(table, {name: batch[name].to_pylist() for name in batch.column_names})
                say(f"raw SQLite, {posts:,} posts: {table}, {done:,} rows")
    connection = sqlite3.connect(part)
    connection.execute("PRAGMA cache_size = -500000")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    statements = [statement.format(question=QUESTION) for statement in INDEXES]
    statements += [
        "CREATE INDEX words_by_day ON post_words_raw (day, term)",
        "CREATE VIRTUAL TABLE posts_fts USING fts5(text, content = 'posts_raw', content_rowid = 'id', "
        "tokenize = 'unicode61 remove_diacritics 0')",
        "INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')",
        "ANALYZE",
    ]
    for statement in statements:
        say(f"raw SQLite, {posts:,} posts: {statement[:60]}")
        connection.execute(statement)
        connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    part.rename(path)
    return path


def postgresql_database(posts: int, folder: Path, server: Server) -> str:
    """Return the address of PostgreSQL's database, made on first use."""
    name = f"raw_{posts}_{VERSION}"
    if server.has(name):
        return server.uri(name)
    sources = parquet(posts, folder)
    for stale in server.databases():
        if stale.startswith(f"raw_{posts}_"):
            server.drop(stale)
    part = f"{name}_part"
    server.create(part)
    server.wait_for_disk(False)
    with psycopg.connect(server.uri(part)) as connection:
        connection.execute(
            f"CREATE TABLE posts_raw ({POSTS}, tokens tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED)"
        )
        connection.execute(f"CREATE TABLE post_words_raw ({WORDS})")
    with postgresql_sink(server.uri(part)) as sink:
        for table, source in zip(("posts_raw", "post_words_raw"), sources, strict=True):
            for done, batch in _batches(source):
                sink.write_table(table, batch)
                say(f"raw PostgreSQL, {posts:,} posts: {table}, {done:,} rows")
    statements = [statement.format(question=QUESTION) for statement in INDEXES]
    statements += [
        "CREATE INDEX words_by_term ON post_words_raw (term, day) INCLUDE (author)",
        "CREATE INDEX words_by_day ON post_words_raw (day, term)",
        "CREATE INDEX posts_tokens ON posts_raw USING gin (tokens)",
        "VACUUM ANALYZE",
    ]
    with psycopg.connect(server.uri(part), autocommit=True) as connection:
        for statement in statements:
            say(f"raw PostgreSQL, {posts:,} posts: {statement[:60]}")
            connection.execute(statement)
    server.rename(part, name)
    server.wait_for_disk(True)
    return server.uri(name)


def duckdb_file(posts: int, folder: Path) -> Path:
    """Return DuckDB's file, made on first use; its tables lie in order of time and of terms, which it skips by."""
    path = folder / f"raw_{posts}_{VERSION}.duckdb"
    if path.exists():
        return path
    sources = parquet(posts, folder)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    say(f"DuckDB, {posts:,} posts")
    with duckdb.connect(str(part)) as connection:
        for table, source in zip(("posts_raw", "post_words_raw"), sources, strict=True):
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{source}')")
    part.rename(path)
    return path


def _batches(source: Path) -> Iterator[tuple[int, pa.Table]]:
    done = 0
    for batch in pq.ParquetFile(source).iter_batches(BATCH):
        done += len(batch)
        yield done, pa.Table.from_batches([batch])


def _sorted(batch: pa.Table) -> pa.Table:
    """Put rows in the order of their key, in which they are appended and not inserted."""
    return batch.sort_by([(name, "ascending") for name in ("term", "day", "author", "post")])
