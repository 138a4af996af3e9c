"""Near-identical texts stand in one group under their earliest, in whatever order they come."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, func, insert, select, update

from data_sources.records import Post
from db import rollups, writes
from db.queries import CopyCounts, copy_counts, copy_groups, response_coverage
from db.queries import copies as copies_query
from db.records import PostFilter
from db.schema import platforms, post_copies, posts, questions, text_bands, text_signatures
from db.transactions import writing
from db.writes import copies
from nlp import copies as texts
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
TEXT = "우리 동네 보도블록이 깨져서 걷기 위험합니다. 하루빨리 고쳐 주시기 바랍니다. 언제 되나요?"
PLACES = ("하수구", "정류장", "놀이터", "가로등", "보도")
OTHER = "지하철 2호선 배차 간격이 너무 길어서 출근길마다 늦습니다. 증차는 언제 하나요?"


def _copy(post_id: str, day: int, text: str = TEXT, **fields: object) -> Post:
    return a_question(post_id, text, created_at=kst(f"2026-03-{day:02d} 09:00"), **fields)


def _groups(store: Store) -> dict[str, set[str]]:
    """Return the groups by the representative's id on its platform, and hold that nothing else is wrong."""
    first = posts.alias("first")
    statement = (
        select(first.c.platform_post_id, posts.c.platform_post_id)
        .select_from(post_copies)
        .join(posts, posts.c.id == post_copies.c.post_id)
        .join(first, first.c.id == post_copies.c.representative_id)
    )
    found: dict[str, set[str]] = {}
    with store.engine.connect() as connection:
        for representative, member in connection.execute(statement):
            found.setdefault(representative, set()).add(member)
    assert [str(difference) for difference in rollups.check(store.engine)] == []
    return found


def _classes(store: Store) -> dict[str, str]:
    with store.engine.connect() as connection:
        rows = connection.execute(select(posts.c.platform_post_id, posts.c.reason, questions.c.post_id).outerjoin(
            questions, questions.c.post_id == posts.c.id))  # fmt: skip
        return {id_: reason if asked is None else "question" for id_, reason, asked in rows}


def _remove(store: Store, *keys: str) -> None:
    with writing(store.engine) as connection:
        writes.remove_posts(connection, list(writes.find_posts(connection, "blog", keys).values()), NOW)


def test_the_store_and_the_text_half_agree_on_what_a_copy_is() -> None:
    assert copies.SIMILARITY == texts.THRESHOLD
    assert text_signatures.c.signature.type.length == texts.PERMUTATIONS


def test_copies_by_different_authors_are_questions_in_one_group(store: Store) -> None:
    store.add(_copy("q2", 3), _copy("q1", 2), _copy("q3", 4, f"{TEXT} 2026년"), _copy("q4", 4, OTHER))
    assert _groups(store) == {"q1": {"q1", "q2", "q3"}}
    assert response_coverage(store.engine, MARCH).questions == 4


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2), (2, 1, 0, 3), (1, 2, 3, 0)])
@pytest.mark.parametrize("page_size", [1, 4])
def test_the_order_of_arrival_leaves_no_trace(store: Store, order: tuple[int, ...], page_size: int) -> None:
    campaign = [
        _copy("a", 2, author="one"), _copy("b", 5, author="one"), _copy("c", 4, author="two"), _copy("d", 9, OTHER)
    ]  # fmt: skip
    store.add(*(campaign[place] for place in order), page_size=page_size)
    assert _groups(store) == {"a": {"a", "b", "c"}}
    assert _classes(store) == {"a": "question", "b": "duplicate.repeated", "c": "question", "d": "question"}


def test_loading_twice_changes_nothing(store: Store) -> None:
    records = [_copy("a", 2, author="one"), _copy("b", 3, author="one"), _copy("c", 4)]
    store.add(*records)
    before = _groups(store), _classes(store)
    assert store.add(*records).unchanged == 3
    assert (_groups(store), _classes(store)) == before


def test_the_same_author_after_more_than_a_week_asks_again(store: Store) -> None:
    store.add(_copy("a", 2, author="one"), _copy("b", 9, author="one"), _copy("c", 17, author="one"))
    assert _groups(store) == {"a": {"a", "b", "c"}}
    assert _classes(store) == {"a": "question", "b": "duplicate.repeated", "c": "question"}


