"""What a page of a network brings besides posts: removals, what it cost, and what of which account has been read.

All of it is stored in the page's own transaction, like its posts and its cursor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from data_sources.budgets import month_of
from data_sources.pseudonyms import Pseudonyms
from data_sources.records import Page, Removal
from db import writes
from db.writes.sources import ReadSpan, add_spans, add_usage


class Priced(Protocol):
    """A source that knows its network and what one read costs."""

    source: str
    platform: str
    dollars_per_read: float


def store_live(connection: Connection, page: Page, connector: Priced, pseudonyms: Pseudonyms, now: dt.datetime) -> None:
    """Store what ``page`` brings besides posts."""
    remove(connection, page.removals, pseudonyms, now)
    if page.reads:
        add_usage(connection, connector.source, month_of(now), page.reads, page.reads * connector.dollars_per_read)
    spans = [ReadSpan(connector.platform, span.account, span.start, span.end) for span in page.spans]
    add_spans(connection, connector.source, spans)


def remove(connection: Connection, removals: Sequence[Removal], pseudonyms: Pseudonyms, now: dt.datetime) -> int:
    """Remove the posts that ``removals`` speak of, those of whole authors too; return how many were still there."""
    wanted: set[int] = set()
    by_platform: dict[str, list[str]] = {}
    for removal in removals:
        if removal.what == "post":
            by_platform.setdefault(removal.platform, []).append(removal.id)
        else:
            key = pseudonyms.author(removal.platform, removal.id)
            wanted.update(writes.find_posts_of_author(connection, removal.platform, key))
    for platform, ids in by_platform.items():
        wanted.update(writes.find_posts(connection, platform, ids).values())
    return writes.remove_posts(connection, sorted(wanted), now) if wanted else 0
