"""The typed records a connector yields. Whatever comes from outside is checked once, here."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

MAX_TEXT_LENGTH = 20_000  # the longest body among the city's suggestions is 12,000 characters
EARLIEST_POST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # older times are parse errors, not posts


def _plausible_time(value: dt.datetime) -> dt.datetime:
    value = value.astimezone(dt.UTC)
    if value < EARLIEST_POST:
        raise ValueError(f"time {value.isoformat()} is before {EARLIEST_POST.year}")
    return value


UtcTime = Annotated[AwareDatetime, AfterValidator(_plausible_time)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
PlatformId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class _Record(BaseModel):
    # Built at the first record: a command that reads none does not wait for it.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Attachment(_Record):
    """A photo or video of a post, kept as a link. Its size is what the network says of it: pixels, bytes."""

    key: Identifier
    kind: Literal["photo", "video"]
    url: str = Field(max_length=2000)
    alt: str | None = Field(default=None, max_length=2000)
    width: int | None = Field(default=None, gt=0)
    height: int | None = Field(default=None, gt=0)
    size_bytes: int | None = Field(default=None, gt=0)


class AccountReference(_Record):
    """A city account named by a post, on the post's platform.

    ``department`` is the name of the department the account answers for. It matters only while the
    store does not know the account yet: then account and department are added with it.
    """

    handle: Identifier
    department: str | None = Field(default=None, max_length=200)


_NOT_SAID: Any = {"source_row": True, "later_ids": True, "attachments": {"__all__": {"width", "height", "size_bytes"}}}


class Post(_Record):
    """One post as a network or file gave it.

    ``author`` is the network's own author id or handle; the loader turns it into a keyed hash and
    forgets it. ``account`` says that a city account wrote the post (an answer or notice), ``addressed_to``
    which city account a citizen wrote to. ``version`` orders edits: a lower one never replaces a higher one.
    """

    platform: PlatformId
    platform_post_id: Identifier
    version: int = Field(default=0, ge=0)
    kind: Literal["post", "reply", "quote", "repost"] = "post"
    text: str = Field(min_length=1, max_length=MAX_TEXT_LENGTH)
    created_at: UtcTime
    created_precision: Literal["second", "day"] = "second"
    author: str | None = Field(default=None, max_length=200, repr=False)
    account: AccountReference | None = None
    addressed_to: AccountReference | None = None
    in_reply_to: Identifier | None = None
    url: str | None = Field(default=None, max_length=2000)
    topic: str | None = Field(default=None, max_length=100)
    """The source's own category, such as 교통 or 환경."""
    answers_collected: bool = True
    """False where the source never carries the city's answers: such posts cannot count as unanswered."""
    attachments: tuple[Attachment, ...] = ()
    later_ids: tuple[Identifier, ...] = ()
    """What the network calls later versions of the post: replies and removals may name one of them."""
    source_row: int | None = None
    """Row or line of the source; posts that share one (a question and its answer) count as one item."""

    def content(self) -> bytes:
        """Return all that the post says, for telling an edit from a repetition.

        Its place in the source is none of it, nor are the measures of its photos or the names of its versions.
        """
        return self.model_dump_json(exclude=_NOT_SAID).encode()


class Reject(_Record):
    """A row that could not be read: where, why, and what it said. The loader masks ``raw`` before storing it."""

    source_row: int
    reason: str
    """Stable code, such as ``time.unreadable``; rows of REJECT_REASONS have a sentence for each."""
    detail: str = Field(max_length=500)
    raw: str = Field(max_length=4000)


class Removal(_Record):
    """A post, or all posts of an author, that must go: deleted, protected, suspended, withheld, or missing."""

    platform: PlatformId
    what: Literal["post", "author"]
    id: Identifier = Field(repr=False)
    reason: Literal["deleted", "protected", "suspended", "withheld", "missing"]


class Span(_Record):
    """What was read: all there was of an account between two moments."""

    account: Identifier
    start: UtcTime
    end: UtcTime


class Page(_Record):
    """One unit of commit: records, and the cursor that is true once they are stored.

    ``reads`` is what the network charges for, in its own unit; ``spans`` say what has been read whole once the page is
    stored.
    """

    records: tuple[Post, ...]
    rejects: tuple[Reject, ...] = ()
    removals: tuple[Removal, ...] = ()
    spans: tuple[Span, ...] = ()
    reads: int = Field(default=0, ge=0)
    cursor: str
    fraction: float | None = Field(default=None, ge=0, le=1)
    """How much of the source has been read, where the source can tell."""
