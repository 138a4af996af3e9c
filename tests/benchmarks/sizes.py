"""Bytes of every table and index of a store."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import psycopg

from tests.benchmarks.stores import say


def of_sqlite(path: Path) -> dict[str, int]:
    """Return the bytes of each table and index of a file; worked out once, because the whole file is read for it."""
    kept = path.with_suffix(".sizes.json")
    if not kept.exists():
        say(f"{path.name}: sizes")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        found = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
        connection.close()
        kept.write_text(json.dumps(found), encoding="utf-8")
    sizes: dict[str, int] = json.loads(kept.read_text(encoding="utf-8"))
    return sizes


def of_postgresql(uri: str) -> dict[str, int]:
    """Return the bytes of each table (long values included) and index of a database."""
    with psycopg.connect(uri) as connection:
        rows = connection.execute(
            "SELECT relname, CASE WHEN relkind = 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END "
            "FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return dict(rows)
