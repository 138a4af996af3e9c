"""What each network can bring that its recorded answers do not hold: edits, private posts, answers, odd items."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from data_sources.base import (
    AuthFailed,
    BadPayload,
    CursorExpired,
    NotAllowed,
    RateLimited,
    Transient,
    Unknown,
    UsageError,
)
from data_sources.connectors import rss, walking
from data_sources.connectors.meta.graph import explain
from data_sources.connectors.networks import CONNECTORS, connector_row
from data_sources.connectors.walking import Batch, walk
from data_sources.records import Post
from tests.builders import a_question
from tests.data_sources.connectors.reading import REGISTRY, posts_of, rejects_of, source
from tests.data_sources.connectors.scenarios import (
    SCENARIOS,
    a_comment,
    a_request,
    a_status,
    at,
    graph_page,
    mastodon,
)
from tests.loopback import Answer, LoopbackServer, Request

NOW = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


# Settings


@pytest.mark.parametrize("row", [row for row in CONNECTORS if row.id in SCENARIOS], ids=lambda row: row.id)
def test_a_setting_that_cannot_be_meant_is_named_and_not_shown(
    row: Any, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source(row.id, server.url, monkeypatch)
    monkeypatch.setenv(f"{row.settings}TIMEOUT_S", "no number at all")
    with pytest.raises(UsageError, match=f"{row.settings}TIMEOUT_S") as refusal:
        row.build(REGISTRY)
    assert "no number at all" not in str(refusal.value)


def test_a_table_that_is_no_json_is_told(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    source("facebook", server.url, monkeypatch)
    monkeypatch.setenv("MINWON_FACEBOOK_TOKENS", "roads=secret")
    with pytest.raises(UsageError, match="JSON") as refusal:
        connector_row("facebook").build(REGISTRY)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "mastodon"])
def test_nothing_is_published_where_nothing_is_offered(
    name: str, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = source(name, server.url, monkeypatch)
    with pytest.raises(NotAllowed):
        reading.publish("roads", "알림", key="1:roads")
    assert reading.find_published("roads", "알림", NOW) is None
    assert server.seen == []


# Walks


def _batch(day: int, after: str | None) -> Batch:
    post = a_question(f"q{day}", created_at=NOW - dt.timedelta(days=day))
    return Batch((post,), (), post.created_at, after)


def _archive(days: list[int]) -> tuple[list[str | None], walking.Listing]:
    asked: list[str | None] = []

    def listing(token: str | None) -> Batch:
        asked.append(token)
        place = int(token or 0)
        return _batch(days[place], str(place + 1) if place + 1 < len(days) else None)

    return asked, listing


def test_a_walk_goes_to_the_end_once_and_later_only_as_far_as_is_new() -> None:
    asked, listing = _archive([0, 1, 5, 20, 45, 400])
    first = list(walk(None, [listing], "roads", NOW))
    assert len(asked) == 6
    assert [(span.start, span.end) for page in first for span in page.spans] == [(NOW - dt.timedelta(days=400), NOW)]
    asked.clear()
    soon = NOW + dt.timedelta(minutes=5)
    second = list(walk(first[-1].cursor, [listing], "roads", soon))
    assert len(asked) == 3  # the third is older than three days
    assert [(span.start, span.end) for page in second for span in page.spans] == [(NOW, soon)]
    asked.clear()
    list(walk(second[-1].cursor, [listing], "roads", NOW + walking.SWEEP_EVERY))
    assert len(asked) == 5  # the fifth is older than thirty


def test_a_walk_that_breaks_goes_on_with_the_next_page() -> None:
    asked, listing = _archive([0, 1, 5, 20])
    pages = walk(None, [listing, listing], None, NOW)
    cursors = [next(pages).cursor for _ in range(5)]
    asked.clear()
    rest = list(walk(cursors[-1], [listing, listing], None, NOW + dt.timedelta(hours=1)))
    assert asked == ["1", "2", "3"]
    assert json.loads(rest[-1].cursor)["complete"] == NOW.isoformat()


def test_a_walk_that_goes_in_circles_is_stopped() -> None:
    def listing(token: str | None) -> Batch:
        return _batch(int(token or 0) % 2, str((int(token or 0) + 1) % 2))

    with pytest.raises(BadPayload):
        list(walk(None, [listing], None, NOW))


@pytest.mark.parametrize("cursor", ["", "[]", '{"place": 1}'])
@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "rss"])
def test_a_cursor_of_another_version_begins_anew(
    name: str, cursor: str, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer("*", Answer({"id": "1", "acct": "roads", "username": "roads"}))
    with pytest.raises(CursorExpired):
        list(source(name, server.url, monkeypatch).fetch(cursor))


# Mastodon


def _mastodon(server: LoopbackServer, mentions: list[Any], own: list[Any]) -> None:
    def above(items: list[Any]) -> Any:
        def respond(request: Request) -> Answer:
            return Answer([item for item in items if int(item["id"]) > int(request.query.get("min_id", 0))])

        return respond

    server.answer("/api/v1/accounts/verify_credentials", Answer({"id": "1", "acct": "roads"}))
    notes = [{"id": each["id"], "type": "mention", "created_at": at(1), "status": each} for each in mentions]
    server.respond("/api/v1/notifications", above(notes))
    server.respond("/api/v1/accounts/1/statuses", above(own))


def test_a_status_of_mastodon_becomes_a_post(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = {"id": "5", "type": "image", "url": "https://example.org/5.jpg", "description": "꺼진 가로등"}
    status = a_status(
        7, spoiler_text="주의", content="<p>@roads 어두워요</p><p>고쳐 주세요 &amp; 빨리</p>", edited_at=at(9),
        in_reply_to_id="3", media_attachments=[picture],
    )  # fmt: skip
    _mastodon(server, [status], [])
    (post,) = posts_of(list(source("mastodon", server.url, monkeypatch).fetch(None)))
    assert post == Post.model_validate({
        "platform": "mastodon", "platform_post_id": "7", "version": int(dt.datetime(2026, 3, 2, 0, 9, tzinfo=dt.UTC).timestamp()),
        "kind": "reply", "text": "주의\n\n@roads 어두워요\n고쳐 주세요 & 빨리", "created_at": at(7), "author": "97",
        "addressed_to": {"handle": "roads"}, "in_reply_to": "3", "url": "https://example.org/@citizen/7",
        "attachments": [{"key": "5", "kind": "photo", "url": "https://example.org/5.jpg", "alt": "꺼진 가로등"}],
    })  # fmt: skip


def test_private_posts_of_mastodon_are_nobodys_business(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = ["public", "unlisted", "private", "direct"]
    _mastodon(server, [a_status(number, visibility=name) for number, name in enumerate(seen, 1)], [])
    pages = list(source("mastodon", server.url, monkeypatch).fetch(None))
    assert [post.platform_post_id for post in posts_of(pages)] == ["1", "2"]
    assert rejects_of(pages) == []


def test_an_edit_on_mastodon_is_a_higher_version_at_the_next_reading(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = a_status(7)
    _mastodon(server, [status], [])
    reading = source("mastodon", server.url, monkeypatch)
    first = list(reading.fetch(None))
    status |= {"content": "<p>@roads 이제 켜졌어요</p>", "edited_at": at(30)}
    (edited,) = posts_of(list(reading.fetch(first[-1].cursor)))
    assert edited.text == "@roads 이제 켜졌어요"
    assert edited.version > posts_of(first)[0].version == 0


def test_two_accounts_of_mastodon_give_the_same_post(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    both = a_status(7, mentions=[{"id": "2", "acct": "parks"}, {"id": "1", "acct": "roads"}])
    _mastodon(server, [both], [])
    source("mastodon", server.url, monkeypatch, MINWON_MASTODON_TOKENS='{"roads": "a", "parks": "b"}')
    roads, parks = connector_row("mastodon").build(REGISTRY)
    (first,) = posts_of(list(roads.fetch(None)))
    server._queues["GET", "/api/v1/accounts/verify_credentials"] = [Answer({"id": "1", "acct": "parks"})]
    assert posts_of(list(parks.fetch(None))) == [first]
    assert first.addressed_to is not None
    assert first.addressed_to.handle == "parks"


def test_a_token_of_another_account_is_refused(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer("/api/v1/accounts/verify_credentials", Answer({"id": "1", "acct": "somebody"}))
    with pytest.raises(AuthFailed):
        list(source("mastodon", server.url, monkeypatch).fetch(None))


def test_statuses_that_are_gone_are_told(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer("/api/v1/statuses/1", Answer(a_status(1)))
    gone = list(source("mastodon", server.url, monkeypatch).check(["1", "2"]))
    assert [(removal.id, removal.reason) for removal in gone] == [("2", "missing")]


def test_publishing_on_mastodon_carries_the_key(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = source("mastodon", server.url, monkeypatch)
    server.answer("/api/v1/statuses", Answer(fault="drop"), Answer(a_status(9, "roads")), method="POST")
    with pytest.raises(Unknown):
        reading.publish("roads", "알림", key="7:roads")
    assert reading.publish("roads", "알림", key="7:roads") == "9"
    sent = {name.lower(): value for name, value in server.seen[-1].headers.items()}
    assert sent["idempotency-key"] == "7:roads"
    with pytest.raises(NotAllowed):
        reading.publish("parks", "알림", key="7:parks")


def test_what_was_published_on_mastodon_is_found_again(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _mastodon(server, [], [a_status(9, "roads", content="<p>단수 안내<br>https://example.org</p>")])
    reading = source("mastodon", server.url, monkeypatch)
    before = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert reading.find_published("roads", "단수 안내 https://example.org", before) == "9"
    assert reading.find_published("roads", "단수 안내 https://example.org", NOW) is None
    assert reading.find_published("roads", "다른 안내", before) is None


def test_reads_of_mastodon_are_its_requests(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = mastodon(list)
    server.respond("*", honest)
    reading = source("mastodon", server.url, monkeypatch)
    pages = list(reading.fetch(None))
    assert sum(page.reads for page in pages) == len(server.seen)
    server.seen.clear()
    assert sum(page.reads for page in reading.fetch(pages[-1].cursor)) == len(server.seen)


# Meta


def test_a_comment_without_an_address_keeps_its_id(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = {"message": "언제 고치나요", "created_time": at(9)}
    other = {"message": "저도 궁금해요", "created_time": at(9)}
    post = {"id": "1_2", "message": "알림", "created_time": at(1), "from": {"id": "1"}}
    server.answer("/me", Answer({"id": "1"}))
    server.answer("/me/feed", Answer(graph_page([{**post, "comments": graph_page([comment, other])}])))
    reading = source("facebook", server.url, monkeypatch)
    first, second = (posts_of(list(reading.fetch(None))) for _ in range(2))
    assert first == second
    assert len({each.platform_post_id for each in first}) == 3
    assert first[0].account is not None
    assert [each.account for each in first[1:]] == [None, None]


@pytest.mark.parametrize("name", ["facebook", "instagram", "threads"])
def test_odd_items_are_rejected_once_and_without_names(
    name: str, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {
        "id": "5",
        "message": "글",
        "caption": "글",
        "text": "글",
        "username": "kim_minji",
        "from": {"id": "8", "name": "김민지"},
    }
    server.answer("/me", Answer({"id": "1", "username": "roads"}))
    server.answer("*", Answer(graph_page([odd, "a string", {**odd, "created_time": "soon", "timestamp": "soon"}])))
    reading = source(name, server.url, monkeypatch)
    first, second = (rejects_of(list(reading.fetch(None))) for _ in range(2))
    assert {row.reason for row in first} == {"time.missing", "field.invalid", "time.unreadable"}
    assert [row.source_row for row in first] == [row.source_row for row in second]
    assert not any(secret in row.raw + row.detail for row in first for secret in ("kim_minji", "김민지", "글"))


def test_threads_addresses_the_first_account_that_is_mentioned(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["@parks 그리고 @roads", "@roadside 말고 @Roads.", "아무도 안 불렀어요"]
    items = [{"id": f"t{n}", "text": text, "timestamp": at(n), "username": "citizen"} for n, text in enumerate(texts)]
    server.answer("/me", Answer({"id": "1", "username": "roads"}))
    server.answer("/me/mentions", Answer(graph_page(items))).answer("*", Answer(graph_page([])))
    reading = source("threads", server.url, monkeypatch, MINWON_THREADS_TOKENS='{"roads": "a", "parks": "b"}')
    posts = posts_of(list(reading.fetch(None)))
    assert [post.addressed_to.handle for post in posts if post.addressed_to] == ["parks", "roads", "roads"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 190, AuthFailed),
        (400, 4, RateLimited),
        (403, 80_001, RateLimited),
        (500, 2, Transient),
        (403, 200, NotAllowed),
    ],
)
def test_codes_of_meta_say_what_the_status_does_not(status: int, code: int, kind: type[Exception]) -> None:
    body = json.dumps({"error": {"code": code, "message": "Malformed access token EAAB"}}).encode()
    error = explain(status, {}, body, "GET /me")
    assert type(error) is kind
    assert "EAAB" not in str(error)
    assert explain(400, {}, b'{"error": {"code": 100}}', "GET /me") is None
    assert explain(400, {}, b"<html>", "GET /me") is None


def test_meta_says_in_minutes_when_it_answers_again() -> None:
    usage = json.dumps({"1": [{"type": "pages", "estimated_time_to_regain_access": 7}]})
    error = explain(400, {"X-Business-Use-Case-Usage": usage}, b'{"error": {"code": 32}}', "GET /me")
    assert isinstance(error, RateLimited)
    assert error.until is not None
    assert 6 < (error.until - dt.datetime.now(dt.UTC)).total_seconds() / 60 < 8


# YouTube


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "quotaExceeded", RateLimited),
        (403, "commentsDisabled", NotAllowed),
        (400, "keyInvalid", AuthFailed),
        (400, "processingFailure", CursorExpired),
        (403, "rateLimitExceeded", RateLimited),
    ],
)
def test_reasons_of_youtube(
    status: int, reason: str, kind: type[Exception], server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer("/commentThreads", Answer({"error": {"errors": [{"reason": reason}]}}, status))
    with pytest.raises(kind) as refusal:
        list(source("youtube", server.url, monkeypatch).fetch(None))
    if reason == "quotaExceeded":
        assert isinstance(refusal.value, RateLimited)
        assert refusal.value.until is not None
        assert dt.timedelta(0) < refusal.value.until - dt.datetime.now(dt.UTC) < dt.timedelta(hours=25)


def test_the_channel_answers_and_its_quota_is_counted(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.respond("*", SCENARIOS["youtube"].server(list))
    pages = list(source("youtube", server.url, monkeypatch).fetch(None))
    answers = [post for post in posts_of(pages) if post.account]
    assert [(post.platform_post_id, post.in_reply_to) for post in answers] == [("y41", "y4")]
    assert sum(page.reads for page in pages) == len(server.seen)


def test_comments_of_youtube_that_are_gone_are_told(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"y{number}" for number in range(60)]

    def respond(request: Request) -> Answer:
        return Answer({"items": [{"id": id_} for id_ in request.query["id"].split(",") if id_ != "y55"]})

    server.respond("/comments", respond)
    assert [removal.id for removal in source("youtube", server.url, monkeypatch).check(ids)] == ["y55"]
    assert len(server.seen) == 2


def test_a_key_stands_in_no_address(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer("/commentThreads", Answer({"items": [{"id": "y1", "snippet": {"topLevelComment": a_comment(1)}}]}))
    list(source("youtube", server.url, monkeypatch).fetch(None))
    assert "key" not in server.seen[0].query


# Naver


def test_a_post_of_two_queries_keeps_the_snippet_of_the_first(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def respond(request: Request) -> Answer:
        item = {
            "title": "가로등", "description": f"<b>{request.query['query']}</b> 이야기", "postdate": "20260302",
            "link": "https://blog.example.org/1", "bloggerlink": "blog.example.org/me",
        }  # fmt: skip
        return Answer({"items": [item]})

    server.respond("/search/v1/blog", respond)
    reading = source("naver", server.url, monkeypatch, MINWON_NAVER_QUERIES='["서울시", "민원"]')
    first, second = posts_of(list(reading.fetch(None)))
    assert (first.text, second.text) == ("가로등\n\n서울시 이야기", "가로등\n\n민원 이야기")
    assert first.version > second.version
    assert (first.created_precision, first.answers_collected) == ("day", False)
    assert first.created_at == dt.datetime(2026, 3, 1, 15, tzinfo=dt.UTC)


# RSS and Atom


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<entry><id>tag:1</id><title>공지</title><published>2026-03-02T09:00:00+09:00</published>
<updated>2026-03-02T10:00:00+09:00</updated><content type="html">&lt;p&gt;첫 줄&lt;/p&gt;&lt;p&gt;둘째 줄&lt;/p&gt;</content>
<author><name>이웃</name></author><link href="https://example.org/1"/></entry>
<entry><id>tag:2</id><title>시각 없음</title></entry>
<entry><title></title><id>tag:3</id><updated>2026-03-02T10:00:00Z</updated></entry>
</feed>"""


