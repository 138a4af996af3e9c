"""Several queries that see the store at one moment, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, Dialect, Engine

from db.dialects import dialect_of
from db.state import LOAD_ID, read_state

Made = TypeVar("Made")


class Reader(Protocol):
    """What a query reads from: an engine, or a snapshot."""

    @property
    def dialect(self) -> Dialect:
        """Return SQLAlchemy's dialect, by which :func:`db.dialects.dialect_of` finds ours."""
        ...

    def connect(self) -> AbstractContextManager[Connection]:
        """Return a connection to read with."""
        ...


class Snapshot:
    """One connection in one read transaction: every query sees the store as the first one saw it.

    For one thread. ``load_id`` is the number of the state that is seen; 0 where nothing was ever loaded.
    """

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self._made: dict[Hashable, Any] = {}
        self._connection = engine.connect()
        try:
            dialect_of(engine).hold_still(self._connection)
            self.load_id = read_state(self._connection, LOAD_ID) or 0
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Yield the snapshot's own connection; it stays open."""
        yield self._connection

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` returned for ``key`` the first time; in a snapshot it cannot become another."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    def close(self) -> None:
        """End the transaction and give the connection back."""
        self._made.clear()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def once(reader: Reader, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what ``make`` returns: in a snapshot made once for each key, from an engine, whose state moves on, anew."""
    return reader.once(key, make) if isinstance(reader, Snapshot) else make()
