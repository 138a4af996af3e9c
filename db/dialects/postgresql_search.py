"""Full-text search on PostgreSQL: one tsvector for each row of ``search_texts``, with a GIN index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from db.dialects.base import SearchPart, SearchQuery

# A tsvector holds 1 MiB at most; no post comes near it, an imported file might.
MAX_INDEXED_CHARACTERS = 100_000
# How many words the planner knows the frequency of is ten times this. It must tell frequent words (walk the posts
# newest first) from rare ones (ask the GIN index), and takes what it does not know for rare.
STATISTICS = 1_000
BATCH = 10_000
MAX_WALKED = 100_000  # entries; beyond it the GIN index is faster even for frequent words
_WALK = text(
    "SELECT timeline_id FROM (SELECT timeline_id, tokens FROM post_search WHERE timeline_id BETWEEN :low AND :high "
    "ORDER BY timeline_id DESC LIMIT :window) AS newest WHERE tokens @@ to_tsquery('simple', :query) "
    "ORDER BY timeline_id DESC LIMIT :limit"
)
# Materialized, so that the order cannot tempt the planner to walk.
_LOOK_UP = text(
    "WITH found AS MATERIALIZED (SELECT timeline_id FROM post_search WHERE tokens @@ to_tsquery('simple', :query) "
    "AND timeline_id BETWEEN :low AND :high) SELECT timeline_id FROM found ORDER BY timeline_id DESC LIMIT :limit"
)
_EXPECTED = text("EXPLAIN (FORMAT JSON) SELECT 1 FROM post_search WHERE tokens @@ to_tsquery('simple', :query)")
_ENTRIES = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass('post_search')")
_INDEX = "CREATE INDEX ix_post_search_tokens ON post_search USING gin (tokens)"


def _vector(tokens: str) -> str:
    return f"to_tsvector('simple', left({tokens}, {MAX_INDEXED_CHARACTERS}))"


class PostgreSQLSearch:
    """The table ``post_search``; PostgreSQL has no index that is not a table's."""

    def create(self, connection: Connection) -> None:
        connection.execute(text("CREATE TABLE post_search (timeline_id bigint PRIMARY KEY, tokens tsvector NOT NULL)"))
        connection.execute(text(f"ALTER TABLE post_search ALTER COLUMN tokens SET STATISTICS {STATISTICS}"))
        connection.execute(text(_INDEX))

    def drop(self, connection: Connection) -> None:
        connection.execute(text("DROP TABLE post_search"))

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        # The words are with the server already: sending them again costs a quarter of the whole.
        if rows:
            connection.execute(
                text(
                    f"INSERT INTO post_search (timeline_id, tokens) SELECT timeline_id, {_vector('tokens')} "
                    "FROM search_texts WHERE timeline_id = ANY(:timeline_ids)"
                ),
                {"timeline_ids": [row["timeline_id"] for row in rows]},
            )

    def remove(self, connection: Connection, timeline_ids: Sequence[int]) -> None:
        if timeline_ids:
            connection.execute(
                text("DELETE FROM post_search WHERE timeline_id = ANY(:timeline_ids)"),
                {"timeline_ids": list(timeline_ids)},
            )

    def newest(self, connection: Connection, query: SearchQuery, low: int, high: int, limit: int | None) -> list[int]:
        # A frequent word is found fastest by walking the entries backwards, a rare one by the GIN index. The planner may
        # not choose: it takes the matches for evenly spread, and would walk ten years back for a word of long ago.
        given = {"query": _tsquery(query), "low": low, "high": high, "limit": limit}
        window = None if limit is None else _window(connection, _tsquery(query), limit)
        if window is not None:
            found = list(connection.execute(_WALK, {**given, "window": window}).scalars())
            if len(found) == limit:
                return found
        return list(connection.execute(_LOOK_UP, given).scalars())

    def ranks(self, connection: Connection, query: SearchQuery, timeline_ids: Sequence[int]) -> dict[int, float]:
        if not timeline_ids:
            return {}
        rows = connection.execute(
            text(
                # 1: divided by the logarithm of the length, or long texts come first.
                "SELECT timeline_id, ts_rank(tokens, to_tsquery('simple', :query), 1) FROM post_search "
                "WHERE timeline_id = ANY(:timeline_ids)"
            ),
            {"query": _tsquery(SearchQuery(query.wanted)), "timeline_ids": list(timeline_ids)},
        )
        return {timeline_id: float(rank) for timeline_id, rank in rows}

    def differences(self, connection: Connection) -> Iterator[str]:
        compared = text(
            "SELECT s.timeline_id, p.timeline_id IS NULL AS missing, "
            f"p.tokens IS DISTINCT FROM {_vector('s.tokens')} AS differs "
            "FROM (SELECT timeline_id, tokens FROM search_texts WHERE timeline_id > :after "
            "ORDER BY timeline_id LIMIT :batch) AS s LEFT JOIN post_search AS p USING (timeline_id) "
            "ORDER BY s.timeline_id"
        )
        after = -1
        while rows := connection.execute(compared, {"after": after, "batch": BATCH}).all():
            for row in rows:
                if row.missing:
                    yield f"search entry {row.timeline_id}: missing from the index"
                elif row.differs:
                    yield f"search entry {row.timeline_id}: the index holds other words"
            after = rows[-1].timeline_id
        too_many = text(
            "SELECT timeline_id FROM post_search AS p WHERE NOT EXISTS "
            "(SELECT 1 FROM search_texts AS s WHERE s.timeline_id = p.timeline_id) ORDER BY timeline_id"
        )
        for timeline_id in connection.execute(too_many).scalars():
            yield f"search entry {timeline_id}: in the index, but in no row of search_texts"

    def purge(self, engine: Engine) -> None:
        """Do nothing: the index lies in a table, which is vacuumed like the others."""

    def rebuild(self, connection: Connection) -> None:
        is_empty = connection.execute(text("SELECT 1 FROM post_search LIMIT 1")).first() is None
        if is_empty:  # nobody misses the index, and it is made faster in one go
            connection.execute(text("DROP INDEX IF EXISTS ix_post_search_tokens"))
        # Row by row and only what differs: emptying the table would lock the readers out until the end.
        connection.execute(
            text(
                "DELETE FROM post_search AS p WHERE NOT EXISTS "
                "(SELECT 1 FROM search_texts AS s WHERE s.timeline_id = p.timeline_id)"
            )
        )
        connection.execute(
            text(
                f"INSERT INTO post_search (timeline_id, tokens) SELECT timeline_id, {_vector('tokens')} "
                "FROM search_texts ORDER BY timeline_id ON CONFLICT (timeline_id) DO UPDATE "
                "SET tokens = excluded.tokens WHERE post_search.tokens IS DISTINCT FROM excluded.tokens"
            )
        )
        if is_empty:
            connection.execute(text(_INDEX))
        connection.execute(text("ANALYZE post_search"))


def _window(connection: Connection, query: str, limit: int) -> int | None:
    """Return how many entries to walk for ``limit`` matches, with room for chance; None where that is too far."""
    (explained,) = connection.execute(_EXPECTED, {"query": query}).scalar_one()
    expected = explained["Plan"]["Plan Rows"]
    entries = max(connection.execute(_ENTRIES).scalar() or 0, expected)
    window = 4 * limit * entries // max(1, expected)
    return int(window) if window <= MAX_WALKED else None


def _tsquery(query: SearchQuery) -> str:
    """Return the query in the language of to_tsquery; words are quoted, so that none is an operator."""
    wanted = [_phrase(part) for part in query.wanted]
    return " & ".join([*wanted, *[f"!{_phrase(part)}" for part in query.excluded]])


def _phrase(part: SearchPart) -> str:
    words = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in part.words]
    if part.is_prefix:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
