"""One file per engine; queries never name an engine.

An engine is one file and one row in ENGINES. What differs between engines is exactly what
:class:`db.dialects.base.EngineDialect` lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from sqlalchemy import Connection, Engine

from db.dialects.base import EngineDialect, UnknownEngine

ENGINES = {
    "sqlite": ("db.dialects.sqlite", "SQLite"),
    "postgresql": ("db.dialects.postgresql", "PostgreSQL"),
}


class _Dialects(Mapping[str, EngineDialect]):
    """What serves each engine, loaded at its first use: a store in SQLite does not wait for PostgreSQL's driver."""

    def __init__(self) -> None:
        self._loaded: dict[str, EngineDialect] = {}

    def __getitem__(self, name: str) -> EngineDialect:
        if name not in self._loaded:
            module, factory = ENGINES[name]
            self._loaded[name] = getattr(import_module(module), factory)()
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(ENGINES)

    def __len__(self) -> int:
        return len(ENGINES)

    def in_use(self) -> list[EngineDialect]:
        """Return those some engine of this process has been opened with: no error can come from another."""
        return list(self._loaded.values())


DIALECTS = _Dialects()


def dialect_of(bind: Engine | Connection) -> EngineDialect:
    """Return the row of DIALECTS that serves ``bind``."""
    name = bind.dialect.name
    if name not in ENGINES:
        raise UnknownEngine(f"no engine {name!r}; known: {', '.join(ENGINES)}")
    return DIALECTS[name]
