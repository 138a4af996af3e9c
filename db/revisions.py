"""Which schema a store has, and whether this code can use it."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from db.errors import EmptyStore, NewerSchema, OlderSchema


def migrations() -> Config:
    """Return Alembic's configuration: where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def current_revision(engine: Engine) -> str | None:
    """Return the store's revision, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Return the revision this code expects."""
    head = ScriptDirectory.from_config(migrations()).get_current_head()
    assert head is not None, "there is always at least one migration"
    return head


def check_revision(engine: Engine) -> None:
    """Hold that the store has the schema this code expects.

    Raises
    ------
    EmptyStore, OlderSchema, NewerSchema
        It has none, one that ``python -m db upgrade`` brings up to date, or one this code does not know.
    """
    found, expected = current_revision(engine), head_revision()
    if found == expected:
        return
    if found is None:
        raise EmptyStore("the store is empty; run: python -m db upgrade")
    refuse_newer(found)
    raise OlderSchema(f"the store has the older schema {found}, this code needs {expected}; run: python -m db upgrade")


def refuse_newer(found: str | None) -> None:
    """Hold that this code knows the revision ``found``.

    Raises
    ------
    NewerSchema
        It does not: a newer version of the code wrote the store.
    """
    known = {script.revision for script in ScriptDirectory.from_config(migrations()).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(f"the store was written by a newer version of this code (schema {found}); update the code")
