"""Bring a store to the current schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from db.dialects import dialect_of
from db.engine import open_engine
from db.revisions import MIGRATIONS, check_revision, current_revision, head_revision, refuse_newer
from db.state import REBUILD_NEEDED, WORKING_TIME_NEEDED, clear_state, read_state
from db.transactions import writing

if TYPE_CHECKING:
    from db.rollups import Progress

__all__ = ["current_revision", "head_revision", "open_store", "prepare", "upgrade"]


def upgrade(engine: Engine, revision: str = "head", progress: Progress | None = None) -> None:
    """Migrate the store to ``revision`` in one transaction; nothing happens where it is there already.

    A migration that leaves roll-ups empty marks the store; they are filled afterwards, also where an earlier upgrade
    was cut off.
    """
    # Here: a store that is only opened does not wait for Alembic, the roll-ups and the calendars of all the world.
    from alembic import command
    from alembic.config import Config

    from db import rollups
    from db.writes.calendar import recount_working_time

    refuse_newer(current_revision(engine))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection, _fit_for_migration(connection).begin():
        dialect_of(connection).lock_writer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    if revision != "head":
        return
    if _is_marked(engine, WORKING_TIME_NEEDED):
        with writing(engine) as connection:
            recount_working_time(connection, progress)
            clear_state(connection, WORKING_TIME_NEEDED)
    if _is_marked(engine, REBUILD_NEEDED):
        rollups.rebuild(engine, progress)


def _is_marked(engine: Engine, name: str) -> bool:
    with engine.connect() as connection:
        return read_state(connection, name) is not None


def _fit_for_migration(connection: Connection) -> Connection:
    dialect_of(connection).before_migration(connection)
    return connection


def prepare(engine: Engine) -> None:
    """Make the tables of an empty store; a store with another schema is refused.

    Raises
    ------
    OlderSchema, NewerSchema
        ``python -m db upgrade`` alone changes the schema of a store that has one.
    """
    if current_revision(engine) is None:
        upgrade(engine)
    check_revision(engine)


def open_store(*, readonly: bool = True, patient: bool = False) -> Engine:
    """Return an engine on MINWON_DB_URL whose schema is current; a writer makes an empty store first.

    Raises
    ------
    EmptyStore, OlderSchema, NewerSchema
        The schema is another one; a reader changes nothing about it.
    """
    engine = open_engine(readonly=readonly, patient=patient)
    if readonly:
        check_revision(engine)
    else:
        prepare(engine)
    return engine
