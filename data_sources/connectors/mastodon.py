"""What mentions the city's Mastodon accounts, and what these accounts write.

Settings: ``MINWON_MASTODON_BASE_URL`` (the server), ``MINWON_MASTODON_TOKENS`` (JSON, handle to access token),
``MINWON_MASTODON_TIMEOUT_S``, ``MINWON_MASTODON_BUDGET_READS``. The tokens need read:accounts, read:notifications, read:statuses; to
publish, write:statuses.

Each account is a source; a read is a request, of which a server allows 300 in five minutes. Lists are read upwards by ``min_id``, so the
cursor is the newest id seen; the newest page is read again each time for edits, which count as versions by ``edited_at``:
an edit is missed where 40 newer ones came before the next reading. Only public and unlisted posts are
taken: a direct message is nobody else's business. Not collected: boosts, favourites, polls, posts that name the account without a mention,
replies below its posts that do not mention it. Deletions are asked for one by one, by ``check``.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import requests
from mastodon import Mastodon, MastodonError, MastodonNetworkError
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from data_sources.base import (
    AuthFailed,
    BadPayload,
    ConnectorError,
    CursorExpired,
    NotAllowed,
    Transient,
    Unknown,
)
from data_sources.connectors.files.html import html_to_text
from data_sources.connectors.http import error_of
from data_sources.connectors.network import (
    Network,
    NetworkSettings,
    collect,
    moment,
    read_settings,
    require,
    version_of,
)
from data_sources.records import AccountReference, Attachment, Page, Post, Removal, Span
from data_sources.registry import Registry

PER_PAGE = 40
_FIRST = "0"  # below every id
_PUBLIC = {"public", "unlisted"}
_KINDS = {"image": "photo", "video": "video", "gifv": "video"}

T = TypeVar("T")


class MastodonSettings(NetworkSettings):
    """MINWON_MASTODON_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_MASTODON_", extra="ignore")

    base_url: str = ""
    tokens: dict[str, SecretStr] = Field(default_factory=dict)


