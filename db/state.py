"""Single numbers of the store: which state of it is current, and what is still to be done."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from db.dialects import dialect_of
from db.schema import store_state

LOAD_ID = "load_id"
REBUILD_NEEDED = "rebuild_needed"
WORKING_TIME_NEEDED = "working_time_needed"


def read_state(connection: Connection, name: str) -> int | None:
    """Return a number of the store, None where it has none by that name."""
    return connection.scalar(select(store_state.c.value).where(store_state.c.name == name))


def write_state(connection: Connection, name: str, value: int) -> None:
    """Set a number of the store."""
    connection.execute(dialect_of(connection).upsert(store_state, ["name"], ["value"]), {"name": name, "value": value})


def clear_state(connection: Connection, name: str) -> None:
    """Forget a number of the store."""
    connection.execute(delete(store_state).where(store_state.c.name == name))


def raise_load_id(connection: Connection) -> None:
    """Say that the store shows something else than before; every cached read hangs on this number."""
    raised = connection.execute(
        update(store_state).where(store_state.c.name == LOAD_ID).values(value=store_state.c.value + 1)
    )
    if not raised.rowcount:
        write_state(connection, LOAD_ID, 1)
