"""Bring a store to the current schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from db.dialects import dialect_of
from db.engine import open_engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate the store to ``revision`` in one transaction; nothing happens where it is there already."""
    config = _config()
    with engine.begin() as connection:
        dialect_of(connection).lock_writer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def open_store(*, readonly: bool = True) -> Engine:
    """Return an engine on MINWON_DB_URL whose schema is current, migrating it only where it is not.

    A reader opened so never waits for a writer, unless there is a migration to do.
    """
    reader = open_engine(readonly=True)
    if current_revision(reader) != head_revision():
        writer = open_engine()
        upgrade(writer)
        writer.dispose()
    if readonly:
        return reader
    reader.dispose()
    return open_engine()


def current_revision(engine: Engine) -> str | None:
    """Return the store's revision, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Return the revision this code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "there is always at least one migration"
    return head
