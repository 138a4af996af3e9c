from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from db.migrate import current_revision, head_revision, upgrade
from db.revisions import MIGRATIONS, known_revisions
from db.schema import metadata


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    # The search index is the dialects' own and stands in no Table.
    return not (name or "").startswith(("post_search", "ix_post_search"))


def test_migrating_an_empty_store_gives_exactly_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, metadata) == []


def test_every_constraint_has_a_name_by_convention(engine: Engine) -> None:
    inspector = inspect(engine)
    for table in metadata.tables:
        assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"
        for key in inspector.get_foreign_keys(table):
            assert key["name"] == f"fk_{table}_{key['constrained_columns'][0]}_{key['referred_table']}"
        for check in inspector.get_check_constraints(table):
            assert str(check["name"]).startswith(f"ck_{table}_")


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    assert current_revision(engine) == head_revision()
    upgrade(engine)
    assert current_revision(engine) == head_revision()


def test_the_numbers_of_the_files_are_the_revisions_that_alembic_follows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    followed = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert known_revisions() == followed[::-1]
    assert head_revision() == followed[0]
