"""All reads of a snapshot see one state of the store, whatever is written meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DatabaseError

from db.engine import open_engine
from db.migrate import upgrade
from db.queries import data_extent, has_posts, load_id
from db.schema import class_counts, posts
from db.snapshot import Snapshot
from tests.builders import a_question
from tests.conftest import Store


def reader_of(engine: Engine) -> Engine:
    return open_engine(engine.url.render_as_string(hide_password=False), readonly=True)


def test_what_is_loaded_meanwhile_is_seen_by_the_next_snapshot_only(store: Store) -> None:
    store.add(a_question("q1"))
    reader = reader_of(store.engine)
    with Snapshot(reader) as before:
        store.add(a_question("q1"), a_question("q2"))
        with Snapshot(reader) as after:
            assert (data_extent(before, False).posts, data_extent(after, False).posts) == (1, 2)
            assert before.load_id < after.load_id == load_id(store.engine)
        store.add(a_question("q3"))
        assert data_extent(before, False).posts == 1
        assert load_id(before) == before.load_id
    reader.dispose()


def test_a_store_without_a_load_has_the_load_id_0(engine: Engine) -> None:
    with Snapshot(reader_of(engine)) as empty:
        assert empty.load_id == 0
        assert not has_posts(empty, synthetic=True)


def test_a_snapshot_may_not_write(store: Store) -> None:
    reader = reader_of(store.engine)
    with pytest.raises(DatabaseError), Snapshot(reader) as snapshot, snapshot.connect() as connection:
        connection.execute(text("DELETE FROM posts"))
    reader.dispose()


def test_a_snapshot_of_a_writers_engine_locks_nobody_out(store: Store) -> None:
    with Snapshot(store.engine) as snapshot:
        store.add(a_question("q1"))
        assert not has_posts(snapshot, synthetic=False)
    assert has_posts(store.engine, synthetic=False)


def test_a_reader_is_never_locked_out_by_a_writer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(a_question("q1"))
    monkeypatch.setenv("MINWON_DB_TIMEOUT_S", "0.01")
    reader = reader_of(store.engine)
    with store.engine.begin() as writer:
        writer.execute(text("UPDATE posts SET version = version + 1"))
        with Snapshot(reader) as snapshot, snapshot.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(posts)) == 1
    reader.dispose()


def test_a_snapshot_gives_its_connection_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_POOL_SIZE", "1")
    monkeypatch.setenv("MINWON_DB_TIMEOUT_S", "1")
    reader = reader_of(engine)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), Snapshot(reader):
            raise ZeroDivisionError
    reader.dispose()


def test_a_snapshot_of_no_store_leaves_nothing_open(tmp_path: Path) -> None:
    reader = open_engine(f"sqlite:///{tmp_path / 'none.db'}", readonly=True)
    with pytest.raises(DatabaseError):
        Snapshot(reader)
    assert list(tmp_path.iterdir()) == []
    upgrade(open_engine(f"sqlite:///{tmp_path / 'none.db'}"))
    with Snapshot(reader) as snapshot:
        assert snapshot.load_id == 0


def test_readers_beside_a_loader_see_whole_pages_and_are_never_refused(store: Store) -> None:
    reader = reader_of(store.engine)
    ended, wrong, seen = threading.Event(), list[object](), set[int]()

    def read() -> None:
        while not ended.is_set():
            try:
                with Snapshot(reader) as snapshot, snapshot.connect() as connection:
                    found = connection.scalar(select(func.count()).select_from(posts)) or 0
                    counted = connection.scalar(select(func.sum(class_counts.c.posts)))
            except DatabaseError as error:
                wrong.append(error)
            else:
                seen.add(found)
                if found % 10 or found != (counted or 0):
                    wrong.append((found, counted))

    readers = [threading.Thread(target=read) for _ in range(6)]
    for each in readers:
        each.start()
    # Every load opens and closes the store, which is when SQLite's log comes and goes.
    for number in range(5):
        store.add(*(a_question(f"q{number}-{post}") for post in range(30)), page_size=10)
    ended.set()
    for each in readers:
        each.join()
    assert wrong == []
    assert len(seen) > 1
    reader.dispose()
