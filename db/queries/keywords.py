"""What questions speak of. Documents are counted, never tokens: a word said five times is one question.

Over all departments and platforms everything comes from the roll-up ``term_counts``. Within one of them words are
counted in its newest questions only; the frame says so in ``attrs[NEWEST_ONLY]``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from db.frames import DEPARTMENT_TERMS, DISTINCTIVE_TERMS, NEWEST_ONLY, TERM_GROUPS, TERMS, FrameSchema
from db.intervals import Counts, wilson
from db.queries.asked import newest_questions
from db.queries.counts import question_total
from db.queries.periods import QUESTION, frequent_in_each, over, said_in_each
from db.records import PostFilter
from db.rollups.spans import SHORT_SPANS, SPANS
from db.schema import term_counts, terms
from db.schema import term_groups as term_groups_table
from db.snapshot import Reader

MIN_AUTHORS = 5  # fewer could point at a person (DESIGN.md section 4)
BASELINE_DAYS = 365  # a year before the period, so that every season is in it
FIRST_READ = 4  # words read of each cell, in multiples of those asked for; then again as many times more
# Weight of the prior, in questions: below this many a term must differ a lot to be called distinctive.
PRIOR_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a period: ids, questions with each (outside the restricted queue), and of how many questions.

    ``authors`` is empty where it is still to be read; ``read`` is how many of the newest questions were read,
    None where all were counted; ``first_day`` is the oldest day they are of.
    """

    ids: Counts
    questions: Counts
    authors: Mapping[int, int]
    total: int
    read: int | None
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class _Kept:
    order: Counts
    authors: list[int]


def top_terms(reader: Reader, where: PostFilter, limit: int = 30) -> pd.DataFrame:
    """Return the terms most questions contain. Columns TERMS.

    Terms of fewer than MIN_AUTHORS authors are left out (a post without a known author counts as one), and so is
    what stands in risk posts only. Authors of all weeks together cannot be summed: they are those of the one week
    or day of the period that has most.
    """
    with reader.connect() as connection:
        words, kept = _most_frequent(connection, where, limit)
        names = _names(connection, words.ids[kept.order])
    if not len(kept.order):
        return _noted(TERMS.frame(), words)
    counts = words.questions[kept.order]
    low, high = wilson(counts, words.total)
    found = {"term": names, "questions": counts, "authors": kept.authors, "share": counts / words.total}
    return _noted(TERMS.of(found | {"low": low, "high": high}), words)


def distinctive_terms(reader: Reader, where: PostFilter, limit: int = 60) -> pd.DataFrame:
    """Return the terms that set the period apart from the year before it. Columns DISTINCTIVE_TERMS.

    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008), over documents:
    the prior is the term's share in both periods together. Empty where there is no year before.
    """
    before = replace(
        where, start=where.start - dt.timedelta(days=BASELINE_DAYS), end=where.start - dt.timedelta(days=1)
    )
    with reader.connect() as connection:
        words, baseline = _words(connection, where, at_least=MIN_AUTHORS), _words(connection, before)
        there = _counts_of(words.ids, baseline)
        return _apart(connection, where, DISTINCTIVE_TERMS, words, there, baseline.total, limit)


def department_terms(reader: Reader, where: PostFilter, limit: int = 60) -> pd.DataFrame:
    """Return the terms that set the departments of ``where`` apart from all others in the same days. Columns DEPARTMENT_TERMS.

    The same measure as of a period against the year before; the prior is the term's share in both sides together.
    The departments' newest questions are read; the others are all questions of the days that were read, less these. Empty
    where no department is named, or one side has no question.
    """
    if not where.departments:
        return DEPARTMENT_TERMS.frame()
    everybody = replace(where, departments=())
    with reader.connect() as connection:
        words = _words(connection, where)
        everyone = _words(connection, replace(everybody, start=words.first_day))
        if everyone.first_day > words.first_day:
            # On one platform the others are read too, and no further back: both sides must be of the same days.
            words = _words(connection, replace(where, start=everyone.first_day))
            words = replace(words, read=words.total)
        # Of a day too large to be read whole, the two sides may have been cut apart.
        there = np.maximum(_counts_of(words.ids, everyone) - words.questions, 0)
        return _apart(connection, where, DEPARTMENT_TERMS, words, there, max(everyone.total - words.total, 0), limit)


def _apart(
    connection: Connection,
    where: PostFilter,
    schema: FrameSchema,
    words: _Words,
    there: Counts,
    total_there: int,
    limit: int,
) -> pd.DataFrame:
    """Return the words that are in more of these questions than in ``there`` of ``total_there`` others, by their z."""
    if not words.total or not total_there:
        return _noted(schema.frame(), words)
    here = words.questions
    z = log_odds_z(here.astype(float), words.total, there.astype(float), total_there)
    order = np.lexsort((words.ids, -here, -z))
    kept = _with_authors(connection, where, words, order[z[order] > 0], limit).order
    names = _names(connection, words.ids[kept])
    sides = []
    for counts, total in ((here[kept], words.total), (there[kept], total_there)):
        sides += [counts / total, *wilson(counts, np.full(len(counts), total))]
    columns = (names, here[kept], there[kept], *sides, z[kept])
    return _noted(schema.frame(list(zip(*columns, strict=True))), words)


