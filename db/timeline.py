"""The order of posts in time, as one number: lists, paging and the full-text index go by it.

A ``timeline_id`` is the second of ``created_at`` with 16 bits below it that keep posts of one second apart, and the
kind above it: synthetic posts have the bit SYNTHETIC, so that the posts of either kind are one range of numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set

from db.records import KST

SEQUENCE_BITS = 16
SYNTHETIC = 1 << 50  # above every second until the year 2500
_SEQUENCE = (1 << SEQUENCE_BITS) - 1


def timeline_id(created_at: dt.datetime, is_synthetic: bool, post_id: int) -> int:
    """Return the number a post asks for; where it is taken, the next free one is as good."""
    seconds = max(0, int(created_at.timestamp()))
    return (SYNTHETIC if is_synthetic else 0) | seconds << SEQUENCE_BITS | (post_id & _SEQUENCE)


def same_second(one: int, other: int) -> bool:
    """Return whether two places lie in one second (of posts of one kind)."""
    return one >> SEQUENCE_BITS == other >> SEQUENCE_BITS


def free_timeline_id(wanted: int, taken: Set[int]) -> int:
    """Return the first number from ``wanted`` on that is not in ``taken``."""
    while wanted in taken:
        wanted += 1
    return wanted


def timeline_range(is_synthetic: bool, start: dt.date, end: dt.date) -> tuple[int, int]:
    """Return the first and the last number of the KST days ``start`` to ``end``, both inclusive."""
    midnights = (dt.datetime.combine(day, dt.time(), KST) for day in (start, end + dt.timedelta(days=1)))
    low, high = (timeline_id(midnight, is_synthetic, 0) for midnight in midnights)
    return low, high - 1
