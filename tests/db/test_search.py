from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from data_sources.records import AccountReference, Attachment, Post
from db import queries
from db.records import BEST, PostFilter, SearchRequest
from db.search import candidates, examining, listing, parse_query
from db.writes.changes import find_posts, remove_posts
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
    request = SearchRequest(where, query, term, limit=100)
    page = queries.search(store.engine, request)
    assert (page.next_before, page.is_cut) == (None, False)
    counts = queries.search_counts(store.engine, request)
    assert counts.problems == page.problems
    assert counts.is_capped is False
    if not counts.holds_unlisted:
        assert counts.total == len(page.results)
    return sorted(page.results["platform_post_id"])


def test_words_are_found_exactly_under_any_particle(library: Store) -> None:
    expected = {
        "": ALL,
        "지하철": ["line", "subway"],  # 지하철이 and 지하철 alike; the risk post is never found
        "지하철이": ["subway"],
        "지하": [],
        "지하*": ["line", "subway"],
        "버스": ["twice"],  # 마을버스 is one word; the term group 버스 has both
        "마을버스": ["bus"],
        "배차간격": ["bus"],
        "가로등": ["lamp"],
        "냄새": ["line"],
        "지하철 냄새": ["line"],
        "냄새 지하철": ["line"],
        "2호선": ["line"],
        "지하철 버스": [],
        "하철": [],
        "녹물": ["water"],
        "bridge": ["english"],
        "bridg": [],
        "BRIDG*": ["english"],
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
        "-지하*": without_subway,
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
        if parsed.text.wanted:
            assert found < set(ALL), query
        if "지하철" in query and not parsed.text.excluded:
            assert found <= subway, query
        if parsed.problems:
            assert found == set(), query
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
    for request in (SearchRequest(MARCH, query), SearchRequest(MARCH, query, sort=BEST)):
        page = queries.search(library.engine, request)
        assert len(page.results) <= len(ALL)
    assert queries.search_counts(library.engine, request).total <= len(ALL) + 1


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


def test_the_best_come_first_and_are_paged_once_each(store: Store) -> None:
    store.add(
        a_question(
            "once", "가로등이 어둡고 길이 좁아서 밤마다 걷기가 무섭고 힘들어요", created_at=kst("2026-03-05 09:00")
        ),
        a_question("thrice", "가로등 가로등 가로등", created_at=kst("2026-03-01 09:00")),
        a_question("none", "도로가 파였어요", created_at=kst("2026-03-06 09:00")),
        a_question("short", "가로등 고장", created_at=kst("2026-03-02 09:00")),
    )
    request = SearchRequest(MARCH, "가로등", limit=2, sort=BEST)
    first = queries.search(store.engine, request)
    assert (first.sort, first.ranked, first.is_ranked_capped, first.is_cut) == ("best", 3, False, False)
    second = queries.search(store.engine, replace(request, before=first.next_before))
    assert second.next_before is None
    seen = [*first.results["platform_post_id"], *second.results["platform_post_id"]]
    assert seen == ["thrice", "short", "once"]
    unranked = queries.search(store.engine, replace(request, query="-가로등"))  # nothing to rank by
    assert (unranked.sort, unranked.results["platform_post_id"].tolist()) == ("newest", ["none"])


def test_the_best_are_looked_for_among_the_newest_and_it_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_RANKED", 2)
    store.add(
        *[a_question(f"q{day}", "가로등 " * (9 - day), created_at=kst(f"2026-03-0{day} 09:00")) for day in (1, 2, 3)]
    )
    page = queries.search(store.engine, SearchRequest(MARCH, "가로등", sort=BEST))
    assert set(page.results["platform_post_id"]) == {"q2", "q3"}
    assert (page.ranked, page.is_ranked_capped) == (2, True)


def test_a_cut_list_says_so_and_goes_on_where_it_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "FIRST_BATCH", 4)
    monkeypatch.setattr(candidates, "LARGEST_BATCH", 4)
    monkeypatch.setattr(listing, "MAX_EXAMINED", 4)
    first = kst("2026-03-02 09:00")
    store.add(
        *[
            a_question(f"q{number}", "가로등", created_at=first + dt.timedelta(minutes=number),
                       platform="x" if number in (0, 1, 9) else "blog")
            for number in range(10)
        ]
    )  # fmt: skip
    request = SearchRequest(replace(MARCH, platforms=("x",)), "가로등", limit=2)
    pages = [queries.search(store.engine, request)]
    while pages[-1].next_before is not None:
        pages.append(queries.search(store.engine, replace(request, before=pages[-1].next_before)))
    assert [(page.results["platform_post_id"].tolist(), page.is_cut, page.examined) for page in pages] == [
        (["q9"], True, 4), ([], True, 4), (["q1", "q0"], False, 2),
    ]  # fmt: skip


def test_a_search_that_takes_too_long_shows_what_it_has(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "MAX_SECONDS", -1.0)
    monkeypatch.setattr(candidates, "FIRST_BATCH", 2)
    store.add(*[a_question(f"q{number}", "가로등") for number in range(5)])
    page = queries.search(store.engine, SearchRequest(MARCH, "가로등", limit=4))
    assert (len(page.results), page.is_cut) == (2, True)
    assert page.next_before is not None


@pytest.fixture
def crowd(store: Store) -> Store:
    """1,500 posts over 30 days: 가로등 in all, 녹물 in three, 소음 in each tenth."""
    start = kst("2026-03-01 00:00")
    words = ["가로등" + " 녹물" * (number % 500 == 7) + " 소음" * (number % 10 == 3) for number in range(1500)]
    store.add(
        *[
            a_question(f"q{number}", text, created_at=start + dt.timedelta(minutes=20 * number))
            for number, text in enumerate(words)
        ]
    )
    return store


def test_the_work_does_not_grow_with_how_frequent_a_word_is(crowd: Store) -> None:
    asked: list[str] = []
    event.listen(crowd.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    work = {}
    for query in ("녹물", "소음", "가로등", ""):
        asked.clear()
        page = queries.search(crowd.engine, SearchRequest(MARCH, query))
        statements = [statement for statement in asked if statement.startswith("SELECT")]
        work[query] = (len(page.results), page.examined)
        assert len(statements) <= 5  # PostgreSQL asks how frequent the words are, and may ask its other index
    assert work == {"녹물": (3, 3), "소음": (20, 64), "가로등": (20, 64), "": (20, 64)}


def test_a_rare_platform_is_found_by_its_days(crowd: Store) -> None:
    crowd.add(
        a_question("old", "가로등", platform="x", created_at=kst("2026-03-01 00:10")),
        a_question("new", "가로등", platform="x", created_at=kst("2026-03-20 00:10")),
    )
    page = queries.search(crowd.engine, SearchRequest(replace(MARCH, platforms=("x",))))
    assert page.results["platform_post_id"].tolist() == ["new", "old"]
    assert page.examined == 2


def test_a_removed_post_is_gone_at_once(library: Store) -> None:
    with library.engine.begin() as connection:
        ids = find_posts(connection, "blog", ["subway"])
        remove_posts(connection, list(ids.values()), kst("2026-03-09 09:00"))
    for query in ("지하철", '"지하철이 또"', "지하*", "-버스", ""):
        assert "subway" not in _found(library, query)
    assert _found(library, term="지하철") == ["line"]


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