def log_odds_z(here: np.ndarray, total: int, there: np.ndarray, baseline_total: int) -> np.ndarray:
    """Return the z-score of each term's log-odds against the baseline, from document counts."""
    prior = PRIOR_QUESTIONS * (here + there) / (total + baseline_total)
    # A term of every question has no odds: its z is NaN, larger than nothing.
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log((here + prior) / (total + PRIOR_QUESTIONS - here - prior))
        baseline_odds = np.log((there + prior) / (baseline_total + PRIOR_QUESTIONS - there - prior))
        return (odds - baseline_odds) / np.sqrt(1 / (here + prior) + 1 / (there + prior))


def term_groups(reader: Reader) -> pd.DataFrame:
    """Return the groups of terms that mean one thing, in their order. Columns TERM_GROUPS."""
    with reader.connect() as connection:
        rows = connection.execute(
            select(term_groups_table).order_by(term_groups_table.c.position, term_groups_table.c.term)
        ).all()
    groups: dict[str, tuple[list[str], bool]] = {}
    for row in rows:
        groups.setdefault(row.name, ([], row.is_hot))[0].append(row.term)
    return TERM_GROUPS.frame([(name, ", ".join(members), is_hot) for name, (members, is_hot) in groups.items()])


def _noted(frame: pd.DataFrame, words: _Words) -> pd.DataFrame:
    if words.read is not None:
        frame.attrs[NEWEST_ONLY] = words.read
    return frame


def _most_frequent(connection: Connection, where: PostFilter, limit: int) -> tuple[_Words, _Kept]:
    """Return words of the period and which of them are the ``limit`` most frequent that have enough authors.

    Of each day, week and block only the most frequent words are read, more of them until nothing that was not read can
    be among those kept (the threshold algorithm of Fagin, Lotem and Naor 2003): the cost does not grow with the vocabulary.
    """
    if where.departments or where.platforms or (where.classes and QUESTION not in where.classes):
        words = _words(connection, where, at_least=MIN_AUTHORS)
        return words, _ranked(connection, where, words, limit)
    asked_total = question_total(connection, where)
    of_each = FIRST_READ * limit
    while True:
        ids, most_unread = frequent_in_each(connection, where, of_each)
        said = said_in_each(connection, where, ids, "listed", SPANS)
        found, places = np.unique(said[:, 1], return_inverse=True)
        counts = np.bincount(places, said[:, 2], len(found)).astype(np.int64)
        words = _Words(found, counts, {}, asked_total, None, where.start)
        kept = _ranked(connection, where, words, limit)
        is_full = len(kept.order) == limit and words.questions[kept.order[-1]] > (most_unread or 0)
        if most_unread is None or is_full:
            return words, kept
        of_each *= FIRST_READ


def _ranked(connection: Connection, where: PostFilter, words: _Words, limit: int) -> _Kept:
    return _with_authors(connection, where, words, np.lexsort((words.ids, -words.questions)), limit)


def _words(connection: Connection, where: PostFilter, at_least: int = 1) -> _Words:
    if where.classes and QUESTION not in where.classes:
        return _Words(np.empty(0, np.int64), np.empty(0, np.int64), {}, 0, None, where.start)
    if where.departments or where.platforms:
        asked = newest_questions(connection, where)
        ids, counts, authors = asked.listed_terms()
        known = dict(zip(ids.tolist(), authors.tolist(), strict=True))
        return _Words(ids, counts, known, len(asked), len(asked) if asked.is_cut else None, asked.first_day)
    table = term_counts
    rows = over(table, where, [table.c.term_id, table.c.listed], [table.c.term_id > 0])
    count = func.sum(rows.c.listed)
    found = connection.execute(select(rows.c.term_id, count).group_by(rows.c.term_id).having(count >= at_least)).all()
    table_of = np.array([(id_, int(counted)) for id_, counted in found], dtype=np.int64).reshape(-1, 2)
    return _Words(table_of[:, 0], table_of[:, 1], {}, question_total(connection, where), None, where.start)


def _with_authors(connection: Connection, where: PostFilter, words: _Words, order: Counts, limit: int) -> _Kept:
    """Return the first ``limit`` places of ``order`` whose terms have MIN_AUTHORS authors."""
    places: list[int] = []
    numbers: list[int] = []
    # Authors are read for a few terms at a time; one busy author may fill the first of them.
    while len(order) and len(places) < limit:
        some, order = order[: 2 * limit], order[2 * limit :]
        ids = words.ids[some].tolist()
        authors = words.authors or _most_authors(connection, where, ids)
        for place, id_ in zip(some.tolist(), ids, strict=True):
            if authors.get(id_, 0) >= MIN_AUTHORS:
                places.append(place)
                numbers.append(authors[id_])
    return _Kept(np.array(places[:limit], dtype=np.int64), numbers[:limit])


def _most_authors(connection: Connection, where: PostFilter, ids: Sequence[int]) -> dict[int, int]:
    """Return the most authors each term has in a week or day of the period."""
    most = dict.fromkeys(ids, 0)
    for _, id_, authors in said_in_each(connection, where, ids, "authors", SHORT_SPANS).tolist():
        most[id_] = max(most[id_], authors)
    return most


def _names(connection: Connection, ids: Counts) -> list[str]:
    found = connection.execute(select(terms.c.id, terms.c.term).where(terms.c.id.in_(ids.tolist())))
    names = {row.id: row.term for row in found}
    return [names[id_] for id_ in ids.tolist()]


def _counts_of(ids: Counts, words: _Words) -> Counts:
    """Return how many questions of ``words`` contain each of ``ids``."""
    counts = dict(zip(words.ids.tolist(), words.questions.tolist(), strict=True))
    return np.array([counts.get(id_, 0) for id_ in ids.tolist()], dtype=np.int64)
