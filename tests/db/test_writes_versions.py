"""A network that numbers edits: replies and removals name whatever version their author saw."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from data_sources.records import Post
from db import queries, rollups
from db.records import PostFilter
from db.schema import posts
from db.transactions import writing
from db.writes.changes import find_posts, remove_posts
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
WRITTEN = a_question("q1", created_at=kst("2026-03-02 09:00"))
EDITED = a_question(
    "q1",
    "지하철 2호선이 또 늦어요. 언제 고쳐지나요?",
    created_at=kst("2026-03-02 09:00"),
    version=1,
    later_ids=("q1b",),
)
REPLY = an_answer("a1", to="q1b", created_at=kst("2026-03-02 11:00"))


@pytest.mark.parametrize(
    "pages",
    [[WRITTEN, EDITED, REPLY], [WRITTEN, REPLY, EDITED], [REPLY, EDITED], [EDITED, REPLY], [REPLY, WRITTEN, EDITED]],
    ids=["in order", "edit read last", "reply read first", "edit seen alone", "reply, then both"],
)
def test_a_reply_to_a_later_version_answers_the_question(store: Store, pages: list[Post]) -> None:
    for post in pages:
        store.add(post)
    coverage = queries.response_coverage(store.engine, MARCH)
    assert (coverage.questions, coverage.answered) == (1, 1)
    assert [str(difference) for difference in rollups.check(store.engine)] == []


def test_all_in_one_page(store: Store) -> None:
    store.add(REPLY, EDITED)
    assert queries.response_coverage(store.engine, MARCH).answered == 1


def test_a_removal_may_name_a_later_version(store: Store) -> None:
    store.add(EDITED, REPLY)
    with writing(store.engine) as connection:
        found = find_posts(connection, "blog", ["q1b", "q1", "unknown"])
        assert found["q1b"] == found["q1"]
        assert set(found) == {"q1", "q1b"}
        assert remove_posts(connection, [found["q1b"]], kst("2026-03-03 09:00")) == 1
    with store.engine.connect() as connection:
        assert connection.scalar(select(posts.c.text).where(posts.c.platform_post_id == "q1")) is None
    assert [str(difference) for difference in rollups.check(store.engine)] == []
