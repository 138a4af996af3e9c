"""PostgreSQL: many readers and writers, full-text search by tsvector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    column,
    create_engine,
    event,
    func,
    not_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from db.dialects.base import SearchQuery, on_conflict

WRITER_LOCK = 7_310_120  # any number, as long as every loader takes the same one
MAX_VECTOR_TOKENS = 16_000  # positions beyond 16,383 collapse in a tsvector


class PostgreSQL:
    """The engine for a city: a server of its own."""

    sync_driver = "postgresql+psycopg"

    def connect(self, url: URL, *, readonly: bool, timeout_s: float) -> Engine:
        engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10)

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, record: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET TIME ZONE 'UTC'")
                cursor.execute(f"SET lock_timeout = {int(timeout_s * 1000)}")
                if readonly:
                    cursor.execute("SET default_transaction_read_only = on")
            connection.commit()

        return engine

    def lock_writer(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        return on_conflict(insert(table), keys, update)

    def create_search(self, connection: Connection) -> None:
        connection.execute(
            text(
                "CREATE TABLE post_search (post_id integer PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, "
                "tokens tsvector NOT NULL)"
            )
        )
        connection.execute(text("CREATE INDEX ix_post_search_tokens ON post_search USING gin (tokens)"))

    def drop_search(self, connection: Connection) -> None:
        connection.execute(text("DROP TABLE post_search"))

    def write_search(self, connection: Connection, rows: Sequence[dict[str, Any]], replaced: Sequence[int]) -> None:
        if replaced:
            connection.execute(
                text("DELETE FROM post_search WHERE post_id = :post_id"), [{"post_id": post_id} for post_id in replaced]
            )
        if rows:
            connection.execute(
                text("INSERT INTO post_search (post_id, tokens) VALUES (:post_id, to_tsvector('simple', :tokens))"),
                [
                    {"post_id": row["post_id"], "tokens": " ".join(row["tokens"].split()[:MAX_VECTOR_TOKENS])}
                    for row in rows
                ],
            )

    def matches(self, post_id: ColumnElement[int], query: SearchQuery) -> ColumnElement[bool]:
        wanted = [func.to_tsquery("simple", _prefix(word)) for word in query.words]
        wanted += [func.phraseto_tsquery("simple", phrase) for phrase in query.phrases]
        # NOT outside the query: one without any lexeme matches nothing, and excluding it must change nothing.
        unwanted = [func.to_tsquery("simple", _prefix(word)) for word in query.excluded]
        index = table("post_search", column("post_id"), column("tokens"))
        found = select(index.c.post_id)
        for condition in wanted:
            found = found.where(index.c.tokens.bool_op("@@")(condition))
        for condition in unwanted:
            found = found.where(not_(index.c.tokens.bool_op("@@")(condition)))
        return post_id.in_(found)


def _prefix(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"
