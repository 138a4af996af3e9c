from __future__ import annotations

import datetime as dt

import pytest

from data_sources.records import AccountReference
from db import queries
from db.dialects.base import SearchPart, SearchQuery
from db.records import POST_CLASSES, PostFilter, SearchRequest
from db.search import QueryProblem, highlights, parse_query
from db.search.language import ANSWERED_WORDS, CLASS_WORDS, FIELDS
from tests.builders import a_question, an_answer, kst
from tests.conftest import NewStore, Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")


def _words(*parts: str) -> tuple[SearchPart, ...]:
    return tuple(SearchPart(tuple(part.rstrip("*").split()), part.endswith("*")) for part in parts)


def test_queries_are_read_as_words_phrases_and_exclusions() -> None:
    parsed = parse_query('지하철 수도* "2호선 냄새" -버스 -"배차 간격" -마을* #따릉이 don\'t')
    assert parsed.text == SearchQuery(
        _words("지하철", "수도*", "2호선 냄새", "따릉이", "don t"), _words("버스", "배차 간격", "마을*")
    )
    assert parsed.problems == parsed.fields == ()
    assert parse_query('"open end').text == SearchQuery(_words("open end"))
    assert parse_query("가 가 -나 -나").text == SearchQuery(_words("가"), _words("나"))
    assert parse_query("  \n ") == parse_query("")
    assert not parse_query("").text


def test_signs_of_korean_keyboards_are_signs_too() -> None:
    assert parse_query("“수도 요금” －버스 플랫폼：x 마을＊") == parse_query('"수도 요금" -버스 플랫폼:x 마을*')
    assert parse_query("\u1112\u1161\u11ab\u1100\u1161\u11bc").text == SearchQuery(_words("한강"))  # typed as jamo


def test_fields_are_read_in_both_languages() -> None:
    korean = parse_query('플랫폼:x -부서:"도로 관리과" 분류:질문 답변:없음 부터:2026-01-01 까지:2026-02-01 물').fields
    english = parse_query(
        'platform:x -Department:"도로 관리과" class:질문 answered:없음 from:2026-01-01 to:2026-02-01'
    ).fields
    assert [field[:3] for field in map(_bare, korean)] == [field[:3] for field in map(_bare, english)]
    assert _bare(korean[1]) == ("department", "도로 관리과", True)


def _bare(field: object) -> tuple[object, ...]:
    return tuple(getattr(field, name) for name in ("name", "value", "is_excluded"))


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("물 색:빨강", QueryProblem("unknown_field", "색:빨강")),
        ("-tokens:물", QueryProblem("unknown_field", "-tokens:물")),
        ("a:b:c", QueryProblem("unknown_field", "a:b:c")),
        ("platform: x", QueryProblem("no_value", "platform:")),
        ("!!! :)", QueryProblem("signs_only", "!!! :)")),
        ("가 나 다 라 마 바 사 아 자 차 카 타 파", QueryProblem("too_many", "12")),
    ],
)
def test_what_nobody_can_understand_is_named(query: str, problem: QueryProblem) -> None:
    assert parse_query(query).problems == (problem,)


