from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlalchemy import Table, delete, insert, select, update

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import rollups, schema
from db.packing import pack_day_counts, pack_histogram
from db.rollups.counted import CountRollup
from db.rollups.counts import COUNTS
from db.rollups.spans import BLOCK, start_of
from db.state import LOAD_ID, REBUILD_NEEDED, read_state, write_state
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

TABLES = [*(rollup.table for rollup in COUNTS), schema.response_histograms, schema.term_counts, schema.post_terms]


def _fill(store: Store) -> None:
    store.add(
        a_question("q1", created_at=kst("2026-03-02 09:00")),
        an_answer("a1", "q1"),
        a_question("q2", "아리수에서 냄새가 나요. 확인해 주세요.", created_at=kst("2026-03-09 10:00")),
    )


def _wrong(store: Store) -> list[str]:
    return [str(difference) for difference in rollups.check(store.engine)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_check_finds_a_row_that_is_missing_and_rebuild_brings_it_back(store: Store, table: Table) -> None:
    _fill(store)
    assert _wrong(store) == []
    with store.engine.begin() as connection:
        rows = connection.execute(select(table)).all()
        keys = table.primary_key.columns
        first = [key == getattr(rows[0], key.name) for key in keys]
        connection.execute(delete(table).where(*first))
    found = _wrong(store)
    assert len(found) == 1
    assert found[0].startswith(table.name)
    rollups.rebuild(store.engine)
    assert _wrong(store) == []
    with store.engine.connect() as connection:
        assert sorted(connection.execute(select(table)).all()) == sorted(rows)


@pytest.mark.parametrize("rollup", COUNTS, ids=lambda rollup: rollup.table.name)
def test_check_finds_a_count_that_is_one_too_high(store: Store, rollup: CountRollup) -> None:
    _fill(store)
    column = rollup.table.c[rollup.measures[0]]
    with store.engine.begin() as connection:
        changed = connection.execute(update(rollup.table).values({column: column + 1})).rowcount
    assert len(_wrong(store)) == changed


def test_check_finds_a_row_no_post_stands_behind(store: Store) -> None:
    _fill(store)
    block = start_of(dt.date(1999, 1, 4), BLOCK)
    stray = {"is_synthetic": True, "start": block, "platform_id": "x", "post_class": "ad"}
    [days] = pack_day_counts(np.array([[[0], [3]]]))
    with store.engine.begin() as connection:
        connection.execute(insert(schema.class_counts).values(**stray, posts=3, days=days))
    assert _wrong(store) == [
        f"class_counts is_synthetic=True start={block.toordinal()} platform_id=x post_class=ad: "
        "stored [3, {1: [3]}], the rows say None"
    ]


def test_check_finds_a_day_that_holds_something_else(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        [days] = connection.scalars(select(schema.class_counts.c.days))
        connection.execute(update(schema.class_counts).values(days=days[:1] + bytes([2, 0, 0, 0]) + days[5:]))
    assert len(_wrong(store)) == 1
    with store.engine.begin() as connection:
        connection.execute(update(schema.class_counts).values(days=days[:-1]))
    assert len(_wrong(store)) == 1


def test_check_finds_a_histogram_that_holds_something_else(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        connection.execute(update(schema.response_histograms).values(answered=pack_histogram({5: 1})))
    assert {line.split(" ")[0] for line in _wrong(store)} == {"response_histograms"}


def test_check_finds_words_without_a_post_and_posts_without_words(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        place = connection.scalar(select(schema.search_texts.c.timeline_id).limit(1))
        connection.execute(
            update(schema.search_texts)
            .where(schema.search_texts.c.timeline_id == place)
            .values(timeline_id=schema.search_texts.c.timeline_id + 1)
        )
    found = [line for line in _wrong(store) if line.startswith("search_texts")]
    assert len(found) == 2


def test_check_counts_what_it_compared(store: Store) -> None:
    checked = rollups.check(store.engine)
    assert list(checked) == []
    assert (checked.checked, checked.wrong) == (0, 0)
    _fill(store)
    checked = rollups.check(store.engine)
    assert list(checked) == []
    assert checked.checked > 40


def test_progress_goes_from_nothing_to_all(store: Store) -> None:
    _fill(store)
    told: list[tuple[int, int]] = []
    list(rollups.check(store.engine, lambda done, steps: told.append((done, steps))))
    rollups.rebuild(store.engine, lambda done, steps: told.append((done, steps)))
    assert told == [(0, 2), (1, 2), (2, 2)] * 2


def test_rebuild_shows_as_a_new_state_and_clears_the_mark(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        write_state(connection, REBUILD_NEEDED, 1)
        before = read_state(connection, LOAD_ID)
    assert rollups.rebuild(store.engine) == 3
    with store.engine.connect() as connection:
        assert read_state(connection, REBUILD_NEEDED) is None
        assert (read_state(connection, LOAD_ID) or 0) > (before or 0)


def test_a_demo_city_is_counted_true_by_changes_and_by_recount(store: Store) -> None:
    load(DemoConnector(posts=1_500, seed=3, days=200, until=dt.date(2026, 3, 1), page_size=400), store.engine)
    assert _wrong(store) == []
    with store.engine.connect() as connection:
        before = {table.name: sorted(map(tuple, connection.execute(select(table)))) for table in TABLES}
    with store.engine.begin() as connection:
        for table in TABLES:
            connection.execute(delete(table))
    rollups.rebuild(store.engine)
    with store.engine.connect() as connection:
        assert {table.name: sorted(map(tuple, connection.execute(select(table)))) for table in TABLES} == before
