"""Comments under the videos of the city's YouTube channels, and the channels' replies.

Settings: ``MINWON_YOUTUBE_KEY`` (an API key), ``MINWON_YOUTUBE_CHANNELS`` (JSON, handle to channel id, such as
``{"seoul": "UC..."}``), ``MINWON_YOUTUBE_BASE_URL``, ``MINWON_YOUTUBE_TIMEOUT_S``, ``MINWON_YOUTUBE_BUDGET_READS``.

Each channel is a source. A read is one unit of quota: a request costs one, a key has 10,000 a day. What is edited counts as a
version by ``updatedAt``. Comments of the last 30 days are read again four times a day, so edits and late replies come in.
Google's terms ask that what is stored be refreshed or removed within 30 days: comments older than that are for
``check``, 50 to a unit. Not collected: new replies to comments older than that, live chat, videos themselves, comments held for review, comments on videos of others.
Plain HTTP: the official client brings 22 packages and 111 MB for these two calls.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from data_sources.base import (
    AuthFailed,
    BadPayload,
    ConnectorError,
    CursorExpired,
    NotAllowed,
    RateLimited,
)
from data_sources.connectors.http import HttpClient, reset_of
from data_sources.connectors.network import (
    Network,
    NetworkSettings,
    collect,
    moment,
    newest,
    read_settings,
    require,
    version_of,
)
from data_sources.connectors.walking import Batch, walk
from data_sources.records import AccountReference, Page, Post, Removal
from data_sources.registry import Registry

PER_PAGE = 100
IDS_PER_REQUEST = 50
_QUOTA_DAY = ZoneInfo("America/Los_Angeles")  # the day of the quota ends at midnight there


class YouTubeSettings(NetworkSettings):
    """MINWON_YOUTUBE_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_YOUTUBE_", extra="ignore")

    key: SecretStr = SecretStr("")
    channels: dict[str, str] = Field(default_factory=dict)
    base_url: str = "https://www.googleapis.com/youtube/v3"


def build(registry: Registry) -> list[YouTubeComments]:
    """Return a source for each channel.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(YouTubeSettings)
    require(settings.key.get_secret_value(), "MINWON_YOUTUBE_KEY")
    require(settings.channels, "MINWON_YOUTUBE_CHANNELS")
    return [YouTubeComments(handle, settings) for handle in settings.channels]


class YouTubeComments(Network):
    """The comments of one channel."""

    name = "youtube"
    platform = "youtube"

    def __init__(self, handle: str, settings: YouTubeSettings) -> None:
        super().__init__(handle, settings)
        self._handle = handle
        self._channel = settings.channels[handle]
        self._handles = {channel: name for name, channel in settings.channels.items()}
        # In a header: a query string stands in the logs of what lies between.
        headers = {"X-Goog-Api-Key": settings.key.get_secret_value()}
        self._http = HttpClient(settings.base_url, headers, settings.timeout_s, _explain)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield comments and replies; see LiveConnector."""
        yield from walk(cursor, [self._threads], self._handle, dt.datetime.now(dt.UTC))

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield the comments that are gone; why is not told."""
        for start in range(0, len(ids), IDS_PER_REQUEST):
            asked = ids[start : start + IDS_PER_REQUEST]
            found = self._list("/comments", {"part": "id", "id": ",".join(asked), "maxResults": len(asked)})
            standing = {item.get("id") for item in found["items"]}
            for id_ in asked:
                if id_ not in standing:
                    yield Removal(platform=self.platform, what="post", id=id_, reason="missing")

    def _threads(self, token: str | None) -> Batch:
        asked = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._channel,
            "maxResults": PER_PAGE,
            "order": "time",
            "textFormat": "plainText",
        }
        found = self._list("/commentThreads", asked | ({"pageToken": token} if token else {}))
        comments: list[Any] = []
        reads = 1
        for thread in found["items"]:
            top = _of(thread, "snippet", "topLevelComment")
            comments.append(top if top is not None else thread)
            replies, more = self._replies(thread)
            comments += replies
            reads += more
        posts, rejects = collect(comments, self._to_posts)
        times = [_of(thread, "snippet", "topLevelComment", "snippet", "publishedAt") for thread in found["items"]]
        return Batch(posts, rejects, newest(times, "publishedAt"), found.get("nextPageToken"), reads)

    def _replies(self, thread: Any) -> tuple[list[Any], int]:
        """Return the replies of a thread and the requests they needed: five come with it, the rest are asked for."""
        given = _of(thread, "replies", "comments") or []
        # A thread that names replies and gives none has them held back: there is nothing to ask for.
        if not given or len(given) >= (_of(thread, "snippet", "totalReplyCount") or 0):
            return given, 0
        replies: list[Any] = []
        token, reads = None, 0
        seen: set[str | None] = set()
        while token not in seen:
            seen.add(token)
            asked = {"part": "snippet", "parentId": thread["id"], "maxResults": PER_PAGE, "textFormat": "plainText"}
            found = self._list("/comments", asked | ({"pageToken": token} if token else {}))
            replies += found["items"]
            reads += 1
            if (token := found.get("nextPageToken")) is None:
                return replies, reads
        raise BadPayload("the network gives the same page of replies again and again")

    def _list(self, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        found = self._http.json(path, asked)
        if not isinstance(found, dict) or not isinstance(found.get("items"), list):
            raise BadPayload(f"GET {path}: an answer without items")
        return found

    def _to_posts(self, comment: Any) -> list[Post]:
        snippet = comment["snippet"]
        created_at, precision = moment(snippet.get("publishedAt"), "publishedAt")
        updated_at = moment(snippet["updatedAt"], "updatedAt")[0] if snippet.get("updatedAt") else None
        channel = _of(snippet, "authorChannelId", "value")
        own = self._handles.get(str(channel))
        parent = snippet.get("parentId")
        video = snippet.get("videoId")
        return [
            Post(
                platform=self.platform,
                platform_post_id=comment["id"],
                version=version_of(created_at, updated_at),
                kind="reply" if parent else "post",
                text=(snippet.get("textOriginal") or snippet.get("textDisplay") or "").strip(),
                created_at=created_at,
                created_precision=precision,
                author=None if own else channel,
                account=AccountReference(handle=own) if own else None,
                addressed_to=None if own else AccountReference(handle=self._handle),
                in_reply_to=parent,
                url=f"https://www.youtube.com/watch?v={video}&lc={comment['id']}" if video else None,
            )
        ]


def _of(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _explain(status: int, headers: Mapping[str, str], body: bytes, asked: str) -> ConnectorError | None:
    try:
        reason = json.loads(body)["error"]["errors"][0]["reason"]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    said = f"{asked}: HTTP {status}"
    if reason in ("quotaExceeded", "dailyLimitExceeded"):
        tomorrow = dt.datetime.now(_QUOTA_DAY).date() + dt.timedelta(days=1)
        midnight = dt.datetime.combine(tomorrow, dt.time(), _QUOTA_DAY).astimezone(dt.UTC)
        return RateLimited(f"{said}; the key's quota of the day is used up", midnight)
    if reason in ("rateLimitExceeded", "userRateLimitExceeded"):
        return RateLimited(said, reset_of(headers))
    if reason in ("keyInvalid", "keyExpired", "authError"):
        return AuthFailed(f"{said}; the key is wrong, expired or revoked")
    if reason in ("invalidPageToken", "processingFailure") and status == 400:
        return CursorExpired(f"{said}; the page is no longer known")
    if reason == "commentsDisabled":
        return NotAllowed(f"{said}; comments are switched off")
    return None
