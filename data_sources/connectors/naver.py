"""What blogs on Naver say of the city: its search, newest first.

Settings: ``MINWON_NAVER_CLIENT_ID`` and ``MINWON_NAVER_CLIENT_SECRET`` (of NAVER API HUB), ``MINWON_NAVER_QUERIES`` (JSON list, such as
``["서울시 민원"]``), ``MINWON_NAVER_BASE_URL``, ``MINWON_NAVER_TIMEOUT_S``, ``MINWON_NAVER_BUDGET_READS``.

One source for all queries; a read is a request. The search gives a title, a snippet of the text and the day, never the
hour, at most 1,000 posts to a query, and no answers: such posts are in the volume and not in the waiting times. A post that two
queries find has the snippet of the first of them. Not collected: whole texts, comments, pictures, cafes and Knowledge iN
(their search gives no date), news.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from data_sources.base import BadPayload
from data_sources.connectors.files.html import html_to_text
from data_sources.connectors.http import HttpClient
from data_sources.connectors.network import Network, NetworkSettings, collect, moment, newest, read_settings, require
from data_sources.connectors.walking import Batch, walk
from data_sources.records import Page, Post
from data_sources.registry import Registry

PER_PAGE = 100
LAST_START = 1000  # the search shows no more
_MAX_ID = 200


class NaverSettings(NetworkSettings):
    """MINWON_NAVER_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_NAVER_", extra="ignore")

    client_id: SecretStr = SecretStr("")
    client_secret: SecretStr = SecretStr("")
    queries: list[str] = Field(default_factory=list)
    base_url: str = "https://naverapihub.apigw.ntruss.com"


def build(registry: Registry) -> list[NaverSearch]:
    """Return the one source.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(NaverSettings)
    require(settings.client_id.get_secret_value(), "MINWON_NAVER_CLIENT_ID")
    require(settings.client_secret.get_secret_value(), "MINWON_NAVER_CLIENT_SECRET")
    require(settings.queries, "MINWON_NAVER_QUERIES")
    return [NaverSearch(settings)]


class NaverSearch(Network):
    """The blog search for some words."""

    name = "naver"
    platform = "naver"

    def __init__(self, settings: NaverSettings) -> None:
        super().__init__("blog", settings)
        self._queries = settings.queries
        headers = {
            "X-NCP-APIGW-API-KEY-ID": settings.client_id.get_secret_value(),
            "X-NCP-APIGW-API-KEY": settings.client_secret.get_secret_value(),
        }
        self._http = HttpClient(settings.base_url, headers, settings.timeout_s)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield what the queries find; see LiveConnector."""
        # The earlier query has the higher version, so what it shows of a post stays.
        listings = [
            functools.partial(self._found, query, len(self._queries) - number)
            for number, query in enumerate(self._queries)
        ]
        yield from walk(cursor, listings, None, dt.datetime.now(dt.UTC))

    def _found(self, query: str, version: int, token: str | None) -> Batch:
        start = int(token or 1)
        asked = {"query": query, "display": PER_PAGE, "start": start, "sort": "date"}
        found = self._http.json("/search/v1/blog", asked)
        if not isinstance(found, dict) or not isinstance(found.get("items"), list):
            raise BadPayload("GET /search/v1/blog: an answer without items")
        items = found["items"]
        posts, rejects = collect(items, functools.partial(self._to_posts, version))
        days = [item.get("postdate") for item in items if isinstance(item, dict)]
        after = start + PER_PAGE
        is_last = len(items) < PER_PAGE or after > LAST_START
        return Batch(posts, rejects, newest(days, "postdate"), None if is_last else str(after))

    def _to_posts(self, version: int, item: Any) -> list[Post]:
        day, precision = moment(item.get("postdate"), "postdate")
        link = item["link"]
        parts = (html_to_text(item.get("title") or ""), html_to_text(item.get("description") or ""))
        return [
            Post(
                platform=self.platform,
                platform_post_id=link if len(link) <= _MAX_ID else hashlib.sha256(link.encode()).hexdigest(),
                version=version,
                text="\n\n".join(part for part in parts if part),
                created_at=day,
                created_precision=precision,
                author=item.get("bloggerlink") or None,
                url=link,
                answers_collected=False,
            )
        ]
