"""Recorded answers of real services, replayed: as many posts as a count without our code finds. No text leaves here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from data_sources.loader import load
from tests.conftest import Store
from tests.data_sources.connectors.reading import posts_of, recorded, rejects_of, source
from tests.data_sources.connectors.scenarios import graph_page
from tests.loopback import Answer, LoopbackServer


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def test_korean_comments_of_youtube(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    body = recorded("youtube_commentThreads_ko_masked.json")
    server.answer("/commentThreads", Answer(body))
    snippets = [item["snippet"]["topLevelComment"]["snippet"] for item in body["items"]]
    assert len(snippets) == 73
    comments = source("youtube", server.url, monkeypatch)
    posts = posts_of(list(comments.fetch(None)))
    assert len(posts) == len({post.platform_post_id for post in posts}) == 73
    assert [post.author for post in posts] == [snippet["authorChannelId"]["value"] for snippet in snippets]
    assert sum(post.version > 0 for post in posts) == sum(
        snippet["updatedAt"] != snippet["publishedAt"] for snippet in snippets
    )
    assert str(load(comments, store.engine)) == "read=73 inserted=73 updated=0 unchanged=0 rejected=0"
    # The loader goes on where it stood: the same page, as nothing follows it.
    assert str(load(comments, store.engine)) == "read=73 inserted=0 updated=0 unchanged=73 rejected=0"


def test_two_pages_of_youtube(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [recorded(f"api_youtube/comment_threads_by_video_paged_{page}.json") for page in (1, 2)]
    server.answer("/commentThreads", *map(Answer, bodies))
    pages = list(source("youtube", server.url, monkeypatch).fetch(None))
    found = Counter(post.kind for post in posts_of(pages))
    threads = [item for body in bodies for item in body["items"]]
    replies = sum(len(item.get("replies", {}).get("comments", ())) for item in threads)
    assert (found["post"], found["reply"]) == (len(threads), replies)
    # The recorded second page holds the comments of the first once more.
    ids = {item["snippet"]["topLevelComment"]["id"] for item in threads}
    assert {post.platform_post_id for post in posts_of(pages)} == ids
    assert len(ids) == 5
    assert [request.query.get("pageToken") for request in server.seen] == [None, bodies[0]["nextPageToken"]]
    assert rejects_of(pages) == []


def test_posts_of_a_facebook_page_whose_author_is_unknown(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [recorded(f"api_facebook/feeds_default_fields_p{page}.json") for page in (1, 2)]
    server.answer("/me", Answer({"id": "1"})).answer("/me/feed", *map(Answer, bodies))
    posts = posts_of(list(source("facebook", server.url, monkeypatch).fetch(None)))
    items = [item for body in bodies for item in body["data"]]
    assert [post.platform_post_id for post in posts] == [item["id"] for item in items]
    assert len(posts) == 10
    assert {(post.author, post.account) for post in posts} == {(None, None)}
    media = [each for item in items for each in item["attachments"]["data"]]
    assert Counter(each.kind for post in posts for each in post.attachments) == Counter(
        {"photo": sum(each["media_type"] in ("photo", "album") for each in media)}
    ) + Counter({"video": sum(each["media_type"] == "video" for each in media)})


def test_comments_of_facebook_without_author_and_id(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [recorded(f"api_facebook/comments_p{page}.json") for page in (1, 2)]
    post = {"id": "1_2", "message": "알림", "created_time": "2021-08-10T00:00:00+0000", "from": {"id": "1"}}
    server.answer("/me", Answer({"id": "1"}))
    server.answer("/me/feed", Answer(graph_page([{**post, "comments": graph_page([], 1)}])))
    server.answer("/1_2/comments", *map(Answer, bodies))
    pages = list(source("facebook", server.url, monkeypatch).fetch(None))
    comments = [each for each in posts_of(pages) if each.kind == "reply"]
    items = [item for body in bodies for item in body["data"]]
    numbers = [re.search(r"(?:reply_)?comment_id=(\d+)$", item["permalink_url"]) for item in items]
    assert [each.platform_post_id for each in comments] == [f"2_{number[1]}" for number in numbers if number]
    assert len(comments) == 15
    assert {(each.author, each.account, each.in_reply_to) for each in comments} == {(None, None, "1_2")}
    assert pages[0].reads == 3


def test_media_of_instagram_with_and_without_a_time(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    media = list(recorded("api_facebook/medias_fields.json").values())
    without_time = recorded("api_facebook/hashtag_top_medias_p1.json")["data"]
    server.answer("/me", Answer({"username": "roads"}))
    server.answer("/me/media", Answer(graph_page(media, 1)), Answer(graph_page(without_time)))
    pages = list(source("instagram", server.url, monkeypatch).fetch(None))
    assert [post.platform_post_id for post in posts_of(pages)] == [item["id"] for item in media]
    captioned = sum(bool(item.get("caption", "").strip()) for item in without_time)
    assert [row.reason for row in rejects_of(pages)] == ["time.missing"] * captioned
    assert captioned > 20


@pytest.mark.parametrize(
    ("form", "name", "requests", "answers"),
    [("json", "service_requests.json", 2, 1), ("xml", "requests_many.xml", 2, 0), ("xml", "requests_single.xml", 1, 0)],
)
def test_service_requests(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, form: str, name: str, requests: int, answers: int
) -> None:
    body = recorded(f"open311/{name}")
    year = re.search(rb"(20\d\d)-\d\d-\d\dT", body if isinstance(body, bytes) else str(body).encode())
    assert year
    days = {b"2014": ("2014-07-01", 7), b"2018": ("2018-07-01", 7)}[year[1]]
    empty = Answer([]) if form == "json" else Answer(b"<service_requests/>")

    def respond(request: object) -> Answer:
        first = len(server.seen) == 1
        return Answer(body) if first else empty

    server.respond(f"/requests.{form}", respond)
    pages = list(
        source("open311", server.url, monkeypatch, MINWON_OPEN311_FORMAT=form, MINWON_OPEN311_SINCE=days[0]).fetch(None)
    )
    posts = posts_of(pages)
    assert Counter(post.kind for post in posts) == Counter({"post": requests, "reply": answers})
    assert rejects_of(pages) == []
    # Notes without a time of update are no answers one could time.
    assert {post.answers_collected for post in posts if post.kind == "post"} == {form == "json"}
