from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from db.dialects.base import UnknownEngine
from db.engine import open_engine
from tests.conftest import Store


def test_sqlite_writes_ahead_and_holds_foreign_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new folder/minwon.db")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_foreign_keys_hold_on_every_engine(store: Store) -> None:
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(text("INSERT INTO attachments (post_id, key, kind, url) VALUES (99, 'k', 'photo', 'u')"))


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