@pytest.mark.parametrize("query", ["http://a.b/c", "12:30", "물: 불", "1:1", ":물", "물::"])
def test_not_every_colon_makes_a_field(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.fields == parsed.problems == ()
    assert parsed.text.wanted


@pytest.fixture(scope="module")
def library(shared_stores: NewStore) -> Store:
    store = shared_stores()
    store.add(
        a_question("waiting", "우산이 꺼졌어요", addressed_to=ROADS, created_at=kst("2026-03-02 09:00")),
        a_question("answered", "우산이 꺼졌어요", addressed_to=ROADS, created_at=kst("2026-03-10 23:59")),
        a_question("x", "우산이 또 꺼졌어요", platform="x", created_at=kst("2026-03-20 00:00")),
        a_question("silent", "우산이 꺼졌어요", answers_collected=False, created_at=kst("2026-03-20 09:00")),
        a_question("thanks", "우산 덕분에 밝아졌어요 감사합니다", created_at=kst("2026-03-21 09:00")),
        a_question("february", "우산이 꺼졌어요", created_at=kst("2026-02-28 23:59")),
        an_answer(to="answered", account=ROADS, created_at=kst("2026-03-11 09:00")),
    )
    return store


@pytest.mark.parametrize("words", ["", "우산 ", "-없는말 "])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("platform:x", {"x"}),
        ('플랫폼:"트위터(X)"', {"x"}),
        ("-platform:x", {"waiting", "answered", "silent", "thanks"}),
        ("platform:x platform:blog", {"waiting", "answered", "x", "silent", "thanks"}),
        ("department:roads", {"waiting", "answered"}),
        ("부서:도로관리과", {"waiting", "answered"}),
        ("-부서:도로관리과", {"x", "silent", "thanks"}),
        ("부서:미지정", {"x", "silent"}),
        ("부서:미지정 -부서:unassigned", set()),
        ("class:praise", {"thanks"}),
        ("-분류:칭찬", {"waiting", "answered", "x", "silent"}),
        ("reason:praise.thanks", {"thanks"}),
        ("이유:Praise.Thanks 이유:ad.link", {"thanks"}),
        ("reason:praise.thanks class:question", set()),
        ("-reason:praise.thanks", {"waiting", "answered", "x", "silent"}),
        ("reason:default.question 부서:도로관리과", {"waiting", "answered"}),
        ("reason:default.question platform:x", {"x"}),
        ("reason:default.question answered:yes", {"answered"}),
        ("reason:default.question -부서:도로관리과 to:2026-03-19", set()),
        ("reason:spam.nothing", set()),
        ("answered:yes", {"answered"}),
        ("답변:없음", {"waiting", "x"}),
        ("-답변:있음", {"waiting", "x", "silent", "thanks"}),
        ("from:2026-03-20", {"x", "silent", "thanks"}),
        ("-from:2026-03-20", {"waiting", "answered"}),
        ("까지:2026-03-10", {"waiting", "answered"}),
        ("-까지:2026-03-10", {"x", "silent", "thanks"}),
        ("from:2026-02-01", {"waiting", "answered", "x", "silent", "thanks", "february"}),
        ("to:2026-02-28", {"february"}),
        ("from:2026-04-01", set()),
        ("from:2026-03-10 to:2026-03-20 class:question", {"answered", "x", "silent"}),
    ],
)
def test_fields_narrow_the_list_and_the_counts(library: Store, words: str, fields: str, expected: set[str]) -> None:
    request = SearchRequest(MARCH, words + fields)
    page = queries.search(library.engine, request)
    assert set(page.results["platform_post_id"]) == expected
    counts = queries.search_counts(library.engine, request)
    assert (page.problems, counts.problems) == ((), ())
    assert counts.total == len(expected)
    by_facet = counts.facets.groupby("facet")["posts"].sum()
    if expected:
        assert by_facet["platform"] == by_facet["class"] == by_facet["year"] == len(expected)


@pytest.fixture(scope="module")
def places(shared_stores: NewStore) -> Store:
    store = shared_stores()
    store.add(
        a_question("gangnam", "선릉역 앞 우산이 꺼졌어요"),
        a_question("both", "선릉역에서 잠실동까지 우산이 없어요", platform="x"),
        a_question("songpa", "잠실동 우산 덕분에 밝아졌어요 감사합니다"),
        a_question("open", "신사동 우산이 꺼졌어요"),
        a_question("risk", "선릉역인데 우산도 없고 죽고 싶어요"),
    )
    return store


@pytest.mark.parametrize("words", ["", "우산 ", "-없는말 "])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("district:11680", {"gangnam", "both"}),
        ("자치구:강남구", {"gangnam", "both"}),
        ("District:gangnam-gu class:question", {"gangnam", "both"}),
        ("자치구:송파구 분류:질문", {"both"}),
        ("자치구:강남구 자치구:송파구", {"gangnam", "both", "songpa"}),
        ("district:Songpa-gu -district:Gangnam-gu", {"songpa"}),
        ("-자치구:강남구", {"songpa", "open"}),
        ("자치구:강남구 플랫폼:x", {"both"}),
        ("자치구:노원구", set()),
    ],
)
def test_a_district_narrows_the_list_and_the_counts(places: Store, words: str, fields: str, expected: set[str]) -> None:
    request = SearchRequest(MARCH, words + fields)
    page = queries.search(places.engine, request)
    assert page.problems == ()
    assert set(page.results["platform_post_id"]) == expected
    assert len(page.results) == queries.search_counts(places.engine, request).total == len(expected)


