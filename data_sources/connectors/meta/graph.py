"""The Graph API of Meta's three networks: pages of a list, and what its errors mean.

Its messages are never passed on: "Malformed access token" is followed by the token.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import Field, SecretStr

from data_sources.base import AuthFailed, BadPayload, ConnectorError, NotAllowed, RateLimited, Transient
from data_sources.connectors.http import HttpClient, reset_of
from data_sources.connectors.network import NetworkSettings, collect, newest
from data_sources.connectors.walking import Batch
from data_sources.records import Post

PER_PAGE = 50
# developers.facebook.com/docs/graph-api/guides/error-handling
_TOKEN_CODES = {102, 190}
_LIMIT_CODES = {4, 17, 32, 341, 613} | set(range(80_000, 80_015))
_PASSING_CODES = {1, 2}
_PERMISSION_CODES = {3, 10} | set(range(200, 300))


class MetaSettings(NetworkSettings):
    """What the three networks have in common."""

    tokens: dict[str, SecretStr] = Field(default_factory=dict)


class Listed(NamedTuple):
    """One page of a list, and the cursor of the page after it."""

    items: list[Any]
    next: str | None


class Graph:
    """The API as one account sees it. The token stands in a header: a query string stands in logs."""

    def __init__(self, base_url: str, token: SecretStr, timeout_s: float) -> None:
        self._http = HttpClient(base_url, {"Authorization": f"Bearer {token.get_secret_value()}"}, timeout_s, explain)

    def one(self, path: str, fields: str) -> dict[str, Any]:
        """Return an object.

        Raises
        ------
        ConnectorError
            It is not given; the class says why.
        """
        found = self._http.json(path, {"fields": fields})
        if not isinstance(found, dict):
            raise BadPayload(f"GET {path}: an answer that is no object")
        return found

    def page(self, path: str, fields: str, after: str | None, **more: Any) -> Listed:
        """Return a page of a list.

        Raises
        ------
        ConnectorError
            It is not given; the class says why.
        """
        asked = {"fields": fields, "limit": PER_PAGE, **more} | ({"after": after} if after else {})
        return listed(self._http.json(path, asked), path)

    def batch(
        self,
        path: str,
        fields: str,
        after: str | None,
        time_field: str,
        to_posts: Callable[[Any], list[Post]],
        nested: Callable[[Any], tuple[list[Any], int]] = lambda item: ([], 0),
        **more: Any,
    ) -> Batch:
        """Return a page of a list as posts; ``nested`` gives what hangs below an item, and the requests it needed."""
        found = self.page(path, fields, after, **more)
        entries: list[Any] = []
        reads = 1
        for item in found.items:
            below, requests = nested(item) if isinstance(item, Mapping) else ([], 0)
            entries += [item, *below]
            reads += requests
        posts, rejects = collect(entries, to_posts)
        times = [item.get(time_field) for item in found.items if isinstance(item, Mapping)]
        return Batch(posts, rejects, newest(times, time_field), found.next, reads)

    def below(self, first: Any, path: str, fields: str, **more: Any) -> tuple[list[Any], int]:
        """Return the whole of a list whose first page came with the object above it, and the requests it needed."""
        if first is None:
            return [], 0
        items, after = listed(first, path)
        seen: set[str] = set()
        reads = 0
        while after is not None:
            if after in seen:
                raise BadPayload(f"GET {path}: the same page again and again")
            seen.add(after)
            found, after = self.page(path, fields, after, **more)
            items = [*items, *found]
            reads += 1
        return items, reads


def listed(found: Any, path: str) -> Listed:
    """Return a list as it stands in an answer.

    Raises
    ------
    BadPayload
        It is none.
    """
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        raise BadPayload(f"GET {path}: an answer without data")
    paging = found.get("paging") or {}
    # The address of the next page holds the token; its cursor is enough.
    after = (paging.get("cursors") or {}).get("after") if paging.get("next") else None
    return Listed(found["data"], after)


def explain(status: int, headers: Mapping[str, str], body: bytes, asked: str) -> ConnectorError | None:
    """Return what the code in an error's body means."""
    try:
        code = int(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return None
    said = f"{asked}: HTTP {status}, code {code}"
    if code in _TOKEN_CODES:
        return AuthFailed(f"{said}; the token is wrong, expired or revoked")
    if code in _LIMIT_CODES:
        return RateLimited(said, reset_of(headers) or _regained(headers))
    if code in _PASSING_CODES:
        return Transient(said)
    if code in _PERMISSION_CODES:
        return NotAllowed(f"{said}; the app or the token lacks a permission")
    return None


def _regained(headers: Mapping[str, str]) -> dt.datetime | None:
    """Return when calls are allowed again: a header holds the minutes until then for each kind of call."""
    usage = next((value for name, value in headers.items() if name.lower() == "x-business-use-case-usage"), "{}")
    try:
        kinds = [kind for kinds in json.loads(usage).values() for kind in kinds]
        minutes = max((int(kind.get("estimated_time_to_regain_access", 0)) for kind in kinds), default=0)
    except (ValueError, AttributeError, TypeError):
        return None
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes) if minutes else None
