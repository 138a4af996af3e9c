"""The roll-ups of 13 weeks computed from the rows alone, another way than the changes are: whole, not by differences."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from db.packing import IDS, author_number
from db.rollups import histograms
from db.rollups.counted import Cells, Key
from db.rollups.counts import COUNTS
from db.rollups.facts import FETCHED_AT_ONCE, PostFact, facts_between
from db.rollups.spans import BLOCK, SPANS, WEEK

Integers = npt.NDArray[np.int64]
# A term id is moved above zero to be the lower half of a number whose upper half is a day.
_TERM_BITS = 32
_TERM_ZERO = 1 << (_TERM_BITS - 1)


@dataclass(slots=True)
class _Sayings:
    """Citizens' posts with terms, column by column; ``packed`` are their term ids."""

    packed: list[bytes] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    is_question: list[bool] = field(default_factory=list)
    is_listed: list[bool] = field(default_factory=list)

    def add(self, fact: PostFact) -> None:
        self.packed.append(fact.term_ids or b"")
        self.days.append(fact.created_day.toordinal())
        self.authors.append(author_number(fact.author_key, fact.id))
        self.posts.append(fact.id)
        self.is_question.append(fact.question_id is not None)
        self.is_listed.append(fact.question_id is not None and not fact.is_risk)


class Recount:
    """All roll-ups of the block of 13 weeks that begins on ``start``.

    ``counts`` holds the values by key for each of COUNTS, ``histograms`` the packed columns by key, ``term_counts``
    rows (is_synthetic, span, start, term, questions, listed, authors) and ``entries`` rows (week, term, author, post)
    of the inverted index; days are ordinals in the last two.
    """

    def __init__(self, connection: Connection, start: dt.date) -> None:
        cells: list[Cells] = [Counter() for _ in COUNTS]
        times: Counter[Any] = Counter()
        sayings = {False: _Sayings(), True: _Sayings()}
        self.posts = 0
        for facts in _chunks(facts_between(connection, start, start + dt.timedelta(days=BLOCK - 1))):
            self.posts += len(facts)
            for found, rollup in zip(cells, COUNTS, strict=True):
                found.update(rollup.cells(facts))
            times.update(histograms.cells(facts))
            for fact in facts:
                if fact.term_ids:
                    sayings[fact.is_synthetic].add(fact)
        self.counts: dict[str, dict[Key, list[Any]]] = {
            rollup.table.name: rollup.computed(found) for found, rollup in zip(cells, COUNTS, strict=True)
        }
        self.histograms = {key: histograms.packed(value) for key, value in histograms.keyed(times).items()}
        self.term_counts: list[tuple[Any, ...]] = []
        self.entries: list[tuple[int, int, int, int]] = []
        for is_synthetic, said in sayings.items():
            if said.packed:
                self._add_terms(is_synthetic, said)
        self.entries.sort()

    def _add_terms(self, is_synthetic: bool, said: _Sayings) -> None:
        sizes = np.array([len(packed) // IDS.itemsize for packed in said.packed])
        terms = np.frombuffer(b"".join(said.packed), dtype=IDS).astype(np.int64)
        days, authors, posts = (
            np.repeat(np.array(column, dtype=np.int64), sizes) for column in (said.days, said.authors, said.posts)
        )
        is_question = np.repeat(np.array(said.is_question), sizes)
        is_listed = np.repeat(np.array(said.is_listed), sizes)
        weeks = days - (days - 1) % WEEK
        self.entries += zip(weeks.tolist(), terms.tolist(), authors.tolist(), posts.tolist(), strict=True)
        for span in SPANS:
            starts = days - (days - 1) % span
            keys = (starts << _TERM_BITS) + (terms + _TERM_ZERO)
            cells, questions = np.unique(keys[is_question], return_counts=True)
            listed = _counted(cells, keys[is_listed])
            distinct = _distinct_pairs(keys[is_listed], authors[is_listed])
            # Over 13 weeks authors are not counted (db.schema.rollups).
            count = np.zeros(len(cells), dtype=np.int64) if span == BLOCK else _counted(cells, distinct)
            self.term_counts += zip(
                [is_synthetic] * len(cells),
                [span] * len(cells),
                (cells >> _TERM_BITS).tolist(),
                ((cells & ((1 << _TERM_BITS) - 1)) - _TERM_ZERO).tolist(),
                questions.tolist(),
                listed.tolist(),
                count.tolist(),
                strict=True,
            )


def _counted(cells: Integers, keys: Integers) -> Integers:
    """Return how often each of ``cells``, ascending, is among ``keys``, all of which are cells."""
    return np.bincount(np.searchsorted(cells, keys), minlength=len(cells))


def _distinct_pairs(keys: Integers, authors: Integers) -> Integers:
    """Return ``keys`` with one element for each distinct author."""
    order = np.lexsort((authors, keys))
    keys, authors = keys[order], authors[order]
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = (keys[1:] != keys[:-1]) | (authors[1:] != authors[:-1])
    return keys[is_first]


def _chunks(facts: Iterable[PostFact]) -> Iterator[list[PostFact]]:
    iterator = iter(facts)
    while chunk := list(islice(iterator, FETCHED_AT_ONCE)):
        yield chunk
