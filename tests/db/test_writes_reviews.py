from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from data_sources import reannotation, resource_rows
from data_sources.reannotation import reannotate
from db import rollups, writes
from db.queries import class_reasons
from db.records import PostFilter
from db.schema import classifications, filter_rules, post_reviews, posts
from db.transactions import writing
from nlp import annotate, filtering
from nlp import versions as reading
from nlp.answers import ANSWER_RULES
from nlp.records import Verdict, Versions
from tests.builders import a_question, kst
from tests.conftest import Store
from tests.data_sources.reading import Here, old_reading

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
# The rule political.name suspects these and is not sure enough to hide them.
DOUBTFUL, DOUBTFUL_TOO = "박정희랑 전두환은 다 같은 사람들", "노무현이나 윤석열이나 다 같은 사람들"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    found = Here()
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: found)
    return found


def _reviews(store: Store) -> dict[str, tuple[str, str, str]]:
    with store.engine.connect() as connection:
        review = post_reviews.c
        rows = connection.execute(
            select(posts.c.platform_post_id, review.suspected_class, review.rule, review.status).join(
                posts, posts.c.id == review.post_id
            )
        )
        return {key: tuple(rest) for key, *rest in rows}  # type: ignore[misc]


def _judge(store: Store, key: str, *, hide: bool, note: str | None = None) -> str:
    with writing(store.engine) as connection:
        (post_id,) = writes.find_posts(connection, "blog", [key]).values()
        return writes.judge_review(connection, post_id, hide, note, NOW)


def _reasons(store: Store) -> dict[str, str]:
    with store.engine.connect() as connection:
        return dict(connection.execute(select(posts.c.platform_post_id, posts.c.reason)).all())


def _wrong(store: Store) -> list[str]:
    return [str(difference) for difference in rollups.check(store.engine)]


def test_a_suspected_post_stays_a_question_and_is_under_review(store: Store) -> None:
    store.add(a_question("q1"), a_question("doubt", DOUBTFUL))
    assert _reviews(store) == {"doubt": ("political", "political.name", "open")}
    assert _reasons(store)["doubt"] == "default.question"
    with store.engine.connect() as connection:
        row = connection.execute(select(post_reviews, posts.c.timeline_id).join(posts)).one()
    assert (row[1], row.rules_version, row.decided_at, row.note) == (row[-1], annotate.versions().rules, None, None)


def test_a_post_at_risk_is_under_no_review(store: Store, here: Here) -> None:
    store.add(a_question("risk", DOUBTFUL + ". 죽고 싶다"))
    assert _reviews(store) == {}
    assert str(reannotate(store.engine, restart=True)) == "read=1 changed=0 switched=yes"


def test_what_the_network_calls_a_repost_is_under_no_review(store: Store) -> None:
    store.add(a_question("doubt", DOUBTFUL, kind="repost"))
    assert _reviews(store) == {}


def test_a_hidden_post_counts_under_the_reason_of_a_person_beside_what_the_rules_said(store: Store) -> None:
    store.add(a_question("doubt", DOUBTFUL), a_question("q1"))
    assert _judge(store, "doubt", hide=True, note="slogan") == "political"
    assert class_reasons(store.engine, MARCH).values.tolist() == [
        ["question", "default.question", 1], ["political", "political.review", 1]
    ]  # fmt: skip
    with store.engine.connect() as connection:
        row = connection.execute(select(post_reviews)).one()
        said = connection.execute(select(classifications.c.rule).order_by(classifications.c.decided_at)).scalars()
        assert set(said) == {"political.name", "default", "person"}
    assert (row.status, row.note, row.decided_at) == ("hidden", "slogan", NOW)
    assert _wrong(store) == []


def test_a_kept_post_stays_as_it_is_and_a_decision_may_be_taken_back(store: Store) -> None:
    store.add(a_question("doubt", DOUBTFUL))
    assert _judge(store, "doubt", hide=False) == "question"
    assert _reviews(store) == {"doubt": ("political", "political.name", "kept")}
    assert _judge(store, "doubt", hide=True) == "political"
    assert _judge(store, "doubt", hide=False) == "question"
    assert (_reasons(store), _wrong(store)) == ({"doubt": "default.question"}, [])


