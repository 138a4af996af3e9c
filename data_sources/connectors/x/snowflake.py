"""Post ids of X hold the millisecond of posting, so an id is a moment and a moment is an id."""

from __future__ import annotations

import datetime as dt

X_EPOCH_MS = 1_288_834_974_657
_SEQUENCE_BITS = 22  # machine and counter, below the milliseconds
# Ids before November 2010 were counted one by one and hold no time.
FIRST_WITH_TIME = 29_700_859_248


def moment_of(post_id: int) -> dt.datetime:
    """Return when a post was made."""
    return dt.datetime.fromtimestamp(((post_id >> _SEQUENCE_BITS) + X_EPOCH_MS) / 1000, dt.UTC)


def id_at(moment: dt.datetime) -> int:
    """Return the lowest id a post made at ``moment`` can have."""
    return max(0, round(moment.timestamp() * 1000) - X_EPOCH_MS) << _SEQUENCE_BITS
