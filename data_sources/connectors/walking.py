"""Lists of networks that begin with the newest: how to read them whole, go on after a break, and see what comes late.

The first walk goes to the end. A later one stops where everything is older than a few days before the last whole walk;
a few times a day it goes further back, because answers and edits come to posts that are old already. The cursor
names the next page, so a break costs at most one.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from data_sources.base import BadPayload, CursorExpired
from data_sources.records import Page, Post, Reject, Span

LOOK_BACK = dt.timedelta(days=3)
SWEEP_BACK = dt.timedelta(days=30)  # YouTube's terms ask for stored comments to be read again within 30 days
SWEEP_EVERY = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Batch:
    """One page of a list. ``newest`` is the time of its newest entry, ``next`` the token of the page after it."""

    posts: tuple[Post, ...]
    rejects: tuple[Reject, ...]
    newest: dt.datetime | None
    next: str | None
    reads: int = 1


Listing = Callable[[str | None], Batch]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a walk stands. Times are ISO 8601; ``complete`` is when the last whole walk began, ``shown`` tells the page before."""

    complete: str | None = None
    swept: str | None = None
    began: str | None = None
    is_sweep: bool = False
    listing: int = 0
    token: str | None = None
    oldest: str | None = None
    shown: int | None = None

    def cursor(self) -> str:
        return json.dumps(asdict(self))


def walk(cursor: str | None, listings: Sequence[Listing], account: str | None, now: dt.datetime) -> Iterator[Page]:
    """Yield the pages of several lists, newest first, from where ``cursor`` stands.

    Parameters
    ----------
    account : handle of the city account whose posts these are; the last page says from when to when it has been read

    Raises
    ------
    BadPayload
        The network gives a page that it gave already, with the same page to follow.
    CursorExpired
        The stored cursor is not one of ours.
    """
    place = _begun(_read(cursor), now)
    floor = _floor(place)
    for number in range(place.listing, len(listings)):
        seen = {place.token}
        is_last = False
        while not is_last:
            batch = listings[number](place.token)
            shown = _digest(batch)
            if shown is not None and shown == place.shown and batch.next is not None:
                # Where pages have numbers no token tells. A last page may repeat: nothing is lost after it.
                raise BadPayload("the network gives the same page again")
            is_old = floor is not None and batch.newest is not None and batch.newest < floor
            is_last = batch.next is None or is_old
            if not is_last and batch.next in seen:
                raise BadPayload("the network gives the same page again and again")
            seen.add(batch.next)
            place = _after(place, batch, number + 1 if is_last else number, None if is_last else batch.next)
            place = replace(place, shown=None if is_last else shown)
            is_done = is_last and number + 1 == len(listings)
            yield Page(
                records=batch.posts,
                rejects=batch.rejects,
                spans=_spans(place, account) if is_done else (),
                reads=batch.reads,
                cursor=(_ended(place) if is_done else place).cursor(),
            )


def _read(cursor: str | None) -> _Place:
    if cursor is None:
        return _Place()
    try:
        return _Place(**json.loads(cursor))
    except (TypeError, ValueError) as error:
        raise CursorExpired("the stored cursor is not one of this version") from error


def _begun(place: _Place, now: dt.datetime) -> _Place:
    if place.began is not None:
        return place
    swept = place.swept
    is_sweep = swept is None or now - dt.datetime.fromisoformat(swept) >= SWEEP_EVERY
    return replace(place, began=now.isoformat(), is_sweep=is_sweep)


def _floor(place: _Place) -> dt.datetime | None:
    if place.complete is None:
        return None
    return dt.datetime.fromisoformat(place.complete) - (SWEEP_BACK if place.is_sweep else LOOK_BACK)


def _after(place: _Place, batch: Batch, listing: int, token: str | None) -> _Place:
    times = [post.created_at.isoformat() for post in batch.posts]
    oldest = min([*times, *([place.oldest] if place.oldest else [])], default=None)
    return replace(place, listing=listing, token=token, oldest=oldest)


def _digest(batch: Batch) -> int | None:
    ids = sorted(post.platform_post_id for post in batch.posts)
    return zlib.crc32("\0".join(ids).encode()) if ids else None


def _ended(place: _Place) -> _Place:
    return _Place(complete=place.began, swept=place.began if place.is_sweep else place.swept)


def _spans(place: _Place, account: str | None) -> tuple[Span, ...]:
    """Return what has been read whole: from the last walk on, at first from the oldest post there is."""
    start, end = place.complete or place.oldest, place.began
    if account is None or start is None or end is None or start >= end:
        return ()
    return (Span(account=account, start=dt.datetime.fromisoformat(start), end=dt.datetime.fromisoformat(end)),)
