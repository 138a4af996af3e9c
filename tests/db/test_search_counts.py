from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import AccountReference
from db import queries
from db.records import PostFilter, SearchRequest
from db.search import counting
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

ROADS = AccountReference(handle="roads", department="도로관리과")
YEARS = PostFilter(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


def _facets(store: Store, request: SearchRequest) -> dict[str, dict[str, int]]:
    frame = queries.search_counts(store.engine, request).facets
    return {
        str(name): dict(zip(rows["value"], rows["posts"], strict=True))
        for name, rows in frame.groupby("facet", sort=False)
    }


def test_facets_say_how_the_result_divides(store: Store) -> None:
    store.add(
        a_question("new", "우산 대여", addressed_to=ROADS, created_at=kst("2026-01-01 00:00")),
        a_question("old", "우산 대여", addressed_to=ROADS, created_at=kst("2025-12-31 23:59")),
        a_question("x", "우산 없나요", platform="x", created_at=kst("2025-12-31 23:59")),
        a_question("silent", "우산 좀", answers_collected=False, created_at=kst("2025-03-01 09:00")),
        a_question("thanks", "우산 덕분에 감사합니다", created_at=kst("2025-02-01 09:00")),
        a_question("other", "도로가 파였어요", created_at=kst("2025-02-01 09:00")),
        an_answer(to="old", account=ROADS, created_at=kst("2026-01-03 09:00")),
    )
    expected = {
        "platform": {"blog": 4, "x": 1},
        "department": {"roads": 2, "unassigned": 2},
        "class": {"question": 4, "praise": 1},
        "answered": {"no": 2, "yes": 1},
        "year": {"2026": 1, "2025": 4},
    }
    assert _facets(store, SearchRequest(YEARS, "우산")) == expected
    assert [list(values) for values in _facets(store, SearchRequest(YEARS, "우산")).values()] == [
        list(values) for values in expected.values()
    ]
    assert _facets(store, SearchRequest(YEARS, "우산", term="대여")) == {
        "platform": {"blog": 2}, "department": {"roads": 2}, "class": {"question": 2}, "answered": {"no": 1, "yes": 1},
        "year": {"2026": 1, "2025": 1},
    }  # fmt: skip
    assert _facets(store, SearchRequest(YEARS, "우산 class:praise")) == {
        "platform": {"blog": 1}, "class": {"praise": 1}, "year": {"2025": 1},
    }  # fmt: skip


def test_questions_of_a_district_alone_are_counted_without_reading_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [kst("2025-12-31 09:00"), *[kst("2026-01-01 09:00")] * 3]
    store.add(*[a_question(f"q{number}", f"선릉역 우산 {number}", created_at=when) for number, when in enumerate(at)])
    monkeypatch.setattr(counting, "MAX_COUNTED", 1)
    counts = queries.search_counts(store.engine, SearchRequest(YEARS, "자치구:강남구 분류:질문"))
    assert (counts.total, counts.is_capped) == (4, False)
    assert _facets(store, SearchRequest(YEARS, "district:Gangnam-gu class:question")) == {
        "year": {"2026": 3, "2025": 1}
    }
    assert queries.search_counts(store.engine, SearchRequest(YEARS, "자치구:강남구")).is_capped


def test_counting_stops_at_the_cap_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(*[a_question(f"q{number}", "우산") for number in range(4)])
    for cap, expected in ((3, (3, True)), (4, (4, False)), (5, (4, False))):
        monkeypatch.setattr(counting, "MAX_COUNTED", cap)
        counts = queries.search_counts(store.engine, SearchRequest(YEARS, "우산"))
        assert (counts.total, counts.is_capped) == expected
        assert counts.facets[counts.facets["facet"] == "class"]["posts"].tolist() == [expected[0]]
    monkeypatch.setattr(counting, "MAX_COUNTED", 1)  # a filter alone is counted by the roll-ups, whole
    counts = queries.search_counts(store.engine, SearchRequest(YEARS))
    assert (counts.total, counts.is_capped, counts.holds_unlisted) == (4, False, True)


@pytest.fixture
def demo(store: Store) -> Store:
    load(DemoConnector(posts=1200, days=500, until=dt.date(2026, 11, 1)), store.engine)
    return store


def test_counts_of_a_filter_are_those_of_its_posts(demo: Store) -> None:
    where = PostFilter(dt.date(2025, 7, 3), dt.date(2026, 10, 20), synthetic=True)
    everything = queries.search_counts(demo.engine, SearchRequest(where))
    departments = tuple(everything.facets.query("facet == 'department'")["value"][1:4])
    for narrowed, query in (
        (where, ""),
        (where, "class:question -platform:x"),
        (where, "answered:no"),
        (where, "-answered:yes class:question"),
        (replace(where, departments=departments), ""),
        (replace(where, departments=("unassigned",)), "from:2026-01-01"),
        (replace(where, platforms=("x",)), f"-department:{departments[0]}"),
        (replace(where, classes=("praise", "ad")), ""),
    ):
        request = SearchRequest(narrowed, query)
        from_rollups = queries.search_counts(demo.engine, request)
        # A word no post holds, left out, makes the same posts be counted one by one.
        one_by_one = queries.search_counts(demo.engine, replace(request, query=f"{query} -없는낱말이다"))
        assert from_rollups.holds_unlisted
        assert not one_by_one.holds_unlisted
        unlisted = from_rollups.total - one_by_one.total  # the restricted queue
        assert 0 <= unlisted <= 12
        if not unlisted:
            assert from_rollups.facets.equals(one_by_one.facets)
        listed = queries.search(demo.engine, replace(request, limit=2000))
        assert len(listed.results) == one_by_one.total
        assert one_by_one.total > 0
