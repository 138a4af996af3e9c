"""The city's Facebook pages: what stands on them, and the comments below.

Settings: ``MINWON_FACEBOOK_TOKENS`` (JSON, handle to page token), ``MINWON_FACEBOOK_BASE_URL``, ``MINWON_FACEBOOK_TIMEOUT_S``,
``MINWON_FACEBOOK_BUDGET_READS``. The page tokens need pages_read_engagement and pages_read_user_content.

Each page is a source; a read is a request. Facebook names the author of a post only to a page token, and not of
everybody: where ``from`` is missing the author is unknown, and only an answer the page itself signs is one. A comment
without an id takes it from its address, or else from what it says. Comments have no time of edit, and that of a post moves with every
comment below it, so a changed text is a new reading of version 0. Posts of the last three days are read again each time,
those of the last thirty four times a day. Not collected: comments that come to older posts, posts that only mention the page, messages, reviews, reactions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic_settings import SettingsConfigDict

from data_sources.connectors.meta.graph import Graph, MetaSettings
from data_sources.connectors.network import Network, moment, read_settings, require
from data_sources.connectors.walking import Batch, walk
from data_sources.records import AccountReference, Attachment, Page, Post
from data_sources.registry import Registry

_COMMENT = "id,message,created_time,from{id},parent{id},permalink_url"
_COMMENTS = {"filter": "stream", "order": "reverse_chronological"}  # replies to comments too
_FIELDS = (
    "id,message,created_time,from{id},permalink_url,attachments{media_type,media,target},"
    f"comments.filter(stream).order(reverse_chronological).limit(50){{{_COMMENT}}}"
)
_PHOTO, _VIDEO = {"photo", "album"}, {"video"}


class FacebookSettings(MetaSettings):
    """MINWON_FACEBOOK_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_FACEBOOK_", extra="ignore")

    base_url: str = "https://graph.facebook.com/v26.0"


def build(registry: Registry) -> list[FacebookPage]:
    """Return a source for each page.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(FacebookSettings)
    require(settings.tokens, "MINWON_FACEBOOK_TOKENS")
    return [FacebookPage(handle, settings) for handle in settings.tokens]


class FacebookPage(Network):
    """One page."""

    name = "facebook"
    platform = "facebook"

    def __init__(self, handle: str, settings: FacebookSettings) -> None:
        super().__init__(handle, settings)
        self._account = AccountReference(handle=handle)
        self._graph = Graph(settings.base_url, settings.tokens[handle], settings.timeout_s)
        self._page_id = ""

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield posts and comments; see LiveConnector."""
        self._page_id = str(self._graph.one("/me", "id").get("id"))
        yield from walk(cursor, [self._feed], self._account.handle, dt.datetime.now(dt.UTC))

    def _feed(self, after: str | None) -> Batch:
        return self._graph.batch("/me/feed", _FIELDS, after, "created_time", self._to_posts, self._comments)

    def _comments(self, post: Any) -> tuple[list[Any], int]:
        above = str(post.get("id"))
        path = f"/{above}/comments"
        comments, reads = self._graph.below(post.get("comments"), path, _COMMENT, **_COMMENTS)
        # Comments on a post name it only where they answer another comment.
        return [{"post": above, **each} if isinstance(each, dict) else each for each in comments], reads

    def _to_posts(self, item: Any) -> list[Post]:
        text = (item.get("message") or "").strip()
        parent = (item.get("parent") or {}).get("id") or item.get("post")
        if not text and parent is None:
            return []  # a photo or a shared link without a word of its own
        created_at, precision = moment(item.get("created_time"), "created_time")
        author = (item.get("from") or {}).get("id")
        is_own = author is not None and author == self._page_id
        return [
            Post(
                platform=self.platform,
                platform_post_id=str(item["id"]) if item.get("id") else _made_id(item),
                kind="reply" if parent else "post",
                text=text,
                created_at=created_at,
                created_precision=precision,
                author=None if is_own else author,
                account=self._account if is_own else None,
                addressed_to=None if is_own else self._account,
                in_reply_to=parent,
                url=item.get("permalink_url"),
                attachments=_attachments(item),
            )
        ]


def _made_id(comment: Any) -> str:
    """Return the id a comment would have, by its address; else one of what it says, the same at every reading."""
    wanted = parse_qs(urlsplit(comment.get("permalink_url") or "").query)
    number = (wanted.get("reply_comment_id") or wanted.get("comment_id") or [""])[0]
    if number:
        return f"{comment.get('post', '').rpartition('_')[2]}_{number}"
    said = "\0".join(str(comment.get(field, "")) for field in ("post", "created_time", "message"))
    return f"unnamed-{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _attachments(item: Any) -> tuple[Attachment, ...]:
    found = []
    for number, each in enumerate((item.get("attachments") or {}).get("data") or []):
        kind = each.get("media_type")
        url = ((each.get("media") or {}).get("image") or {}).get("src")
        if url and len(url) <= 2000 and kind in _PHOTO | _VIDEO:
            key = str((each.get("target") or {}).get("id") or number)
            found.append(Attachment(key=key, kind="video" if kind in _VIDEO else "photo", url=url))
    return tuple(found)
