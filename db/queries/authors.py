"""Who is speaking: how many people stand behind a word, and how much of it a few of them, or one text, say again and again.

Nobody is named: an author is a number that no page shows, and authors are told only as counts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, Select, select

from db.frames import NEWEST_ONLY, SPEAKERS
from db.intervals import wilson
from db.queries.asked import asked_questions
from db.queries.keywords import MIN_AUTHORS
from db.queries.trends import term_ids
from db.records import PostFilter
from db.rollups.spans import WEEK, start_of
from db.schema import post_copies, post_terms, questions
from db.snapshot import Reader

LOUDEST = 0.01  # of the authors, rounded up: one of a hundred or fewer
# Of each word no more than its newest questions are read: no roll-up knows who wrote.
MAX_QUESTIONS = 5_000
WEEKS_AT_ONCE = 13
_COUNTED = ("term", "questions", "speakers", "loudest_authors", "loudest_questions", "copies")


class _Said(NamedTuple):
    """The questions with a word: the author's number of each, and the group of copies it is of, 0 where of none."""

    authors: list[int]
    copies: list[int]
    is_cut: bool


def speakers(reader: Reader, where: PostFilter, names: Sequence[str]) -> pd.DataFrame:
    """Return who speaks of each word or term group, in the order of ``names``. Columns SPEAKERS.

    Of the questions of the filter that hold the word, those of the restricted queue left out. A post whose author is not known counts as
    an author of its own. Copies are questions that say once more what another of them says. Of a word with more than MAX_QUESTIONS only
    the newest weeks with so many are read; a word of fewer than MIN_AUTHORS authors is left out, as a count of so few could point at a person.
    ``attrs[NEWEST_ONLY]`` says how many of which word those were, at the least.
    """
    with reader.connect() as connection:
        ids = term_ids(connection, names)
        said = {name: _said(connection, where, id_) for name, id_ in ids.items()}
    if not ids:
        return SPEAKERS.frame()
    rows = [(name, *_counts(said[name])) for name in ids]
    columns: dict[str, Any] = dict(zip(_COUNTED, zip(*rows, strict=True), strict=True))
    total = np.array(columns["questions"], dtype=float)
    for part, name in (("loudest_questions", "loudest"), ("copies", "copy")):
        counts = np.array(columns[part], dtype=float)
        low, high = wilson(counts, total)
        columns |= {
            f"{name}_share": np.divide(counts, total, out=np.full(len(total), np.nan), where=total > 0),
            f"{name}_low": low,
            f"{name}_high": high,
        }
    found = SPEAKERS.of(columns)
    found = SPEAKERS.cast(found[(found["questions"] == 0) | (found["speakers"] >= MIN_AUTHORS)])
    if cut := [len(each.authors) for each in said.values() if each.is_cut]:
        found.attrs[NEWEST_ONLY] = min(cut)
    return found


def _counts(said: _Said) -> tuple[int, int, int, int, int]:
    """Return questions, authors, the loudest of these and their questions, and copies beside the first of each group."""
    if not said.authors:
        return 0, 0, 0, 0, 0
    _, each = np.unique(np.array(said.authors, dtype=np.int64), return_counts=True)
    loudest = math.ceil(LOUDEST * len(each))
    of_groups = [group for group in said.copies if group]
    return (
        len(said.authors),
        len(each),
        loudest,
        int(np.sort(each)[::-1][:loudest].sum()),
        len(of_groups) - len(set(of_groups)),
    )


def _said(connection: Connection, where: PostFilter, term_id: int) -> _Said:
    weeks = _weeks(where.start, where.end)
    rows: list[Row[Any]] = []
    for place in range(0, len(weeks), WEEKS_AT_ONCE):
        some = weeks[place : place + WEEKS_AT_ONCE]
        rows += connection.execute(_statement(where, term_id, some)).all()
        if len(rows) >= MAX_QUESTIONS and place + WEEKS_AT_ONCE < len(weeks):
            return _Said([row.author for row in rows], [row.representative_id or 0 for row in rows], True)
    return _Said([row.author for row in rows], [row.representative_id or 0 for row in rows], False)


def _statement(where: PostFilter, term_id: int, weeks: Sequence[int]) -> Select[Any]:
    return (
        select(post_terms.c.author, post_copies.c.representative_id)
        .join(questions, questions.c.post_id == post_terms.c.post_id)
        .outerjoin(post_copies, post_copies.c.post_id == post_terms.c.post_id)
        .where(
            post_terms.c.term_id == term_id,
            post_terms.c.week.in_([dt.date.fromordinal(week) for week in weeks]),
            questions.c.is_risk.is_(False),
            *asked_questions(where),
        )
    )


def _weeks(first: dt.date, last: dt.date) -> list[int]:
    """Return the first days of the weeks of a period as ordinals, the newest first."""
    return list(range(start_of(last, WEEK).toordinal(), start_of(first, WEEK).toordinal() - 1, -WEEK))
