"""PostgreSQL: many readers and writers, full-text search by tsvector."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from db.dialects.base import Fault, Limits, SearchIndex, Target, on_conflict
from db.dialects.postgresql_search import PostgreSQLSearch

WRITER_LOCK = 7_310_120  # any number, as long as every loader takes the same one
# A server behind a dead line says nothing; the driver would wait for hours.
CONNECTION = {"connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
# How libpq and its driver begin what they say where no connection came about; such errors carry no code.
NO_CONNECTION_YET = ("connection failed", "connection timeout", "failed to resolve", "connection is bad")

# By code, or by its class of two letters (PostgreSQL's appendix A).
FAULTS = {
    "3D": Fault.UNREACHABLE,
    "28": Fault.UNREACHABLE,
    "25006": Fault.READ_ONLY,
    "42501": Fault.DENIED,
    "53": Fault.FULL,
    "53300": Fault.NO_CONNECTION,
    "55P03": Fault.BUSY,
    "40": Fault.BUSY,
    "57014": Fault.TIMEOUT,
    "57": Fault.GONE,
    "08": Fault.GONE,
}


class PostgreSQL:
    """The engine for a city: a server of its own."""

    sync_driver = "postgresql+psycopg"
    search: SearchIndex = PostgreSQLSearch()

    def connect(self, url: URL, *, readonly: bool, limits: Limits) -> Engine:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=limits.pool_size,
            max_overflow=0,
            pool_timeout=limits.lock_timeout_s,
            connect_args={name: value for name, value in CONNECTION.items() if name not in url.query},
        )
        settings = {"TimeZone": "'UTC'", "lock_timeout": int(limits.lock_timeout_s * 1000)}
        if readonly:
            settings["default_transaction_read_only"] = "on"
            settings["statement_timeout"] = int(limits.query_timeout_s * 1000)

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, record: Any) -> None:
            with connection.cursor() as cursor:
                for name, value in settings.items():
                    cursor.execute(f"SET {name} = {value}")
            connection.commit()

        return engine

    def fault(self, error: BaseException) -> Fault | None:
        if not isinstance(error, psycopg.Error):
            return None
        state = error.sqlstate
        if state is None:
            if not isinstance(error, psycopg.OperationalError):
                return None
            return Fault.UNREACHABLE if str(error).startswith(NO_CONNECTION_YET) else Fault.GONE
        return FAULTS.get(state) or FAULTS.get(state[:2])

    def hold_still(self, connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def before_migration(self, connection: Connection) -> None:
        """Do nothing: tables are changed in place."""

    def lock_writer(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})

    def erase_deleted(self, engine: Engine) -> bool:
        # Old versions of rows stay in their pages until these are vacuumed and used again.
        self.search.purge(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return True

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str]) -> Insert:
        return on_conflict(insert(table), keys, update)

    def continue_ids(self, connection: Connection, table: Table) -> None:
        column = table.autoincrement_column
        if column is not None:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence(:name, :key), greatest(max({column.name}), 1), "
                    f"max({column.name}) IS NOT NULL) FROM {table.name}"
                ),
                {"name": table.name, "key": column.name},
            )

    def insert_rows(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]]) -> None:
        _copy(connection, target.table, target.columns, rows)

    def upsert_rows(
        self,
        connection: Connection,
        target: Target,
        rows: list[tuple[Any, ...]],
        keys: Sequence[str],
        update: Sequence[str],
    ) -> None:
        staging = _stage(connection, target, rows)
        _merge(connection, target, staging, target.overwrite(keys, update))
        connection.exec_driver_sql(f"DELETE FROM {staging}")

    def add_counts(self, connection: Connection, target: Target, rows: list[tuple[Any, ...]], measures: int) -> None:
        staging = _stage(connection, target, rows)
        _merge(connection, target, staging, target.add(measures))
        if any(min(row[-measures:]) < 0 or not any(row[-measures:]) for row in rows):
            conditions = [f"{target.table}.{key} = {staging}.{key}" for key in target.columns[:-measures]]
            conditions += [f"{target.table}.{count} = 0" for count in target.columns[-measures:]]
            connection.exec_driver_sql(f"DELETE FROM {target.table} USING {staging} WHERE {' AND '.join(conditions)}")
        connection.exec_driver_sql(f"DELETE FROM {staging}")

    def create_search(self, connection: Connection) -> None:
        self.search.create(connection)


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        # SQLAlchemy does not see what its driver does here; whoever catches its errors must get them all the same.
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _stage(connection: Connection, target: Target, rows: list[tuple[Any, ...]]) -> str:
    """Copy ``rows`` into a temporary table of the session, which is empty again after each transaction."""
    columns = ", ".join(target.columns)
    staging = f"staging_{zlib.crc32(f'{target.table} {columns}'.encode()):08x}"
    # Kept for the session: a table made anew for each page would fill the server's catalogue with dead rows.
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS "
        f"AS SELECT {columns} FROM {target.table} WITH NO DATA"
    )
    _copy(connection, staging, target.columns, rows)
    return staging


def _merge(connection: Connection, target: Target, staging: str, conflict: str) -> None:
    columns = ", ".join(target.columns)
    connection.exec_driver_sql(f"{target.insert} SELECT {columns} FROM {staging} WHERE true {conflict}")
