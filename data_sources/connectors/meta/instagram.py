"""The city's Instagram accounts: their posts, and the comments and replies below.

Settings: ``MINWON_INSTAGRAM_TOKENS`` (JSON, handle to token of a business or creator account), ``MINWON_INSTAGRAM_BASE_URL``,
``MINWON_INSTAGRAM_TIMEOUT_S``, ``MINWON_INSTAGRAM_BUDGET_READS``. Permissions: instagram_business_basic and _manage_comments.

Each account is a source; a read is a request. Neither posts nor comments say when they were edited, so a changed text is a new
reading of version 0. Replies to a comment come with it, the first 50. Posts of the last three days are read
again each time, those of the last thirty four times a day. Not collected: comments that come to older posts, posts of others that
mention or tag the account, stories, messages, hashtags (they come without author and time), likes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic_settings import SettingsConfigDict

from data_sources.connectors.meta.graph import Graph, MetaSettings, listed
from data_sources.connectors.network import Network, moment, read_settings, require
from data_sources.connectors.walking import Batch, walk
from data_sources.records import AccountReference, Attachment, Page, Post
from data_sources.registry import Registry

_REPLY = "id,text,timestamp,username,from{id}"
_COMMENT = f"{_REPLY},replies.limit(50){{{_REPLY}}}"
_FIELDS = (
    "id,caption,timestamp,permalink,media_type,media_url,thumbnail_url,username,"
    f"comments.limit(50){{{_COMMENT}}}"
)  # fmt: skip


class InstagramSettings(MetaSettings):
    """MINWON_INSTAGRAM_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_INSTAGRAM_", extra="ignore")

    base_url: str = "https://graph.instagram.com/v26.0"


def build(registry: Registry) -> list[InstagramAccount]:
    """Return a source for each account.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(InstagramSettings)
    require(settings.tokens, "MINWON_INSTAGRAM_TOKENS")
    return [InstagramAccount(handle, settings) for handle in settings.tokens]


class InstagramAccount(Network):
    """One account."""

    name = "instagram"
    platform = "instagram"

    def __init__(self, handle: str, settings: InstagramSettings) -> None:
        super().__init__(handle, settings)
        self._account = AccountReference(handle=handle)
        self._graph = Graph(settings.base_url, settings.tokens[handle], settings.timeout_s)
        self._username = ""

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield posts, comments and replies; see LiveConnector."""
        self._username = str(self._graph.one("/me", "user_id,username").get("username"))
        yield from walk(cursor, [self._media], self._account.handle, dt.datetime.now(dt.UTC))

    def _media(self, after: str | None) -> Batch:
        return self._graph.batch("/me/media", _FIELDS, after, "timestamp", self._to_posts, self._comments)

    def _comments(self, media: Any) -> tuple[list[Any], int]:
        above = str(media.get("id"))
        comments, reads = self._graph.below(media.get("comments"), f"/{above}/comments", _COMMENT)
        found = _under(above, comments)
        for comment in comments:
            if isinstance(comment, dict) and comment.get("replies"):
                found += _under(str(comment.get("id")), listed(comment["replies"], "replies").items)
        return found, reads

    def _to_posts(self, item: Any) -> list[Post]:
        above = item.get("above")
        text = ((item.get("text") if above else item.get("caption")) or "").strip()
        if not text and not above:
            return []  # a photo without a word
        created_at, precision = moment(item.get("timestamp"), "timestamp")
        username = item.get("username") or None
        # All media of /me/media are the account's own; a comment is so where it is signed by it.
        is_own = above is None or username == self._username
        return [
            Post(
                platform=self.platform,
                platform_post_id=str(item["id"]),
                kind="reply" if above else "post",
                text=text,
                created_at=created_at,
                created_precision=precision,
                author=None if is_own else ((item.get("from") or {}).get("id") or username),
                account=self._account if is_own else None,
                addressed_to=None if is_own else self._account,
                in_reply_to=above,
                url=item.get("permalink"),
                attachments=attachments(item),
            )
        ]


def _under(above: str, items: list[Any]) -> list[Any]:
    return [{"above": above, **each} if isinstance(each, dict) else each for each in items]


def attachments(media: Any) -> tuple[Attachment, ...]:
    """Return the picture of a post of Instagram or Threads; of a video its still, of an album its cover."""
    kind = media.get("media_type")
    url = media.get("thumbnail_url") or media.get("media_url")
    if kind not in ("IMAGE", "VIDEO", "CAROUSEL_ALBUM") or not url or len(url) > 2000:
        return ()
    return (Attachment(key=str(media["id"]), kind="video" if kind == "VIDEO" else "photo", url=url),)
