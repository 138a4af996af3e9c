from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.records import AccountReference, Attachment, Post
from db import queries, search
from db.dialects.base import SearchQuery
from db.records import PostFilter, SearchRequest
from db.search import parse_query
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")

TEXTS = {
    "subway": "지하철이 또 늦어요",
    "line": "지하철 2호선에서 냄새가 나요",
    "bus": "마을버스가 안 와요 배차간격이 너무 길어요",
    "bike": "따릉이 대여소를 늘려 주세요",
    "lamp": "가로등이 꺼졌어요. 밤에 무서워요",
    "water": "수돗물에서 녹물이 나와요",
    "twice": "버스가 왔는데 버스가 그냥 갔어요",
    "english": "The NEAR crossing AND the bridge OR the park: don't close it",
}
RISK = "지하철에서 죽고 싶다는 생각이 들어요"
ALL = sorted(TEXTS)

HOSTILE = [
    '" OR 1=1 --', "' OR '1'='1", "'; DROP TABLE posts; --", "NEAR(", "NEAR(지하철 버스, 5)", "*", "지하철*", "*지하철", "^지하철",
    ":", "tokens:지하철", "a:b:c", "'", "''", "\\", "\\'", "지하철\\", "&|!()", "지하철 & 버스", "지하철 | 버스", "!지하철", "(지하철", ")", "<->",
    "지하철 <-> 버스", '"', '""', '"지하철', '"지하철" "', '-', "--", '-"', '-""', "-*", "+지하철", "{지하철}", "[1]", "%", "_", "지하철%", "AND", "OR",
    "NOT", "AND AND", "NOT 지하철", "지하철 AND", "-AND", "①", "-①", "지하철 -①", "½", "😀", "지하철 😀", "\x00", "지하\x00철", '"\x00"', "\u200b지하철", "\ufeff",
    "\x1a", "지하철\n버스", "http://a.b/c?d=e&f=g#h", "a@b.c", "1e999", "-1.5", "1-2-3", "a" * 3000, "가" * 5000, '"' * 999, "가 " * 500, "(" * 500,
    "{{7*7}}", "${jndi:x}", "$1", "?", "\ud800가", "ᄀ", "ㅋㅋㅋ", "İ", "ﬁ", "e\u0301",
]  # fmt: skip


@pytest.fixture
def library(store: Store) -> Store:
    """A handful of posts a minute apart, one more at risk, one more by the city."""
    start = kst("2026-03-02 09:00")
    store.add(
        *[
            a_question(name, text, created_at=start + dt.timedelta(minutes=number))
            for number, (name, text) in enumerate(TEXTS.items())
        ],
        a_question("risk", RISK),
        an_answer(to="subway", text="지하철 운행 상황을 확인하겠습니다", created_at=kst("2026-03-02 11:00")),
    )
    return store


def _found(store: Store, query: str = "", where: PostFilter = MARCH, term: str = "") -> list[str]:
    page = queries.search(store.engine, SearchRequest(where, query, term, limit=100))
    assert page.total == len(page.results)
    assert page.next_before is None
    return sorted(page.results["platform_post_id"])


def test_queries_are_read_as_words_phrases_and_exclusions() -> None:
    assert parse_query('지하철 "2호선 냄새" -버스 -"배차 간격" #따릉이') == SearchQuery(
        ("지하철", "따릉이"), ("2호선 냄새",), ("버스", "배차 간격")
    )
    assert parse_query('"open end') == SearchQuery((), ("open end",), ())
    assert parse_query("  \n ") == parse_query("*** ! :)") == parse_query("") == SearchQuery()
    assert not parse_query("!!!")
    assert len(parse_query("가 " * 100).words) == 12


