"""One way to write: as the only writer, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from db.dialects import dialect_of


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other writer shares; it is committed at the end."""
    with engine.begin() as connection:
        dialect_of(connection).lock_writer(connection)
        yield connection
