"""Many rows at once, on every engine: inserted, overwritten, added."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from db.bulk import add_counts, insert_rows, upsert_rows
from db.schema import reject_counts, term_counts, terms

MONDAY = dt.date(2026, 3, 2)
MEASURES = ("questions", "listed", "authors")


def counted(term: int, **measures: int) -> dict[str, Any]:
    key = {"is_synthetic": False, "span": 1, "start": MONDAY, "term_id": term}
    return {**dict.fromkeys(MEASURES, 0), **key, **measures}


def stored(engine: Engine) -> dict[int, tuple[int, int]]:
    with engine.connect() as connection:
        rows = connection.execute(select(term_counts)).all()
    assert {row.start for row in rows} <= {MONDAY}
    return {row.term_id: (row.questions, row.listed) for row in rows}


def test_counts_are_added_and_a_row_of_zeros_goes(engine: Engine) -> None:
    with engine.begin() as connection:
        add_counts(connection, term_counts, [counted(4, questions=2, listed=2), counted(5, questions=1)], MEASURES)
    assert stored(engine) == {4: (2, 2), 5: (1, 0)}
    with engine.begin() as connection:
        changes = [counted(4, listed=-2), counted(5, questions=-1), counted(6, questions=3)]
        add_counts(connection, term_counts, changes, MEASURES)
        assert stored_within(connection) == {4, 6}
        add_counts(connection, term_counts, [counted(6, questions=1), counted(7)], MEASURES)
    assert stored(engine) == {4: (2, 0), 6: (4, 0)}
    with engine.begin() as connection:
        add_counts(connection, term_counts, [], MEASURES)


def stored_within(connection: Any) -> set[int]:
    return set(connection.scalars(select(term_counts.c.term_id)))


def test_rows_are_inserted_and_overwritten_where_their_key_exists(engine: Engine) -> None:
    texts = ["버스", "tab\there", "back\\slash", "two\nlines", "\\N", "'quoted'", '"double"', "%s ? :x"]
    with engine.begin() as connection:
        insert_rows(
            connection, terms, [{"id": id_, "term": term, "is_group": False} for id_, term in enumerate(texts, 1)]
        )
        assert list(connection.scalars(select(terms.c.term).order_by(terms.c.id))) == texts
    rejected = {"source": "file:a", "reason": "no_text", "rows": 1, "first_row": 9}
    with engine.begin() as connection:
        upsert_rows(connection, reject_counts, [rejected], ["source", "reason"], ["rows"])
        changed = [{**rejected, "rows": 5, "first_row": 1}, {**rejected, "reason": "no_date"}]
        upsert_rows(connection, reject_counts, changed, ["source", "reason"], ["rows"])
        upsert_rows(connection, reject_counts, [{**rejected, "rows": 8}], ["source", "reason"], [])
        rows = connection.execute(select(reject_counts).order_by(reject_counts.c.reason)).all()
    assert [tuple(row) for row in rows] == [("file:a", "no_date", 1, 9), ("file:a", "no_text", 5, 9)]


def test_a_row_the_store_refuses_is_the_same_error_on_every_engine(engine: Engine) -> None:
    row = {"id": 1, "term": "버스", "is_group": False}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        insert_rows(connection, terms, [row, {**row, "id": 2}])
    with engine.connect() as connection:
        assert connection.execute(select(terms)).all() == []
