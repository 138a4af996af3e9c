from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import update

from db import writes
from db.queries import filter_rules, review_counts, reviews
from db.records import PostFilter
from db.schema import platforms, posts
from db.transactions import writing
from nlp.answers import ANSWER_RULES
from nlp.filtering import RULES
from tests.builders import a_question, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
DOUBTFUL = "박정희랑 전두환은 다 같은 사람들"


def _fill(store: Store) -> None:
    store.add(
        a_question("old", DOUBTFUL, created_at=kst("2026-02-28 09:00")),
        a_question("first", DOUBTFUL),
        a_question("second", DOUBTFUL, created_at=kst("2026-03-05 09:00")),
        a_question("there", DOUBTFUL, platform="me2day", created_at=kst("2026-03-04 09:00")),
        a_question("sure"),
    )
    store.add(a_question("invented", DOUBTFUL), origin="synthetic")


def test_the_newest_of_the_period_come_first(store: Store) -> None:
    _fill(store)
    found = reviews(store.engine, MARCH)
    assert found["platform_post_id"].tolist() == ["second", "there", "first"]
    assert found.loc[0, ["post_class", "suspected_class", "rule", "review_status", "text", "note"]].tolist() == [
        "question", "political", "political.name", "open", DOUBTFUL, None
    ]  # fmt: skip
    assert reviews(store.engine, MARCH, limit=1)["platform_post_id"].tolist() == ["second"]
    there = replace(MARCH, platforms=("me2day",))
    assert reviews(store.engine, there)["platform_post_id"].tolist() == ["there"]
    assert reviews(store.engine, replace(MARCH, classes=("ad",))).empty
    assert reviews(store.engine, replace(MARCH, synthetic=True))["platform_post_id"].tolist() == ["invented"]


def test_reviews_are_counted_by_what_is_suspected_and_what_became_of_it(store: Store) -> None:
    _fill(store)
    with writing(store.engine) as connection:
        found = writes.find_posts(connection, "blog", ["first", "second"])
        writes.judge_review(connection, found["first"], True, None, NOW)
        writes.judge_review(connection, found["second"], False, "fair", NOW)
    assert review_counts(store.engine, MARCH).values.tolist() == [
        ["political", "hidden", 1], ["political", "kept", 1], ["political", "open", 1]
    ]  # fmt: skip
    assert review_counts(store.engine, replace(MARCH, platforms=("blog",)))["posts"].tolist() == [1, 1]
    kept = reviews(store.engine, MARCH, "kept")
    assert kept[["platform_post_id", "note", "decided_at"]].values.tolist() == [["second", "fair", NOW]]


def test_a_text_its_platform_does_not_show_is_not_handed_out(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        connection.execute(update(platforms).where(platforms.c.id == "me2day").values(display="link", export="ids"))
        connection.execute(update(posts).values(origin="live"))
    there = reviews(store.engine, replace(MARCH, platforms=("me2day",)))
    assert there[["text", "export_text"]].values.tolist() == [[None, None]]


def test_a_post_that_is_at_risk_by_now_is_in_no_list(store: Store) -> None:
    _fill(store)
    with store.engine.begin() as connection:
        connection.execute(update(posts).where(posts.c.platform_post_id == "second").values(is_risk=True))
    assert reviews(store.engine, MARCH)["platform_post_id"].tolist() == ["there", "first"]


def test_the_rules_are_in_the_order_in_which_they_are_asked(store: Store) -> None:
    assert filter_rules(store.engine).empty
    store.add(a_question())
    found = filter_rules(store.engine)
    assert found[["rule", "reason", "confidence"]].values.tolist() == [
        [rule.id, rule.reason, rule.confidence] for rule in (*RULES, *ANSWER_RULES)
    ]