def build(registry: Registry) -> list[MastodonAccount]:
    """Return a source for each account.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(MastodonSettings)
    require(settings.base_url, "MINWON_MASTODON_BASE_URL")
    require(settings.tokens, "MINWON_MASTODON_TOKENS")
    return [MastodonAccount(handle, settings) for handle in settings.tokens]


@dataclass(frozen=True, slots=True)
class _Place:
    """The newest ids read, when the last whole reading began, and the oldest post of a first one."""

    mentions: str = _FIRST
    statuses: str = _FIRST
    complete: str | None = None
    oldest: str | None = None

    def cursor(self) -> str:
        return json.dumps(asdict(self))


class MastodonAccount(Network):
    """One account on one server."""

    name = "mastodon"
    platform = "mastodon"

    def __init__(self, handle: str, settings: MastodonSettings) -> None:
        super().__init__(handle, settings)
        self._handle = handle
        self._city = {name.casefold(): name for name in settings.tokens}
        self._answer: requests.Response | None = None
        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0  # an API does not move
        session.hooks["response"].append(self._note)
        # The client's exceptions carry no headers and say what a body held; both are seen to in _ask.
        self._client = Mastodon(
            access_token=settings.tokens[handle].get_secret_value(),
            api_base_url=settings.base_url,
            request_timeout=settings.timeout_s,
            ratelimit_method="throw",
            version_check_mode="none",
            session=session,
        )

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield mentions and own statuses; see LiveConnector."""
        place = _read(cursor)
        began = dt.datetime.now(dt.UTC)
        me = self._own_id()
        listings: dict[str, Callable[..., Any]] = {
            "mentions": lambda **where: self._client.notifications(types=["mention"], limit=PER_PAGE, **where),
            "statuses": lambda **where: self._client.account_statuses(
                me, exclude_reblogs=True, limit=PER_PAGE, **where
            ),
        }
        for name, listing in listings.items():
            if getattr(place, name) != _FIRST:
                yield self._page(self._list(name, listing), place)
            while items := self._list(name, listing, min_id=getattr(place, name)):
                latest = max((str(item["id"]) for item in items), key=_order)
                if _order(latest) <= _order(getattr(place, name)):
                    raise BadPayload(f"{name}: the server gives what was read already")
                place = replace(place, **{name: latest})
                page = self._page(items, place)
                times = [post.created_at.isoformat() for post in page.records]
                place = replace(place, oldest=min([*times, *([place.oldest] if place.oldest else [])], default=None))
                yield page.model_copy(update={"cursor": place.cursor()})
        start = place.complete or place.oldest
        spans = () if start is None else (Span(account=self._handle, start=_time(start), end=began),)
        ended = replace(place, complete=began.isoformat(), oldest=None)
        # The account itself, and each list once more to find nothing new.
        yield Page(records=(), spans=spans, reads=1 + len(listings), cursor=ended.cursor())

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield the posts the server no longer gives; why is not told."""
        for id_ in ids:
            try:
                self._ask("a status", functools.partial(self._client.status, id_))
            except NotAllowed:
                if self._answer is None or self._answer.status_code not in (404, 410):
                    raise
                yield Removal(platform=self.platform, what="post", id=id_, reason="missing")

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        """Post ``text``; the server knows ``key`` for an hour and makes one post of any number of attempts."""
        if account.casefold() != self._handle.casefold():
            raise NotAllowed(f"{account} is not the account of {self.source}")
        try:
            made = self._ask(
                "publishing",
                lambda: self._client.status_post(text, in_reply_to_id=in_reply_to, idempotency_key=key),
            )
        except (Transient, BadPayload) as error:
            raise Unknown(f"{error}; the same key may be sent again within the hour") from None
        return str(made["id"])

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        """Return the id of the account's own post with this text, among its newest ones."""
        me = self._own_id()
        for status in self._list("statuses", lambda: self._client.account_statuses(me, limit=PER_PAGE)):
            # Links and mentions are rewritten to markup; their text is the same but for white space.
            is_same = html_to_text(status["content"] or "").split() == text.split()
            if is_same and moment(status["created_at"], "created_at")[0] >= since:
                return str(status["id"])
        return None

    def _own_id(self) -> str:
        me = self._ask("the account", self._client.account_verify_credentials)
        try:
            handle, id_ = str(me["acct"]), str(me["id"])
        except (KeyError, TypeError) as error:
            raise BadPayload("the account: an answer without a name") from error
        if handle.casefold() != self._handle.casefold():
            raise AuthFailed(f"the token of {self._handle} belongs to another account")
        return id_

    def _list(self, name: str, listing: Callable[..., Any], **where: str) -> list[Any]:
        items = self._ask(name, lambda: listing(**where))
        if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("id") for item in items):
            raise BadPayload(f"{name}: an answer that is no list")
        return items

    def _page(self, items: Sequence[Any], place: _Place) -> Page:
        statuses = [item.get("status") if "type" in item and "content" not in item else item for item in items]
        posts, rejects = collect([status for status in statuses if status], self._to_posts)
        return Page(records=posts, rejects=rejects, reads=1, cursor=place.cursor())

    def _to_posts(self, status: Any) -> list[Post]:
        if status["visibility"] not in _PUBLIC or status.get("reblog"):
            return []
        created_at, precision = moment(status["created_at"], "created_at")
        edited_at = moment(status["edited_at"], "edited_at")[0] if status.get("edited_at") else None
        own = self._city.get(str(status["account"]["acct"]).casefold())
        parent = status.get("in_reply_to_id")
        parts = (html_to_text(status.get("spoiler_text") or ""), html_to_text(status["content"] or ""))
        attachments = _attachments(status.get("media_attachments") or ())
        text = "\n\n".join(part for part in parts if part) or "\n".join(each.alt for each in attachments if each.alt)
        if not text:
            return []  # a picture without a word
        return [
            Post(
                platform=self.platform,
                platform_post_id=str(status["id"]),
                version=version_of(created_at, edited_at),
                kind="reply" if parent else "post",
                text=text,
                created_at=created_at,
                created_precision=precision,
                author=None if own else str(status["account"]["id"]),
                account=AccountReference(handle=own) if own else None,
                addressed_to=None if own else self._addressed_to(status),
                in_reply_to=str(parent) if parent else None,
                url=status.get("url"),
                attachments=attachments,
            )
        ]

    def _addressed_to(self, status: Any) -> AccountReference:
        """Return the first account of the city that is mentioned: whichever token reads the post, it is the same."""
        named = (self._city.get(str(each["acct"]).casefold()) for each in status.get("mentions") or ())
        return AccountReference(handle=next((handle for handle in named if handle), self._handle))

    def _note(self, answer: requests.Response, *_: object, **__: object) -> None:
        self._answer = answer

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        """Return what ``call`` does; its exceptions hold bodies and addresses, so none of them goes on."""
        self._answer = None
        try:
            return call()
        except (MastodonError, AttributeError, KeyError, TypeError, ValueError) as error:
            translated = self._error_of(what, error)
        raise translated

    def _error_of(self, what: str, error: Exception) -> ConnectorError:
        answer = self._answer
        if answer is not None and answer.status_code >= 300:
            return error_of(answer.status_code, answer.headers, what)
        if isinstance(error, MastodonNetworkError):
            return Transient(f"{what}: {type(error).__name__}")
        return BadPayload(f"{what}: an answer that is not of the documented shape")


def _read(cursor: str | None) -> _Place:
    if cursor is None:
        return _Place()
    try:
        return _Place(**json.loads(cursor))
    except (TypeError, ValueError) as error:
        raise CursorExpired("the stored cursor is not one of this version") from error


def _order(id_: str) -> tuple[int, str]:
    """Ids are numbers without leading zeros, or sortable texts of one length."""
    return len(id_), id_


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _attachments(media: Sequence[Any]) -> tuple[Attachment, ...]:
    found = []
    for each in media:
        kind = _KINDS.get(str(each.get("type")))
        url = each.get("url") or each.get("remote_url")
        if kind and url and len(url) <= 2000:
            alt = (each.get("description") or None) and each["description"][:2000]
            found.append(Attachment(key=str(each["id"]), kind=kind, url=url, alt=alt))
    return tuple(found)