@pytest.mark.parametrize(("hide", "reason"), [(True, "political.review"), (False, "default.question")])
def test_a_decision_survives_a_second_loading_and_is_void_once_the_text_is_another(
    store: Store, hide: bool, reason: str
) -> None:
    store.add(a_question("doubt", DOUBTFUL))
    _judge(store, "doubt", hide=hide, note="seen")
    status = "hidden" if hide else "kept"
    assert store.add(a_question("doubt", DOUBTFUL)).unchanged == 1
    later = kst("2026-03-03 09:00")
    assert store.add(a_question("doubt", DOUBTFUL, version=2, topic="new", created_at=later)).updated == 1
    assert _reviews(store)["doubt"][2] == status
    assert _reasons(store) == {"doubt": reason}
    with store.engine.connect() as connection:
        row = connection.execute(select(post_reviews, posts.c.timeline_id).join(posts)).one()
    assert (row[1], row.note) == (row[-1], "seen")  # it moved with its post
    store.add(a_question("doubt", DOUBTFUL_TOO, version=3))
    assert _reviews(store) == {"doubt": ("political", "political.name", "open")}
    store.add(a_question("doubt", version=4))
    assert (_reviews(store), _reasons(store), _wrong(store)) == ({}, {"doubt": "default.question"}, [])


@pytest.mark.parametrize("hide", [True, False])
def test_a_decision_survives_a_rule_that_has_become_sure(
    store: Store, here: Here, hide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(a_question("doubt", DOUBTFUL), a_question("other", DOUBTFUL_TOO))
    _judge(store, "doubt", hide=hide)
    before = _reasons(store)["doubt"]
    sure = Verdict("spam", "spam.gambling", "spam.gambling", 0.9)
    monkeypatch.setattr(filtering, "classify", lambda *_, **__: sure)
    for module in (annotate, reading):
        monkeypatch.setattr(module, "versions", lambda: Versions("t", "d", "newer rules"))
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    assert _reasons(store) == {"doubt": before, "other": "spam.gambling"}
    # Nobody need look at what is hidden for sure.
    assert _reviews(store) == {"doubt": ("political", "political.name", "hidden" if hide else "kept")}
    assert _wrong(store) == []


def test_a_reannotation_finds_the_suspicions_of_texts_that_were_read_before(store: Store, here: Here) -> None:
    with old_reading():
        store.add(a_question("doubt", DOUBTFUL), a_question("q1"))
    assert _reviews(store) == {}
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    assert _reviews(store) == {"doubt": ("political", "political.name", "open")}
    assert str(reannotate(store.engine, restart=True)) == "read=2 changed=0 switched=yes"
    with store.engine.connect() as connection:
        row = connection.execute(select(post_reviews, posts.c.timeline_id).join(posts)).one()
    assert (row[1], row.rules_version) == (row[-1], annotate.versions().rules)


def test_a_removed_post_is_under_no_review_and_cannot_be_judged(store: Store) -> None:
    store.add(a_question("doubt", DOUBTFUL))
    with writing(store.engine) as connection:
        ids = list(writes.find_posts(connection, "blog", ["doubt"]).values())
        writes.remove_posts(connection, ids, NOW)
    assert _reviews(store) == {}
    with pytest.raises(writes.UnknownReview, match="not under review"):
        _judge(store, "doubt", hide=True)


def test_a_post_that_turns_out_to_repeat_another_is_under_no_review(store: Store) -> None:
    long = DOUBTFUL + ", 그 시절이 그 시절, 그 사람이 그 사람"
    store.add(a_question("second", long, author="one", created_at=kst("2026-03-04 09:00")))
    assert set(_reviews(store)) == {"second"}
    store.add(a_question("first", long, author="one"))
    assert set(_reviews(store)) == {"first"}
    assert _reasons(store)["second"] == "duplicate.repeated"


def test_the_store_knows_the_rules_that_judged_last(store: Store) -> None:
    store.add(a_question())
    with store.engine.connect() as connection:
        rows = connection.execute(select(filter_rules).order_by(filter_rules.c.position)).all()
    assert [row.rule for row in rows] == [rule.id for rule in (*filtering.RULES, *ANSWER_RULES)]
    assert {row.rules_version for row in rows} == {filtering.rules_version()}
    assert [dict(row._mapping) for row in rows] == resource_rows.filter_rule_rows()
