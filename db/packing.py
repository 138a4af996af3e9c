"""Small sorted sets of numbers inside one column: ids of a post's terms, histograms of a cell, counts of single days.

All are little-endian arrays of numpy, so that many rows joined into one string are read as one array.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

IDS = np.dtype("<i4")
PAIRS = np.dtype([("bucket", "<u4"), ("count", "<u4")])
_AUTHOR_BYTES = 6  # a week's authors of one term are thousands: two share 48 bits once in 10^8 weeks

# The longest time in each bucket of a histogram, in seconds: every second up to a minute, then steps of 2 %, so that
# the middle of a bucket is within 1 % of all in it; and the hours that are quoted, which makes shares within them exact:
# of the wall clock, and of the working clock, whose day has eight.
QUOTED_HOURS = (1, 3, 6, 12, 24, 48, 72, 168, 720)
QUOTED_WORKING_HOURS = (1, 3, 8, 24, 40, 56, 112)
_STEP = 1.02
_BUCKETS = 1 << 32  # more than a bucket of PAIRS can be
_LONGEST_S = 50 * 365 * 86_400


def _bucket_edges() -> npt.NDArray[np.int64]:
    steps = np.arange(np.ceil(np.log(50) / np.log(_STEP)), np.log(_LONGEST_S) / np.log(_STEP))
    wide = np.floor(_STEP**steps)
    return np.unique(
        np.concatenate([np.arange(51), wide, [hours * 3600 for hours in QUOTED_HOURS + QUOTED_WORKING_HOURS]])
    ).astype(np.int64)


BUCKET_EDGES_S = _bucket_edges()
"""int64, shape (n,): bucket ``i`` holds the times above edge ``i - 1`` up to edge ``i``, in whole seconds."""
_EDGES_S: list[int] = BUCKET_EDGES_S.tolist()  # for one time at a time, where an array is ten times slower


def bucket_of(seconds: int) -> int:
    """Return the bucket of a time; one before its question counts as at once."""
    return bisect_left(_EDGES_S, max(seconds, 0))


def bucket_middles_s() -> npt.NDArray[np.float64]:
    """Return the time that stands for each bucket, in seconds: the geometric middle, exact below a minute."""
    shortest = np.concatenate([[0], BUCKET_EDGES_S[:-1] + 1])
    return np.sqrt(shortest * BUCKET_EDGES_S.astype(float))


def pack_ids(ids: Iterable[int]) -> bytes:
    """Return a set of ids as bytes, ascending."""
    distinct = sorted(set(ids))
    return _packer(len(distinct)).pack(*distinct)


@lru_cache(maxsize=512)
def _packer(number: int) -> struct.Struct:
    """Return what packs so many ids as :data:`IDS`: for few of them an array is several times slower."""
    return struct.Struct(f"<{number}i")


def unpack_ids(packed: bytes | None) -> list[int]:
    """Return what :func:`pack_ids` packed; nothing of None."""
    return np.frombuffer(packed or b"", dtype=IDS).tolist()


def pack_histogram(counts: Mapping[int, int]) -> bytes:
    """Return counts by bucket as bytes, ascending, without empty buckets.

    Raises
    ------
    ValueError
        A count is negative: the rows and their roll-up had drifted apart before.
    """
    pairs = sorted((bucket, count) for bucket, count in counts.items() if count)
    if any(count < 0 for _, count in pairs):
        raise ValueError("a histogram cannot hold a negative count")
    return np.array(pairs, dtype=PAIRS).tobytes()


def add_to_histograms(packed: Sequence[bytes], changes: Sequence[Mapping[int, int]]) -> list[bytes]:
    """Return packed histograms, each with its ``changes`` added to it, which may be negative.

    All at once: a page of posts changes a few buckets in each of thousands, and months of a large department are thousands of
    buckets themselves.

    Raises
    ------
    ValueError
        A count would become negative; see :func:`pack_histogram`.
    """
    stored = np.frombuffer(b"".join(packed), dtype=PAIRS)
    places = _coded([len(each) // PAIRS.itemsize for each in packed], stored["bucket"])
    counts = stored["count"].astype(np.int64)
    moved = _coded(list(map(len, changes)), np.fromiter(chain.from_iterable(changes), dtype=np.int64))
    moves = np.fromiter(chain.from_iterable(each.values() for each in changes), dtype=np.int64)
    order = np.argsort(moved)
    moved, moves = moved[order], moves[order]
    found = np.searchsorted(places, moved)
    is_known = np.append(places, -1)[found] == moved
    counts[found[is_known]] += moves[is_known]
    places = np.insert(places, found[~is_known], moved[~is_known])
    counts = np.insert(counts, found[~is_known], moves[~is_known])
    if counts.min(initial=0) < 0:
        raise ValueError("a histogram cannot hold a negative count")
    places, counts = places[counts > 0], counts[counts > 0]
    pairs = np.empty(len(places), dtype=PAIRS)
    pairs["bucket"], pairs["count"] = places % _BUCKETS, counts
    return _split(pairs, places // _BUCKETS, len(packed))


def _coded(lengths: Sequence[int], buckets: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Return one number for each bucket of each of many histograms, which sorts by histogram first."""
    return np.repeat(np.arange(len(lengths), dtype=np.int64) * _BUCKETS, lengths) + buckets


def _split(entries: npt.NDArray[np.void], rows: npt.NDArray[np.int64], number: int) -> list[bytes]:
    """Return the bytes of the entries of each of so many rows; ``rows``, ascending, says which row each is of."""
    whole = entries.tobytes()
    bounds = (np.searchsorted(rows, np.arange(number + 1)) * entries.itemsize).tolist()
    return [whole[low:high] for low, high in pairwise(bounds)]


def unpack_histogram(packed: bytes) -> dict[int, int]:
    """Return counts by bucket."""
    pairs = np.frombuffer(packed, dtype=PAIRS)
    return dict(zip(pairs["bucket"].tolist(), pairs["count"].tolist(), strict=True))


def author_number(author_key: bytes | None, post_id: int) -> int:
    """Return the number that stands for an author; a post without a known author stands for itself."""
    return -post_id if author_key is None else int.from_bytes(author_key[:_AUTHOR_BYTES], "big")


@lru_cache(maxsize=8)
def day_counts_type(measures: int) -> np.dtype[np.void]:
    """Return the numpy type of one day's counts: which day of its period, 0 the first, and each measure."""
    return np.dtype([("day", "u1"), ("counts", "<u4", (measures,))])


def unpack_day_counts(packed: Sequence[bytes], measures: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.void]]:
    """Return the days of many rows as one array of :func:`day_counts_type`, and which row each is of."""
    kind = day_counts_type(measures)
    lengths = np.fromiter(map(len, packed), dtype=np.int64, count=len(packed)) // kind.itemsize
    return np.repeat(np.arange(len(packed)), lengths), np.frombuffer(b"".join(packed), dtype=kind)


def pack_day_counts(counts: npt.NDArray[np.int64]) -> list[bytes]:
    """Return counts, int64 of shape (rows, days, measures), as bytes for each row: ascending, without empty days.

    Raises
    ------
    ValueError
        A count is negative: the rows and their roll-up had drifted apart before.
    """
    if counts.min(initial=0) < 0:
        raise ValueError("a roll-up cannot hold a negative count")
    rows, days = np.nonzero(counts.any(axis=2))
    found = np.empty(len(rows), dtype=day_counts_type(counts.shape[2]))
    found["day"], found["counts"] = days, counts[rows, days]
    return _split(found, rows, len(counts))
