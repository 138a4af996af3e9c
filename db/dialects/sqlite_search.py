"""Full-text search on SQLite: an FTS5 index whose content is the table ``search_texts``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from db.dialects.base import SearchPart, SearchQuery

_TOKENIZER = "tokenize = 'unicode61 remove_diacritics 0'"
# Above it the comparison word by word would take as much memory as the store itself; a rebuild is cheaper.
MAX_COMPARED = 1_000_000
PAGES_PER_MERGE = 2_000  # of the index, some eight megabytes: nobody waits long for the lock


class SQLiteSearch:
    """FTS5 with external content, so that the words stand in the store once."""

    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE post_search USING fts5(tokens, content = 'search_texts', "
            f"content_rowid = 'timeline_id', {_TOKENIZER})"
        )

    def drop(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE post_search")

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            connection.exec_driver_sql(
                "INSERT INTO post_search (rowid, tokens) VALUES (?, ?)",
                [(row["timeline_id"], row["tokens"]) for row in rows],
            )

    def remove(self, connection: Connection, timeline_ids: Sequence[int]) -> None:
        if timeline_ids:
            # The index forgets a text only when it is told which one it was.
            connection.exec_driver_sql(
                "INSERT INTO post_search (post_search, rowid, tokens) "
                "SELECT 'delete', timeline_id, tokens FROM search_texts WHERE timeline_id = ?",
                [(timeline_id,) for timeline_id in timeline_ids],
            )

    def newest(self, connection: Connection, query: SearchQuery, low: int, high: int, limit: int | None) -> list[int]:
        # FTS5 walks its lists of row ids backwards by itself, and stops.
        found = connection.execute(
            text(
                "SELECT rowid FROM post_search WHERE post_search MATCH :match AND rowid BETWEEN :low AND :high "
                "ORDER BY rowid DESC LIMIT :limit"
            ),
            {"match": _match(query), "low": low, "high": high, "limit": -1 if limit is None else limit},
        )
        return list(found.scalars())

    def ranks(self, connection: Connection, query: SearchQuery, timeline_ids: Sequence[int]) -> dict[int, float]:
        if not timeline_ids:
            return {}
        wanted = set(timeline_ids)
        rows = connection.execute(
            text(
                "SELECT rowid, -bm25(post_search) FROM post_search "
                "WHERE post_search MATCH :match AND rowid BETWEEN :low AND :high"
            ),
            {"match": _match(query), "low": min(wanted), "high": max(wanted)},
        )
        return {timeline_id: rank for timeline_id, rank in rows if timeline_id in wanted}

    def differences(self, connection: Connection) -> Iterator[str]:
        named: set[int] = set()
        for left, right, what in (
            ("search_texts", "post_search_docsize", "missing from the index"),
            ("post_search_docsize", "search_texts", "in the index, but in no row of search_texts"),
        ):
            key, other = ("timeline_id", "id") if left == "search_texts" else ("id", "timeline_id")
            rows = connection.exec_driver_sql(
                f"SELECT {key} FROM {left} WHERE NOT EXISTS (SELECT 1 FROM {right} WHERE {other} = {left}.{key})"
            )
            for (timeline_id,) in rows:
                named.add(timeline_id)
                yield f"search entry {timeline_id}: {what}"
        try:
            with connection.begin_nested():
                connection.exec_driver_sql("INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)")
        except DatabaseError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise  # a file that may only be read, say: the index has not been looked at
            others = _of_other_words(connection)
            if others is None or not (named or others):
                yield "search index: its words are not those of search_texts; run: python -m db rebuild"
                return
            for timeline_id in others:
                if timeline_id not in named:
                    yield f"search entry {timeline_id}: the index holds other words"

    def purge(self, engine: Engine) -> None:
        # Merged into one part, piece by piece: the first number is negative to begin with all there is.
        pages = -PAGES_PER_MERGE
        while True:
            with engine.begin() as connection:
                before = _changes(connection)
                connection.execute(
                    text("INSERT INTO post_search (post_search, rank) VALUES ('merge', :pages)"), {"pages": pages}
                )
                if _changes(connection) - before < 2:  # the statement itself; so the manual of FTS5 tells the end
                    return
            pages = PAGES_PER_MERGE

    def rebuild(self, connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO post_search (post_search) VALUES ('rebuild')")


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def _match(query: SearchQuery) -> str:
    """Return the query in the language of FTS5; words are quoted, so that none is an operator."""
    match = " AND ".join(_quoted(part) for part in query.wanted)
    for part in query.excluded:
        match = f"({match}) NOT {_quoted(part)}"
    return match


def _quoted(part: SearchPart) -> str:
    quoted = '"' + " ".join(part.words).replace('"', '""') + '"'
    return f"{quoted} *" if part.is_prefix else quoted


def _of_other_words(connection: Connection) -> list[int] | None:
    """Return the entries whose words differ from those a fresh index would hold; None where they are too many."""
    entries = connection.exec_driver_sql("SELECT count(*) FROM post_search_docsize").scalar() or 0
    if entries > MAX_COMPARED:
        return None
    made = (
        f"CREATE VIRTUAL TABLE temp.fresh_search USING fts5(tokens, content = '', {_TOKENIZER})",
        "INSERT INTO temp.fresh_search (rowid, tokens) SELECT timeline_id, tokens FROM search_texts",
        "CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab('temp', 'fresh_search', 'instance')",
        "CREATE VIRTUAL TABLE temp.stored_words USING fts5vocab('main', 'post_search', 'instance')",
    )
    words = "SELECT doc, term, offset FROM {}"
    fresh, stored = words.format("temp.fresh_words"), words.format("temp.stored_words")
    for statement in made:
        connection.exec_driver_sql(statement)
    try:
        rows = connection.exec_driver_sql(
            f"SELECT doc FROM ({fresh} EXCEPT {stored}) UNION SELECT doc FROM ({stored} EXCEPT {fresh}) ORDER BY doc"
        )
        return [timeline_id for (timeline_id,) in rows]
    finally:
        for name in ("stored_words", "fresh_words", "fresh_search"):
            connection.exec_driver_sql(f"DROP TABLE temp.{name}")
