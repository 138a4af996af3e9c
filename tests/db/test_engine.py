from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from db.dialects.base import UnknownEngine
from db.engine import open_engine
from db.migrate import current_revision, head_revision, upgrade
from tests.conftest import Store


def test_sqlite_writes_ahead_and_holds_foreign_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new folder/minwon.db")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_foreign_keys_hold_on_every_engine(store: Store) -> None:
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(text("INSERT INTO attachments (post_id, key, kind, url) VALUES (99, 'k', 'photo', 'u')"))


def test_a_readonly_engine_makes_no_file_and_no_folder(tmp_path: Path) -> None:
    for place in (tmp_path / "minwon.db", tmp_path / "new" / "minwon.db"):
        with pytest.raises(OperationalError), open_engine(f"sqlite:///{place}", readonly=True).connect():
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/민원 100%#&.db")
    upgrade(engine)
    assert current_revision(open_engine(f"sqlite:///{tmp_path}/민원 100%#&.db", readonly=True)) == head_revision()


def test_a_readonly_engine_refuses_to_write(store: Store) -> None:
    readonly = open_engine(store.engine.url.render_as_string(hide_password=False), readonly=True)
    with pytest.raises((OperationalError, DatabaseError)), readonly.begin() as connection:
        connection.execute(text("DELETE FROM posts"))
    readonly.dispose()


@pytest.mark.parametrize("url", ["mysql://somewhere/minwon", "oracle://x"])
def test_an_unknown_engine_is_named_with_those_known(url: str) -> None:
    with pytest.raises(UnknownEngine, match="known: sqlite, postgresql"):
        open_engine(url)


def test_a_url_that_is_none_is_said_so() -> None:
    with pytest.raises(UnknownEngine, match="no database URL"):
        open_engine("var/minwon.db")
