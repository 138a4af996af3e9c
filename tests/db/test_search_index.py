"""The full-text index of each engine, against search_texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from db.dialects import dialect_of
from db.dialects.base import SearchPart, SearchQuery
from db.engine import open_engine
from db.schema import search_texts
from tests.builders import a_question
from tests.conftest import Store

WORDS = {10: "수도요금이 비싸요 수도요금 수도", 20: "버스가 안 와요 버스", 30: "버스 요금 Bus 요금"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction over an index of three entries; the test's changes are rolled back."""
    with engine.connect() as connection:
        rows = [{"timeline_id": place, "tokens": tokens} for place, tokens in WORDS.items()]
        connection.execute(search_texts.insert(), rows)
        dialect_of(connection).search.add(connection, rows)
        yield connection


def _query(*wanted: str, excluded: tuple[str, ...] = ()) -> SearchQuery:
    return SearchQuery(
        tuple(SearchPart(tuple(part.rstrip("*").split()), part.endswith("*")) for part in wanted),
        tuple(SearchPart(tuple(part.split())) for part in excluded),
    )


def _differences(connection: Connection) -> list[str]:
    return list(dialect_of(connection).search.differences(connection))


def test_the_newest_come_first_within_their_range(connection: Connection) -> None:
    newest = dialect_of(connection).search.newest
    assert newest(connection, _query("버스"), 0, 99, 10) == [30, 20]
    assert newest(connection, _query("버스"), 0, 99, 1) == [30]
    assert newest(connection, _query("버스"), 0, 29, None) == [20]
    assert newest(connection, _query("버스"), 21, 29, None) == []
    assert newest(connection, _query("요금*", "버스"), 0, 99, 10) == [30]
    assert newest(connection, _query("수도*"), 0, 99, 10) == [10]
    assert newest(connection, _query("요금"), 0, 99, 10) == [30]
    assert newest(connection, _query("bus"), 0, 99, 10) == [30]
    assert newest(connection, _query("버스 요금"), 0, 99, 10) == [30]
    assert newest(connection, _query("요금 버스"), 0, 99, 10) == []
    assert newest(connection, _query("버스", excluded=("안 와요",)), 0, 99, 10) == [30]


def test_entries_that_are_asked_for_get_a_rank(connection: Connection) -> None:
    ranks = dialect_of(connection).search.ranks
    assert ranks(connection, _query("요금*"), [30]).keys() == {30}
    assert ranks(connection, _query("버스"), [20, 30]).keys() == {20, 30}
    assert ranks(connection, _query("버스"), []) == {}


def test_an_index_that_is_true_has_no_differences(connection: Connection) -> None:
    assert _differences(connection) == []


def test_every_difference_is_named(connection: Connection) -> None:
    connection.execute(search_texts.insert(), {"timeline_id": 40, "tokens": "지하철"})
    connection.execute(text("DELETE FROM search_texts WHERE timeline_id = 10"))
    connection.execute(text("UPDATE search_texts SET tokens = '버스가 와요 버스' WHERE timeline_id = 20"))
    assert sorted(_differences(connection)) == [
        "search entry 10: in the index, but in no row of search_texts",
        "search entry 20: the index holds other words",
        "search entry 40: missing from the index",
    ]


def test_a_rebuilt_index_is_true_again(connection: Connection) -> None:
    test_every_difference_is_named(connection)
    index = dialect_of(connection).search
    index.rebuild(connection)
    assert _differences(connection) == []
    assert index.newest(connection, _query("지하철"), 0, 99, 10) == [40]
    assert index.newest(connection, _query("수도"), 0, 99, 10) == []


def test_an_empty_index_is_filled_by_a_rebuild(connection: Connection) -> None:
    index = dialect_of(connection).search
    index.remove(connection, list(WORDS))
    assert index.newest(connection, _query("버스"), 0, 99, 10) == []
    assert len(_differences(connection)) == 3
    index.rebuild(connection)
    assert _differences(connection) == []
    assert index.newest(connection, _query("버스"), 0, 99, 10) == [30, 20]


def test_readers_go_on_while_the_index_is_rebuilt(store: Store) -> None:
    store.add(a_question("q1", "우산 대여"), a_question("q2", "우산"))
    index = dialect_of(store.engine).search
    pages = open_engine(store.engine.url.render_as_string(hide_password=False), readonly=True)
    with store.engine.begin() as writer:
        index.rebuild(writer)
        with pages.connect() as reader:
            assert len(index.newest(reader, _query("우산"), 0, 1 << 60, 10)) == 2
    pages.dispose()


def test_sqlite_walks_its_index_backwards_without_sorting(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'index.db'}")
    with engine.connect() as connection:
        dialect_of(connection).search.create(connection)
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT rowid FROM post_search WHERE post_search MATCH '\"a\"' "
            "AND rowid BETWEEN 1 AND 9 ORDER BY rowid DESC LIMIT 3"
        ).all()
    engine.dispose()
    assert [row[-1].split(" INDEX ")[0] for row in plan] == ["SCAN post_search VIRTUAL TABLE"]