def test_a_duplicate_names_the_post_it_repeats(store: Store) -> None:
    store.add(_copy("b", 3, author="one"), _copy("c", 4, author="one"))
    store.add(_copy("a", 2, author="one"))
    first = posts.alias("first")
    with store.engine.connect() as connection:
        rows = connection.execute(select(posts.c.platform_post_id, first.c.platform_post_id).join(
            first, first.c.id == posts.c.duplicate_of_post_id))  # fmt: skip
        assert dict(rows.all())["b"] == "a"
    assert _classes(store) == {"a": "question", "b": "duplicate.repeated", "c": "duplicate.repeated"}


def test_a_group_goes_on_over_months_and_ends_with_a_week_without_a_copy(store: Store) -> None:
    days = [dt.date(2026, 3, 2) + dt.timedelta(days=offset) for offset in (0, 13, 20, 33, 34)]
    store.add(*(a_question(f"q{n}", TEXT, created_at=kst(f"{day} 09:00")) for n, day in enumerate(days)))
    assert _groups(store) == {"q0": {"q0", "q1", "q2"}, "q3": {"q3", "q4"}}


def test_two_groups_become_one_when_a_text_belongs_to_both(store: Store) -> None:
    early = [a_question(f"a{n}", TEXT, created_at=kst(f"2026-03-02 0{n}:00")) for n in range(2)]
    late = [a_question(f"z{n}", TEXT, created_at=kst(f"2026-03-17 0{n}:00")) for n in range(2)]
    store.add(*late)
    store.add(*early)
    assert _groups(store) == {"a0": {"a0", "a1"}, "z0": {"z0", "z1"}}
    store.add(a_question("m", TEXT, created_at=kst("2026-03-12 09:00")))
    assert _groups(store) == {"a0": {"a0", "a1", "m", "z0", "z1"}}


def test_a_representative_that_is_removed_passes_the_group_on(store: Store) -> None:
    store.add(_copy("a", 2), _copy("b", 3), _copy("c", 4))
    _remove(store, "a")
    assert _groups(store) == {"b": {"b", "c"}}
    _remove(store, "c")
    assert _groups(store) == {}
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(text_signatures)) == 1
        assert connection.scalar(select(func.count()).select_from(text_bands)) == texts.BANDS
    store.add(_copy("d", 5))
    assert _groups(store) == {"b": {"b", "d"}}


def test_an_edit_leaves_the_group_and_may_join_another(store: Store) -> None:
    store.add(_copy("a", 2), _copy("b", 3), _copy("x", 3, OTHER))
    store.add(_copy("a", 2, OTHER, version=1))
    assert _groups(store) == {"a": {"a", "x"}}


def test_answers_from_a_template_are_a_group_of_their_own_and_stay_answers(store: Store) -> None:
    store.add(*(_copy(f"q{n}", 2, f"{'가나다라마'[n]}동 {PLACES[n]} 고쳐 주세요") for n in range(5)))
    store.add(*(an_answer(f"a{n}", f"q{n}", TEXT, created_at=kst(f"2026-03-02 1{n}:00")) for n in range(5)))
    store.add(_copy("citizen", 2))
    assert _groups(store) == {"a0": {f"a{n}" for n in range(5)}}
    assert response_coverage(store.engine, MARCH).questions == 6


def test_real_and_invented_posts_are_never_in_one_group(store: Store) -> None:
    store.add(_copy("a", 2))
    store.add(_copy("b", 2, platform="x"), origin="synthetic")
    assert _groups(store) == {}


def test_an_advertisement_that_comes_again_stays_one(store: Store) -> None:
    text = "무담보 당일 대출 상담 카톡 문의 바로가기 http://loan.example/abc 지금 신청하세요 누구나"
    store.add(_copy("a", 2, text, author="one"), _copy("b", 3, text, author="one"))
    assert _groups(store) == {"a": {"a", "b"}}
    assert {reason.split(".")[0] for reason in _classes(store).values()} == {"ad"}


