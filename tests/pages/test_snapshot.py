"""One page run shows one state of the store, and what is cached is of the state it is cached under."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from data_sources.loader import load
from db import queries
from db.engine import open_engine
from db.migrate import upgrade
from db.snapshot import Snapshot
from pages.components import cached
from pages.components.text import text as words
from tests.builders import ListConnector, a_question
from tests.pages.conftest import Open, filled


def add(url: str, name: str) -> None:
    engine = open_engine(url)
    load(ListConnector([a_question(name)], source=f"list:{name}"), engine)
    engine.dispose()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return filled(tmp_path / "one.db", ListConnector([a_question("q1")]))


def test_a_load_between_two_queries_of_a_page_is_seen_by_the_next_run_only(
    open_app: Open, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(url, lang="en")
    assert app.metric[0].value == "1"
    add(url, "q2")  # nothing of this state is cached yet
    read, loaded = queries.filter_options, []

    def filter_options(reader: Any, synthetic: bool) -> Any:
        if not loaded:
            loaded.append("q3")
            add(url, "q3")
        return read(reader, synthetic)

    monkeypatch.setattr(queries, "filter_options", filter_options)
    assert app.run().metric[0].value == "2"
    assert loaded == ["q3"]
    assert app.run().metric[0].value == "3"


def test_what_is_read_under_a_load_id_is_of_that_state(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_URL", url)
    with cached.snapshot():
        before = cached.current_load_id()
        add(url, "q2")
        assert cached.data_extent(False, before).posts == 1
        assert cached.current_load_id() == before
    with cached.snapshot():
        after = cached.current_load_id()
        assert after > before
        assert cached.data_extent(False, after).posts == 2
        assert cached.data_extent(False, before).posts == 1


def test_each_thread_has_the_snapshot_of_its_own_run(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_URL", url)
    seen: list[int] = []

    def run() -> None:
        with cached.snapshot():
            seen.append(cached.current_load_id())

    with cached.snapshot():
        before = cached.current_load_id()
        add(url, "q2")
        other = threading.Thread(target=run)
        other.start()
        other.join()
        assert cached.current_load_id() == before < seen[0]


def test_the_snapshot_ends_with_the_run_whatever_ends_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_URL", url)
    closed: list[int] = []
    close = Snapshot.close
    monkeypatch.setattr(Snapshot, "close", lambda self: (closed.append(1), close(self)))
    with pytest.raises(KeyboardInterrupt), cached.snapshot():
        raise KeyboardInterrupt
    assert closed == [1]
    before = cached.current_load_id()
    add(url, "q2")
    assert cached.current_load_id() > before


def test_a_page_over_an_older_schema_says_what_to_run(open_app: Open, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(engine, "0001")
    app = open_app(f"sqlite:///{tmp_path / 'old.db'}", lang="en")
    assert not app.exception
    assert [each.value for each in app.error] == [words("error.store", "en")]
    assert "python -m db upgrade" in app.code[0].value
    upgrade(engine)
    assert not app.run().error


def test_a_query_that_takes_too_long_is_said_so(open_app: Open, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_QUERY_TIMEOUT_S", "0.2")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    def filter_options(reader: Any, synthetic: bool) -> Any:
        with reader.connect() as connection:
            return connection.execute(text(endless)).all()

    monkeypatch.setattr(queries, "filter_options", filter_options)
    app = open_app(url, lang="en")
    assert not app.exception
    assert [each.value for each in app.error] == [words("error.slow", "en")]
