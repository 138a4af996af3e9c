"""A page of X becomes records. Both spellings of the fields are read: of version 2.166 (tweet) and of 2.167 (post)."""

from __future__ import annotations

import datetime as dt
import html
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from data_sources.connectors.x.snowflake import FIRST_WITH_TIME, moment_of
from data_sources.records import MAX_TEXT_LENGTH, AccountReference, Attachment, Post, Reject, Removal
from data_sources.registry import Account, Registry

PLATFORM = "x"
HISTORY = ("edit_history_tweet_ids", "edit_history_post_ids")
REFERENCES = ("referenced_tweets", "referenced_posts")
NOTE = ("note_tweet", "note_post")
INCLUDED_POSTS = ("tweets", "posts")
Kind = Literal["post", "reply", "quote", "repost"]
# The first that is there: a reply that quotes is a reply.
KINDS: tuple[tuple[str, Kind], ...] = (
    ("retweeted", "repost"), ("reposted", "repost"), ("replied_to", "reply"), ("quoted", "quote"),
)  # fmt: skip
# XX and XY are X's words for everywhere.
WITHHELD_HERE = {"KR", "XX", "XY"}
REASONS: dict[str, Literal["deleted", "protected", "withheld", "missing"]] = {
    "resource-not-found": "deleted",
    "not-authorized-for-resource": "protected",
    "disallowed-resource": "withheld",
    "resource-unavailable": "missing",
}
MAX_RAW_LENGTH, MAX_DETAIL_LENGTH, MAX_ALT_LENGTH = 4000, 500, 2000
Raw = Mapping[str, Any]


class Normalised(NamedTuple):
    """What a page says, and the ids of the posts it holds: they are what it cost."""

    posts: tuple[Post, ...]
    rejects: tuple[Reject, ...]
    removals: tuple[Removal, ...]
    charged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OurAccounts:
    """The registry's accounts on X, by handle and by the user ids that are known."""

    registry: Registry
    ids: Mapping[str, str | None] = field(default_factory=dict)
    are_answers_read: bool = True
    """False where only mentions are read: a question must not count as unanswered for that."""

    def of_handle(self, handle: str | None) -> Account | None:
        """Return the account with this handle, however it is written."""
        try:
            return self.registry.account(PLATFORM, handle) if handle else None
        except KeyError:
            return None

    def of_id(self, user_id: str | None) -> Account | None:
        """Return the account of a user id."""
        if user_id is None:
            return None
        return next((self.of_handle(handle) for handle, known in self.ids.items() if known == user_id), None)


def normalise(answer: Raw, ours: OurAccounts) -> Normalised:
    """Return the records of one answer. A post that cannot be read is a Reject: the others were paid for."""
    includes = answer.get("includes") or {}
    context = _Context(
        ours,
        media={str(each.get("media_key")): each for each in includes.get("media") or []},
        users={str(each.get("id")): str(each.get("username")) for each in includes.get("users") or []},
        originals={str(each.get("id")): each for each in _first(includes, INCLUDED_POSTS) or []},
        roots={},
    )
    raw_posts = listed(answer)
    for raw in [*context.originals.values(), *raw_posts]:
        history = (_first(raw, HISTORY) if isinstance(raw, Mapping) else None) or []
        for version in history:
            context.roots[str(version)] = str(history[0])
    posts, rejects, withheld = [], [], []
    for raw in raw_posts:
        try:
            if _is_withheld(raw):
                withheld.append(Removal(platform=PLATFORM, what="post", id=_root(raw)[0], reason="withheld"))
            else:
                posts.append(_post(raw, context))
        except Unreadable as error:
            rejects.append(_reject(raw, error.reason, error.detail))
        except ValidationError as error:
            names = {str(each["loc"][0]) if each["loc"] else "post" for each in error.errors(include_input=False)}
            rejects.append(_reject(raw, "field.invalid", f"not as documented: {', '.join(sorted(names))}"))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            rejects.append(_reject(raw, "field.invalid", f"not as documented: {type(error).__name__}"))
    charged = _ids([*raw_posts, *context.originals.values()])
    return Normalised(tuple(posts), tuple(rejects), (*withheld, *removals(answer.get("errors"))), charged)


def listed(answer: Raw) -> list[Any]:
    """Return what the answer is about as a list, single objects too."""
    data = answer.get("data") or []
    return data if isinstance(data, list) else [data]


def removals(errors: Any) -> list[Removal]:
    """Return what the partial errors of an answer say is gone; other errors, such as of places, are of no matter."""
    found = []
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, Mapping):
            continue
        # The host of the type differs (twitter.com, x.com); its last part does not.
        reason = REASONS.get(str(error.get("type") or "").rsplit("/", 1)[-1])
        id_ = str(error.get("resource_id") or error.get("value") or "")
        if reason is None or not id_.isdigit():
            continue  # users in mentions are named by handle: nothing of theirs is stored under it
        is_suspended = error.get("title") == "Forbidden" or "suspended" in str(error.get("detail") or "")
        if error.get("resource_type") in ("tweet", "post"):
            found.append(Removal(platform=PLATFORM, what="post", id=id_, reason=reason))
        elif error.get("resource_type") == "user":
            found.append(
                Removal(platform=PLATFORM, what="author", id=id_, reason="suspended" if is_suspended else reason)
            )
    return found


