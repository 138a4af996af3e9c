"""The newest questions of a filter, read from the rows: words within a department or platform are in no roll-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, select

from db.conditions import asked_questions
from db.intervals import Counts
from db.packing import IDS, author_number
from db.queries.counts import question_days
from db.records import PostFilter
from db.schema import posts, questions

MAX_FILTERED_QUESTIONS = 20_000  # read in a fifth of a second, and a term of one in a hundred is known to 10 %
# A department's questions on one small platform are looked for among all of its questions.
MAX_EXAMINED = 5 * MAX_FILTERED_QUESTIONS


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """Questions and what they say; ``term_ids`` and ``rows`` hold one entry for each question and term.

    ``is_cut`` says that older questions of the filter were left out; ``first_day`` is the oldest day read.
    """

    days: list[dt.date]
    is_listed: np.ndarray
    authors: Counts
    term_ids: Counts
    rows: Counts
    first_day: dt.date
    is_cut: bool

    def __len__(self) -> int:
        return len(self.days)

    def listed_terms(self, ids: Sequence[int] | None = None) -> tuple[Counts, Counts, Counts]:
        """Return the words of questions outside the restricted queue, or ``ids`` there: ids, questions, distinct authors."""
        is_wanted = self.term_ids > 0 if ids is None else np.isin(self.term_ids, ids)
        chosen = self.is_listed[self.rows] & is_wanted
        words, places, counts = np.unique(self.term_ids[chosen], return_inverse=True, return_counts=True)
        _, authors = np.unique(self.authors, return_inverse=True)
        said = np.unique(places.reshape(-1) * (len(self) + 1) + authors.reshape(-1)[self.rows[chosen]])
        return words, counts, np.bincount(said // (len(self) + 1), minlength=len(words))


def newest_questions(connection: Connection, where: PostFilter) -> AskedQuestions:
    """Return the newest questions of ``where``, whole days of them, at most MAX_FILTERED_QUESTIONS."""
    first_day, is_cut = first_day_read(connection, where)
    statement = (
        select(questions.c.post_id, questions.c.asked_day, questions.c.is_risk, posts.c.author_key, posts.c.term_ids)
        .join(posts, posts.c.id == questions.c.post_id)
        .where(*asked_questions(replace(where, start=first_day)))
        .order_by(questions.c.asked_day.desc(), questions.c.post_id.desc())
        .limit(MAX_FILTERED_QUESTIONS)
    )
    rows = connection.execute(statement).all()
    packed = [row.term_ids or b"" for row in rows]
    lengths = [len(ids) // IDS.itemsize for ids in packed]
    return AskedQuestions(
        days=[row.asked_day for row in rows],
        is_listed=np.array([not row.is_risk for row in rows], dtype=bool),
        authors=np.array([author_number(row.author_key, row.post_id) for row in rows], dtype=np.int64),
        term_ids=np.frombuffer(b"".join(packed), dtype=IDS).astype(np.int64),
        rows=np.repeat(np.arange(len(rows)), lengths),
        first_day=first_day,
        is_cut=is_cut,
    )


def first_day_read(connection: Connection, where: PostFilter) -> tuple[dt.date, bool]:
    """Return from which day on questions may be read row by row, and whether there are older ones."""
    limits = [(where, MAX_FILTERED_QUESTIONS)]
    if where.departments and where.platforms:
        limits.append((replace(where, platforms=()), MAX_EXAMINED))
    first, is_cut = where.start, False
    for filters, most in limits:
        asked = question_days(connection, filters, (), "questions")
        days, places = np.unique(asked.days, return_inverse=True)
        by_day = np.bincount(places, asked.counts, len(days)).astype(np.int64)
        read, reached = 0, None
        for ordinal, count in zip(days[::-1].tolist(), by_day[::-1].tolist(), strict=True):
            day = dt.date.fromordinal(ordinal)
            if not count:
                continue
            read += count
            if read > most:
                # A day too large for itself is read as far as it goes.
                first, is_cut = max(first, reached or day), True
                break
            reached = day
    return first, is_cut
