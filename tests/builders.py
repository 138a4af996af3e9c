"""Records for tests: every field has a plain default, a test names only what it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data_sources.base import Origin
from data_sources.records import AccountReference, Page, Post
from db.records import KST
from nlp.classifier import Model, write_model


def kst(text: str) -> dt.datetime:
    """Return a moment written as Korea Standard Time, such as ``2026-03-01 09:30``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=KST)


def a_question(post_id: str = "q1", text: str = "지하철 2호선이 늦어요. 언제 고쳐지나요?", **fields: Any) -> Post:
    """Return a citizen's question on a platform that has no policy of its own."""
    defaults: dict[str, Any] = {
        "platform": "blog",
        "platform_post_id": post_id,
        "text": text,
        "created_at": kst("2026-03-02 09:00"),
        "author": f"author of {post_id}",
    }
    return Post(**{**defaults, **fields})


def an_answer(post_id: str = "a1", to: str = "q1", text: str = "확인하여 조치하겠습니다.", **fields: Any) -> Post:
    """Return a department's reply to a question."""
    defaults: dict[str, Any] = {
        "platform": "blog",
        "platform_post_id": post_id,
        "kind": "reply",
        "text": text,
        "created_at": kst("2026-03-02 11:00"),
        "account": AccountReference(handle="metro", department="서울교통공사"),
        "in_reply_to": to,
    }
    return Post(**{**defaults, **fields})


def a_routing_model(path: Path, *, threshold: float = 0.7, departments: tuple[str, str] = ("culture", "tax")) -> str:
    """Write a classifier that sends 인형극 to the first department and 환급금 to the second; return its setting.

    It is sure where one of the words stands alone, and undecided where both do.
    """
    two = np.array([[9, -9], [-9, 9]], dtype=np.float32)
    model = Model(
        departments, {"인형극": 0, "환급금": 1}, np.ones(2, dtype=np.float32), two, np.zeros(2, dtype=np.float32),
        np.array([0, 1], dtype=np.float32), np.array([0, 1], dtype=np.float32), threshold, 20,
    )  # fmt: skip
    write_model(model, path)
    return str(path)


class ListConnector:
    """Yields the given posts in pages of ``page_size``; the cursor is the number of posts before it."""

    name = "list"

    def __init__(
        self, posts: Sequence[Post], page_size: int = 1000, origin: Origin = "import", source: str = "list:test"
    ) -> None:
        self.posts = list(posts)
        self.page_size = page_size
        self.origin: Origin = origin
        self.source = source

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        for start in range(int(cursor or 0), len(self.posts), self.page_size):
            chunk = self.posts[start : start + self.page_size]
            end = start + len(chunk)
            yield Page(records=tuple(chunk), cursor=str(end), fraction=end / len(self.posts))