@pytest.mark.parametrize(
    ("group", "fault"),
    [
        ([("a", "b"), ("b", "b")], "stored {b}, the rows say the earliest, post {a}"),
        ([("a", "a")], "stored a group of one post, the rows say no group"),
        ([("a", "a"), ("x", "a")], "stored in group {a}, the rows say another text"),
        ([("a", "a"), ("short", "a")], "stored in group {a}, the rows say no text to compare"),
    ],
)
def test_the_check_finds_groups_that_do_not_hold(store: Store, group: list[tuple[str, str]], fault: str) -> None:
    store.add(_copy("a", 2), _copy("b", 3), _copy("x", 3, OTHER), _copy("short", 3, "언제 되나요?"))
    with store.engine.begin() as connection:
        ids = writes.find_posts(connection, "blog", ["a", "b", "x", "short"])
        connection.execute(delete(post_copies))
        rows = [{"post_id": ids[member], "representative_id": ids[representative]} for member, representative in group]
        connection.execute(insert(post_copies), rows)
    (found,) = map(str, rollups.check(store.engine))
    assert found.endswith(fault.format(**ids))


def test_the_largest_groups_are_counted_within_the_filter(store: Store) -> None:
    metro = [an_answer(f"a{n}", f"q{n}", OTHER, created_at=kst(f"2026-03-1{n} 10:00")) for n in range(2)]
    store.add(*(_copy(f"q{n}", n + 2, author=f"author {n % 2}") for n in range(3)), *metro)
    groups = copy_groups(store.engine, MARCH)
    counted = ["platform_post_id", "is_inbound", "posts", "authors", "questions"]
    assert groups[counted].values.tolist() == [["q0", True, 3, 2, 2], ["a0", False, 2, 0, 0]]
    assert (groups["first_at"][0], groups["last_at"][0]) == (kst("2026-03-02 09:00"), kst("2026-03-04 09:00"))
    assert copy_groups(store.engine, MARCH, limit=1)["posts"].tolist() == [3]
    later = PostFilter(dt.date(2026, 3, 3), dt.date(2026, 3, 31), classes=("question", "duplicate"))
    assert copy_groups(store.engine, later)[["platform_post_id", "posts"]].values.tolist() == [["q0", 2]]
    roads = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31), departments=("roads", "subway"))
    assert copy_groups(store.engine, roads)["posts"].tolist() == [2]
    assert copy_groups(store.engine, PostFilter(dt.date(2026, 4, 1), dt.date(2026, 4, 2))).empty


def test_questions_are_counted_with_and_without_copies(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    metro = [an_answer(f"a{n}", f"q{n}", OTHER, created_at=kst(f"2026-03-1{n} 10:00")) for n in range(2)]
    store.add(
        *(_copy(f"q{n}", n + 2, author=f"author {n}") for n in range(3)), _copy("alone", 5, "가로등이 꺼졌어요"), *metro
    )
    found = copy_counts(store.engine, MARCH)
    assert (found, found.without_copies) == (CopyCounts(4, 2, False), 2)
    assert copy_counts(store.engine, PostFilter(dt.date(2026, 3, 4), dt.date(2026, 3, 31))) == CopyCounts(2, 0, False)
    assert copy_counts(store.engine, PostFilter(dt.date(2026, 4, 1), dt.date(2026, 4, 2))) == CopyCounts(0, 0, False)
    # The newest are the two answers and one of the questions.
    monkeypatch.setattr(copies_query, "MAX_COPIES", 3)
    assert copy_counts(store.engine, MARCH) == CopyCounts(4, 0, True)
    assert copy_groups(store.engine, MARCH)["platform_post_id"].tolist() == ["a0"]


def test_a_group_shows_the_text_of_its_earliest_as_far_as_its_platform_allows(store: Store) -> None:
    store.add(*(_copy(f"q{n}", n + 2, author=f"author {n}") for n in range(2)))
    texts = ["text", "export_text"]
    assert copy_groups(store.engine, MARCH)[texts].values.tolist() == [[TEXT, TEXT]]
    with store.engine.begin() as connection:
        connection.execute(update(platforms).values(display="link", export="ids"))
        connection.execute(update(posts).values(origin="live"))
    assert copy_groups(store.engine, MARCH)[texts].values.tolist() == [[None, None]]
