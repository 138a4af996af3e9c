"""Kinds of the city's replies in the store: what is no answer leaves a question waiting, and is counted apart. Both engines."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from sqlalchemy import select, update

from data_sources import reannotation
from db import queries, rollups, writes
from db.metrics import metric
from db.records import PostFilter
from db.schema import classifications, load_runs, post_copies, posts, questions
from db.transactions import writing
from db.writes.templates import MIN_REPLIES
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store
from tests.data_sources.reading import Here

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
HAND_OFF = "120 다산콜로 문의해 주시기 바랍니다."
AUTOMATIC = "문의가 정상적으로 접수되었습니다."
SAME = "말씀하신 가로등은 담당 직원이 현장을 살핀 뒤 교체 여부를 정하여 다시 알려 드리겠습니다"
ASKED = kst("2026-03-02 09:00")


def _waits(store: Store, key: str = "q1") -> tuple[int | None, int | None]:
    """Return the seconds to the first answer and to the first reply of a question."""
    with store.engine.connect() as connection:
        return tuple(connection.execute(  # type: ignore[return-value]
            select(questions.c.first_answer_seconds, questions.c.first_reply_seconds)
            .join(posts, posts.c.id == questions.c.post_id).where(posts.c.platform_post_id == key)
        ).one())  # fmt: skip


def _kinds(store: Store) -> dict[str, int]:
    found = queries.reply_kinds(store.engine, MARCH)
    return {reason: count for reason, count in zip(found["reason"], found["replies"], strict=True) if count}


def _is_true(store: Store) -> bool:
    return [str(difference) for difference in rollups.check(store.engine)] == []


def _reply(key: str, text: str, hours: float, to: str = "q1") -> object:
    return an_answer(key, to=to, text=text, created_at=ASKED + dt.timedelta(hours=hours))


def test_what_is_no_answer_is_a_reply_and_the_question_waits_on(store: Store) -> None:
    waiting = a_question("q2", "보도블록이 깨졌어요", created_at=ASKED)
    store.add(a_question(), waiting, _reply("a0", AUTOMATIC, 0.5), _reply("a1", HAND_OFF, 1))
    assert _waits(store) == (None, 1800)
    assert queries.response_coverage(store.engine, MARCH).unanswered == 2
    store.add(_reply("a2", "가로등을 오늘 교체했습니다.", 30))
    assert _waits(store) == (30 * 3600, 1800)
    assert _kinds(store) == {"answer.substantive": 1, "answer.hand_off": 1, "answer.automatic": 1}
    assert metric(store.engine, "hand_off_replies_share", MARCH).value == pytest.approx(1 / 3)
    assert metric(store.engine, "automatic_replies_share", MARCH).n == 3
    assert metric(store.engine, "median_reply_hours", MARCH).value == pytest.approx(0.5, rel=0.011)
    assert metric(store.engine, "median_response_hours", MARCH).value == pytest.approx(30, rel=0.011)
    assert metric(store.engine, "replied_within_24h_share", MARCH).value == 0.5
    assert metric(store.engine, "answered_within_24h_share", MARCH).value == 0
    assert _is_true(store)


@pytest.mark.parametrize("page_size", [1, 3, 100])
def test_a_text_said_five_times_is_a_template_from_the_first_time_on(store: Store, page_size: int) -> None:
    asked = [a_question(f"q{n}", f"가로등 {n}번이 꺼졌어요", created_at=ASKED) for n in range(MIN_REPLIES)]
    replies = [_reply(f"a{n}", SAME, n + 1, to=f"q{n}") for n in range(MIN_REPLIES)]
    store.add(*asked, *replies[:-1], page_size=page_size)
    assert [_waits(store, f"q{n}")[0] for n in range(MIN_REPLIES)] == [*(3600 * (n + 1) for n in range(4)), None]
    assert _kinds(store) == {"answer.substantive": 4}
    store.add(replies[-1], page_size=page_size)
    assert [_waits(store, f"q{n}") for n in range(MIN_REPLIES)] == [(None, 3600 * (n + 1)) for n in range(5)]
    assert _kinds(store) == {"answer.template": 5}
    assert metric(store.engine, "template_replies_share", MARCH).value == 1
    assert _is_true(store)


@pytest.mark.parametrize("others", [1, 2])
@pytest.mark.parametrize("large_first", [True, False])
def test_what_joins_a_template_through_another_text_is_of_it_too(store: Store, large_first: bool, others: int) -> None:
    two_weeks = 14 * 24
    asked = [a_question(f"q{n}", f"가로등 {n}번이 꺼졌어요", created_at=ASKED) for n in range(1, 10)]
    starts = {f"a{n}": 1 + (0 if n <= MIN_REPLIES else two_weeks) for n in range(1, MIN_REPLIES + others + 1)}
    few, many = list(starts)[MIN_REPLIES:], list(starts)[:MIN_REPLIES]
    store.add(*asked)
    for keys in (many, few) if large_first else (few, many):
        store.add(*(_reply(key, SAME, starts[key], to=f"q{key[1:]}") for key in keys))
    # Copies are looked for in the week beside: those of two weeks later are a group of their own, a single one is in none.
    assert _kinds(store) == {"answer.template": MIN_REPLIES, "answer.substantive": others}
    store.add(_reply("between", SAME, two_weeks / 2, to="q9"))
    assert _kinds(store) == {"answer.template": MIN_REPLIES + others + 1}
    assert _is_true(store)


@pytest.mark.parametrize("seed", range(3))
def test_no_reply_of_a_large_group_is_left_out_whatever_comes_first(store: Store, seed: int) -> None:
    order = random.Random(seed)
    weeks = [order.randrange(9) for _ in range(24)]
    replies = [_reply(f"a{n}", SAME, 7 * 24 * week + n / 10, to=f"q{n}") for n, week in enumerate(weeks)]
    store.add(*(a_question(f"q{n}", f"가로등 {n}번이 꺼졌어요", created_at=ASKED) for n in range(len(replies))))
    order.shuffle(replies)
    while replies:
        page, replies = replies[:2], replies[2:]
        store.add(*page)
        with store.engine.connect() as connection:
            rows = connection.execute(
                select(post_copies.c.representative_id, posts.c.is_template).join(
                    posts, posts.c.id == post_copies.c.post_id
                )
            ).all()
        sizes = Counter(group for group, _ in rows)
        assert all(is_template for group, is_template in rows if sizes[group] >= MIN_REPLIES)
        assert not any(is_template for group, is_template in rows if sizes[group] < MIN_REPLIES)
    assert _is_true(store)


def test_an_edited_reply_is_judged_anew(store: Store) -> None:
    store.add(a_question(), _reply("a1", HAND_OFF, 1))
    store.add(
        an_answer("a1", to="q1", text="가로등을 교체했습니다.", version=1, created_at=ASKED + dt.timedelta(hours=1))
    )
    assert _waits(store) == (3600, 3600)
    store.add(an_answer("a1", to="q1", text=HAND_OFF, version=2, created_at=ASKED + dt.timedelta(hours=1)))
    assert _waits(store) == (None, 3600)
    assert _is_true(store)


def test_a_person_can_say_that_a_reply_is_an_answer_after_all(store: Store) -> None:
    store.add(a_question(), _reply("a1", "담당자와 통화하실 수 있게 해 드렸습니다.", 2))
    with writing(store.engine) as connection:
        [answer] = writes.find_posts(connection, "blog", ["a1"]).values()
        writes.mark_templates(connection, [answer])
    assert _waits(store) == (None, 7200)
    assert _kinds(store) == {"answer.template": 1}
    assert _is_true(store)


def test_what_was_stored_before_there_were_kinds_is_told_apart_by_reading_it_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: Here())
    same = [_reply(f"t{n}", SAME, n + 1, to=f"q{n}") for n in range(2, 2 + MIN_REPLIES)]
    store.add(*(a_question(f"q{n}", f"가로등 {n}번이 꺼졌어요", created_at=ASKED) for n in range(1, 7)),
              _reply("a1", HAND_OFF, 1), *same)  # fmt: skip
    with writing(store.engine) as connection:  # as an older version had written it
        city = select(posts.c.id).where(posts.c.is_inbound.is_(False))
        ids = list(connection.scalars(city))
        writes.mark_templates(connection, ids, is_template=False)
        with rollups.changing(connection, ids):
            connection.execute(update(posts).where(posts.c.id.in_(ids)).values(reason="default.answer"))
        of_city = classifications.c.post_id.in_(ids)
        connection.execute(
            update(classifications).where(of_city).values(reason="default.answer", rule="default", rules_version="old")
        )
        connection.execute(update(load_runs).values(rules_version="old"))
    assert _kinds(store) == {"default.answer": 6}
    assert _waits(store) == (3600, 3600)
    reannotation.reannotate(store.engine)
    assert _kinds(store) == {"answer.hand_off": 1, "answer.template": 5}
    assert _waits(store) == (None, 3600)
    assert _waits(store, "q3")[0] is None
    assert _is_true(store)


def test_departments_are_those_of_the_accounts_that_replied(store: Store) -> None:
    store.add(a_question(), _reply("a1", HAND_OFF, 1), _reply("a2", "교체했습니다.", 2))
    [row] = queries.replies_by_department(store.engine, MARCH).to_dict("records")
    assert (row["replies"], row["answers_given"], row["hand_offs"], row["automatic"], row["templates"]) == (
        2,
        1,
        1,
        0,
        0,
    )
    assert row["answer_low"] < row["answer_share"] == 0.5 < row["answer_high"]
    assert queries.reply_kinds(store.engine, PostFilter(dt.date(2020, 1, 1), dt.date(2020, 1, 31))).empty


def test_answers_within_a_minute_are_told(store: Store) -> None:
    for number, seconds in enumerate((0, 59, 60, 3600)):
        store.add(
            a_question(f"q{number}", "여기 좀 봐 주세요", created_at=ASKED),
            an_answer(
                f"a{number}",
                to=f"q{number}",
                text=f"{number}번 조치했습니다.",
                created_at=ASKED + dt.timedelta(seconds=seconds),
            ),
        )
    found = metric(store.engine, "implausibly_fast_share", MARCH)
    assert (found.value, found.n) == (0.5, 4)
