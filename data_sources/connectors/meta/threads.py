"""What mentions the city's Threads accounts, what they post and reply, and the conversations below their posts.

Settings: ``MINWON_THREADS_TOKENS`` (JSON, handle to token), ``MINWON_THREADS_BASE_URL``, ``MINWON_THREADS_TIMEOUT_S``,
``MINWON_THREADS_BUDGET_READS``. Permissions: threads_basic, threads_read_replies, threads_manage_mentions (advanced access).

Each account is a source; a read is a request. Threads tells no time of edit, so a changed text is a new reading of version 0.
Its terms keep texts from a public page and from exports: the platform's row in the registry holds that. Own posts
of the last three days are read again each time, those of the last thirty four times a day. Not collected: what is said below
older ones, posts that name the account without a mention, likes, posts of private profiles.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from pydantic_settings import SettingsConfigDict

from data_sources.connectors.meta.graph import Graph, MetaSettings
from data_sources.connectors.meta.instagram import attachments
from data_sources.connectors.network import Network, moment, read_settings, require
from data_sources.connectors.walking import Batch, walk
from data_sources.records import AccountReference, Page, Post
from data_sources.registry import Registry

_FIELDS = (
    "id,text,timestamp,username,permalink,media_type,media_url,thumbnail_url,has_replies,is_quote_post,replied_to{id}"
)
_MENTION = re.compile(r"@([a-z0-9_.]+)", re.ASCII)


class ThreadsSettings(MetaSettings):
    """MINWON_THREADS_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_THREADS_", extra="ignore")

    base_url: str = "https://graph.threads.net/v1.0"


def build(registry: Registry) -> list[ThreadsAccount]:
    """Return a source for each account.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(ThreadsSettings)
    require(settings.tokens, "MINWON_THREADS_TOKENS")
    return [ThreadsAccount(handle, settings) for handle in settings.tokens]


class ThreadsAccount(Network):
    """One account."""

    name = "threads"
    platform = "threads"

    def __init__(self, handle: str, settings: ThreadsSettings) -> None:
        super().__init__(handle, settings)
        self._account = AccountReference(handle=handle)
        self._graph = Graph(settings.base_url, settings.tokens[handle], settings.timeout_s)
        self._username = ""
        # A post may mention two accounts of the city; whichever reads it, it is addressed to the same one.
        self._own = {name.casefold(): name for name in settings.tokens}

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield mentions, own posts with what was said below them, and own replies; see LiveConnector."""
        self._username = str(self._graph.one("/me", "id,username").get("username"))
        listings = [self._mentions, self._posts, self._replies]
        yield from walk(cursor, listings, self._account.handle, dt.datetime.now(dt.UTC))

    def _mentions(self, after: str | None) -> Batch:
        return self._graph.batch("/me/mentions", _FIELDS, after, "timestamp", self._to_posts)

    def _posts(self, after: str | None) -> Batch:
        return self._graph.batch("/me/threads", _FIELDS, after, "timestamp", self._to_posts, self._conversation)

    def _replies(self, after: str | None) -> Batch:
        return self._graph.batch("/me/replies", _FIELDS, after, "timestamp", self._to_posts)

    def _conversation(self, post: Any) -> tuple[list[Any], int]:
        if not post.get("has_replies"):
            return [], 0
        path = f"/{post.get('id')}/conversation"
        first = self._graph.page(path, _FIELDS, None)
        more = {"data": first.items, "paging": {"next": first.next, "cursors": {"after": first.next}}}
        replies, reads = self._graph.below(more, path, _FIELDS)
        return replies, reads + 1

    def _to_posts(self, item: Any) -> list[Post]:
        text = (item.get("text") or "").strip()
        if not text:
            return []  # a picture without a word, or the mark of a repost
        created_at, precision = moment(item.get("timestamp"), "timestamp")
        username = item.get("username") or None
        own = username == self._username
        other = None if own or username is None else self._own.get(username.casefold())
        account = self._account if own else AccountReference(handle=other) if other else None
        above = (item.get("replied_to") or {}).get("id")
        return [
            Post(
                platform=self.platform,
                platform_post_id=str(item["id"]),
                kind="reply" if above else "quote" if item.get("is_quote_post") else "post",
                text=text,
                created_at=created_at,
                created_precision=precision,
                author=None if account else username,
                account=account,
                addressed_to=None if account else self._addressed_to(text),
                in_reply_to=above,
                url=item.get("permalink"),
                attachments=attachments(item),
            )
        ]

    def _addressed_to(self, text: str) -> AccountReference:
        """Return the first account of the city the text mentions; else this one, under whose post it stands."""
        named = (self._own.get(name.rstrip(".")) for name in _MENTION.findall(text.casefold()))
        first = next((handle for handle in named if handle), None)
        return AccountReference(handle=first) if first else self._account
