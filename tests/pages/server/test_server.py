"""HTTP beside the pages: headers, the shell, the health check, the limit on websockets."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.engine import open_engine
from db.migrate import upgrade
from db.queries import load_id
from db.records import SourceState
from db.transactions import writing
from db.writes.sources import write_source_state
from pages.server.headers import CSP, SecurityHeaders
from pages.server.health import health
from pages.server.shell import Shell
from pages.server.sockets import SocketLimit, client_address


def shell(request: Request) -> HTMLResponse:
    return HTMLResponse('<html lang="en"><head></head><body>한글</body></html>')


def plain(request: Request) -> PlainTextResponse:
    return PlainTextResponse('<html lang="en"></head>')


class Answer:
    """An HTTP answer as the server would send it."""

    def __init__(self, messages: list[Any]) -> None:
        self.status_code = messages[0]["status"]
        self.headers = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
        self.content = b"".join(message.get("body", b"") for message in messages[1:])
        self.text = self.content.decode()


def run_alone(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: a browser test of the same process keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(asyncio.run, coroutine).result()


class Client:
    """Calls an ASGI application directly: a test client of a library would be one more dependency."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(self, address: str) -> Answer:
        path, _, query = address.partition("?")
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "http_version": "1.1"}
        scope |= {"headers": [(b"accept-language", b"fr")], "scheme": "http", "server": ("127.0.0.1", 80)}
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None:
            messages.append(message)

        async def call() -> None:
            await self.app(scope, receive, send)

        run_alone(call())
        return Answer(messages)


@pytest.fixture
def client() -> Client:
    routes = [Route("/", shell), Route("/plain", plain), Route("/_stcore/metrics", plain), Route("/health", health)]
    return Client(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), Middleware(Shell)]))


def test_every_answer_has_the_security_headers(client: Client) -> None:
    headers = client.get("/plain").headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_policy_allows_no_eval_no_inline_script_and_no_foreign_host() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CSP.split(";"))
    assert "unsafe" not in rules["script-src"]
    assert rules["connect-src"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert "http" not in CSP


@pytest.mark.parametrize(
    ("query", "lang"),
    [("", "ko"), ("?lang=en", "en"), ("?lang=ko", "ko"), ("?lang=xx", "ko"), ("?a=1&lang=en&b=2", "en")],
)
def test_the_shell_says_the_language_of_the_address(client: Client, query: str, lang: str) -> None:
    answer = client.get(f"/{query}")
    assert f'<html lang="{lang}">' in answer.text
    assert answer.headers["content-language"] == lang
    assert "한글" in answer.text


def test_the_shell_links_the_font_once(client: Client) -> None:
    assert client.get("/").text.count("pretendardvariable-dynamic-subset.css") == 1


def test_what_is_no_html_passes_unchanged(client: Client) -> None:
    assert client.get("/plain").text == '<html lang="en"></head>'


def test_metrics_are_closed_to_the_outside(client: Client) -> None:
    answer = client.get("/_stcore/metrics")
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["content-security-policy"] == CSP


def test_health_says_which_load_is_shown(client: Client, monkeypatch: pytest.MonkeyPatch, demo_url: str) -> None:
    monkeypatch.setenv("MINWON_DB_URL", demo_url)
    answer = client.get("/health")
    assert (answer.status_code, json.loads(answer.content)) == (
        200,
        {"status": "ok", "store": "reachable", "load_id": load_id(open_engine(demo_url)), "sources": []},
    )


@pytest.mark.parametrize(
    ("interval_s", "age_s", "stale"), [(300.0, 890, False), (300.0, 910, True), (None, 1_000_000, None)]
)
def test_health_says_which_source_is_late(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    interval_s: float | None,
    age_s: int,
    stale: bool | None,
) -> None:
    url = f"sqlite:///{tmp_path / 'minwon.db'}"
    upgrade(open_engine(url))
    succeeded = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=age_s)
    state = SourceState("x:mentions", "x", "unreachable", succeeded, succeeded, 2, None, "a secret", interval_s)
    with writing(open_engine(url)) as connection:
        write_source_state(connection, state)
    monkeypatch.setenv("MINWON_DB_URL", url)
    answer = client.get("/health")
    source = {"source": "x:mentions", "status": "unreachable", "last_success": succeeded.isoformat(), "stale": stale}
    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "status": "stale" if stale else "ok", "store": "reachable", "load_id": 0, "sources": [source]
    }  # fmt: skip


def test_health_is_503_without_a_store_and_tells_no_path(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    answer = client.get("/health")
    assert (answer.status_code, json.loads(answer.content)) == (503, {"status": "error", "store": "unreachable"})


def websocket(address: str, forwarded: bytes | None = None) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", forwarded)] if forwarded else []
    return {"type": "websocket", "client": (address, 1), "headers": headers}


def test_a_third_socket_of_an_address_is_refused_until_one_closes() -> None:
    async def scenario() -> None:
        release = asyncio.Event()
        sent: list[Message] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await release.wait()

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        limit = SocketLimit(app, per_address=2, total=10)
        first = [asyncio.create_task(limit(websocket("a"), receive, send)) for _ in range(2)]
        await asyncio.sleep(0)
        await limit(websocket("a"), receive, send)
        assert sent == [{"type": "websocket.close", "code": 1013}]
        release.set()
        await asyncio.gather(*first)
        assert limit.open == {}
        await limit(websocket("a"), receive, send)
        assert len(sent) == 1

    run_alone(scenario())


def test_the_forwarded_address_counts_only_behind_our_proxy() -> None:
    scope = websocket("10.0.0.1", b"6.6.6.6, 203.0.113.9")
    assert client_address(scope, trust_forwarded=False) == "10.0.0.1"
    assert client_address(scope, trust_forwarded=True) == "203.0.113.9"
