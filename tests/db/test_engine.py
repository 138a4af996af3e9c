from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
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


def _sqlite_reader(path: Path) -> Engine:
    upgrade(open_engine(f"sqlite:///{path}"))
    return open_engine(f"sqlite:///{path}", readonly=True)


def _connection_of(reader: Engine) -> object:
    with reader.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posts"))
        return connection.connection.driver_connection


def test_a_sqlite_reader_is_kept_but_not_what_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    reader = _sqlite_reader(path)
    first: Any = _connection_of(reader)
    assert _connection_of(reader) is first
    assert not first.in_transaction  # else the write-ahead log could never be written back
    with open_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("INSERT INTO store_state (name, value) VALUES ('test', 1)"))
    with reader.connect() as connection:
        assert connection.scalar(text("SELECT value FROM store_state WHERE name = 'test'")) == 1
    reader.dispose()


def test_readers_beyond_the_pool_do_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_POOL_SIZE", "1")
    reader = _sqlite_reader(tmp_path / "many.db")
    with reader.connect() as first, reader.connect() as second:
        assert first.scalar(text("SELECT 1")) == second.scalar(text("SELECT 1")) == 1
    assert reader.pool.checkedin() == 1  # type: ignore[attr-defined]
    reader.dispose()


def test_a_file_put_in_the_place_of_the_store_is_what_is_read(tmp_path: Path) -> None:
    path, other = tmp_path / "store.db", tmp_path / "other.db"
    reader = _sqlite_reader(path)
    first = _connection_of(reader)
    with open_engine(f"sqlite:///{other}").begin() as connection:
        connection.execute(text("CREATE TABLE posts (id INTEGER)"))
        connection.execute(text("INSERT INTO posts VALUES (1)"))
    other.replace(path)
    with reader.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM posts")) == 1
        assert connection.connection.driver_connection is not first
    path.unlink()
    with pytest.raises(OperationalError):
        _connection_of(reader)
    reader.dispose()


def test_a_kept_reader_is_still_bounded_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_QUERY_TIMEOUT_S", "0.2")
    reader = _sqlite_reader(tmp_path / "slow.db")
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    for _ in range(2):
        with pytest.raises(OperationalError, match="interrupted"), reader.connect() as connection:
            connection.execute(endless)
        assert _connection_of(reader)
    reader.dispose()