def test_words_find_what_begins_with_them(library: Store) -> None:
    expected = {
        "": ALL,
        "지하철": ["line", "subway"],  # 지하철이 and 지하철 alike; the risk post is never found
        "버스": ["twice"],  # 마을버스 is one word; the term group 버스 has both
        "마을버스": ["bus"],
        "지하철 냄새": ["line"],
        "냄새 지하철": ["line"],
        "2호선": ["line"],
        "지하철 버스": [],
        "하철": [],
        "녹물": ["water"],
        "bridge": ["english"],
        "BRIDGE": ["english"],
        "없는말": [],
        "죽고": [],
        "운행": [],  # only the city's answer says it
    }
    assert {query: _found(library, query) for query in expected} == expected


def test_phrases_need_their_words_side_by_side(library: Store) -> None:
    expected = {
        '"지하철 2호선에서"': ["line"],
        '"2호선에서 지하철"': [],
        '"안 와요"': ["bus"],
        '"배차간격이 너무 길어요"': ["bus"],
        '"와요 너무"': [],
        '"꺼졌어요 밤에"': ["lamp"],  # a full stop is no word
        '"버스가 왔는데" 갔어요': ["twice"],
    }
    assert {query: _found(library, query) for query in expected} == expected


def test_a_phrase_may_repeat_a_word_of_the_text(library: Store) -> None:
    assert _found(library, '"왔는데 버스가 그냥"') == ["twice"]
    assert _found(library, '"왔는데 그냥"') == []


def test_exclusions_take_away(library: Store) -> None:
    without_subway = [name for name in ALL if name not in ("subway", "line")]
    expected = {
        "지하철 -냄새": ["subway"],
        '지하철 -"2호선에서 냄새가"': ["subway"],
        "버스가 -왔는데": [],
        "지하철 -①": ["line", "subway"],
        "-①": ALL,
        "지하철 -지하철": [],
        "-지하철": without_subway,
        "-지하철 -버스": [name for name in without_subway if name != "twice"],
        '-"2호선에서 냄새가"': [name for name in ALL if name != "line"],
        "-없는말": ALL,
    }
    assert {query: _found(library, query) for query in expected} == expected


def test_a_term_is_asked_for_exactly_and_a_group_by_its_name(library: Store) -> None:
    expected = {
        "지하철": ["line", "subway"],
        "지하": [],
        "녹물": ["water"],
        "아리수": ["water"],
        "버스": ["bus", "twice"],
        "": ALL,
    }
    assert {term: _found(library, term=term) for term in expected} == expected
    assert _found(library, "냄새", term="지하철") == ["line"]
    for hostile in ("'", "지하철' OR '1'='1", "%", "지\x00하철"):
        assert _found(library, term=hostile) == []


def test_no_query_is_an_error_or_finds_what_it_does_not_say(library: Store) -> None:
    subway = {"line", "subway"}
    for query in HOSTILE:
        found = set(_found(library, query))
        parsed = parse_query(query)
        if parsed.words or parsed.phrases:
            assert found < set(ALL), query
        if "지하철" in query and not parsed.excluded:
            assert found <= subway, query
    assert len(_found(library)) == len(ALL)


def test_operators_of_the_engines_are_plain_words(library: Store) -> None:
    expected = {
        "NEAR": ["english"],
        "AND": ["english"],
        "bridge OR park": ["english"],
        "NOT": [],
        "지하철 OR 버스": [],
        "지하철 | 버스": [],
        "지하철 AND 냄새": [],
        "지하철*": ["line", "subway"],
        "tokens:지하철": [],
        "don't": ["english"],
    }
    assert {query: _found(library, query) for query in expected} == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(alphabet=st.characters() | st.sampled_from("\"'-*:&|!()\\ 지하철버스aN"), max_size=20))
def test_any_text_may_be_asked_for(library: Store, query: str) -> None:
    page = queries.search(library.engine, SearchRequest(MARCH, query))
    assert page.total == len(page.results) <= len(ALL)


