"""A small, well-behaved server for each network, and the settings that lead to it. All of it is invented.

A scenario is one row: the contract test runs every fault over every row. ``order`` is what the server does to the items
of a page and to the sequence of pages, so that a test can have them come in any order.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import Answer, Request

TOKEN = "a-token-nobody-may-see"
Order = Callable[[Sequence[Any]], list[Any]]
Responder = Callable[[Request], Answer]
NOT_FOUND = Answer({"error": "nothing here"}, status=404)


@dataclass(frozen=True)
class Scenario:
    """``settings`` of a base URL; ``server`` makes a responder of an order; ``ids`` is all it holds.

    ``limit_header`` says when the next request is allowed, 60 seconds from now; ``has_pages`` whether one answer follows
    another of the same kind.
    """

    settings: Callable[[str], dict[str, str]]
    server: Callable[[Order], Responder]
    ids: frozenset[str]
    limit_header: Callable[[], dict[str, str]] = field(default=lambda: {"retry-after": "60"})
    has_pages: bool = True


def at(minute: int) -> str:
    """Return a moment of the scenario as ISO 8601, UTC."""
    return (dt.datetime(2026, 3, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def pages_of(items: Sequence[Any], size: int, order: Order) -> list[list[Any]]:
    """Return ``items`` in pages, the pages and what is on them in the given order."""
    return [order(page) for page in order([items[start : start + size] for start in range(0, len(items), size)])]


# Mastodon


def a_status(number: int, author: str = "citizen", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number), "created_at": at(number), "edited_at": None, "visibility": "public", "spoiler_text": "",
        "content": f"<p>@roads {number}번째 가로등이 고장났어요</p>", "in_reply_to_id": None, "reblog": None,
        "account": {"id": f"9{len(author)}", "acct": author}, "mentions": [{"id": "1", "acct": "roads"}],
        "media_attachments": [], "url": f"https://example.org/@{author}/{number}", **more,
    }  # fmt: skip


def mastodon(order: Order) -> Responder:
    mentions = [a_status(number) for number in range(101, 106)]
    own = [a_status(number, "roads", in_reply_to_id=str(number - 100)) for number in range(201, 204)]

    def above(items: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
        least = int(request.query.get("min_id", 0))
        found = [item for item in items if int(item["id"]) > least]
        return order(found[:2] if "min_id" in request.query else found[-2:])

    def respond(request: Request) -> Answer:
        if request.path == "/api/v1/accounts/verify_credentials":
            return Answer({"id": "1", "acct": "roads", "username": "roads"})
        if request.path == "/api/v1/notifications":
            notes = [
                {"id": status["id"], "type": "mention", "created_at": at(1), "status": status} for status in mentions
            ]
            return Answer(above(notes, request))
        if request.path == "/api/v1/accounts/1/statuses":
            return Answer(above(own, request))
        return NOT_FOUND

    return respond


# Meta


def _graph(lists: dict[str, list[list[Any]]], me: dict[str, Any]) -> Responder:
    """Answer lists page by page; the cursor after page n is ``n``, whatever page stands there."""

    def respond(request: Request) -> Answer:
        if request.path == "/me":
            return Answer(me)
        if (pages := lists.get(request.path)) is None:
            return NOT_FOUND
        number = int(request.query.get("after", 0))
        return Answer(graph_page(pages[number], number + 1 if number + 1 < len(pages) else None))

    return respond


def graph_page(items: list[Any], after: int | None = None) -> dict[str, Any]:
    paging = {"cursors": {"before": "b", "after": str(after)}}
    if after is not None:
        paging["next"] = f"https://graph.example.org/next?access_token={TOKEN}&after={after}"  # type: ignore[assignment]
    return {"data": items, "paging": paging}


def facebook(order: Order) -> Responder:
    def comment(number: int, **more: Any) -> dict[str, Any]:
        return {
            "id": f"1_{number}", "message": f"{number}번째 댓글입니다", "created_time": at(number), "from": {"id": "77"}, **more,
        }  # fmt: skip

    feed = [
        {
            "id": f"1_{number}", "message": f"알림 {number}", "created_time": at(number), "from": {"id": "1"},
            "comments": graph_page(order([comment(number * 10)]), 1 if number == 3 else None),
        }
        for number in (5, 4, 3, 2)
    ]  # fmt: skip
    # The first page of these comments came with the post.
    more = [[], order([comment(31), comment(32, parent={"id": "1_31"})]), [comment(33, **{"from": {"id": "1"}})]]
    return _graph({"/me/feed": pages_of(feed, 2, order), "/1_3/comments": more}, {"id": "1"})


def instagram(order: Order) -> Responder:
    def comment(number: int, username: str = "citizen", **more: Any) -> dict[str, Any]:
        return {"id": f"c{number}", "text": f"{number}번째 댓글", "timestamp": at(number), "username": username, **more}

    replies = graph_page(order([comment(51, "roads"), comment(52)]))
    media = [
        {
            "id": f"m{number}", "caption": f"사진 {number}", "timestamp": at(number), "media_type": "IMAGE",
            "media_url": f"https://example.org/{number}.jpg", "permalink": f"https://example.org/p/{number}",
            "comments": graph_page(order([comment(number * 10, replies=replies) if number == 5 else comment(number * 10)])),
        }
        for number in (5, 4, 3, 2)
    ]  # fmt: skip
    return _graph({"/me/media": pages_of(media, 2, order)}, {"user_id": "1", "username": "roads"})


def threads(order: Order) -> Responder:
    def post(number: int, username: str = "citizen", **more: Any) -> dict[str, Any]:
        return {
            "id": f"t{number}",
            "text": f"@roads {number}번째 글",
            "timestamp": at(number),
            "username": username,
            **more,
        }

    mentions = [post(number) for number in (5, 4, 3)]
    own = [post(9, "roads", has_replies=True), post(8, "roads"), post(7, "roads")]
    replies = [post(13, "roads", replied_to={"id": "t3"}), post(12, "roads", replied_to={"id": "t4"})]
    below = [[post(21, replied_to={"id": "t9"})], [post(22, replied_to={"id": "t21"})]]
    lists = {
        "/me/mentions": pages_of(mentions, 2, order), "/me/threads": pages_of(own, 2, order),
        "/me/replies": pages_of(replies, 2, order), "/t9/conversation": below,
    }  # fmt: skip
    return _graph(lists, {"id": "1", "username": "roads"})


# YouTube


def a_comment(number: int, channel: str = "UCcitizen", **more: Any) -> dict[str, Any]:
    snippet = {
        "videoId": "v1", "textOriginal": f"{number}번째 댓글", "authorChannelId": {"value": channel},
        "publishedAt": at(number), "updatedAt": at(number), **more,
    }  # fmt: skip
    return {"kind": "youtube#comment", "id": f"y{number}", "snippet": snippet}


def youtube(order: Order) -> Responder:
    def thread(number: int) -> dict[str, Any]:
        return {
            "id": f"y{number}", "snippet": {"topLevelComment": a_comment(number), "totalReplyCount": 3 if number == 4 else 0},
            **({"replies": {"comments": [a_comment(41, "UCcity", parentId="y4")]}} if number == 4 else {}),
        }  # fmt: skip

    pages = pages_of([thread(number) for number in (5, 4, 3, 2, 1)], 2, order)
    replies = [[a_comment(41, "UCcity", parentId="y4"), a_comment(42, parentId="y4")], [a_comment(43, parentId="y4")]]

    def respond(request: Request) -> Answer:
        lists = {"/commentThreads": pages, "/comments": replies}
        if (found := lists.get(request.path)) is None:
            return NOT_FOUND
        number = int(request.query.get("pageToken", 0))
        after = {"nextPageToken": str(number + 1)} if number + 1 < len(found) else {}
        return Answer({"items": found[number], **after})

    return respond


# Naver


def naver(order: Order) -> Responder:
    def item(number: int) -> dict[str, Any]:
        return {
            "title": f"<b>서울시</b> 이야기 {number}", "description": "가로등이 &quot;또&quot; 고장", "postdate": "20260302",
            "link": f"https://blog.example.org/{number}", "bloggername": "이웃", "bloggerlink": "blog.example.org",
        }  # fmt: skip

    pages = pages_of([item(number) for number in range(150)], 100, lambda items: order(items))
    pages = sorted(pages, key=len, reverse=True)  # a short page is the last one, wherever its items come from

    def respond(request: Request) -> Answer:
        if request.path != "/search/v1/blog":
            return NOT_FOUND
        number = (int(request.query["start"]) - 1) // 100
        return Answer({"total": 150, "items": pages[number] if number < len(pages) else []})

    return respond


# RSS


def feed(entries: Sequence[int], order: Order) -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>e{number}</guid><title>소식 {number}</title>"
        f"<description>&lt;p&gt;내용 {number}&lt;/p&gt;</description>"
        f"<pubDate>Mon, 02 Mar 2026 00:{number:02}:00 GMT</pubDate></item>"
        for number in order(entries)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def rss(order: Order) -> Responder:
    bodies = {"/one.xml": feed([1, 2, 3], order), "/two.xml": feed([4, 5], order)}

    def respond(request: Request) -> Answer:
        body = bodies.get(request.path)
        return Answer(body, headers={"content-type": "application/rss+xml"}) if body else NOT_FOUND

    return respond


# Open311


def a_request(number: int, day: str, **more: Any) -> dict[str, Any]:
    return {
        "service_request_id": f"r{number}", "status": "open", "service_name": "가로등 고장", "service_code": "12",
        "description": f"{number}번째 가로등이 꺼졌어요", "requested_datetime": f"{day}T09:00:00+09:00", "address": "중구 태평로", **more,
    }  # fmt: skip


def open311(order: Order) -> Responder:
    requests = [
        a_request(1, "2026-01-05"), a_request(2, "2026-02-05"),
        a_request(3, "2026-04-20", status_notes="고쳤습니다", updated_datetime="2026-04-21T09:00:00+09:00", agency_responsible="도로관리과"),
        a_request(4, "2026-07-05"), a_request(5, "2026-07-06"),
    ]  # fmt: skip

    def respond(request: Request) -> Answer:
        if request.path != "/requests.json":
            return NOT_FOUND
        start, end = (dt.datetime.fromisoformat(request.query[name]) for name in ("start_date", "end_date"))
        asked = ((dt.datetime.fromisoformat(each["requested_datetime"]), each) for each in requests)
        return Answer(order([each for time, each in asked if start <= time < end]))

    return respond


def _tokens(prefix: str, url: str, **more: str) -> dict[str, str]:
    return {f"MINWON_{prefix}_BASE_URL": url, f"MINWON_{prefix}_TOKENS": json.dumps({"roads": TOKEN}), **more}


def _in_a_minute() -> dict[str, str]:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
    return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": until.isoformat().replace("+00:00", "Z")}


SCENARIOS: dict[str, Scenario] = {
    "mastodon": Scenario(
        lambda url: _tokens("MASTODON", url), mastodon,
        frozenset(map(str, [*range(101, 106), *range(201, 204)])), _in_a_minute,
    ),
    "facebook": Scenario(
        lambda url: _tokens("FACEBOOK", url), facebook,
        frozenset(f"1_{number}" for number in (2, 3, 4, 5, 20, 30, 31, 32, 33, 40, 50)),
    ),
    "instagram": Scenario(
        lambda url: _tokens("INSTAGRAM", url), instagram,
        frozenset(["m2", "m3", "m4", "m5", "c20", "c30", "c40", "c50", "c51", "c52"]),
    ),
    "threads": Scenario(
        lambda url: _tokens("THREADS", url), threads,
        frozenset(f"t{number}" for number in (3, 4, 5, 7, 8, 9, 12, 13, 21, 22)),
    ),
    "youtube": Scenario(
        lambda url: {
            "MINWON_YOUTUBE_BASE_URL": url, "MINWON_YOUTUBE_KEY": TOKEN, "MINWON_YOUTUBE_CHANNELS": '{"city": "UCcity"}',
        },
        youtube, frozenset(f"y{number}" for number in (1, 2, 3, 4, 5, 41, 42, 43)),
    ),
    "naver": Scenario(
        lambda url: {
            "MINWON_NAVER_BASE_URL": url, "MINWON_NAVER_CLIENT_ID": "an-id", "MINWON_NAVER_CLIENT_SECRET": TOKEN,
            "MINWON_NAVER_QUERIES": '["서울시"]',
        },
        naver, frozenset(f"https://blog.example.org/{number}" for number in range(150)),
    ),
    "rss": Scenario(
        lambda url: {"MINWON_RSS_FEEDS": json.dumps({"one": f"{url}/one.xml?key={TOKEN}", "two": f"{url}/two.xml"})},
        rss, frozenset(f"e{number}" for number in range(1, 6)), has_pages=False,
    ),
    "open311": Scenario(
        lambda url: {"MINWON_OPEN311_BASE_URL": url, "MINWON_OPEN311_SINCE": "2026-01-01"},
        open311, frozenset(["r1", "r2", "r3", "r3-1776729600", "r4", "r5"]),
    ),
}  # fmt: skip