class Unreadable(ValueError):
    """A post that cannot become a record; ``detail`` names fields, never what a citizen wrote."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Context:
    """What a post refers to: our accounts, and what came along with the page."""

    ours: OurAccounts
    media: Mapping[str, Raw]
    users: Mapping[str, str]
    originals: Mapping[str, Raw]
    roots: dict[str, str]
    """First version of every version that the page names."""


def _post(raw: Raw, context: _Context) -> Post:
    root, version = _root(raw)
    later = [str(each) for each in _first(raw, HISTORY) or () if str(each) != root]
    references = {str(each.get("type")): str(each["id"]) for each in _first(raw, REFERENCES) or []}
    kind = next((kind for name, kind in KINDS if name in references), "post")
    # The words of a repost are cut off; the original has them whole.
    original = context.originals.get(references.get("retweeted") or references.get("reposted") or "")
    spoken = original if kind == "repost" and original is not None else raw
    parent = references.get("replied_to")
    author = raw.get("author_id")
    own = context.ours.of_id(author) or context.ours.of_handle(context.users.get(str(author)))
    return Post(
        platform=PLATFORM,
        platform_post_id=root,
        version=version,
        kind=kind,
        text=_text(spoken),
        created_at=_created_at(raw, root, version),
        author=author,
        account=_reference(own),
        addressed_to=None if own else _reference(_addressed_to(raw, context)),
        in_reply_to=None if parent is None else context.roots.get(parent, parent),
        later_ids=tuple(later),
        url=f"https://x.com/i/web/status/{raw['id']}",
        answers_collected=context.ours.are_answers_read,
        attachments=tuple(_attachments(spoken, context.media)),
    )


def _root(raw: Raw) -> tuple[str, int]:
    """Return the id of the first version, which names the post, and the place of this one in the chain of edits."""
    post_id = str(raw.get("id") or "")
    if not post_id:
        raise Unreadable("id.missing", "id")
    if not (post_id.isascii() and post_id.isdigit()):
        raise Unreadable("id.invalid", "id")
    history = [str(each) for each in _first(raw, HISTORY) or ()] or [post_id]
    return history[0], history.index(post_id) if post_id in history else len(history)


def _created_at(raw: Raw, root: str, version: int) -> dt.datetime:
    """Return when the first version was posted: an edit does not make a question younger."""
    written = raw.get("created_at")
    if written and not version:
        try:
            return dt.datetime.fromisoformat(written)
        except (TypeError, ValueError) as error:
            raise Unreadable("time.unreadable", "created_at") from error
    if int(root) < FIRST_WITH_TIME:
        raise Unreadable("time.missing", "created_at")
    return moment_of(int(root))


def _text(raw: Raw) -> str:
    """Return the words: whole, without HTML's escapes, and with the links that were meant instead of X's short ones."""
    note = _first(raw, NOTE) or {}
    text = note.get("text") or raw.get("text") or ""
    shown, whole = text, text
    for entities in (note.get("entities"), raw.get("entities")):
        for link in (entities or {}).get("urls") or []:
            meant = link.get("unwound_url") or link.get("expanded_url") or link["url"]
            shown = shown.replace(link["url"], "" if link.get("media_key") else meant)
            whole = whole.replace(link["url"], meant)
    # A photo alone has no words but its link.
    text = html.unescape(shown).strip() or html.unescape(whole).strip()
    text = text.replace("\x00", "")  # PostgreSQL holds no such character
    if not text:
        raise Unreadable("text.missing", "text")
    if len(text) > MAX_TEXT_LENGTH:
        raise Unreadable("text.too_long", f"{len(text)} characters")
    return text


def _addressed_to(raw: Raw, context: _Context) -> Account | None:
    """Return which of our accounts was written to: the one replied to, else the first that is named."""
    named = [context.ours.of_id(raw.get("in_reply_to_user_id"))]
    for entities in (raw.get("entities"), (_first(raw, NOTE) or {}).get("entities")):
        named += [context.ours.of_handle(each.get("username")) for each in (entities or {}).get("mentions") or []]
    return next((account for account in named if account is not None), None)


def _reference(account: Account | None) -> AccountReference | None:
    return None if account is None else AccountReference(handle=account.handle)


def _attachments(raw: Raw, media: Mapping[str, Raw]) -> Iterable[Attachment]:
    for key in (raw.get("attachments") or {}).get("media_keys") or []:
        known = media.get(str(key)) or {}
        url = known.get("url") or known.get("preview_image_url")
        if url:  # the page may lack the object; a key alone shows nothing
            kind: Literal["photo", "video"] = "photo" if known.get("type") == "photo" else "video"
            alt = known.get("alt_text")
            yield Attachment(key=str(key), kind=kind, url=url, alt=alt[:MAX_ALT_LENGTH] if alt else None)


def _is_withheld(raw: Raw) -> bool:
    """Return whether the post may not be shown in this country."""
    withheld = raw.get("withheld") or {}
    return bool(WITHHELD_HERE & set(withheld.get("country_codes") or ()))


def _reject(raw: Any, reason: str, detail: str) -> Reject:
    said = {name: value for name, value in raw.items() if name != "author_id"} if isinstance(raw, Mapping) else raw
    # A lone surrogate (possible in JSON escapes) is not storable text.
    written = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace").decode()
    # A page has no lines: the checksum of the id, so that the same post is rejected once however often it is read.
    post_id = str(raw.get("id")) if isinstance(raw, Mapping) else written
    return Reject(
        source_row=zlib.crc32(post_id.encode()) >> 1,
        reason=reason,
        detail=detail[:MAX_DETAIL_LENGTH],
        raw=written[:MAX_RAW_LENGTH],
    )


def _ids(raw_posts: Sequence[Any]) -> tuple[int, ...]:
    ids = [str(raw.get("id") or "") for raw in raw_posts if isinstance(raw, Mapping)]
    return tuple(int(each) for each in ids if each.isascii() and each.isdigit())


def _first(raw: Raw, names: Sequence[str]) -> Any:
    return next((raw[name] for name in names if raw.get(name) is not None), None)
