"""A real HTTP server on loopback that answers as it is told: recorded bodies, and the faults of networks.

``answer`` puts an answer into the queue of (method, path), served in order; the last one repeats. ``respond`` names a
function instead. Every request is kept in ``seen``.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

Fault = Literal["drop", "truncate"]
JSON = {"content-type": "application/json; charset=utf-8"}
# What belongs to the connection the recording was made on, not to this one.
_NOT_REPLAYED = {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Answer:
    """What it gets: ``drop`` closes the connection without a byte, ``truncate`` after half of the body."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    delay_s: float = 0.0
    fault: Fault | None = None

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


Responder = Callable[[Request], Answer]


class LoopbackServer:
    """Listens on a free port of 127.0.0.1 within a ``with``."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self._queues: dict[tuple[str, str], list[Answer | Responder]] = defaultdict(list)
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes; the second would wait 40 ms for an answer

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # a client was killed between two requests
                    super().handle()

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                url = urlsplit(self.path)
                request = Request(self.command, url.path, dict(parse_qsl(url.query)), dict(self.headers), body)
                answer = server._next(request)
                time.sleep(answer.delay_s)
                try:
                    self._send(answer)
                except (BrokenPipeError, ConnectionResetError):  # the client gave up: its timeout is the test
                    self.close_connection = True

            def _send(self, answer: Answer) -> None:
                if answer.fault == "drop":
                    self._hang_up()
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in _NOT_REPLAYED:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                if answer.fault == "truncate":
                    self.wfile.write(answer.content[: len(answer.content) // 2])
                    self.wfile.flush()
                    self._hang_up()
                else:
                    self.wfile.write(answer.content)

            def _hang_up(self) -> None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names of http.server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, path: str, *answers: Answer, method: str = "GET") -> Self:
        """Queue answers to a path; ``*`` is any path without a queue of its own."""
        self._queues[method, path] += answers
        return self

    def respond(self, path: str, responder: Responder, *, method: str = "GET") -> Self:
        """Let a function answer."""
        self._queues[method, path].append(responder)
        return self

    def _next(self, request: Request) -> Answer:
        with self._lock:
            self.seen.append(request)
            queue = self._queues.get((request.method, request.path)) or self._queues.get((request.method, "*"))
            found = None if not queue else queue.pop(0) if len(queue) > 1 else queue[0]
        if found is None:
            return Answer({"error": f"nothing is recorded for {request.method} {request.path}"}, status=404)
        return found if isinstance(found, Answer) else found(request)

    def __enter__(self) -> Self:
        # The usual half second is what each test would wait for it to end.
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()
