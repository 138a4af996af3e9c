"""Posting as one of our accounts: with its keys only, and never twice without looking."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from data_sources.base import AuthFailed, ConnectorError, Duplicate, NotAllowed, RateLimited, Unknown
from data_sources.connectors.x.source import XSource, sources_of
from tests.loopback import Answer, LoopbackServer
from tests.simulated_x import TOKEN, a_registry, settings_for

SINCE = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
NOTICE = "내일 단수됩니다 & 급수차가 갑니다 https://seoul.go.kr/water"
KEYS: dict[str, Any] = {
    "consumer_key": "key",
    "consumer_secret": "secret of the app",
    "access_tokens": {"Arisu": {"token": "900-abc", "secret": "secret of the account"}},
}


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def a_source(server: LoopbackServer, **settings: Any) -> XSource:
    return sources_of(settings_for(server.url, **{**KEYS, **settings}), a_registry("arisu"))[0]


def test_a_post_is_signed_as_its_account_and_names_what_it_answers(server: LoopbackServer) -> None:
    server.answer("/2/tweets", Answer({"data": {"id": "5", "text": NOTICE}}, 201), method="POST")
    assert a_source(server).publish("arisu", NOTICE, key="1:arisu", in_reply_to="4") == "5"
    sent = server.seen[0]
    assert json.loads(sent.body) == {"text": NOTICE, "reply": {"in_reply_to_tweet_id": "4"}}
    assert sent.headers["Authorization"].startswith("OAuth ")
    assert 'oauth_token="900-abc"' in sent.headers["Authorization"]
    assert TOKEN not in sent.headers["Authorization"]


@pytest.mark.parametrize(
    "missing", [{"consumer_key": None}, {"consumer_secret": None}, {"access_tokens": {}}], ids=lambda each: next(iter(each))
)  # fmt: skip
def test_an_account_without_keys_cannot_post(server: LoopbackServer, missing: dict[str, Any]) -> None:
    source = a_source(server, **missing)
    with pytest.raises(NotAllowed, match="MINWON_X_ACCESS_TOKENS"):
        source.publish("arisu", NOTICE, key="1:arisu")
    with pytest.raises(NotAllowed):
        source.find_published("arisu", NOTICE, SINCE)
    assert server.seen == []


FAILURES: list[tuple[Answer, type[ConnectorError]]] = [
    (Answer({"detail": "You are not allowed to create a Tweet with duplicate content."}, 403), Duplicate),
    (Answer({"detail": "Reply is not allowed"}, 403), NotAllowed),
    (Answer({"title": "Unauthorized"}, 401), AuthFailed),
    (Answer(b"", 429, {"x-rate-limit-reset": "1790000000"}), RateLimited),
    (Answer(b"<html>", 503), Unknown),
    (Answer(fault="drop"), Unknown),
    (Answer({"data": {"id": "5"}}, 201, fault="truncate"), Unknown),
    (Answer({"data": {"id": "5"}}, 201, delay_s=1.0), Unknown),
    (Answer(b"<html>", 201), Unknown),
    (Answer({"hello": 1}, 201), Unknown),
]


@pytest.mark.parametrize(("answer", "error"), FAILURES)
def test_who_does_not_know_whether_it_arrived_says_so(
    server: LoopbackServer, answer: Answer, error: type[ConnectorError]
) -> None:
    server.answer("/2/tweets", answer, method="POST")
    with pytest.raises(error) as raised:
        a_source(server, timeout_s=0.4).publish("arisu", NOTICE, key="1:arisu")
    assert type(raised.value) is error
    assert len(server.seen) == 1
    assert "secret" not in str(raised.value)


def test_a_post_is_found_by_its_words_however_x_writes_links_and_signs(server: LoopbackServer) -> None:
    other = {"id": "1", "text": "다른 글"}
    ours = {
        "id": "2",
        "text": "내일 단수됩니다 &amp; 급수차가…",
        "note_tweet": {"text": "내일 단수됩니다 &amp; 급수차가 갑니다 https://t.co/x"},
    }
    server.answer("/2/users/900/tweets", Answer({"data": [other, ours], "meta": {"result_count": 2}}))
    source = a_source(server)
    assert source.find_published("arisu", NOTICE, SINCE) == "2"
    assert source.find_published("arisu", "새 글", SINCE) is None
    assert server.seen[0].query["start_time"] == "2026-03-02T00:00:00Z"


def test_who_an_account_is_is_asked_where_its_token_does_not_say(server: LoopbackServer) -> None:
    server.answer("/2/users/me", Answer({"data": {"id": "77", "username": "arisu"}}))
    server.answer("/2/users/77/tweets", Answer({"meta": {"result_count": 0}}))
    tokens = {"arisu": {"token": "abc", "secret": "secret"}}
    assert a_source(server, access_tokens=tokens).find_published("arisu", NOTICE, SINCE) is None
    assert [request.path for request in server.seen] == ["/2/users/me", "/2/users/77/tweets"]