def test_a_district_and_a_term_must_both_be_said(places: Store) -> None:
    request = SearchRequest(MARCH, "자치구:송파구", term="선릉역")
    assert queries.search(places.engine, request).results["platform_post_id"].tolist() == ["both"]
    assert queries.search_counts(places.engine, request).total == 1


def test_a_field_may_be_typed_in_either_language() -> None:
    korean, english = parse_query("자치구:강남구"), parse_query("district:강남구")
    assert [(part.name, part.value) for part in korean.fields + english.fields] == [("district", "강남구")] * 2


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("platform:myspace", QueryProblem("unknown_value", "platform:myspace")),
        ('가로등 -부서:"없는 과"', QueryProblem("unknown_value", '-부서:"없는 과"')),
        ("분류:비밀", QueryProblem("unknown_value", "분류:비밀")),
        ("자치구:해운대구", QueryProblem("unknown_value", "자치구:해운대구")),
        ("reason:광고", QueryProblem("unknown_value", "reason:광고")),
        ("answered:maybe", QueryProblem("unknown_value", "answered:maybe")),
        ("from:어제", QueryProblem("bad_date", "from:어제")),
        ("to:2026-02-30", QueryProblem("bad_date", "to:2026-02-30")),
        ("to:9999-12-31", QueryProblem("bad_date", "to:9999-12-31")),
        ("from:2026-03-02 to:2026-03-01", QueryProblem("dates_reversed", "from:2026-03-02 to:2026-03-01")),
        ("색:빨강", QueryProblem("unknown_field", "색:빨강")),
    ],
)
def test_a_value_nobody_knows_is_named_and_nothing_searched(library: Store, query: str, problem: QueryProblem) -> None:
    page = queries.search(library.engine, SearchRequest(MARCH, query))
    counts = queries.search_counts(library.engine, SearchRequest(MARCH, query))
    assert (page.problems, counts.problems) == ((problem,), (problem,))
    assert page.results.empty
    assert (page.examined, counts.total) == (0, 0)


def test_every_class_and_field_has_words() -> None:
    assert tuple(CLASS_WORDS) == POST_CLASSES
    assert set(FIELDS.values()) == {"platform", "department", "district", "class", "reason", "answered", "from", "to"}
    assert set(ANSWERED_WORDS) == {True, False}


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("수도요금이 올랐어요", "수도요금", [(0, 4)]),
        ("마을버스와 시내버스", "버스", [(2, 4), (8, 10)]),
        ("수도\n 요금, 수도요금", '"수도 요금"', [(0, 6)]),
        ("The NEAR nearby one", "near", [(4, 8)]),
        ("The NEAR nearby one", "near*", [(4, 8), (9, 13)]),
        ("CCTV설치 2호선 12호선", "cctv 2호선", [(0, 4), (7, 10)]),
        ("수도요금", "수도 도요금 -요금", [(0, 4)]),
        ("a.b a+b (a.b)", "a.b", [(0, 3), (4, 7), (9, 12)]),
        ("없음", "수도", []),
        ("", "수도", []),
    ],
)
def test_the_words_of_a_query_are_marked_in_a_text(text: str, query: str, expected: list[tuple[int, int]]) -> None:
    assert highlights(text, parse_query(query).text) == expected


def test_a_rare_reason_is_looked_for_on_its_days_only(store: Store) -> None:
    days = [kst("2025-01-01 09:00") + dt.timedelta(days=number) for number in range(0, 420, 7)]
    store.add(*(a_question(f"q{number}", created_at=day) for number, day in enumerate(days)))
    store.add(*(a_question(f"t{number}", "덕분에 감사합니다", created_at=days[number]) for number in (3, 30, 50)))
    where = PostFilter(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    first = queries.search(store.engine, SearchRequest(where, "reason:praise.thanks", limit=2))
    assert first.results["platform_post_id"].tolist() == ["t50", "t30"]
    assert first.examined == 3
    rest = queries.search(store.engine, SearchRequest(where, "reason:praise.thanks", limit=2, before=first.next_before))
    assert (rest.results["platform_post_id"].tolist(), rest.next_before) == (["t3"], None)
    counts = queries.search_counts(store.engine, SearchRequest(where, "reason:praise.thanks"))
    assert (counts.total, counts.is_capped, counts.holds_unlisted) == (3, False, True)
