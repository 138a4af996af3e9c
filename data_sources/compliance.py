"""What must leave the store: what its network has removed, what its author takes back, what is too old to be kept.

A removed post leaves a tombstone, so that the counts of the past stay true; its words leave the files of the store too.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from data_sources.base import ConnectorError, Metered
from data_sources.budgets import budget_of, month_of
from data_sources.live import remove
from data_sources.pseudonyms import Pseudonyms, hash_key
from data_sources.records import Removal
from data_sources.thumbnails import sweep
from db import writes
from db.dialects import dialect_of
from db.transactions import writing
from db.writes.compliance import count_expired, expired_posts, mark_checked, posts_to_check
from db.writes.sources import add_usage, source_state

POSTS_PER_CHECK = 100  # at once and in one transaction, where the network names no number of its own
POSTS_PER_REMOVAL = 500  # a transaction of seconds: loaders and readers go on in between
POSTS_PER_NIGHT = 10_000  # of one platform, where no budget bounds it
CHECKED_ANEW_AFTER = dt.timedelta(hours=20)  # a nightly job that is early must not skip a night
SHARE_OF_THE_DAY = 0.5  # of what is left of the month's budget for each of its days; the rest is for reading

Say = Callable[[str], None]
Now = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the current moment."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Compliance:
    """What a night's check found: posts asked for, posts removed by the network's reason, sources that did not answer."""

    checked: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    def __str__(self) -> str:
        reasons = "".join(f" {reason}={count}" for reason, count in sorted(self.removed.items()))
        return f"checked={self.checked} removed={self.removed.total()}{reasons} failed={self.failed}"


def comply(
    connectors: Sequence[Metered], engine: Engine, say: Say, *, most: int = POSTS_PER_NIGHT, now: Now = utc_now
) -> Compliance:
    """Ask each platform's network for the posts that were checked longest ago, and remove those that are gone.

    Each hundred posts are a transaction of their own: whatever ends the night early, the next one goes on.
    """
    outcome = Compliance()
    by_platform: dict[str, Metered] = {}
    for connector in connectors:
        if ids_per_check(connector) > 0:  # any source of a network can look up its posts
            by_platform.setdefault(connector.platform, connector)
    for connector in by_platform.values():
        with engine.connect() as connection:
            state = source_state(connection, connector.source)
        if state is not None and state.retry_at is not None and state.retry_at > now():
            say(f"{connector.source}: left alone ({state.status}), not before {state.retry_at:%Y-%m-%d %H:%M} UTC")
            continue
        try:
            _check(connector, engine, outcome, most, now)
        except ConnectorError as error:
            outcome.failed += 1
            say(f"{connector.source}: {error.kind}: {error}")
    erase(engine)
    return outcome


def ids_per_check(connector: Metered) -> int:
    """Return how many posts the connector wants to be asked for at once; 0 where its network cannot be asked."""
    return int(getattr(connector, "ids_per_check", POSTS_PER_CHECK))


def _check(connector: Metered, engine: Engine, outcome: Compliance, most: int, now: Now) -> None:
    begun, pseudonyms = now(), Pseudonyms(hash_key())
    with engine.connect() as connection:
        affordable = budget_of(connection, connector, begun).affordable(connector.dollars_per_read, _tonight(begun))
    left = most if affordable is None else min(most, affordable)
    while left > 0:
        with engine.connect() as connection:
            found = posts_to_check(
                connection, connector.platform, begun - CHECKED_ANEW_AFTER, min(left, ids_per_check(connector))
            )
        if not found:
            return
        removals = list(connector.check([post.platform_post_id for post in found]))
        by_reason: dict[str, list[Removal]] = {}
        for removal in removals:
            by_reason.setdefault(removal.reason, []).append(removal)
        removed: Counter[str] = Counter()
        with writing(engine) as connection:
            for reason, of_reason in by_reason.items():
                removed[reason] = remove(connection, of_reason, pseudonyms, now())
            mark_checked(connection, [post.id for post in found], now())
            reads = len(found)
            add_usage(connection, connector.source, month_of(now()), reads, reads * connector.dollars_per_read)
        outcome.checked += len(found)
        outcome.removed += removed
        left -= len(found)


def _tonight(now: dt.datetime) -> float:
    """Return which share of what is left of the month's budget one night's check may use."""
    days = calendar.monthrange(now.year, now.month)[1]
    return SHARE_OF_THE_DAY / (days - now.day + 1)


def forget(engine: Engine, platform: str, author: str, *, dry_run: bool = False, now: Now = utc_now) -> tuple[int, int]:
    """Remove all posts of an author, whom the store knows by a keyed hash only; return how many were found and removed.

    ``author`` is what the network calls its authors, an id or a handle, with or without ``@``.
    """
    pseudonyms = Pseudonyms(hash_key())
    bare = author.strip().removeprefix("@")
    keys = {pseudonyms.author(platform, name) for name in (author, bare, bare.lower(), f"@{bare}")}
    with writing(engine) as connection:
        found = {id_ for key in keys for id_ in writes.find_posts_of_author(connection, platform, key)}
        removed = 0 if dry_run or not found else writes.remove_posts(connection, sorted(found), now())
    if removed:
        erase(engine)
    return len(found), removed


def retain(
    engine: Engine, older_than: dt.timedelta, classes: Collection[str], *, dry_run: bool = False, now: Now = utc_now
) -> tuple[int, int]:
    """Remove real citizens' posts older than that, of some classes or all; return how many were found and removed."""
    before = now() - older_than
    if dry_run:
        return count_expired(engine, before, classes), 0
    found = removed = 0
    for ids in expired_posts(engine, before, classes):
        for first in range(0, len(ids), POSTS_PER_REMOVAL):
            with writing(engine) as connection:
                part = ids[first : first + POSTS_PER_REMOVAL]
                found += len(part)
                removed += writes.remove_posts(connection, part, now())
    if removed:
        erase(engine)
    return found, removed


def erase(engine: Engine) -> None:
    """Let what was removed leave the files of the store and the folder of thumbnails."""
    dialect_of(engine).erase_deleted(engine)
    sweep(engine)
