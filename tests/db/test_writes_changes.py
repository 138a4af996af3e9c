from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select

from data_sources.records import AccountReference
from db import rollups, writes
from db.queries import department_volume, response_coverage, top_terms
from db.records import PostFilter, SearchRequest
from db.schema import classifications, posts, questions, reannotations, staged_annotations
from db.search import search
from db.transactions import writing
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def _ids(store: Store, *keys: str) -> list[int]:
    with store.engine.connect() as connection:
        found = writes.find_posts(connection, "blog", keys)
    return [found[key] for key in keys]


def _wrong(store: Store) -> list[str]:
    return [str(difference) for difference in rollups.check(store.engine)]


def test_a_removed_post_leaves_a_tombstone_and_its_counts_and_is_gone_from_search_at_once(store: Store) -> None:
    store.add(a_question("q1"), a_question("q2", "따릉이가 고장났어요. 고쳐 주세요."))
    with writing(store.engine) as connection:
        ids = list(writes.find_posts(connection, "blog", ["q1"]).values())
        assert writes.remove_posts(connection, ids, NOW) == 1
        assert writes.remove_posts(connection, ids, NOW) == 0
    with store.engine.connect() as connection:
        row = connection.execute(select(posts).where(posts.c.id.in_(ids))).one()
    assert (row.text, row.author_key, row.term_ids, row.url, row.topic, row.fingerprint) == (None,) * 5 + (b"",)
    assert (row.post_class, row.removed_at) == ("question", NOW)
    assert search(store.engine, SearchRequest(MARCH, "지하철")).results.empty
    assert search(store.engine, SearchRequest(MARCH)).results["platform_post_id"].tolist() == ["q2"]
    assert response_coverage(store.engine, MARCH).questions == 2
    assert _wrong(store) == []


def test_what_a_removed_post_said_does_not_stay_on_the_stage_of_a_reannotation(store: Store) -> None:
    store.add(a_question("q1"))
    (post_id,) = _ids(store, "q1")
    with writing(store.engine) as connection:
        connection.execute(
            insert(reannotations).values(
                id=1, tokenizer_version="t", dictionary_version="d", rules_version="r", status="running",
                last_post_id=post_id, started_at=NOW,
            )
        )  # fmt: skip
        connection.execute(
            insert(staged_annotations).values(reannotation_id=1, post_id=post_id, fingerprint=b"", annotation="지하철")
        )
        writes.remove_posts(connection, [post_id], NOW)
        assert connection.execute(select(staged_annotations)).all() == []


def test_what_was_removed_does_not_come_back_with_a_file(store: Store) -> None:
    store.add(a_question("q1"))
    with writing(store.engine) as connection:
        writes.remove_posts(connection, list(writes.find_posts(connection, "blog", ["q1"]).values()), NOW)
    counts = store.add(a_question("q1"), a_question("q1", "다른 글입니다. 언제 되나요?", version=5))
    assert (counts.inserted, counts.updated, counts.unchanged) == (0, 0, 2)
    with store.engine.connect() as connection:
        assert connection.scalars(select(posts.c.text)).all() == [None]


def test_an_answer_that_turns_out_to_be_a_template_leaves_its_question_waiting(store: Store) -> None:
    store.add(
        a_question("q1"),
        an_answer("a1", "q1", created_at=kst("2026-03-02 10:00")),
        an_answer("a2", "q1", created_at=kst("2026-03-02 15:00")),
    )
    first, second = _ids(store, "a1", "a2")
    with writing(store.engine) as connection:
        writes.mark_templates(connection, [first])
        assert connection.scalar(select(questions.c.first_answer_seconds)) == 6 * 3600
        writes.mark_templates(connection, [second])
    coverage = response_coverage(store.engine, MARCH)
    assert (coverage.answerable, coverage.answered, coverage.unanswered) == (1, 0, 1)
    with writing(store.engine) as connection:
        writes.mark_templates(connection, [first], is_template=False)
    assert response_coverage(store.engine, MARCH).answered == 1
    assert _wrong(store) == []


def test_a_merged_duplicate_counts_no_more_and_names_its_original(store: Store) -> None:
    store.add(*(a_question(f"q{number}") for number in range(7)))
    assert top_terms(store.engine, MARCH).set_index("term")["questions"]["지하철"] == 7
    original, *duplicates = _ids(store, "q0", "q1", "q2")
    with writing(store.engine) as connection:
        writes.merge_duplicates(connection, dict.fromkeys(duplicates, original), "rules-2", NOW)
        merged = connection.execute(
            select(posts.c.post_class, posts.c.duplicate_of_post_id).where(posts.c.id.in_(duplicates))
        ).all()
        verdicts = connection.execute(select(classifications).where(classifications.c.post_id == duplicates[0])).all()
    assert set(merged) == {("duplicate", original)}
    assert len(verdicts) == 2  # what the rules had said stays beside it
    assert top_terms(store.engine, MARCH).set_index("term")["questions"]["지하철"] == 5
    assert _wrong(store) == []


def test_a_post_that_is_no_question_any_more_leaves_every_number_of_questions(store: Store) -> None:
    store.add(a_question("q1"), an_answer("a1", "q1"))
    with writing(store.engine) as connection:
        decision = writes.Decision("ad", "ad.person", "person", 1.0)
        writes.reclassify(connection, dict.fromkeys(_found(connection, "q1"), decision), "rules-2", NOW)
    assert response_coverage(store.engine, MARCH).questions == 0
    assert department_volume(store.engine, MARCH).empty
    assert _wrong(store) == []


def test_another_rule_sends_a_question_to_another_department(store: Store) -> None:
    store.add(a_question("q1"), an_answer("a1", "q0", account=AccountReference(handle="water", department="상수도")))
    with writing(store.engine) as connection:
        department = writes.AccountDirectory(connection).department_id("name:상수도")
        ids = _found(connection, "q1")
        writes.reroute(connection, ids, dict.fromkeys(ids, writes.Routing(department, "water")))
    volume = department_volume(store.engine, MARCH)
    assert volume[["department", "questions", "by_rule"]].values.tolist() == [["name:상수도", 1, 1]]
    assert _wrong(store) == []


def _found(connection: Connection, *keys: str) -> list[int]:
    return list(writes.find_posts(connection, "blog", keys).values())
