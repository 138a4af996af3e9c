"""One file per engine; queries never name an engine.

An engine is one file and one row in DIALECTS. What differs between engines is exactly what
:class:`db.dialects.base.EngineDialect` lists.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from db.dialects.base import EngineDialect, UnknownEngine
from db.dialects.postgresql import PostgreSQL
from db.dialects.sqlite import SQLite

DIALECTS: dict[str, EngineDialect] = {
    "sqlite": SQLite(),
    "postgresql": PostgreSQL(),
}


def dialect_of(bind: Engine | Connection) -> EngineDialect:
    """Return the row of DIALECTS that serves ``bind``."""
    name = bind.dialect.name
    if name not in DIALECTS:
        raise UnknownEngine(f"no engine {name!r}; known: {', '.join(DIALECTS)}")
    return DIALECTS[name]
