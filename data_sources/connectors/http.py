"""HTTP for the connectors without a client of their own: timeouts, a bound on the size, and our errors.

No message holds a header, a query string or a body: tokens stand in the first two, citizens in the last.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Callable, Mapping
from typing import Any

import requests

from data_sources.base import (
    AuthFailed,
    BadPayload,
    BadRequest,
    ConnectorError,
    NotAllowed,
    QuotaExhausted,
    RateLimited,
    Transient,
)

MAX_BODY_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 65_536
_SURELY_AN_EPOCH_S = 1_000_000_000
# Names under which networks say when the next request is allowed; the first ones are more exact.
RESET_HEADERS = ("x-rate-limit-reset", "x-ratelimit-reset", "retry-after")

# (status, headers, body, request) -> what a network means by it, None where the status alone says enough.
Explain = Callable[[int, Mapping[str, str], bytes, str], ConnectorError | None]


class HttpClient:
    """Requests to one host. Redirects are not followed: an API does not move, a captive portal does.

    Parameters
    ----------
    base_url : of the service; tests point it at a loopback server
    headers : sent with every request, such as the token's
    timeout_s : to connect, and between two bytes
    explain : of a network that tells its errors apart in the body
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 20.0,
        explain: Explain | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._explain = explain
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: what is sent where is in the settings alone
        self._session.headers.update(headers or {})

    def json(self, path: str, params: Mapping[str, Any] | None = None, *, method: str = "GET", body: Any = None) -> Any:
        """Return the answer's JSON.

        Raises
        ------
        ConnectorError
            There is none; its class says why.
        """
        answer, content = self._ask(method, path, params, body)
        try:
            return json.loads(content)
        except ValueError as error:
            kind = answer.headers.get("content-type", "no type").split(";")[0]
            raise BadPayload(f"{method} {path}: an answer of {kind} that is not JSON") from error

    def content(self, path: str, params: Mapping[str, Any] | None = None) -> bytes:
        """Return the answer's body.

        Raises
        ------
        ConnectorError
            There is none; its class says why.
        """
        return self._ask("GET", path, params, None)[1]

    def _ask(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any
    ) -> tuple[requests.Response, bytes]:
        try:
            answer = self._session.request(
                method,
                self._base_url + path,
                params=params,
                json=body,
                timeout=self._timeout_s,
                allow_redirects=False,
                stream=True,
            )
            with answer:
                content = _body(answer)
        except requests.RequestException as error:
            raise Transient(f"{method} {path}: {type(error).__name__}") from None  # the URL is in its text
        if answer.status_code >= 300:
            asked = f"{method} {path}"
            explained = self._explain(answer.status_code, answer.headers, content, asked) if self._explain else None
            raise explained or error_of(answer.status_code, answer.headers, asked)
        return answer, content


def _body(answer: requests.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_content(_CHUNK_BYTES):
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise BadPayload(f"an answer of more than {MAX_BODY_BYTES // 1024 // 1024} MB")
        parts.append(part)
    return b"".join(parts)


def error_of(status: int, headers: Mapping[str, str], asked: str) -> ConnectorError:
    """Return what an HTTP status means; ``asked`` names the request without its secrets."""
    said = f"{asked}: HTTP {status}"
    if status == 429:
        return RateLimited(said, reset_of(headers))
    if status == 401:
        return AuthFailed(f"{said}; the token is wrong, expired or revoked")
    if status == 402:
        return QuotaExhausted(f"{said}; the network wants money")
    if status in (403, 404, 410, 451):
        return NotAllowed(said)
    if status >= 500 or status == 408:
        return Transient(said)
    if status < 400:
        return BadPayload(f"{said}; it answers from elsewhere")
    return BadRequest(said)


def reset_of(headers: Mapping[str, str], now: dt.datetime | None = None) -> dt.datetime | None:
    """Return the moment from which the network answers again, None where no header says so.

    They are written as seconds since 1970, as seconds from now, as ISO 8601 or as an HTTP date.
    """
    now = now or dt.datetime.now(dt.UTC)
    found = {name.lower(): value for name, value in headers.items()}
    for name in RESET_HEADERS:
        moment = _moment(found.get(name, ""), now)
        if moment is not None:
            return moment
    return None


def _moment(written: str, now: dt.datetime) -> dt.datetime | None:
    try:
        seconds = float(written)
    except ValueError:
        return _date(written)
    if seconds > _SURELY_AN_EPOCH_S:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    return now + dt.timedelta(seconds=max(seconds, 0))


def _date(written: str) -> dt.datetime | None:
    for read in (dt.datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = read(written)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return None
