"""Streamlit's page shell is a fixed ``<html lang="en">``; this sets the language and links our font."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FONT_LINK = b'<link rel="stylesheet" href="/app/static/fonts/pretendardvariable-dynamic-subset.css">'
NOT_SHELL = ("/_stcore", "/static/", "/app/static", "/health", "/media", "/component")
# The body is rewritten, so the inner answer may neither be compressed nor "304, you have it".
_REQUEST_DROP = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_ANSWER_DROP = (b"content-length", b"etag", b"last-modified")


def shell_language(query: str) -> str:
    """Return the language a query string asks for: Korean unless it says English."""
    asked = re.search(r"(?:^|&)lang=(en|ko)(?:&|$)", query)
    return asked[1] if asked else "ko"


class Shell:
    """Rewrite the HTML shell on its way out; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOT_SHELL):
            await self.app(scope, receive, send)
            return
        lang = shell_language(scope["query_string"].decode("latin-1")).encode()
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in _REQUEST_DROP]}
        start: Message | None = None
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                    start = message
                    return
                await send(message)
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = body.replace(b'<html lang="en">', b'<html lang="%s">' % lang, 1)
            page = page.replace(b"</head>", FONT_LINK + b"</head>", 1)
            headers = [(k, v) for k, v in start["headers"] if k.lower() not in _ANSWER_DROP]
            headers += [(b"content-length", str(len(page)).encode()), (b"content-language", lang)]
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, rewritten)