def test_an_atom_feed_with_an_edit_and_with_odd_entries(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer("/one.xml", Answer(ATOM.encode(), headers={"content-type": "application/atom+xml"}))
    pages = list(source("rss", server.url, monkeypatch).fetch(None))
    (post,) = posts_of(pages)
    assert (post.text, post.author, post.url) == ("공지\n\n첫 줄\n둘째 줄", "이웃", "https://example.org/1")
    assert post.version == int(dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC).timestamp())
    assert post.created_at == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    assert [row.reason for row in rejects_of(pages)] == ["time.missing", "text.missing"]


def test_the_feed_of_a_blog_of_the_city_is_what_the_city_says(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer("/blog", Answer(ATOM.encode()))
    feeds = json.dumps({"demo_seoul_city_blog": f"{server.url}/blog"})
    (post,) = posts_of(list(source("rss", server.url, monkeypatch, MINWON_RSS_FEEDS=feeds).fetch(None)))
    assert post.author is None
    assert post.account is not None
    assert post.account.handle == "demo_seoul_city_blog"


def test_a_feed_is_parsed_and_never_opened_as_a_file(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    hidden = tmp_path / "hidden.xml"
    hidden.write_text(ATOM, encoding="utf-8")
    server.answer("/one.xml", Answer(str(hidden).encode()))
    with pytest.raises(BadPayload):
        list(source("rss", server.url, monkeypatch).fetch(None))


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_RSS_FEEDS", '{"one": "file:///etc/hosts"}')
    with pytest.raises(UsageError, match="one"):
        rss.build(REGISTRY)


# Open311


def _open311(server: LoopbackServer, requests: list[Any]) -> None:
    def respond(request: Request) -> Answer:
        start, end = (dt.datetime.fromisoformat(request.query[name]) for name in ("start_date", "end_date"))
        times = ((dt.datetime.fromisoformat(each["requested_datetime"]), each) for each in requests)
        return Answer([each for time, each in times if start <= time < end])

    server.respond("/requests.json", respond)


def test_a_note_is_the_citys_answer_at_the_time_of_the_update(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = a_request(
        1, "2026-02-05", status_notes="접수했습니다", updated_datetime="2026-02-06T09:00:00+09:00",
        agency_responsible="도로관리과", media_url="https://example.org/1.jpg",
    )  # fmt: skip
    untimed = a_request(2, "2026-02-05", status_notes="처리 중", updated_datetime=None)
    _open311(server, [answered, untimed, a_request(3, "2026-02-05")])
    reading = source("open311", server.url, monkeypatch)
    first, answer, second, third = posts_of(list(reading.fetch(None)))
    assert first.text == "가로등 고장\n\n1번째 가로등이 꺼졌어요\n\n중구 태평로"
    assert (answer.text, answer.in_reply_to, answer.created_at) == (
        "접수했습니다", "r1", dt.datetime(2026, 2, 6, tzinfo=dt.UTC),
    )  # fmt: skip
    assert answer.account is not None
    assert (answer.account.handle, answer.account.department) == ("도로관리과", "도로관리과")
    assert [post.answers_collected for post in (first, second, third)] == [True, False, True]
    # A later note is one more answer, and the request a higher version of itself.
    answered |= {"status": "closed", "status_notes": "고쳤습니다", "updated_datetime": "2026-02-09T09:00:00+09:00"}
    later, again = posts_of(list(reading.fetch(None)))[:2]
    assert later.version > first.version
    assert again.platform_post_id != answer.platform_post_id


def test_a_service_that_tells_no_answers_collects_none(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _open311(server, [a_request(1, "2026-02-05", status_notes="메모", updated_datetime="2026-02-06T09:00:00+09:00")])
    reading = source("open311", server.url, monkeypatch, MINWON_OPEN311_ANSWERS="false")
    (post,) = posts_of(list(reading.fetch(None)))
    assert not post.answers_collected


def test_a_window_that_is_full_is_halved_until_all_is_seen(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [a_request(number, f"2026-01-{number:02}") for number in range(2, 30)]

    def respond(request: Request) -> Answer:
        start, end = (dt.datetime.fromisoformat(request.query[name]) for name in ("start_date", "end_date"))
        assert end - start <= dt.timedelta(days=90)
        times = ((dt.datetime.fromisoformat(each["requested_datetime"]), each) for each in requests)
        return Answer([each for time, each in times if start <= time < end][:5])

    server.respond("/requests.json", respond)
    reading = source("open311", server.url, monkeypatch, MINWON_OPEN311_LIMIT="5")
    assert {post.platform_post_id for post in posts_of(list(reading.fetch(None)))} == {f"r{n}" for n in range(2, 30)}


def test_an_xml_bomb_is_no_answer(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><service_requests><request>&b;</request></service_requests>'
    server.answer("/requests.xml", Answer(bomb))
    with pytest.raises(BadPayload):
        list(source("open311", server.url, monkeypatch, MINWON_OPEN311_FORMAT="xml").fetch(None))