def test_filters_hold_for_search(store: Store) -> None:
    store.add(
        a_question("lamp", "가로등이 꺼졌어요", addressed_to=ROADS),
        a_question("x", "가로등이 꺼졌어요", platform="x", created_at=kst("2026-03-05 09:00")),
        a_question("ad", "가로등 무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"),
        a_question("april", "가로등이 꺼졌어요", created_at=kst("2026-04-01 00:00")),
    )
    store.add(a_question("invented", "가로등이 꺼졌어요"), origin="synthetic")
    assert _found(store, "가로등") == ["ad", "lamp", "x"]
    assert _found(store, "가로등", replace(MARCH, platforms=("x",))) == ["x"]
    assert _found(store, "가로등", replace(MARCH, classes=("ad",))) == ["ad"]
    assert _found(store, "가로등", replace(MARCH, departments=("no such",))) == []
    assert _found(store, "가로등", replace(MARCH, synthetic=True)) == ["invented"]
    assert _found(store, "가로등", replace(MARCH, end=dt.date(2026, 4, 1))) == ["ad", "april", "lamp", "x"]


def test_paging_gives_every_row_once_newest_first(store: Store) -> None:
    # Several of the same moment, so that a page ends inside them.
    times = ["2026-03-02 09:00"] * 4 + ["2026-03-01 09:00", "2026-03-03 09:00", "2026-03-03 09:00"]
    store.add(*[a_question(f"q{number}", "가로등", created_at=kst(time)) for number, time in enumerate(times)])
    request = SearchRequest(MARCH, "가로등", limit=2)
    seen: list[str] = []
    sizes = []
    while True:
        page = queries.search(store.engine, request)
        assert (page.total, page.total_is_capped) == (7, False)
        sizes.append(len(page.results))
        seen += page.results["platform_post_id"].tolist()
        if page.next_before is None:
            break
        request = replace(request, before=page.next_before)
    assert seen == ["q6", "q5", "q3", "q2", "q1", "q0", "q4"]
    assert sizes == [2, 2, 2, 1]


def test_a_full_last_page_has_nothing_after_it(store: Store) -> None:
    store.add(*[a_question(f"q{number}") for number in range(4)])
    first = queries.search(store.engine, SearchRequest(MARCH, limit=2))
    second = queries.search(store.engine, SearchRequest(MARCH, limit=2, before=first.next_before))
    assert second.results["platform_post_id"].tolist() == ["q1", "q0"]
    assert second.next_before is None


def test_counting_stops_at_the_cap(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(*[a_question(f"q{number}") for number in range(4)])
    for cap, expected in ((3, (3, True)), (4, (4, False)), (5, (4, False))):
        monkeypatch.setattr(search, "MAX_COUNTED", cap)
        page = queries.search(store.engine, SearchRequest(MARCH))
        assert (page.total, page.total_is_capped) == expected
        assert len(page.results) == 4


def _texts(store: Store, where: PostFilter = MARCH) -> dict[str, tuple[object, object]]:
    results = queries.search(store.engine, SearchRequest(where)).results
    return {row.platform_post_id: (row.text, row.export_text) for row in results.itertuples()}


def _on_each_platform() -> list[Post]:
    platforms = ("x", "threads", "youtube", "blog", "naver")
    return [a_question(platform, "가로등", platform=platform) for platform in platforms]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        # (shown, exported): where the platform allows links only, a post read live keeps its text.
        ("live", {"x": (0, 0), "threads": (0, 0), "youtube": (0, 0), "blog": (1, 1), "naver": (1, 0)}),
        ("import", {"x": (1, 0), "threads": (1, 0), "youtube": (1, 0), "blog": (1, 1), "naver": (1, 0)}),
        ("synthetic", {"x": (1, 1), "threads": (1, 1), "youtube": (1, 1), "blog": (1, 1), "naver": (1, 1)}),
    ],
)
def test_a_text_is_shown_and_exported_as_its_platform_allows(
    store: Store, origin: str, expected: dict[str, tuple[int, int]]
) -> None:
    store.add(*_on_each_platform(), origin=origin)  # type: ignore[arg-type]
    texts = _texts(store, replace(MARCH, synthetic=origin == "synthetic"))
    assert {
        platform: tuple(int(isinstance(text, str)) for text in pair) for platform, pair in texts.items()
    } == expected


