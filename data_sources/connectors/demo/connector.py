"""An invented city's posts, the same for the same arguments: what the product shows before any network is connected."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from data_sources.base import Origin, UsageError
from data_sources.connectors.demo.grammar import load_grammar
from data_sources.connectors.demo.rhythm import KST
from data_sources.connectors.demo.threads import Draft, Period
from data_sources.records import AccountReference, Attachment, Page, Post
from data_sources.registry import SEOUL_TOML, Account, Registry, load_registry

DEFAULT_POSTS, DEFAULT_SEED, DEFAULT_DAYS, DEFAULT_PAGE_SIZE = 20_000, 7, 180, 2_000
PICTURES_URL = "static/demo"


def _now() -> dt.datetime:
    return dt.datetime.now(KST)


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A post and what the generator meant by it; only tests and evaluations look at the meaning.

    ``intended_class`` is a post class for a citizen's post, ``answer`` or ``handoff`` for the city's.
    ``department`` is the code of who must answer.
    """

    post: Post
    topic: str
    department: str
    intended_class: str


class DemoConnector:
    """Invented posts over the ``days`` whole days before ``until``, with answers, events and noise.

    Parameters
    ----------
    posts : int
        Citizens' posts and city answers together.
    seed : int
        Another seed is another city; the same arguments give the same posts in the same order.
    days : int
        Length of the period, in days of Korea Standard Time.
    until : date, optional
        First day after the period. Default: today in Korea, so that no day is partial and none lies ahead.
    page_size : int
        Records per page; it changes no record.
    registry : Registry, optional
        Whose connected accounts answer. Default: the invented one of the package, whatever MINWON_REGISTRY says.
    clock : callable
        Says the present time; only for the default of ``until``.

    Raises
    ------
    UsageError
        ``posts``, ``days`` or ``page_size`` is below 1.
    """

    name = "demo"
    origin: Origin = "synthetic"

    def __init__(
        self,
        posts: int = DEFAULT_POSTS,
        seed: int = DEFAULT_SEED,
        days: int = DEFAULT_DAYS,
        until: dt.date | None = None,
        page_size: int = DEFAULT_PAGE_SIZE,
        *,
        registry: Registry | None = None,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        for argument, value in (("posts", posts), ("days", days), ("page_size", page_size)):
            if value < 1:
                raise UsageError(f"demo: {argument} must be at least 1, not {value}")
        self.posts, self.seed, self.days, self.page_size = posts, seed, days, page_size
        self.until = until or clock().astimezone(KST).date()
        self.source = f"demo:{posts}:{seed}:{days}:{self.until}"
        self._registry = registry or load_registry(SEOUL_TOML)
        # Another set of arguments gives other posts, so it must give other ids.
        self._tag = hashlib.blake2b(self.source.encode(), digest_size=3).hexdigest()

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield the pages after ``cursor``, the number of records already read.

        Raises
        ------
        UsageError
            ``cursor`` is not a number between 0 and ``posts``.
        """
        read = self._records_read(cursor)
        if read == self.posts:
            return
        drafts = self._drafts()
        for first in range(read, self.posts, self.page_size):
            records = tuple(self._post(draft) for draft in drafts[first : first + self.page_size])
            done = first + len(records)
            yield Page(records=records, cursor=str(done), fraction=done / self.posts)

    def truth(self) -> Iterator[DemoPost]:
        """Yield every post with the class, topic and department the generator meant."""
        for draft in self._drafts():
            yield DemoPost(self._post(draft), draft.topic, draft.department, draft.intended_class)

    def _records_read(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= self.posts):
            raise UsageError(f"demo: cursor {cursor!r} is not a number from 0 to {self.posts}; load from the beginning")
        return int(cursor)

    def _drafts(self) -> list[Draft]:
        return Period(load_grammar(), self._registry, self.posts, self.seed, self.days, self.until).drafts()

    def _post(self, draft: Draft) -> Post:
        return Post(
            platform=draft.platform,
            platform_post_id=self._id(draft),
            kind="repost" if draft.intended_class == "repost" else "reply" if draft.parent else "post",
            text=draft.text,
            created_at=draft.when.astimezone(dt.UTC),
            author=draft.author,
            account=self._reference(draft.account),
            addressed_to=self._reference(draft.addressed_to),
            in_reply_to=self._id(draft.parent) if draft.parent else None,
            attachments=self._attachments(draft),
        )

    def _id(self, draft: Draft) -> str:
        return f"demo-{self.seed}-{self._tag}-{draft.number:06d}"

    def _reference(self, account: Account | None) -> AccountReference | None:
        if account is None:
            return None
        department = self._registry.department(account.department)
        return AccountReference(handle=account.handle, department=department.name_ko)

    def _attachments(self, draft: Draft) -> tuple[Attachment, ...]:
        if draft.photo is None:
            return ()
        picture, alt = draft.photo
        return (Attachment(key="photo-1", kind="photo", url=f"{PICTURES_URL}/{picture}.png", alt=f"가상 사진: {alt}"),)
