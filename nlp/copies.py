"""Near-identical texts: reposts without a mark, campaigns by many hands, answers from a template.

A text becomes a signature, its MinHash over runs of five characters, and the signature a few bands: texts of the same
run of characters for the most part share one. Whoever keeps texts looks a band up and compares the signatures.

Compared are letters and digits alone, Latin ones in lower case, every digit as 0, without addresses, mentions, hashtags
and masks; particles stay as they are. Nothing here depends on the process, on Python's version or on its Unicode tables. The signatures are datasketch's, to the bit:
its MinHash takes one text at a time, which costs a quarter of the whole analysis; here a page is done at once.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nlp import normalize

__all__ = [
    "BANDS",
    "MIN_CHARACTERS",
    "THRESHOLD",
    "VERSION",
    "bands",
    "bands_of",
    "signature",
    "signatures",
    "similarity",
]

# Raised with every change after which a text has another signature.
VERSION = 1
# Two texts are copies from this share of common runs on; see docs/decisions.md for what was measured.
THRESHOLD = 0.8
SHINGLE = 5  # characters: a Korean word with its particle, or the seam of two words
# Below this a text is one phrase (감사합니다 수고하세요), which people write without copying.
MIN_CHARACTERS = 20
SEED = 2012
PERMUTATIONS = 64  # the similarity has a standard error of 0.05 at the threshold
# Finds 70 % of pairs at the threshold, 93 % at 0.9, all that are identical, which most copies are; each band is a row of an
# index for every text.
BANDS, BAND_ROWS = 3, 5

# What is compared, as ranges of code points: fixed here, since the tables of Unicode grow with Python.
_LETTERS = (
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x1FFF), (0x3041, 0x30FF), (0x3131, 0x3163), (0x3165, 0x318E),
    (0x3400, 0x9FFF), (0xA960, 0xD7FF), (0xF900, 0xFAFF),
)  # fmt: skip
_DIGITS = ((0x30, 0x39), (0xFF10, 0xFF19))
_PLANE = 0x10000  # what lies beyond are pictographs for the most part
# Shingles of so many characters at a time stay in the processor's cache.
_AT_ONCE = 1 << 16

Numbers = npt.NDArray[np.uint32]


def _compared() -> Numbers:
    table = np.zeros(_PLANE, dtype=np.uint32)
    for first, last in _LETTERS:
        table[first : last + 1] = np.arange(first, last + 1)
    table[0x41 : 0x5A + 1] = np.arange(0x61, 0x7A + 1)
    for first, last in _DIGITS:
        table[first : last + 1] = 0x30
    return table


_COMPARED = _compared()


@functools.cache
def _bijections() -> tuple[Numbers, Numbers]:
    """Return factors and summands of bijections of 32-bit numbers, x -> factor * x + summand: those of datasketch's ``affine32``.

    They are drawn by the generator that numpy promises never to change. datasketch itself, which a test compares them with, brings
    half of SciPy, for which every process that signs a text would wait.
    """
    generator = np.random.RandomState(SEED)
    halves = generator.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32)
    return 2 * halves + 1, generator.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)


_STORED = np.dtype("<u4")


def signature(text: str) -> bytes | None:
    """Return the signature of a text; see :func:`signatures`."""
    return signatures([text])[0]


def signatures(texts: Sequence[str]) -> list[bytes | None]:
    """Return the MinHash of each text as PERMUTATIONS packed uint32, None of texts below MIN_CHARACTERS.

    Any form of a text will do, as written or masked; both give the same where nothing was masked.
    """
    found: list[bytes | None] = []
    for first, last in pairwise(_page_bounds(texts)):
        found += _signatures(texts[first:last])
    return found


def similarity(a: bytes, b: bytes) -> float:
    """Return the estimated share of runs two texts have in common, from their signatures."""
    return float(np.mean(np.frombuffer(a, dtype=_STORED) == np.frombuffer(b, dtype=_STORED)))


def bands(signature: bytes) -> tuple[int, ...]:
    """Return the BANDS keys of a signature, signed 64-bit numbers; see :func:`bands_of`."""
    return bands_of([signature])[0]


def bands_of(signatures: Sequence[bytes]) -> list[tuple[int, ...]]:
    """Return for each signature its keys: copies share at least one, other texts hardly ever.

    No key stands for two bands, so that one index holds all.
    """
    if not signatures:
        return []
    values = np.frombuffer(b"".join(signatures), dtype=_STORED).reshape(len(signatures), PERMUTATIONS)
    used = values[:, : BANDS * BAND_ROWS].reshape(len(signatures), BANDS, BAND_ROWS).astype(np.uint64)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), used.shape[:2])
    for row in range(BAND_ROWS):
        keys = (keys ^ used[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        keys = keys ^ keys >> np.uint64(32)
    return list(map(tuple, keys.view(np.int64).tolist()))


def _page_bounds(texts: Sequence[str]) -> list[int]:
    bounds, characters = [0], 0
    for number, text in enumerate(texts, start=1):
        characters += len(text)
        if characters >= _AT_ONCE or number == len(texts):
            bounds.append(number)
            characters = 0
    return bounds


def _signatures(texts: Sequence[str]) -> list[bytes | None]:
    plain = [normalize.without_marks(text) for text in texts]
    written = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), dtype=_STORED)
    ends = np.cumsum(np.fromiter(map(len, plain), dtype=np.int64, count=len(plain)))
    characters = _COMPARED[np.where(written < _PLANE, written, 0)]
    is_compared = characters > 0
    # The compared characters before each position tell where a text begins among them.
    before = np.concatenate([[0], np.cumsum(is_compared)])[np.concatenate([[0], ends])]
    characters = characters[is_compared]
    lengths = np.diff(before)
    is_long = lengths >= MIN_CHARACTERS
    if not is_long.any():
        return [None] * len(texts)
    runs = _runs(characters)
    counts = np.where(is_long, lengths - SHINGLE + 1, 0)
    # A run that reaches into the next text belongs to none.
    place = np.repeat(before[:-1] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    starts = (np.cumsum(counts) - counts)[is_long]
    packed = _smallest(_mixed(runs[place]), starts).astype(_STORED, copy=False).tobytes()
    width = PERMUTATIONS * _STORED.itemsize
    found: list[bytes | None] = [None] * len(texts)
    for row, number in enumerate(np.flatnonzero(is_long).tolist()):
        found[number] = packed[row * width : (row + 1) * width]
    return found


def _runs(characters: Numbers) -> Numbers:
    """Return a hash of the SHINGLE characters from each position on."""
    windows = len(characters) - SHINGLE + 1
    hashes = np.zeros(windows, dtype=np.uint32)
    for offset in range(SHINGLE):
        hashes *= np.uint32(0x01000193)
        hashes ^= characters[offset : offset + windows]
    return hashes


def _mixed(hashes: Numbers) -> Numbers:
    """Return the hashes after the finish of murmur3, as the scheme asks: nearby characters must not give nearby numbers."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ hashes >> np.uint32(shift)) * np.uint32(factor)
    return hashes ^ hashes >> np.uint32(16)


def _smallest(runs: Numbers, starts: npt.NDArray[np.int64]) -> Numbers:
    """Return, for the texts whose runs begin at ``starts``, the smallest number of each permutation."""
    found = np.empty((PERMUTATIONS, len(starts)), dtype=np.uint32)
    permuted = np.empty_like(runs)
    for row, factor, summand in zip(found, *_bijections(), strict=True):
        np.multiply(runs, factor, out=permuted)
        np.add(permuted, summand, out=permuted)
        np.minimum.reduceat(permuted, starts, out=row)
    return found.T