def test_a_row_says_what_is_known_of_the_post(store: Store) -> None:
    store.add(
        a_question("q1", "가로등", url="https://example.org/q1", addressed_to=ROADS),
        an_answer("a1", to="q1", account=ROADS, created_at=kst("2026-03-02 10:30")),
        a_question("q2", "여기 좀 봐 주세요", created_precision="day"),
        a_question("thanks", "덕분에 해결됐어요 감사합니다"),
    )
    rows = queries.search(store.engine, SearchRequest(MARCH)).results.set_index("platform_post_id")
    assert rows.loc["q1", [
        "platform", "created_precision", "post_class", "reason", "url", "department", "department_ko",
        "department_source", "receiving_handle", "wait_hours",
    ]].tolist() == [
        "blog", "second", "question", "default.question", "https://example.org/q1", "roads", "도로관리과", "reply",
        "roads", 1.5,
    ]  # fmt: skip
    assert rows.loc["q1", "created_at"].isoformat() == "2026-03-02T00:00:00+00:00"
    assert rows.loc["q2", ["created_precision", "department", "department_source"]].tolist() == [
        "day", "unassigned", "unassigned",
    ]  # fmt: skip
    assert rows.loc["q2", ["url", "department_ko", "wait_hours"]].isna().all()
    assert rows.loc["thanks", ["department", "department_source", "wait_hours"]].isna().all()


def test_answers_stand_by_question_and_time(store: Store) -> None:
    store.add(
        a_question("q1"),
        a_question("q2"),
        an_answer("late", to="q1", created_at=kst("2026-03-04 09:00"), account=ROADS, url="https://example.org/late"),
        an_answer("early", to="q1", text="먼저 드린 답변"),
        an_answer("other", to="q2", created_precision="day"),
        a_question("by a citizen", in_reply_to="q1", kind="reply"),
    )
    results = queries.search(store.engine, SearchRequest(MARCH)).results.set_index("platform_post_id")
    q1, q2 = (int(results.loc[name, "post_id"]) for name in ("q1", "q2"))
    answers = queries.answers_of(store.engine, (q2, q1))
    assert answers[["question_id", "handle", "department_ko", "created_precision"]].values.tolist() == [
        [q1, "metro", "서울교통공사", "second"],
        [q1, "roads", "도로관리과", "second"],
        [q2, "metro", "서울교통공사", "day"],
    ]
    assert answers.loc[0, "text"] == "먼저 드린 답변"
    assert answers["url"].dropna().tolist() == ["https://example.org/late"]
    assert queries.answers_of(store.engine, ()).empty
    assert queries.answers_of(store.engine, (999,)).empty


def test_photos_stand_by_post_and_key(store: Store) -> None:
    photos = tuple(
        Attachment(key=key, kind="photo", url=f"https://example.org/{key}.jpg", alt=alt)
        for key, alt in (("2", None), ("1", "전화 010-2222-3333"))
    )
    video = Attachment(key="1", kind="video", url="https://example.org/1.mp4")
    store.add(a_question("q1", attachments=photos), a_question("q2", attachments=(video,)), a_question("q3"))
    ids = queries.search(store.engine, SearchRequest(MARCH)).results.set_index("platform_post_id")["post_id"]
    found = queries.attachments_of(store.engine, tuple(int(each) for each in ids))
    assert found[["post_id", "kind", "url"]].values.tolist() == [
        [ids["q1"], "photo", "https://example.org/1.jpg"],
        [ids["q1"], "photo", "https://example.org/2.jpg"],
        [ids["q2"], "video", "https://example.org/1.mp4"],
    ]
    assert "2222" not in found.loc[0, "alt"]
    assert found["alt"].isna().tolist() == [False, True, True]
    assert queries.attachments_of(store.engine, ()).empty
