"""What an engine must be able to do beyond SQLAlchemy's common ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy import URL, Connection, Engine, Insert, Table


class UnknownEngine(ValueError):
    """MINWON_DB_URL names an engine that has no row in ENGINES."""


class Fault(Enum):
    """What an engine's error says of the store; what is to be done about each stands in :mod:`db.errors`."""

    NO_STORE = auto()
    UNREACHABLE = auto()
    NO_DATABASE = auto()
    READ_ONLY = auto()
    DENIED = auto()
    FULL = auto()
    BUSY = auto()
    NO_CONNECTION = auto()
    GONE = auto()
    TIMEOUT = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one waits, and how many may come at once; see :class:`db.engine.Settings`."""

    lock_timeout_s: float
    query_timeout_s: float
    """Of one statement of a reader; 0 means as long as it takes."""
    pool_size: int


@dataclass(frozen=True, slots=True)
class SearchPart:
    """Words that stand side by side, letters and digits only; of the last one perhaps only the beginning is given."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A full-text query: every wanted part must be there, no excluded one may be."""

    wanted: tuple[SearchPart, ...] = ()
    excluded: tuple[SearchPart, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.excluded)


NO_WORDS = SearchQuery()


def on_conflict(statement: Any, keys: Sequence[str], update: Sequence[str]) -> Insert:
    """Return the INSERT of a dialect that knows ON CONFLICT, overwriting ``update`` where ``keys`` exist."""
    if not update:
        return cast(Insert, statement.on_conflict_do_nothing(index_elements=list(keys)))
    overwritten = {name: statement.excluded[name] for name in update}
    return cast(Insert, statement.on_conflict_do_update(index_elements=list(keys), set_=overwritten))


class Target(NamedTuple):
    """Where rows go: the names of a table and of the columns that are given, quoted where they must be."""

    table: str
    columns: tuple[str, ...]

    @property
    def insert(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(self.columns)})"

    def overwrite(self, keys: Sequence[str], update: Sequence[str]) -> str:
        """Return the clause that overwrites ``update`` where ``keys`` exist; that keeps the row where it is empty."""
        changes = ", ".join(f"{name} = excluded.{name}" for name in update)
        return f"ON CONFLICT ({', '.join(keys)}) DO " + (f"UPDATE SET {changes}" if changes else "NOTHING")

    def add(self, measures: int) -> str:
        """Return the clause that adds the last ``measures`` columns to the row whose key the others are."""
        keys, counts = self.columns[:-measures], self.columns[-measures:]
        changes = ", ".join(f"{name} = {self.table}.{name} + excluded.{name}" for name in counts)
        return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


class SearchIndex(Protocol):
    """An engine's full-text index of ``search_texts``; an entry is known by its timeline id."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""
        ...

    def drop(self, connection: Connection) -> None:
        """Drop the index."""
        ...

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Index ``rows`` (timeline_id, tokens), which stand in ``search_texts`` already."""
        ...

    def remove(self, connection: Connection, timeline_ids: Sequence[int]) -> None:
        """Take entries out, as long as their rows of ``search_texts`` still stand."""
        ...

    def newest(self, connection: Connection, query: SearchQuery, low: int, high: int, limit: int | None) -> list[int]:
        """Return the timeline ids from ``low`` to ``high`` that match, the newest ``limit`` of them, descending.

        The query wants at least one part. The cost must follow ``limit``, not the number of matches.
        """
        ...

    def ranks(self, connection: Connection, query: SearchQuery, timeline_ids: Sequence[int]) -> dict[int, float]:
        """Return how well each of these matching entries fits, more is better."""
        ...

    def differences(self, connection: Connection) -> Iterator[str]:
        """Compare the index with ``search_texts``: a line for each entry that is missing, too many, or of other words."""
        ...

    def purge(self, engine: Engine) -> None:
        """Let the index forget in its files, too, what was taken out; others may write in between."""
        ...

    def rebuild(self, connection: Connection) -> None:
        """Make the index anew from ``search_texts``; readers see the old one until the transaction ends."""
        ...


class EngineDialect(Protocol):
    """One engine's way of doing things."""

    sync_driver: str
    """The SQLAlchemy driver name a plain URL is given."""

    search: SearchIndex
    """Its full-text index."""

    def connect(self, url: URL, *, readonly: bool, limits: Limits) -> Engine:
        """Return an engine with this dialect's settings. A read-only one creates nothing, files included."""
        ...

    def fault(self, error: BaseException) -> Fault | None:
        """Return what an error of this engine's driver says of the store; None where it says nothing of it."""
        ...

    def hold_still(self, connection: Connection) -> None:
        """Begin a transaction on a reader's fresh connection in which every query sees the same state."""
        ...

    def before_migration(self, connection: Connection) -> None:
        """Make a fresh connection fit for changes of the schema, before its transaction begins."""
        ...

    def lock_writer(self, connection: Connection) -> None:
        """Make this transaction the only writer until it ends."""
        ...

    def erase_deleted(self, engine: Engine) -> bool:
        """Let what was deleted leave the files too, outside of any transaction; False where a reader keeps it a while."""
        ...

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        """Return an INSERT that overwrites ``update`` where ``keys`` exist; nothing where ``update`` is empty."""
        ...

    def continue_ids(self, connection: Connection, table: Table) -> None:
        """Make the ids the engine gives to new rows of ``table`` go on after the largest one in it."""
        ...

    def insert_rows(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]]) -> None:
        """Insert ``rows``, whose values are the driver's."""
        ...

    def upsert_rows(
        self,
        connection: Connection,
        target: Target,
        rows: list[tuple[Any, ...]],
        keys: Sequence[str],
        update: Sequence[str],
    ) -> None:
        """Insert ``rows``, overwriting ``update`` where ``keys`` exist; nothing where ``update`` is empty."""
        ...

    def add_counts(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]], measures: int) -> None:
        """Add the last ``measures`` values of ``rows`` to those stored under the others; delete what is all zero."""
        ...

    def create_search(self, connection: Connection) -> None:
        """Create the full-text index; the first migration calls it by this name."""
        ...
