"""What an engine must be able to do beyond SQLAlchemy's common ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import URL, ColumnElement, Connection, Engine, Insert, Table


class UnknownEngine(ValueError):
    """MINWON_DB_URL names an engine that has no row in DIALECTS."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed full-text query: every word and phrase must be there, no excluded one may be.

    A word matches what begins with it, so that a noun is found under any particle.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded)


def on_conflict(statement: Any, keys: Sequence[str], update: Sequence[str]) -> Insert:
    """Return the INSERT of a dialect that knows ON CONFLICT, overwriting ``update`` where ``keys`` exist."""
    if not update:
        return cast(Insert, statement.on_conflict_do_nothing(index_elements=list(keys)))
    overwritten = {name: statement.excluded[name] for name in update}
    return cast(Insert, statement.on_conflict_do_update(index_elements=list(keys), set_=overwritten))


class EngineDialect(Protocol):
    """One engine's way of doing things."""

    sync_driver: str
    """The SQLAlchemy driver name a plain URL is given."""

    def connect(self, url: URL, *, readonly: bool, timeout_s: float) -> Engine:
        """Return an engine with this dialect's settings."""
        ...

    def lock_writer(self, connection: Connection) -> None:
        """Make this transaction the only writer until it ends."""
        ...

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        """Return an INSERT that overwrites ``update`` where ``keys`` exist; nothing where ``update`` is empty."""
        ...

    def create_search(self, connection: Connection) -> None:
        """Create the full-text index."""
        ...

    def drop_search(self, connection: Connection) -> None:
        """Drop the full-text index."""
        ...

    def write_search(self, connection: Connection, rows: Sequence[dict[str, Any]], replaced: Sequence[int]) -> None:
        """Index ``rows`` (post_id, tokens); ``replaced`` are the post ids whose old entry goes first."""
        ...

    def matches(self, post_id: ColumnElement[int], query: SearchQuery) -> ColumnElement[bool]:
        """Return the condition that the post's index entry matches ``query``."""
        ...
