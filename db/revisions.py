"""Which schema a store has, and whether this code can use it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, column, inspect, select, table

from db.errors import EmptyStore, NewerSchema, OlderSchema

MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic's own table: asked for directly, as every command waits for the answer, and Alembic takes long to load.
_VERSION = table("alembic_version", column("version_num"))


def current_revision(engine: Engine) -> str | None:
    """Return the store's revision, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        return connection.scalar(select(_VERSION.c.version_num))


def known_revisions() -> list[str]:
    """Return all revisions this code knows, in order: the numbers the files of the migrations begin with."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def head_revision() -> str:
    """Return the revision this code expects."""
    return known_revisions()[-1]


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
    if found is not None and found not in known_revisions():
        raise NewerSchema(f"the store was written by a newer version of this code (schema {found}); update the code")
