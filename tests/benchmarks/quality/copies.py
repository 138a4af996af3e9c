"""How many pairs of near-identical texts the bands find, against all pairs compared by their exact sets of runs."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import sparse

from nlp import copies
from nlp.normalize import stored_form, without_marks
from tests.benchmarks.quality import DATA, Lines, absent, again

# Rows compared with all others at a time: the product stays small.
AT_ONCE = 500
# A pair found that is less alike than this is another text.
NEARLY = 0.7

Pair = tuple[int, int]


def copies_lines(data: Path = DATA) -> Lines:
    """Return the section: pairs at or above the threshold, those found, and what was found besides."""
    path = data / "06_petition_titles_expiry_2019-01_03.csv"
    if not path.is_file():
        return ["## Copies", "", *absent("the file of petition titles")]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        titles = [stored_form(row["title"]) for row in csv.DictReader(lines)]
    signed = [
        (title, signature)
        for title, signature in zip(titles, copies.signatures(titles), strict=True)
        if signature is not None
    ]
    exact = exact_pairs([compared(title) for title, _ in signed])
    found = found_pairs([signature for _, signature in signed])
    true = {pair for pair, share in exact.items() if share >= copies.THRESHOLD}
    below = [exact.get(pair, 0.0) for pair in found - true]
    return [
        "## Copies",
        "",
        f"{len(titles):,} titles of petitions, {len(signed):,} of them long enough; every pair compared by its exact sets of runs of "
        f"{copies.SHINGLE} characters. Found: the two share a band and their signatures say {copies.THRESHOLD} or more.",
        "",
        f"| pairs of {copies.THRESHOLD} or more | found | share | found besides, {NEARLY} to {copies.THRESHOLD} | found besides, less |",
        "|---|---|---|---|---|",
        f"| {len(true):,} | {len(found & true):,} | {len(found & true) / max(len(true), 1):.3f} "
        f"| {sum(share >= NEARLY for share in below)} | {sum(share < NEARLY for share in below)} |",
        "",
        again("copies"),
    ]


def compared(text: str) -> str:
    """Return the characters of a text that are compared, said independently of nlp/copies.py."""
    return "".join("0" if each.isdigit() else each.lower() for each in without_marks(text) if each.isalnum())


def exact_pairs(texts: Sequence[str]) -> dict[Pair, float]:
    """Return the Jaccard similarity of each pair of texts (by number, ascending) from NEARLY on."""
    numbers: dict[str, int] = {}
    columns = [sorted({numbers.setdefault(run, len(numbers)) for run in _runs_of(text)}) for text in texts]
    sizes = np.array([len(each) for each in columns])
    ends = np.concatenate([[0], np.cumsum(sizes)])
    matrix = sparse.csr_matrix(
        (np.ones(ends[-1], np.int32), np.concatenate([np.array(each, np.int64) for each in columns]), ends),
        shape=(len(texts), len(numbers)),
    )
    turned = matrix.T.tocsr()
    pairs: dict[Pair, float] = {}
    for first in range(0, len(texts), AT_ONCE):
        shared = (matrix[first : first + AT_ONCE] @ turned).tocoo()
        rows, others = shared.row + first, shared.col
        similar = shared.data / (sizes[rows] + sizes[others] - shared.data)
        kept = (rows < others) & (similar >= NEARLY)
        pairs |= dict(
            zip(zip(rows[kept].tolist(), others[kept].tolist(), strict=True), similar[kept].tolist(), strict=True)
        )
    return pairs


def found_pairs(signatures: Sequence[bytes]) -> set[Pair]:
    """Return the pairs that share a band and whose signatures are alike."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, keys in enumerate(copies.bands_of(signatures)):
        for key in keys:
            holders[key].append(number)
    candidates = {pair for numbers in holders.values() for pair in combinations(numbers, 2)}
    return {(a, b) for a, b in candidates if copies.similarity(signatures[a], signatures[b]) >= copies.THRESHOLD}


def _runs_of(text: str) -> Iterator[str]:
    return (text[start : start + copies.SHINGLE] for start in range(len(text) - copies.SHINGLE + 1))
