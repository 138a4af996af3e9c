"""One way to write: as the only writer, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from db.dialects import dialect_of


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other writer shares; it is committed at the end."""
    with engine.begin() as connection:
        dialect_of(connection).lock_writer(connection)
        yield connection


@contextmanager
def one_writer(engine: Engine) -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """Yield what begins a transaction as :func:`writing` does, one after the other, all on one connection.

    Opening one costs SQLite its settings and what it has read, and closing the last one writes its log back into the file.
    """
    with engine.connect() as connection:

        @contextmanager
        def begin() -> Iterator[Connection]:
            with connection.begin():
                dialect_of(connection).lock_writer(connection)
                yield connection

        yield begin
