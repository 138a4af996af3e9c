"""A store of the first schema, with rows in it, becomes one of today's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from data_sources import reannotation
from db import rollups, schema, writes
from db.engine import open_engine
from db.figures import FigureQuery, changes, freeze, verdict
from db.migrate import head_revision, upgrade
from db.packing import unpack_ids
from db.queries import district_volume
from db.records import PostFilter, SearchRequest
from db.rollups.spans import BLOCK, SPANS, start_of
from db.search import search
from db.selfcheck import check
from db.snapshot import Snapshot
from db.state import LOAD_ID, REBUILD_NEEDED, read_state
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store
from tests.data_sources.reading import Here

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
OLD_SEARCH = {
    "sqlite": ("CREATE VIRTUAL TABLE post_search USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')",),
    "postgresql": (
        "CREATE TABLE post_search (post_id integer PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, "
        "tokens tsvector NOT NULL)",
        "CREATE INDEX ix_post_search_tokens ON post_search USING gin (tokens)",
    ),
}
OLD_ENTRY = {
    "sqlite": "INSERT INTO post_search (rowid, tokens) VALUES (:id, :tokens)",
    "postgresql": "INSERT INTO post_search (post_id, tokens) VALUES (:id, to_tsvector('simple', :tokens))",
}
ROWS = (
    "INSERT INTO platforms (id, name_ko, name_en, display, export) VALUES ('blog', '블로그', 'Blog', 'text', 'text')",
    "INSERT INTO departments (id, code, name_ko, name_en) VALUES (1, 'metro', '서울교통공사', 'Seoul Metro')",
    "INSERT INTO accounts (id, platform_id, handle, name_ko, name_en, department_id, role, status, is_synthetic) "
    "VALUES (1, 'blog', 'metro', '교통', 'Metro', 1, 'department', 'connected', false)",
    "INSERT INTO load_runs (id, connector, source, origin, status, started_at, read, inserted, updated, unchanged, "
    "rejected, code_version, tokenizer_version, dictionary_version, rules_version) VALUES (1, 'list', 'list:old', "
    "'import', 'done', '2026-03-05 00:00:00+00:00', 3, 3, 0, 0, 1, '0', 't', 'd', 'r')",
    "INSERT INTO terms (id, term) VALUES (1, '지하철'), (2, '아리수')",
    "INSERT INTO rejects (id, source, source_row, reason, detail, raw, load_run_id) VALUES "
    "(1, 'list:old', 9, 'no_text', 'text is empty', '', 1), (2, 'list:old', 4, 'no_text', 'text is empty', '', 1)",
)
POST = (
    "INSERT INTO posts (id, platform_id, platform_post_id, version, kind, is_inbound, author_key, account_id, text, "
    "created_at, created_day, is_day_only, collected_at, in_reply_to, in_reply_to_post_id, post_class, reason, is_risk, "
    "origin, is_synthetic, answers_collected, fingerprint, load_run_id) VALUES (:id, 'blog', :key, 0, 'post', "
    ":is_inbound, :author, :account, :text, :at, :day, false, '2026-03-05 00:00:00+00:00', :to, :parent, :class, 'test', "
    "false, 'import', false, true, :fingerprint, 1)"
)


def _post(connection: Connection, id_: int, at: str, **fields: object) -> None:
    values = {
        "id": id_, "key": f"p{id_}", "is_inbound": True, "author": b"a" * 16, "account": None, "text": "글", "at": at,
        "day": at[:10], "to": None, "parent": None, "class": "question", "fingerprint": b"f" * 16, **fields,
    }  # fmt: skip
    connection.execute(text(POST), values)


def _fill(connection: Connection) -> None:
    for statement in ROWS:
        connection.execute(text(statement))
    _post(connection, 1, "2026-03-02 00:00:00+00:00", text="지하철이 늦어요")
    _post(connection, 2, "2026-03-02 02:00:00+00:00", is_inbound=False, author=None, account=1, text="조치하겠습니다",
          to="p1", parent=1, **{"class": "other"})  # fmt: skip
    # The same second as another post whose id is 65,536 away.
    _post(connection, 65_537, "2026-03-02 00:00:00+00:00", text="아리수와 지하철", author=None)
    for post_id, answer in ((1, True), (65_537, False)):
        connection.execute(
            text(
                "INSERT INTO questions (post_id, platform_id, asked_at, asked_day, is_synthetic, is_day_only, "
                "answers_collected, is_risk, department_id, department_source, first_answer_post_id, first_answer_at, "
                "first_answer_seconds) VALUES (:id, 'blog', '2026-03-02 00:00:00+00:00', '2026-03-02', false, false, "
                "true, false, :department, :source, :answer, :at, :seconds)"
            ),
            {"id": post_id, "department": 1 if answer else None, "source": "reply" if answer else "unassigned",
             "answer": 2 if answer else None, "at": "2026-03-02 02:00:00+00:00" if answer else None,
             "seconds": 7200 if answer else None},
        )  # fmt: skip
    connection.execute(text("INSERT INTO post_terms (term_id, post_id) VALUES (1, 1), (1, 65537), (2, 65537)"))
    for post_id, tokens in ((1, "지하철이 지하철 늦어요"), (2, "조치하겠습니다"), (65_537, "아리수와 지하철 아리수")):
        connection.execute(text(OLD_ENTRY[connection.dialect.name]), {"id": post_id, "tokens": tokens})
    connection.execute(
        text(
            "INSERT INTO classifications (post_id, rules_version, post_class, reason, rule, confidence, decided_at) "
            "VALUES (1, 'r', 'question', 'test', 'test', 1, '2026-03-05 00:00:00+00:00')"
        )
    )


def _of_the_first_schema(engine: Engine) -> None:
    """Make an empty store of the first schema with its own form of the search index, and put rows into it."""
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE post_search"))
        for statement in OLD_SEARCH[connection.dialect.name]:
            connection.execute(text(statement))
        _fill(connection)


def test_rows_of_the_first_schema_are_all_there_and_counted(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine)
    assert [str(difference) for difference in rollups.check(bare_engine)] == []
    posts = schema.posts
    with bare_engine.connect() as connection:
        rows = connection.execute(select(posts.c.id, posts.c.timeline_id, posts.c.term_ids).order_by(posts.c.id)).all()
        counted = connection.execute(
            select(schema.question_counts.c.questions, schema.question_counts.c.answered)
        ).all()
        rejected = connection.execute(select(schema.reject_counts)).all()
        assert read_state(connection, LOAD_ID) == 2  # one run had ended, and the rebuild
        assert read_state(connection, REBUILD_NEEDED) is None
        assert len(connection.execute(select(schema.questions)).all()) == 2
        assert len(connection.execute(select(schema.classifications)).all()) == 1
        asked = schema.questions.c
        # Every reply was an answer then.
        replied = connection.execute(
            select(asked.first_answer_at, asked.first_reply_at, asked.first_reply_seconds)
        ).all()
        assert [row.first_answer_at for row in replied] == [row.first_reply_at for row in replied]
        assert sorted(row.first_reply_seconds or 0 for row in replied) == [0, 7200]
    second = int(dt.datetime(2026, 3, 2, tzinfo=dt.UTC).timestamp())
    assert [row.timeline_id for row in rows] == [second << 16 | 1, (second + 7200) << 16 | 2, (second << 16 | 1) + 1]
    assert [unpack_ids(row.term_ids) for row in rows] == [[1], [], [1, 2]]
    assert sorted(map(tuple, counted)) == [(1, 0), (1, 1)]
    assert [tuple(row) for row in rejected] == [("list:old", "no_text", 2, 4)]


def test_the_words_of_the_first_schema_are_found(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine)
    assert search(bare_engine, SearchRequest(MARCH, "지하철")).results["platform_post_id"].tolist() == ["p65537", "p1"]
    assert search(bare_engine, SearchRequest(MARCH, '"아리수와 지하철"')).results["post_id"].tolist() == [65_537]
    # What the city writes itself is not searched for.
    assert search(bare_engine, SearchRequest(MARCH, "조치하겠습니다")).results.empty


def test_an_upgrade_that_was_cut_off_before_the_rebuild_ends_with_the_next(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, head_revision())  # names the revision, so nothing is rebuilt
    with bare_engine.connect() as connection:
        assert read_state(connection, REBUILD_NEEDED) == 1
    assert [str(difference) for difference in rollups.check(bare_engine)] != []
    upgrade(bare_engine)
    assert [str(difference) for difference in rollups.check(bare_engine)] == []


# What the loader of the second schema wrote for these rows, all of one day: that day, its week and its 13 weeks.
OLD_COUNTS = (
    "INSERT INTO class_counts (is_synthetic, span, start, platform_id, post_class, posts) "
    "VALUES (false, :span, :start, 'blog', 'question', 2)",
    "INSERT INTO city_post_counts (is_synthetic, span, start, platform_id, account_id, posts) "
    "VALUES (false, :span, :start, 'blog', 1, 1)",
    "INSERT INTO question_counts (is_synthetic, span, start, platform_id, department_id, questions, answerable, timed, "
    "answered, waiting, by_reply, by_rule, by_receiving_account) VALUES "
    "(false, :span, :start, 'blog', 0, 1, 1, 1, 0, 1, 0, 0, 0), (false, :span, :start, 'blog', 1, 1, 1, 1, 1, 0, 1, 0, 0)",
)


def test_counts_of_the_second_schema_become_days_of_13_weeks(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0002")
    day = dt.date(2026, 3, 2)
    with bare_engine.begin() as connection:
        for span in SPANS:
            for statement in OLD_COUNTS:
                connection.execute(text(statement), {"span": span, "start": start_of(day, span).toordinal()})
    upgrade(bare_engine, head_revision())
    converted = ("class_counts", "city_post_counts", "question_counts")
    assert [line for line in map(str, rollups.check(bare_engine)) if line.startswith(converted)] == []
    with bare_engine.connect() as connection:
        assert len(connection.execute(select(schema.question_counts)).all()) == 2


def test_posts_of_an_older_schema_are_still_to_be_looked_at(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine)
    with bare_engine.connect() as connection:
        assert writes.undetected(connection, False) == (dt.date(2026, 3, 2), dt.date(2026, 3, 2))
        assert writes.undetected(connection, True) is None


def test_questions_of_the_fourth_schema_take_a_department_from_the_classifier(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0004")
    upgrade(bare_engine)
    with bare_engine.begin() as connection:
        asked = select(schema.questions.c.department_source, schema.questions.c.classifier_department_id)
        assert sorted(map(tuple, connection.execute(asked))) == [("reply", None), ("unassigned", None)]
        guessed = {"department_source": "classifier", "classifier_department_id": 1, "classifier_confidence": 0.8}
        connection.execute(update(schema.questions).values(guessed))
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        connection.execute(update(schema.questions).values(department_source="guess"))


def test_posts_of_an_older_schema_name_districts_once_they_are_read_again(
    bare_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0006")
    upgrade(bare_engine)
    assert district_volume(bare_engine, MARCH).empty
    with bare_engine.begin() as connection:
        connection.execute(update(schema.posts).where(schema.posts.c.id == 1).values(text="선릉역 지하철이 늦어요"))
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: Here())
    reannotation.reannotate(bare_engine)
    volume = district_volume(bare_engine, MARCH)
    assert volume.loc[0, ["name_ko", "questions", "asked"]].tolist() == ["강남구", 1, 2]
    assert [str(difference) for difference in rollups.check(bare_engine)] == []


def test_posts_of_the_sixth_schema_can_be_put_under_review_and_take_it_along(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0006")
    upgrade(bare_engine)
    review = {
        "post_id": 65_537, "timeline_id": 1, "suspected_class": "ad", "rule": "r", "rules_version": "v",
        "status": "open",
    }  # fmt: skip
    with bare_engine.begin() as connection:
        assert connection.execute(select(schema.post_reviews)).all() == []
        assert connection.execute(select(schema.filter_rules)).all() == []
        connection.execute(insert(schema.post_reviews).values(review))
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        connection.execute(update(schema.post_reviews).values(status="perhaps"))
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        connection.execute(insert(schema.post_reviews).values(review | {"post_id": 99}))
    with bare_engine.begin() as connection:
        connection.execute(delete(schema.posts).where(schema.posts.c.id == 65_537))
        assert connection.execute(select(schema.post_reviews)).all() == []


def test_posts_of_an_older_schema_can_be_frozen_removed_and_checked(bare_engine: Engine) -> None:
    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0009")
    upgrade(bare_engine)
    frozen = freeze(bare_engine, "response_curve", FigureQuery(MARCH))
    with bare_engine.begin() as connection:
        writes.keep_figure(
            connection, frozen.id, frozen.figure, frozen.as_json(), dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
        )
        writes.remove_posts(connection, [65_537], dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    assert verdict(changes(bare_engine, frozen)) == "changed: 1 removed"
    with Snapshot(bare_engine) as snapshot:
        assert [str(item) for item in check(snapshot, MARCH) if not item.is_green] == []


def test_an_empty_store_needs_no_rebuild(store: Store) -> None:
    with store.engine.connect() as connection:
        assert read_state(connection, REBUILD_NEEDED) is None
        assert read_state(connection, LOAD_ID) == 0


def test_a_fresh_store_has_the_file_form_of_today(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    with engine.connect() as connection:
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'post_search'"))
    assert "content = 'search_texts'" in made


def test_histograms_of_13_weeks_are_added_up_from_the_weeks(store: Store) -> None:
    store.add(
        *[
            a_question(f"{platform} {number}", platform=platform, created_at=kst("2025-11-03 09:00") + day * number)
            for day in [dt.timedelta(days=2, minutes=7)]
            for platform in ("blog", "me2day")
            for number in range(60)
        ],
        *[an_answer(f"a{n}", to=f"blog {n}", created_at=kst("2026-03-20 09:00")) for n in range(0, 40, 3)],
    )
    table = schema.response_histograms
    newer = ("replied", "unreplied", "removed_unreplied")
    columns = [column for column in table.c if column.name not in newer]
    blocks = select(*columns).where(table.c.span == BLOCK).order_by(*table.primary_key)
    with store.engine.begin() as connection:
        whole = connection.execute(blocks).all()
        connection.execute(delete(table).where(table.c.span == BLOCK))
        for name in newer:
            connection.execute(text(f"ALTER TABLE response_histograms DROP COLUMN {name}"))
        for name in ("first_reply_at", "first_reply_seconds"):
            connection.execute(text(f"ALTER TABLE questions DROP COLUMN {name}"))
        for name in ("post_versions", "reply_counts"):
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0012'"))
    upgrade(store.engine, "0014")
    with store.engine.connect() as connection:
        assert read_state(connection, REBUILD_NEEDED) is None
        found = connection.execute(blocks).all()
    assert len(whole) > 2
    assert found == whole
    upgrade(store.engine)
    assert [str(difference) for difference in rollups.check(store.engine)] == []
