"""RSS and Atom feeds: the city's own blogs, and what others publish about it.

Settings: ``MINWON_RSS_FEEDS`` (JSON, name to address), ``MINWON_RSS_TIMEOUT_S``, ``MINWON_RSS_BUDGET_READS``.

Each feed is a source; a read is a request. A feed whose name is the handle of a blog account of the registry is the city's
own, its entries are what the city published; entries of any other feed are citizens' posts. A feed shows its newest entries
only, so it must be read before they are pushed out, and carries no answers. What is updated counts as a version. Not collected:
comments, enclosures, what stands behind the link. Redirects are not followed: the address in the settings must be the final one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import feedparser
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from data_sources.base import BadPayload, UsageError
from data_sources.connectors.files.html import html_to_text
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.connectors.http import HttpClient
from data_sources.connectors.network import (
    Network,
    NetworkSettings,
    collect,
    moment,
    read_settings,
    require,
    version_of,
)
from data_sources.records import AccountReference, Page, Post
from data_sources.registry import Registry

_MAX_ID = 200


class RssSettings(NetworkSettings):
    """MINWON_RSS_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_RSS_", extra="ignore")

    feeds: dict[str, str] = Field(default_factory=dict)


def build(registry: Registry) -> list[Feed]:
    """Return a source for each feed.

    Raises
    ------
    UsageError
        A setting is missing, or an address is none.
    """
    settings = read_settings(RssSettings)
    require(settings.feeds, "MINWON_RSS_FEEDS")
    own = {account.handle for account in registry.accounts if account.platform == Feed.platform}
    for name, address in settings.feeds.items():
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            raise UsageError(f"MINWON_RSS_FEEDS: the address of {name} must begin with https:// or http://")
    return [Feed(name, settings, is_own=name in own) for name in settings.feeds]


class Feed(Network):
    """One feed."""

    name = "rss"
    platform = "blog"

    def __init__(self, handle: str, settings: RssSettings, *, is_own: bool) -> None:
        super().__init__(handle, settings)
        self._account = AccountReference(handle=handle) if is_own else None
        self._address = settings.feeds[handle]
        self._parts = urlsplit(self._address)
        self._http = HttpClient(f"{self._parts.scheme}://{self._parts.netloc}", timeout_s=settings.timeout_s)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield what the feed shows now; see LiveConnector."""
        content = self._http.content(self._parts.path or "/", dict(parse_qsl(self._parts.query)))
        # A file object: given bytes, feedparser would first look for a file of that name.
        feed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": self._address})
        if not feed.version:
            raise BadPayload(f"GET {self._parts.path}: neither RSS nor Atom")
        posts, rejects = collect(feed.entries, self._to_posts)
        read_at = dt.datetime.now(dt.UTC).isoformat()
        yield Page(records=posts, rejects=rejects, reads=1, cursor=json.dumps({"read_at": read_at}))

    def _to_posts(self, entry: Any) -> list[Post]:
        # Asked for what is not there, feedparser gives the other of the two and warns.
        published = _time(entry["published_parsed"]) if "published_parsed" in entry else None
        updated = _time(entry["updated_parsed"]) if "updated_parsed" in entry else None
        created_at = published or updated
        if created_at is None:
            raise UnusableRow("time.missing", "the entry has no time")
        moment(created_at.isoformat(), "published")  # refuses what is in the future
        id_ = (entry.get("id") or entry.get("link") or "").strip()
        bodies = [each.get("value") or "" for each in entry.get("content") or ()] or [entry.get("summary") or ""]
        parts = (html_to_text(entry.get("title") or ""), html_to_text("\n".join(bodies)))
        author = entry.get("author_detail", {}).get("name") or entry.get("author") or None
        return [
            Post(
                platform=self.platform,
                platform_post_id=id_ if len(id_) <= _MAX_ID else hashlib.sha256(id_.encode()).hexdigest(),
                version=version_of(created_at, updated),
                text="\n\n".join(part for part in parts if part),
                created_at=created_at,
                author=None if self._account else author and author[:200],
                account=self._account,
                url=entry.get("link") or None,
                answers_collected=False,
            )
        ]


def _time(parsed: time.struct_time | None) -> dt.datetime | None:
    """Return feedparser's UTC tuple as a moment."""
    return dt.datetime(*parsed[:6], tzinfo=dt.UTC) if parsed else None
