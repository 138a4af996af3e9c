"""What must leave the store leaves it: rows, search, roll-ups, and the bytes of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from data_sources.base import AuthFailed
from data_sources.compliance import CHECKED_ANEW_AFTER, comply, forget, retain
from data_sources.fetching import Surroundings, fetch
from data_sources.live import remove
from data_sources.pseudonyms import Pseudonyms, hash_key
from data_sources.records import Removal
from db import rollups
from db.engine import open_engine
from db.migrate import upgrade
from db.queries import search
from db.records import PostFilter, SearchRequest
from db.schema import attachments, posts, source_usage, terms
from db.transactions import writing
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store
from tests.data_sources.numbers_network import CITIZEN, NumbersConnector, gone, honest
from tests.loopback import Answer, LoopbackServer

BEGIN = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NEXT_NIGHT = BEGIN + dt.timedelta(days=1)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def _read(store: Store, server: LoopbackServer, last: int = 7, **budget: float) -> NumbersConnector:
    server.respond("/posts", honest(last))
    connector = NumbersConnector(server.url, **budget)  # type: ignore[arg-type]
    around = Surroundings(now=lambda: BEGIN, sleep=lambda _: None, jitter=lambda longest: longest)
    assert fetch(connector, store.engine, surroundings=around).state.status == "ok"
    return connector


def _removed(store: Store) -> set[str]:
    with store.engine.connect() as connection:
        return set(connection.scalars(select(posts.c.platform_post_id).where(posts.c.removed_at.is_not(None))))


def _wrong(store: Store) -> list[str]:
    return [str(difference) for difference in rollups.check(store.engine)]


def _silent(line: str) -> None:
    raise AssertionError(line)


def test_a_night_removes_what_the_network_no_longer_has(store: Store, server: LoopbackServer) -> None:
    connector = _read(store, server)
    server.respond(
        "/gone",
        gone(
            {"what": "post", "id": "n3", "reason": "deleted"},
            {"what": "author", "id": f"{CITIZEN}1", "reason": "suspended"},  # n1, n4 and n7
        ),
    )
    outcome = comply([connector], store.engine, _silent, now=lambda: NEXT_NIGHT)
    assert str(outcome) == "checked=7 removed=4 deleted=1 suspended=3 failed=0"
    assert _removed(store) == {"n1", "n3", "n4", "n7"}
    assert _wrong(store) == []
    with store.engine.connect() as connection:
        empty = select(func.count()).where(
            posts.c.removed_at.is_not(None), posts.c.text.is_(None), posts.c.url.is_(None)
        )
        assert connection.scalar(empty.where(posts.c.author_key.is_(None), posts.c.checked_at.is_(None))) == 4
        assert connection.scalar(select(func.count()).select_from(attachments)) == 3
        assert connection.scalar(select(source_usage.c.reads)) == 14  # seven read, seven asked for
    assert sorted(search(store.engine, SearchRequest(MARCH, "가로등이")).results["platform_post_id"]) == [
        "n2",
        "n5",
        "n6",
    ]
    # Whoever was just checked is not asked for again.
    again = comply([connector], store.engine, _silent, now=lambda: NEXT_NIGHT)
    assert str(again) == "checked=0 removed=0 failed=0"


def test_the_oldest_check_comes_first_and_a_night_is_bounded(store: Store, server: LoopbackServer) -> None:
    connector = _read(store, server)
    with writing(store.engine) as connection:
        for number in (2, 5):
            connection.execute(
                update(posts)
                .where(posts.c.platform_post_id == f"n{number}")
                .values(checked_at=BEGIN - dt.timedelta(days=number))
            )
    server.respond("/gone", gone())
    asked = []
    for night in range(1, 5):
        now = BEGIN + dt.timedelta(days=night)
        assert comply([connector], store.engine, _silent, most=2, now=lambda now=now: now).checked == 2  # type: ignore[misc]
        asked.append(set(server.seen[-1].query["ids"].split(",")))
    assert asked[0] == {"n5", "n2"}
    assert set.union(*asked[:3]) | asked[3] == {f"n{number}" for number in range(1, 8)}
    assert asked[3] & asked[0]  # all others were asked for since


@pytest.mark.parametrize(
    ("budget", "checked"),
    [
        ({"budget_reads": 7 + 29 * 2 * 3}, 3),  # 29 days are left, and half of a day's share is for checks
        ({"budget_dollars": 0.035 + 29 * 2 * 0.005 * 5 + 0.001}, 5),
        ({"budget_reads": 7}, 0),
    ],
)
def test_checks_leave_most_of_the_month_s_budget_to_reading(
    store: Store, server: LoopbackServer, budget: dict[str, float], checked: int
) -> None:
    connector = _read(store, server, **(budget if checked else {}))
    connector.budget_reads = budget.get("budget_reads")  # type: ignore[assignment]
    server.respond("/gone", gone())
    now = dt.datetime(2026, 3, 3, 23, tzinfo=dt.UTC)
    assert comply([connector], store.engine, _silent, now=lambda: now).checked == checked


def test_a_network_says_how_many_it_is_asked_for_at_once(store: Store, server: LoopbackServer) -> None:
    connector = _read(store, server)
    server.respond("/gone", gone())
    for at_once, questions in ((0, []), (3, [3, 3, 1])):
        server.seen.clear()
        connector.ids_per_check = at_once  # type: ignore[attr-defined]
        comply([connector], store.engine, _silent, now=lambda: NEXT_NIGHT)
        assert [len(request.query["ids"].split(",")) for request in server.seen] == questions


def test_a_network_that_fails_is_said_and_the_posts_wait_for_the_next_night(
    store: Store, server: LoopbackServer
) -> None:
    connector = _read(store, server)
    server.answer("/gone", Answer(b"", 401))
    said: list[str] = []
    outcome = comply([connector], store.engine, said.append, now=lambda: NEXT_NIGHT)
    assert (outcome.checked, outcome.failed, _removed(store)) == (0, 1, set())
    assert said[0].startswith(f"numbers:test: {AuthFailed.kind}: ")
    server._queues.clear()
    server.respond("/gone", gone({"what": "post", "id": "n1", "reason": "missing"}))
    assert comply([connector], store.engine, _silent, now=lambda: NEXT_NIGHT).removed == {"missing": 1}


def test_an_author_s_posts_go_at_the_author_s_wish(store: Store) -> None:
    store.add(
        a_question("q1", author="kim"), a_question("q2", "다른 글입니다. 언제 고치나요?", author="kim"),
        a_question("q3", author="lee"), a_question("q4", author="kim", platform="file"), an_answer("a1", to="q1"),
    )  # fmt: skip
    assert forget(store.engine, "blog", "@Kim", dry_run=True) == (2, 0)
    assert _removed(store) == set()
    assert forget(store.engine, "blog", "@kim") == (2, 2)
    assert _removed(store) == {"q1", "q2"}
    assert forget(store.engine, "blog", "kim") == (0, 0)  # nobody can tell any more
    assert _wrong(store) == []


def test_what_is_too_old_goes_by_class_and_the_city_s_own_words_stay(store: Store) -> None:
    old, new = kst("2026-03-01 09:00"), kst("2026-03-20 09:00")
    spam = "지금 클릭 bit.ly/abc 무료 카지노 가입하면 현금 100% 지급 텔레그램 문의"
    store.add(
        a_question("old", created_at=old), a_question("spam", spam, created_at=old), a_question("new", created_at=new),
        an_answer("answer", to="old", created_at=old + dt.timedelta(hours=1)),
    )  # fmt: skip
    store.add(a_question("invented", created_at=old), origin="synthetic")
    with store.engine.connect() as connection:
        class_of_spam = connection.scalar(select(posts.c.post_class).where(posts.c.platform_post_id == "spam"))
    now = lambda: kst("2026-03-25 09:00")  # noqa: E731
    ten_days = dt.timedelta(days=10)
    assert retain(store.engine, ten_days, [], dry_run=True, now=now) == (2, 0)
    assert retain(store.engine, ten_days, [str(class_of_spam)], now=now) == (1, 1)
    assert _removed(store) == {"spam"}
    assert retain(store.engine, ten_days, [], now=now) == (1, 1)
    assert _removed(store) == {"spam", "old"}
    assert retain(store.engine, ten_days, [], now=now) == (0, 0)
    assert _wrong(store) == []


def test_words_only_the_removed_have_said_go_and_others_stay(store: Store) -> None:
    store.add(a_question("q1", "따릉이와 홍두깨나무가 고장났어요"), a_question("q2", "따릉이가 고장났어요", author="b"))
    with store.engine.connect() as connection:
        before = set(connection.scalars(select(terms.c.term).where(terms.c.is_group.is_(False))))
    removal = Removal(platform="blog", what="post", id="q1", reason="deleted")
    with writing(store.engine) as connection:
        assert remove(connection, [removal], Pseudonyms(hash_key()), BEGIN) == 1
    with store.engine.connect() as connection:
        after = set(connection.scalars(select(terms.c.term).where(terms.c.is_group.is_(False))))
    assert "따릉이" in after
    assert [word for word in before - after if word not in "홍두깨나무"] == []
    assert before - after
    store.add(a_question("q3", "홍두깨나무가 쓰러졌어요", author="c"))
    assert _wrong(store) == []


def test_what_was_removed_is_in_no_byte_of_the_store_s_files(tmp_path: Path, server: LoopbackServer) -> None:
    store = Store(open_engine(f"sqlite:///{tmp_path / 'minwon.db'}"))
    upgrade(store.engine)
    connector = _read(store, server, last=9)
    words = ["뷁어", "쀍마", "pictures.example/4.jpg", "n4"]

    def held(word: str) -> bool:
        return any(word.encode() in path.read_bytes() for path in tmp_path.glob("minwon.db*"))

    assert [word for word in words if not held(word)] == []
    server.respond("/gone", gone({"what": "post", "id": "n4", "reason": "deleted"}))
    with store.engine.connect() as reader:  # somebody reads meanwhile, so that the log is kept
        reader.execute(select(func.count()).select_from(posts))
        reader.rollback()
        assert comply([connector], store.engine, _silent, now=lambda: NEXT_NIGHT).removed == {"deleted": 1}
    assert held("쀍가") or held("쀍나")  # of the others
    assert [word for word in words[1:3] if held(word)] == []
    assert held("n4")  # the tombstone
    assert _wrong(store) == []
    assert dt.timedelta(days=1) > CHECKED_ANEW_AFTER


def test_a_store_of_before_takes_when_a_post_was_collected_for_its_check(bare_engine) -> None:  # type: ignore[no-untyped-def]
    from tests.db.test_upgrade import _of_the_first_schema

    _of_the_first_schema(bare_engine)
    upgrade(bare_engine, "0011")
    with bare_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE posts SET origin = 'live' WHERE id = 1")
    upgrade(bare_engine)
    with bare_engine.connect() as connection:
        rows = connection.execute(select(posts.c.id, posts.c.checked_at).order_by(posts.c.id)).all()
        assert connection.execute(select(attachments.c.thumbnail)).all() == []
    collected = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)
    assert [tuple(row) for row in rows] == [(1, collected), (2, None), (65_537, None)]
    with pytest.raises(IntegrityError), bare_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE posts SET platform_id = NULL WHERE id = 1")
