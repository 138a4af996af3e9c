from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from db.records import RunVersions
from db.schema import load_runs, posts, reannotation_batches, reannotations, staged_annotations
from db.writes import reannotation
from db.writes.reannotation import NewAnnotation, StoredText
from nlp import annotate
from tests.builders import a_question, an_answer
from tests.conftest import Store

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
NEW = RunVersions("1", "tokenizer 2", "words 2", "rules 2")
GROUPS = [{"name": "아리수", "term": "아리수"}, {"name": "아리수", "term": "수돗물"}]


def _today() -> RunVersions:
    found = annotate.versions()
    return RunVersions("1", found.tokenizer, found.dictionary, found.rules)


def _as_stored(text: StoredText, /, **changes: Any) -> NewAnnotation:
    """Return the annotation that says of ``text`` what the store says, but for ``changes``."""
    content = text.content
    department, rule = content.routing or (None, None)
    annotation = NewAnnotation(
        content.text, content.language or "und", *content.decision, content.is_risk, tuple(content.terms),
        content.tokens or "", department, rule,
    )  # fmt: skip
    return annotation._replace(**changes)


def _run(connection: Connection, versions: RunVersions = NEW) -> reannotation.Reannotation:
    run = reannotation.begin(connection, versions, NOW)
    assert run is not None
    return run


def test_a_run_notes_the_last_post_and_is_taken_up_again(store: Store) -> None:
    store.add(a_question("q1"), a_question("q2"))
    with store.engine.begin() as connection:
        run = _run(connection)
        assert run.last_post_id == connection.scalar(select(func.max(posts.c.id)))
        assert _run(connection) == run
        assert reannotation.begin(connection, _today(), NOW) is None
        assert connection.scalars(select(reannotations.c.status)).all() == ["abandoned"]


@pytest.mark.parametrize(
    ("done", "missing"),
    [
        ([], [(1, 9)]),
        ([(1, 9)], []),
        ([(1, 3)], [(4, 9)]),
        ([(4, 6)], [(1, 3), (7, 9)]),
        ([(1, 2), (3, 3), (5, 9)], [(4, 4)]),
        ([(2, 9)], [(1, 1)]),
    ],
)
def test_what_is_missing_is_what_no_batch_covers(
    store: Store, done: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    store.add(*(a_question(f"q{number}") for number in range(9)))
    with store.engine.begin() as connection:
        run = _run(connection)
        for first, last in done:
            reannotation.stage_batch(connection, run, first, last, 1, [])
        assert reannotation.missing_ranges(connection, run) == missing


def test_a_batch_two_processes_read_is_staged_once(store: Store) -> None:
    store.add(a_question("q1"), a_question("q2"))
    with store.engine.begin() as connection:
        run = _run(connection)
        text, other = reannotation.texts_between(connection, 1, 2, 10)
        reannotation.stage_batch(connection, run, 1, 2, 2, [(text, _as_stored(text, language="en"))])
        reannotation.stage_batch(connection, run, 2, 2, 1, [(other, _as_stored(other, language="en"))])
        assert connection.scalars(select(staged_annotations.c.post_id)).all() == [text.id]
        assert reannotation.read_so_far(connection, run) == 2


def test_nothing_is_staged_for_a_run_that_ended(store: Store) -> None:
    store.add(a_question())
    with store.engine.begin() as connection:
        run = _run(connection)
        _run(connection, NEW)
        connection.execute(update(reannotations).values(status="done"))
        with pytest.raises(reannotation.ReannotationEnded, match="done"):
            reannotation.stage_batch(connection, run, 1, 1, 1, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "가로등이 꺼졌어요"},
        {"language": "en"},
        {"post_class": "ad"},
        {"reason": "other.reason"},
        {"rule": "another"},
        {"confidence": 0.75},
        {"is_risk": True},
        {"terms": ("수돗물",)},
        {"search_text": "다른 말"},
        {"department": "bike"},
        {"department_rule": "bike.따릉이"},
    ],
)
def test_every_part_of_an_annotation_may_make_the_difference(store: Store, changes: dict[str, Any]) -> None:
    store.add(a_question("q1", "여기가 늦어요"))
    with store.engine.begin() as connection:
        (text,) = reannotation.texts_between(connection, 1, 9, 10)
        known = reannotation.vocabulary(connection, GROUPS)
        assert reannotation.differing([text], [_as_stored(text)], known) == []
        changed = _as_stored(text, **changes)
        assert reannotation.differing([text], [changed], known) == [(text, changed)]


def test_of_the_citys_own_texts_words_and_departments_are_nothing(store: Store) -> None:
    store.add(an_answer())
    with store.engine.begin() as connection:
        (text,) = reannotation.texts_between(connection, 1, 9, 10)
        known = reannotation.vocabulary(connection, GROUPS)
        said = _as_stored(text, terms=("수돗물",), search_text="수돗물", department="bike", department_rule="bike.x")
        assert reannotation.differing([text], [said], known) == []


def test_a_department_the_registry_does_not_know_is_none(store: Store) -> None:
    store.add(a_question("q1", "여기가 늦어요"))
    with store.engine.begin() as connection:
        (text,) = reannotation.texts_between(connection, 1, 9, 10)
        known = reannotation.vocabulary(connection, GROUPS)
        assert reannotation.differing([text], [_as_stored(text, department="nobody")], known) == []


def test_a_new_member_of_a_group_makes_a_difference(store: Store) -> None:
    store.add(a_question("q1", "수돗물이 안 나와요"))
    with store.engine.begin() as connection:
        (text,) = reannotation.texts_between(connection, 1, 9, 10)
        assert "수돗물" in text.content.terms
        groups = [{"name": name, "term": term} for term in text.content.terms for name in text.content.groups]
        assert reannotation.differing([text], [_as_stored(text)], reannotation.vocabulary(connection, groups)) == []
        known = reannotation.vocabulary(connection, [*groups, {"name": "새 묶음", "term": "수돗물"}])
        assert len(reannotation.differing([text], [_as_stored(text)], known)) == 1


def test_a_run_of_a_loader_that_never_ended_makes_nothing_outdated_twice(store: Store) -> None:
    store.add(a_question())
    with store.engine.begin() as connection:
        connection.execute(update(load_runs).values(status="running", finished_at=None))
        assert reannotation.is_any_outdated(connection, NEW)
        run = _run(connection)
        reannotation.switch(connection, run, NEW.rules, [], lambda texts: [], NOW)
        assert not reannotation.is_any_outdated(connection, NEW)
        assert reannotation.is_any_outdated(connection, _today())


def test_the_switch_empties_the_stage(store: Store) -> None:
    store.add(a_question("q1"), a_question("q2"))
    with store.engine.begin() as connection:
        run = _run(connection)
        texts = reannotation.texts_between(connection, 1, 9, 10)
        pairs = [(text, _as_stored(text, language="en")) for text in texts]
        reannotation.stage_batch(connection, run, 1, 2, 2, pairs)
        assert reannotation.switch(connection, run, NEW.rules, [], lambda texts: [], NOW) == 2
        for table in (staged_annotations, reannotation_batches):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
        assert connection.scalars(select(posts.c.language)).all() == ["en", "en"]
